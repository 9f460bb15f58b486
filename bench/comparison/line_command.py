"""The command line of bench/compare-line."""

import argparse
import dataclasses
import datetime
import functools
import json
import os
import pathlib
import signal
import sys

from . import line_programs, line_rounds, line_tables, machine, running, server, tables
from .command import RESULTS, positive_number
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
    """Those of `known` that are named, in its order; all without names."""
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
    add("--before-others", action="store_true", help="run before other programs of the machine (takes root)")
    add("--output", type=pathlib.Path, metavar="FILE", help="the results (bench/results/line-UTC-DATE-AND-TIME.json)")
    add("--from", dest="source", type=pathlib.Path, metavar="FILE", help="run nothing: show these results")
    add("--markdown", type=pathlib.Path, metavar="FILE", help="write the tables there as well, as Markdown")
    marks = f"{line_tables.BEGIN} and {line_tables.END}"
    add("--update-docs", type=pathlib.Path, metavar="FILE", help=f"put them between {marks}")
    return parser


def measured(options, known, start_server):
    """Runs everything. The results, as they go to the file."""
    programs = chosen(options.only, known, "program")
    cases = chosen(options.cases, line_programs.CASES, "case")
    client_core, server_core = running.cores()
    if client_core is None:
        say("NOT PINNED: there is one core only. Client and server disturb each other, and figures say little.")
    before_others = options.before_others and running.before_others()
    if options.before_others and not before_others:
        say("This system does not let it run before others.")
    when = datetime.datetime.now(datetime.timezone.utc)
    line = line_programs.Line(options.one_way, options.service, options.updates)
    os.environ |= line.environment()
    with start_server(server_core) as against:
        runs, failures = line_rounds.run(
            programs, against, cases, options.rounds, say, line=line, seconds=options.timeout, core=client_core
        )
    return {
        "kind": "line",
        "when": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "machine": machine.describe(),
        "pinned": client_core is not None,
        "before_others": before_others,
        "line": dataclasses.asdict(line),
        "rounds": options.rounds,
        "cases": [each.name for each in cases],
        "programs": [
            {"name": each.name, "title": each.title, "version": machine.version(each.name)} for each in programs
        ],
        "runs": runs,
        "failures": failures,
    }


def _keep(results, output):
    output = output or RESULTS / ("line-" + results["when"].replace(":", "-") + ".json")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(results, indent=1) + "\n")
    say(f"wrote {output}")


def main(arguments, known=tuple(line_programs.ALL), start_server=start):
    """The exit status: 1 when venice-keys failed, or nothing could be measured."""
    options = _parser().parse_args(arguments)
    # So that SIGTERM, too, ends what was started.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    marks = (line_tables.BEGIN, line_tables.END)
    try:
        page = options.update_docs and tables.put_into(options.update_docs.read_text(encoding="utf-8"), "", marks)
        if options.source:
            results = json.loads(options.source.read_text())
        else:
            results = measured(options, list(known), start_server)
            _keep(results, options.output)
    except (server.NoServer, OSError, ValueError) as failure:
        say(failure)
        return 1
    summary = LineSummary(results)
    print(line_tables.text(results, summary), end="")
    table = line_tables.markdown(results, summary)
    if options.markdown:
        options.markdown.write_text(table, encoding="utf-8")
    if page:
        options.update_docs.write_text(tables.put_into(page, table, marks), encoding="utf-8")
    return 0 if summary.is_complete() else 1
