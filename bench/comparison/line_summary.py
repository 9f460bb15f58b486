"""Medians and ratios of what was measured over the line."""

import dataclasses
import json
import statistics

from .line_programs import CASES, Line
from .programs import OURS, is_a_peer
from .summary import Best, paired


@dataclasses.dataclass(frozen=True)
class LineCell:
    """The medians of one program's rounds in one case."""

    seconds: float  # for all updates
    to_least: float
    p50: float  # milliseconds
    p99: float
    cpu: float  # microseconds for an update; cold, the process's start is in it
    replays: float | None
    rounds: int


def _numbers(run, case, updates):
    told = json.loads(run["line"])
    wall = told["wall_us"] if case.warm else told["ended_at_us"] - run["began_us"]
    cpu = told["cpu_us"] if case.warm else told["cpu_all_us"]
    one = {"seconds": wall / 1e6, "cpu": cpu / updates, "p50": told["p50_us"] / 1000, "p99": told["p99_us"] / 1000}
    return one | {"replays": told.get("replays")}


class LineSummary:
    """The summary of a results file."""

    def __init__(self, results):
        self.cases = [each for each in CASES if each.name in results["cases"]]
        self.programs = [each["name"] for each in results["programs"]]
        self.titles = {each["name"]: each["title"] for each in results["programs"]}
        self.failures = results["failures"]
        self.rounds = results["rounds"]
        self.line = Line(**results.get("line", {}))
        known = {each.name: each for each in self.cases}
        self._runs = {}  # (program, case) -> round -> numbers
        for run in results["runs"]:
            cell = self._runs.setdefault((run["program"], run["case"]), {})
            cell[run["round"]] = _numbers(run, known[run["case"]], self.line.updates)

    def least(self, case):
        return case.least(self.line)

    def _values(self, name, case, what):
        return {number: one[what] for number, one in self._runs.get((name, case.name), {}).items()}

    def _median(self, name, case, what):
        known = [value for value in self._values(name, case, what).values() if value is not None]
        return statistics.median(known) if known else None

    def cell(self, name, case):
        """The program's figures; None when it failed or was not run."""
        runs = self._runs.get((name, case.name))
        if not runs:
            return None
        medians = {what: self._median(name, case, what) for what in ("seconds", "p50", "p99", "cpu", "replays")}
        return LineCell(**medians, to_least=medians["seconds"] / self.least(case), rounds=len(runs))

    def best_peer(self, case):
        """The quickest of the others, and the ratio of venice-keys' time to that one's. None when either is missing."""
        times = {}
        for name in self.programs:
            if is_a_peer(name) and (cell := self.cell(name, case)):
                times[name] = cell.seconds
        if not times or not self.cell(OURS, case):
            return None
        best = min(times, key=times.get)
        return Best(best, paired(self._values(OURS, case, "seconds"), self._values(best, case, "seconds")))

    def is_complete(self):
        """Whether the results have what the comparison is about."""
        needed = {OURS} & set(self.programs)
        return all((name, case.name) in self._runs for name in needed for case in self.cases if case.server == "nginx")
