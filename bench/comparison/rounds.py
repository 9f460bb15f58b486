"""Runs all programs in turn, several times."""

from . import running

UPDATES_ALONE = 5_000  # with one in flight each waits for the network; so a run takes about a second
UPDATES = 20_000


def updates_for(in_flight):
    return UPDATES_ALONE if in_flight == 1 else UPDATES


def order(programs, turn):
    """Puts another program first each time, so that no program gains by its place or by its neighbours."""
    first = turn % len(programs)
    return programs[first:] + programs[:first]


class _Comparison:
    """The results so far."""

    def __init__(self, say):
        self.say = say
        self.runs = []
        self.failures = []

    def leave_out(self, program, level, number, why):
        """Drops a program at one level, or at all levels when that is None."""
        where = "" if level is None else f" with {level} in flight"
        self.say(f"LEFT OUT: {program.name}{where}: {why}")
        self.failures.append({"program": program.name, "in_flight": level, "round": number, "why": why})
        self.runs = [each for each in self.runs if (each["program"], each["in_flight"]) != (program.name, level)]

    def is_left_out(self, program, level):
        return any(each["program"] == program.name and each["in_flight"] in (level, None) for each in self.failures)


def run(programs, server, levels, rounds, say, *, updates=None, seconds=60, core=None):
    """Returns two lists of dictionaries: the runs, with the line that each printed, and the failures. A program that
    fails at a level is not run there again, and its earlier runs there are dropped: fewer rounds than the others had
    would make no fair median."""
    so_far = _Comparison(say)
    for program in programs:
        if not program.is_there():
            so_far.leave_out(program, None, None, f"there is no {program.where()}")
    for number in range(rounds):
        for level in levels:
            count = updates or updates_for(level)
            say(f"round {number + 1} of {rounds}, {level} in flight")
            for program in order(programs, number):
                if so_far.is_left_out(program, level):
                    continue
                server.check()
                try:
                    line = running.measure(program, server.told, count, level, seconds, core)
                except running.Failed as failure:
                    server.check()
                    so_far.leave_out(program, level, number, str(failure))
                    continue
                so_far.runs.append(
                    {"program": program.name, "in_flight": level, "round": number, "updates": count, "line": line}
                )
    return so_far.runs, so_far.failures
