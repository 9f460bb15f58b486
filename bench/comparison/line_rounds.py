"""Runs all programs over the line in turn, several times."""

import time

from . import running
from .rounds import order

SLOW = 20  # seconds: what takes longer is not run again, for it disturbs the others and its noise is not worth it


class _Comparison:
    """The results so far."""

    def __init__(self, say):
        self.say = say
        self.runs = []
        self.failures = []
        self.slow = set()

    def leave_out(self, program, case, number, why):
        """Drops a program in one case, or in all cases when that is None."""
        where = "" if case is None else f" in {case.name}"
        self.say(f"LEFT OUT: {program.name}{where}: {why}")
        name = case and case.name
        self.failures.append({"program": program.name, "case": name, "round": number, "why": why})
        self.runs = [each for each in self.runs if (each["program"], each["case"]) != (program.name, name)]

    def wants(self, program, case):
        left_out = any(each["program"] == program.name and each["case"] in (case.name, None) for each in self.failures)
        return case.takes(program) and not left_out and (program.name, case.name) not in self.slow


def measure(program, told, case, line, seconds, core):
    """Returns the start of the program, in microseconds since 1970; the line that it printed, which was checked; and
    the seconds from that start to the last answer."""
    command = program.called(told, case, line)
    began_us = time.time_ns() // 1000
    out = running.run(command, seconds, core)
    numbers = running.read(out, line.updates)
    for name in ("cpu_all_us", "ended_at_us"):
        value = numbers.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
            raise running.Failed(f"its {name} is {value!r}, not a positive number")
    if not began_us < numbers["ended_at_us"] < began_us + seconds * 1_000_000:
        raise running.Failed("its ended_at_us is no time at which it ran")
    return began_us, out.strip(), (numbers["ended_at_us"] - began_us) / 1e6


def run(programs, server, cases, rounds, say, *, line, seconds=120, core=None):
    """Returns two lists of dictionaries: the runs, with the line that each printed, and the failures. A program that
    fails in a case is not run there again, and its earlier runs there are dropped."""
    so_far = _Comparison(say)
    for program in programs:
        if not program.is_there():
            so_far.leave_out(program, None, None, f"there is no {program.where()}")
    for number in range(rounds):
        for case in cases:
            say(f"round {number + 1} of {rounds}, {case.name}")
            for program in order(programs, number):
                if not so_far.wants(program, case):
                    continue
                server.check()
                try:
                    began_us, told, took = measure(program, server.told, case, line, seconds, core)
                except running.Failed as failure:
                    server.check()
                    so_far.leave_out(program, case, number, str(failure))
                    continue
                if took > SLOW:
                    so_far.slow.add((program.name, case.name))
                so_far.runs.append(
                    {"program": program.name, "case": case.name, "round": number, "began_us": began_us, "line": told}
                )
    return so_far.runs, so_far.failures
