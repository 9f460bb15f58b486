"""The command line of bench/compare."""

import argparse
import datetime
import json
import pathlib
import signal
import sys

from . import machine, programs, rounds, running, server, tables
from .summary import Summary

ABOUT = """Compares venice-keys with other clients by what an update costs them. All send the same updates to one nginx,
in turn and several times over, the client on one core and nginx on another. The tables give the medians, and ratios
within the same round. docs/performance.md says what this shows and what it does not."""

QUICK = {"rounds": 2, "updates": 2_000}
RESULTS = programs.ROOT / "bench" / "results"


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
    add("--before-others", action="store_true", help="run before other programs of the machine (takes root)")
    add("--quick", action="store_true", help="2 rounds of 2,000 updates, to see whether everything works")
    add("--output", type=pathlib.Path, metavar="FILE", help="the results (bench/results/UTC-DATE-AND-TIME.json)")
    add("--from", dest="source", type=pathlib.Path, metavar="FILE", help="run nothing: show these results")
    add("--markdown", type=pathlib.Path, metavar="FILE", help="write the tables there as well, as Markdown")
    add("--update-docs", type=pathlib.Path, metavar="FILE", help=f"put them between {tables.BEGIN} and {tables.END}")
    return parser


def measured(options, known, start_server):
    """Runs everything. The results, as they go to the file."""
    chosen = known if options.only is None else programs.choose(options.only, known)
    client_core, server_core = running.cores()
    if client_core is None:
        say("NOT PINNED: there is one core only. Client and server disturb each other, and figures say little.")
    before_others = options.before_others and running.before_others()
    if options.before_others and not before_others:
        say("This system does not let it run before others.")
    when = datetime.datetime.now(datetime.timezone.utc)
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
    return {
        "when": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "machine": machine.describe(),
        "pinned": client_core is not None,
        "before_others": before_others,
        "rounds": count,
        "in_flight": options.in_flight,
        "programs": [
            {"name": each.name, "title": each.title, "version": machine.version(each.name)} for each in chosen
        ],
        "runs": runs,
        "failures": failures,
    }


def _keep(results, output):
    output = output or RESULTS / (results["when"].replace(":", "-") + ".json")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(results, indent=1) + "\n")
    say(f"wrote {output}")


def main(arguments, known=tuple(programs.ALL), start_server=server.started):
    """The exit status: 1 when the floor or venice-keys failed, or nothing could be measured."""
    options = _parser().parse_args(arguments)
    # So that SIGTERM, too, ends what was started.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        page = options.update_docs and tables.put_into(options.update_docs.read_text(encoding="utf-8"), "")
        if options.source:
            results = json.loads(options.source.read_text())
        else:
            results = measured(options, list(known), start_server)
            _keep(results, options.output)
    except (server.NoServer, OSError, ValueError) as failure:
        say(failure)
        return 1
    summary = Summary(results)
    print(tables.text(results, summary), end="")
    table = tables.markdown(results, summary)
    if options.markdown:
        options.markdown.write_text(table, encoding="utf-8")
    if page:
        options.update_docs.write_text(tables.put_into(page, table), encoding="utf-8")
    return 0 if summary.is_complete() else 1
