"""The tables of what was measured over the line."""

from . import tables

BEGIN, END = "<!-- line -->", "<!-- /line -->"


def _seconds(value):
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _milliseconds(value):
    return f"{value:,.0f}"


def _of_all(cell):
    return f"{_seconds(cell.seconds)} ({cell.to_least:.2f})"


def _with_replays(cell):
    return _seconds(cell.seconds) + ("" if cell.replays is None else f" ({cell.replays:.0f})")


def _latency(cell):
    return f"{_milliseconds(cell.p50)} / {_milliseconds(cell.p99)}"


# What a table is about, which of the starter's servers it is about, and what its cells say.
ABOUT = [
    ("Seconds for 500 updates (in parentheses: multiples of the least possible)", ("nginx",), _of_all),
    ("Latency of an update, ms: median / 99th percentile", ("nginx",), _latency),
    ("CPU time of an update, µs; cold: with the start of the process", ("nginx",), lambda cell: f"{cell.cpu:,.0f}"),
    ("Seconds for 500 updates where the server allows 1,000 streams on a connection", ("wide",), _of_all),
    (
        "Seconds for 500 updates over HTTP/1.1 on sixteen connections",
        ("http1",),
        lambda cell: _seconds(cell.seconds),
    ),
    (
        "Seconds for 500 updates where the server can't bear pipelining (in parentheses: requests sent again)",
        ("closes", "drops"),
        _with_replays,
    ),
]


def _least_row(summary, cases):
    return ["the least possible", *(_seconds(summary.least(case)) for case in cases)]


def _rows(summary, cases, show):
    for name in summary.programs:
        cells = [summary.cell(name, case) for case in cases]
        if any(cells):
            yield [summary.titles[name], *(show(cell) if cell else "–" for cell in cells)]


def _against_the_best(summary, cases):
    best = [summary.best_peer(case) for case in cases]
    if any(best):
        yield ["to the quickest of the others", *(tables.ratio(each.ratio) if each else "–" for each in best)]
        yield ["which is", *(summary.titles[each.name] if each else "–" for each in best)]


def all_tables(summary):
    """(title, head, rows) of each table."""
    made = []
    for title, servers, show in ABOUT:
        cases = [case for case in summary.cases if case.server in servers]
        rows = list(_rows(summary, cases, show))
        if not rows:
            continue
        if show in (_of_all, _with_replays):
            rows.insert(0, _least_row(summary, cases))
        title = title.replace("500", f"{summary.line.updates:,}")
        made.append((title, ["", *(case.title for case in cases)], rows))
        if len(made) == 1 and (against := list(_against_the_best(summary, cases))):
            about = "venice-keys: its time as a multiple of another's (median of the rounds, least … most)"
            made.append((about, made[0][1], against))
    return made


def _failures(summary):
    titles = {case.name: f"{case.server}: {case.title}" for case in summary.cases}
    for each in summary.failures:
        where = "" if each["case"] is None else f", {titles[each['case']]}"
        yield f"Left out: {summary.titles[each['program']]}{where}: {each['why']}"


def _once(summary):
    """A sentence about what was too slow to be run again."""
    once = []
    for name in summary.programs:
        cells = [summary.cell(name, case) for case in summary.cases]
        if summary.rounds > 1 and any(cell and cell.rounds < summary.rounds for cell in cells):
            once.append(summary.titles[name])
    if once:
        yield f"Too slow to be run in every round, where it takes over 20 s: {', '.join(once)}."


def notes(summary):
    return [f"The line: {summary.line.in_words()}.", *_once(summary), *_failures(summary)]


def text(results, summary):
    return tables.as_text(all_tables(summary), notes(summary), results)


def markdown(results, summary):
    return tables.as_markdown(all_tables(summary), notes(summary), results)
