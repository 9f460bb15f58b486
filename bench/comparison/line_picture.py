"""Tells gnuplot how to draw what was measured over the line: each program's time, cold and warm, 100 and 500 asked for
at a time."""

from .line_programs import CASES, NO_BUDGET, OURS_HTTP1
from .line_summary import LineSummary
from .picture import DARK, LIGHT, ink
from .programs import FLOOR_H2, OURS

PANELS = (100, 500)
BY_NAME = {each.name: each for each in CASES}
HEAD = """
set encoding utf8
set terminal svg size 900,{height} dynamic font "sans-serif,14" background "{paper}"
set border 1 lc rgb "{frame}"
set key off
set tics textcolor rgb "{text}"
set title offset 0,-0.3 textcolor rgb "{text}"
set xlabel textcolor rgb "{text}"
set logscale x 10
set xrange [{low}:{high}]
set xtics ({xtics}) nomirror
set grid xtics lc rgb "{grid}" lt 1
set yrange [{last}:-0.6]
set multiplot layout 1,2 title "Seconds for {updates} updates (less is better)\\n{{/*0.8 ● warm, ○ cold, dotted: the least \
possible, warm; logarithmic}}" font ",16" textcolor rgb "{text}" margins 0.45,0.98,{bottom:.3f},{top:.3f} spacing 0.03
"""


def _ticks(low, high):
    digits = (1, 2, 5) if high / low < 50 else (1, 3)
    steps = (digit * 10**power for power in range(-4, 4) for digit in digits)
    return ", ".join(f"{step:g}" for step in steps if low <= step <= high)


def _panel(summary, names, asked, first, colours):
    """gnuplot's commands for the programs that have a time with this many updates asked for at a time."""
    cases = {"warm": BY_NAME[f"warm-{asked}"], "cold": BY_NAME[f"cold-{asked}"]}
    rows = {"warm": [], "cold": []}
    for place, name in enumerate(names):
        for how, case in cases.items():
            if cell := summary.cell(name, case):
                colour = int(ink(name, colours).removeprefix("#"), 16)
                rows[how].append(f"{cell.seconds:g} {place} {colour}")
    # A point outside of the picture stands for no data, because gnuplot complains about a block without any.
    data = "".join(f"${how}_{asked} << END\n" + "\n".join(rows[how] or ["1 -9 0"]) + "\nEND\n" for how in rows)
    least = summary.least(cases["warm"])
    labels = ", ".join(f'"{summary.titles[name] if first else ""}" {place}' for place, name in enumerate(names))
    return (
        data
        + f'set title "{asked} asked for at a time"\nset ytics ({labels}) nomirror scale 0\n'
        + f"set arrow 1 from {least:g}, graph 0 to {least:g}, graph 1 nohead "
        + f'lc rgb "{colours["text"]}" lw 1.5 dt 3\n'
        + f"plot $cold_{asked} using 1:2:3 with points pt 6 ps 1 lw 2 lc rgb variable, "
        + f"$warm_{asked} using 1:2:3 with points pt 7 ps 1.1 lc rgb variable\n"
    )


def script(results, dark=False):
    """The input of gnuplot."""
    summary = LineSummary(results)
    colours = DARK if dark else LIGHT
    cases = [case for case in summary.cases if case.server == "nginx"]
    times = {}
    for name in summary.programs:
        if cells := [cell for case in cases if (cell := summary.cell(name, case))]:
            times[name] = [cell.seconds for cell in cells]
    if not times:
        raise ValueError("nothing was measured")
    # Ours first, then the others from the quickest to the slowest.
    ours = (OURS, NO_BUDGET, OURS_HTTP1, FLOOR_H2)
    names = sorted(times, key=lambda name: (ours.index(name) if name in ours else len(ours), min(times[name])))
    every = [seconds for many in times.values() for seconds in many]
    low, high = min(every + [summary.least(case) for case in cases]) / 1.4, max(every) * 1.4
    height = 150 + 26 * len(names)
    places = {"height": height, "bottom": 40 / height, "top": 1 - 105 / height, "last": len(names) - 0.4, "updates": summary.line.updates}
    head = HEAD.format(low=low, high=high, xtics=_ticks(low, high), **places, **colours)
    panels = (_panel(summary, names, asked, asked == PANELS[0], colours) for asked in PANELS)
    return head + "".join(panels) + "unset multiplot\n"
