"""What every comparison does around its measuring: where it runs, and what becomes of its results."""

import datetime
import json
import pathlib
import signal
import sys

from . import machine, programs, running, server, tables

FOLDER = programs.ROOT / "bench" / "results"


def add_options(add, name, marks):
    """Adds the options of the command line. `name` is that of the file to write when none is given."""
    add("--before-others", action="store_true", help="run before other programs of the machine (takes root)")
    add("--output", type=pathlib.Path, metavar="FILE", help=f"the results (bench/results/{name}UTC-DATE-AND-TIME.json)")
    add("--from", dest="source", type=pathlib.Path, metavar="FILE", help="run nothing: show these results")
    add("--markdown", type=pathlib.Path, metavar="FILE", help="write the tables there as well, as Markdown")
    add("--update-docs", type=pathlib.Path, metavar="FILE", help=f"put them between {marks.BEGIN} and {marks.END}")


def place(options, say):
    """The cores of client and server, and what the results say of where and when they were measured."""
    client_core, server_core = running.cores()
    if client_core is None:
        say("NOT PINNED: there is one core only. Client and server disturb each other, and figures say little.")
    before_others = options.before_others and running.before_others()
    if options.before_others and not before_others:
        say("This system does not let it run before others.")
    when = datetime.datetime.now(datetime.timezone.utc)
    told = {
        "when": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "machine": machine.describe(),
        "pinned": client_core is not None,
        "before_others": before_others,
    }
    return client_core, server_core, told


def of_programs(chosen):
    """What the results say about the programs."""
    return [{"name": each.name, "title": each.title, "version": machine.version(each.name)} for each in chosen]


def _keep(results, output, name, say):
    output = output or FOLDER / (name + results["when"].replace(":", "-") + ".json")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(results, indent=1) + "\n")
    say(f"wrote {output}")


def shown(options, measure, summarise, as_tables, name, say):
    """Measures, or reads what was measured, keeps and shows it. Returns the exit status: 1 when what has to be
    there was not measured."""
    # So that SIGTERM, too, ends what was started.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    marks = (as_tables.BEGIN, as_tables.END)
    try:
        page = options.update_docs and tables.put_into(options.update_docs.read_text(encoding="utf-8"), "", marks)
        if options.source:
            results = json.loads(options.source.read_text())
        else:
            results = measure()
            _keep(results, options.output, name, say)
    except (server.NoServer, OSError, ValueError) as failure:
        say(failure)
        return 1
    summary = summarise(results)
    print(as_tables.text(results, summary), end="")
    table = as_tables.markdown(results, summary)
    if options.markdown:
        options.markdown.write_text(table, encoding="utf-8")
    if page:
        options.update_docs.write_text(tables.put_into(page, table, marks), encoding="utf-8")
    return 0 if summary.is_complete() else 1
