"""Medians and ratios of what was measured. Times are microseconds for one update."""

import dataclasses
import json
import statistics

from .programs import FLOOR, OURS, OURS_H2, is_a_peer


@dataclasses.dataclass(frozen=True)
class Ratio:
    """Of two programs' CPU times in the same round: the rounds' median and extremes. A machine that was slow for a
    while was so for both, so this swings less than a ratio of medians would."""

    median: float
    least: float
    most: float


@dataclasses.dataclass(frozen=True)
class Cell:
    """One program at one level. Medians of its rounds; `to_floor` is None where the floor failed."""

    cpu: float
    wall: float
    p50: float
    p99: float
    rss_kb: float
    allocations: float | None
    to_floor: Ratio | None


@dataclasses.dataclass(frozen=True)
class Best:
    """One of the others, the cheapest or the quickest, and how venice-keys compares with it."""

    name: str
    ratio: Ratio


def paired(mine, others):
    """The Ratio of two dictionaries from rounds to values, over the rounds that are in both; None if none is."""
    ratios = [mine[number] / others[number] for number in sorted(mine.keys() & others.keys())]
    return Ratio(statistics.median(ratios), min(ratios), max(ratios)) if ratios else None


class Summary:
    """Of a results file."""

    def __init__(self, results):
        self.levels = results["in_flight"]
        self.programs = [each["name"] for each in results["programs"]]
        self.titles = {each["name"]: each["title"] for each in results["programs"]}
        self.failures = results["failures"]
        self._runs = {}  # (program, level) -> round -> numbers of one update
        for run in results["runs"]:
            told = json.loads(run["line"])
            one = {"cpu": told["cpu_us"] / run["updates"], "wall": told["wall_us"] / run["updates"]}
            one |= {"p50": told["p50_us"], "p99": told["p99_us"], "rss_kb": told["rss_kb"]}
            one["allocations"] = told.get("allocations_per_update")
            self._runs.setdefault((run["program"], run["in_flight"]), {})[run["round"]] = one

    def _values(self, name, level, what):
        return {number: one[what] for number, one in self._runs.get((name, level), {}).items()}

    def _median(self, name, level, what):
        known = [value for value in self._values(name, level, what).values() if value is not None]
        return statistics.median(known) if known else None

    def cell(self, name, level):
        """None when it failed, or was not run."""
        if not self._runs.get((name, level)):
            return None
        medians = {what: self._median(name, level, what) for what in ("cpu", "wall", "p50", "p99", "rss_kb")}
        allocations = self._median(name, level, "allocations")
        return Cell(**medians, allocations=allocations, to_floor=self.ratio(name, FLOOR, level))

    def ratio(self, name, other, level):
        """Of their CPU times."""
        return paired(self._values(name, level, "cpu"), self._values(other, level, "cpu"))

    def best_peer(self, level, ours=OURS):
        """Of those with the protocol, where ours is that with HTTP/2. None when no other, or not ours, was measured."""
        costs = {}
        for name in self.programs:
            if not is_a_peer(name) or (ours == OURS_H2 and not name.endswith("-h2")):
                continue
            if cell := self.cell(name, level):
                costs[name] = cell.cpu
        if not costs or not self.cell(ours, level):
            return None
        best = min(costs, key=costs.get)
        return Best(best, self.ratio(ours, best, level))

    def is_complete(self):
        """Whether what the whole is about is there: the floor, and venice-keys if it was to be run."""
        needed = {FLOOR, OURS} & set(self.programs)
        return all((name, level) in self._runs for name in needed for level in self.levels)
