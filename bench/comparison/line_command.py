"""The command line of bench/compare-line."""

import argparse
import dataclasses
import functools
import os
import sys

from . import line_programs, line_rounds, line_tables, results, server
from .command import positive_number
from .line_summary import LineSummary

ABOUT = """Compares venice-keys with other clients over a line: 20 ms each way, a service that takes 100 ms, 500 updates, by
what a user waits for all of them; or over another line. The client runs on one core, nginx and the line on another. docs/performance.md says
what this shows and what it does not."""

start = functools.partial(server.started, starter=line_programs.STARTER, names=line_programs.TOLD)


def say(what):
    print(f"compare-line: {what}", file=sys.stderr, flush=True)


def not_negative(text):
    return 0 if text == "0" else positive_number(text)


def chosen(names, known, what):
    """Those of `known` that are named, in its order; all of them when none is named."""
    if names is None:
        return list(known)
    there = [each.name for each in known]
    for name in names:
        if name not in there:
            raise ValueError(f"there is no {what} {name}; there are {', '.join(there)}")
    return [each for each in known if each.name in names]


def _parser():
    parser = argparse.ArgumentParser(prog="bench/compare-line", description=ABOUT)
    add = parser.add_argument
    words = {"type": lambda text: text.split(","), "metavar": "NAMES"}
    add("--rounds", type=positive_number, default=3, help="how often each program runs in each case (3)")
    add("--only", help="of " + ", ".join(each.name for each in line_programs.ALL), **words)
    add("--cases", help="of " + ", ".join(each.name for each in line_programs.CASES), **words)
    add("--one-way", type=positive_number, default=20_000, metavar="US", help="the way in each direction (20000)")
    add("--service", type=not_negative, default=100, metavar="MS", help="what the service takes for an update (100)")
    add("--updates", type=positive_number, default=500, help="in each run (500)")
    add("--timeout", type=positive_number, default=180, metavar="SECONDS", help="the most for one run (180)")
    results.add_options(add, "line-", line_tables)
    return parser


def measured(options, known, start_server):
    """Runs everything. Returns the results as they go to the file."""
    programs = chosen(options.only, known, "program")
    cases = chosen(options.cases, line_programs.CASES, "case")
    client_core, server_core, told = results.place(options, say)
    line = line_programs.Line(options.one_way, options.service, options.updates)
    os.environ |= line.environment()
    with start_server(server_core) as against:
        runs, failures = line_rounds.run(
            programs, against, cases, options.rounds, say, line=line, seconds=options.timeout, core=client_core
        )
    return {"kind": "line"} | told | {
        "line": dataclasses.asdict(line),
        "rounds": options.rounds,
        "cases": [each.name for each in cases],
        "programs": results.of_programs(programs),
        "runs": runs,
        "failures": failures,
    }


def main(arguments, known=tuple(line_programs.ALL), start_server=start):
    """Returns the exit status: 1 when venice-keys failed, or nothing could be measured."""
    options = _parser().parse_args(arguments)
    return results.shown(
        options, lambda: measured(options, list(known), start_server), LineSummary, line_tables, "line-", say
    )
