"""The tables: as text for a terminal, and as Markdown."""

from .programs import FLOOR, FLOOR_H2, OURS, OURS_H2, WINDOW, WINDOW_H2


def _time(value):
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def ratio(of):
    return f"{of.median:.2f} ({of.least:.2f} … {of.most:.2f})"


def _cpu(cell):
    return _time(cell.cpu) + (f" ({cell.to_floor.median:.2f})" if cell.to_floor else "")


# What a table is about, and what its cells say.
ABOUT = [
    ("CPU time of an update, µs (in parentheses: multiples of the floor's)", _cpu),
    ("Wall-clock time of an update, µs", lambda cell: _time(cell.wall)),
    ("Latency of an update, µs: median / 99th percentile", lambda cell: f"{_time(cell.p50)} / {_time(cell.p99)}"),
    ("Peak memory, KiB", lambda cell: f"{cell.rss_kb:,.0f}"),
]
ABOUT_OURS = "venice-keys: its CPU time as a multiple of another's (median of the rounds, least … most)"


def _program_rows(summary, show):
    for name in summary.programs:
        cells = [summary.cell(name, level) for level in summary.levels]
        if any(cells):
            yield [summary.titles[name], *(show(cell) if cell else "–" for cell in cells)]


# Ours, the two floors of its protocol, and the words for what the rows are about.
PROTOCOLS = [(OURS, FLOOR, WINDOW, ""), (OURS_H2, FLOOR_H2, WINDOW_H2, "over HTTP/2, ")]


def _ours_rows(summary):
    """How venice-keys compares with the others, and what is known of it alone."""
    for ours, floor, window, over in PROTOCOLS:
        for other, what in ((floor, "to the floor"), (window, "to the one that has always so many in flight")):
            ratios = [summary.ratio(ours, other, level) for level in summary.levels]
            if other != ours and any(ratios):
                yield [over + what, *(ratio(each) if each else "–" for each in ratios)]
        best = [summary.best_peer(level, ours) for level in summary.levels]
        if any(best):
            others = "the others" if ours == OURS else "the others with HTTP/2"
            yield [f"{over}to the cheapest of {others}", *(ratio(each.ratio) if each else "–" for each in best)]
            yield ["which is", *(summary.titles[each.name] if each else "–" for each in best)]
        cells = [summary.cell(ours, level) for level in summary.levels]
        if any(cell and cell.allocations is not None for cell in cells):
            known = [None if cell is None else cell.allocations for cell in cells]
            yield [over + "allocations an update", *("–" if value is None else f"{value:.3f}" for value in known)]


def tables(summary):
    """(title, head, rows) of each table."""
    levels = [f"{level} in flight" for level in summary.levels]
    made = [(title, ["", *levels], list(_program_rows(summary, show))) for title, show in ABOUT]
    ours = list(_ours_rows(summary))
    if ours:
        made.insert(1, (ABOUT_OURS, ["", *levels], ours))
    return [each for each in made if each[2]]


def _failures(summary):
    for each in summary.failures:
        where = "" if each["in_flight"] is None else f", {each['in_flight']} in flight"
        yield f"Left out: {summary.titles[each['program']]}{where}: {each['why']}"


def _below_the_floor(summary):
    """A warning when something is below the floor. That is no floor then, and the program is not a very good one."""
    for name in summary.programs:
        cells = {level: summary.cell(name, level) for level in summary.levels}
        levels = [level for level, cell in cells.items() if cell and cell.to_floor and cell.to_floor.median < 1]
        if levels:
            where = ", ".join(map(str, levels))
            yield f"Below the floor: {summary.titles[name]}, {where} in flight. There the floor is not the least."


def _machine(results):
    machine = results["machine"]
    cores = f"{machine['cores']} cores" if machine.get("cores", 1) != 1 else "1 core"
    parts = [machine.get("cpu", "unknown processor"), cores]
    parts += [machine[name] for name in ("system", "kernel", "compiler", "openssl", "nginx") if name in machine]
    pinned = "client and server pinned to a core each" if results["pinned"] else "client and server NOT PINNED"
    prior = "; all of it ran before other programs of the machine" if results.get("before_others") else ""
    return f"{results['when'][:10]}: {'; '.join(parts)}. {results['rounds']} rounds, {pinned}{prior}."


def _versions(results):
    ran = {each["program"] for each in results["runs"]}
    known = (each.get("version") for each in results["programs"] if each["name"] in ran)
    return "; ".join(dict.fromkeys(filter(None, known)))


def as_text(made, notes, results):
    """The text of tables as `tables` makes them."""
    out = []
    for title, head, rows in made:
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        out.append(title)
        for row in [head, *rows]:
            others = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
            out.append("  ".join(["", row[0].ljust(widths[0]), *others]))
        out.append("")
    out += notes
    out.append(_machine(results))
    return "\n".join(out) + "\n"


def as_markdown(made, notes, results):
    out = []
    for title, head, rows in made:
        out += [f"{title}:", "", "| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
        out += ["| " + " | ".join(row) + " |" for row in rows]
        out.append("")
    for note in notes:
        out += [note.replace("|", "\\|").removesuffix(".") + ".", ""]
    out.append(f"Measured {_machine(results)}")
    if versions := _versions(results):
        out += ["", f"Versions: {versions}."]
    return "\n".join(out) + "\n"


def _notes(summary):
    return [*_below_the_floor(summary), *_failures(summary)]


def text(results, summary):
    return as_text(tables(summary), _notes(summary), results)


def markdown(results, summary):
    return as_markdown(tables(summary), _notes(summary), results)


BEGIN, END = "<!-- table -->", "<!-- /table -->"


def put_into(page, table, marks=(BEGIN, END)):
    """The page's text with the table between its two marks."""
    before, begin, rest = page.partition(marks[0] + "\n")
    _, end, after = rest.partition(marks[1])
    if not begin or not end:
        raise ValueError(f"it lacks the lines {marks[0]} and {marks[1]}")
    return f"{before}{begin}\n{table}\n{end}{after}"
