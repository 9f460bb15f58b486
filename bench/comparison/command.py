"""The command line of bench/compare."""

import argparse
import sys

from . import programs, results, rounds, server, tables
from .summary import Summary

ABOUT = """Compares venice-keys with other clients by what an update costs them. All send the same updates to one nginx,
in turn and several times over, the client on one core and nginx on another. The tables give the medians, and ratios
within the same round. docs/performance.md says what this shows and what it does not."""

QUICK = {"rounds": 2, "updates": 2_000}


def say(what):
    print(f"compare: {what}", file=sys.stderr, flush=True)


def positive_number(text):
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def numbers(text):
    return sorted({positive_number(each) for each in text.split(",")})


def _parser():
    parser = argparse.ArgumentParser(prog="bench/compare", description=ABOUT)
    add = parser.add_argument
    add("--rounds", type=positive_number, help="how often each program runs at each level (5)")
    add("--in-flight", type=numbers, default=[1, 8, 32, 128], metavar="LIST", help="the levels (1,8,32,128)")
    names = ", ".join(each.name for each in programs.ALL)
    add("--only", type=lambda text: text.split(","), metavar="NAMES", help=f"of {names}; the floor always runs")
    add("--updates", type=positive_number, help="measured in each run (5,000 with one in flight, else 20,000)")
    add("--timeout", type=positive_number, default=60, metavar="SECONDS", help="the most for one run (60)")
    add("--quick", action="store_true", help="2 rounds of 2,000 updates, to see whether everything works")
    results.add_options(add, "", tables)
    return parser


def measured(options, known, start_server):
    """Runs everything. Returns the results as they go to the file."""
    chosen = known if options.only is None else programs.choose(options.only, known)
    client_core, server_core, told = results.place(options, say)
    count = options.rounds or (QUICK["rounds"] if options.quick else 5)
    updates = options.updates or (QUICK["updates"] if options.quick else None)
    with start_server(server_core) as against:
        runs, failures = rounds.run(
            chosen,
            against,
            options.in_flight,
            count,
            say,
            updates=updates,
            seconds=options.timeout,
            core=client_core,
        )
    return told | {
        "rounds": count,
        "in_flight": options.in_flight,
        "programs": results.of_programs(chosen),
        "runs": runs,
        "failures": failures,
    }


def main(arguments, known=tuple(programs.ALL), start_server=server.started):
    """Returns the exit status: 1 when the floor or venice-keys failed, or nothing could be measured."""
    options = _parser().parse_args(arguments)
    return results.shown(options, lambda: measured(options, list(known), start_server), Summary, tables, "", say)
