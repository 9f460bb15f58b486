"""Tells gnuplot what to draw."""

from .programs import FLOOR, OURS, WINDOW
from .summary import Summary

# Colours of Okabe and Ito, which colour-blind people can tell apart. HTTP/2 has the colour of its program's HTTP/1.1,
# and is broken; the shapes of the points differ as well.
INK = {FLOOR: "#000000", OURS: "#d55e00", "beast": "#56b4e9", "curl": "#009e73", "go": "#0072b2"}
INK |= {"reqwest": "#cc79a7", "undici": "#b8860b"}
OTHER_INK = "#808080"
LIGHT = {"paper": "#ffffff", "text": "#000000", "grid": "#dddddd", "frame": "#444444"}
DARK = {"paper": "#0d1117", "text": "#e6edf3", "grid": "#30363d", "frame": "#8b949e"}
POINTS = {FLOOR: 7, OURS: 7, "beast": 11, "curl": 9, "go": 5, "reqwest": 13, "undici": 3}  # numbers of gnuplot

HEAD = """
set encoding utf8
set terminal svg size 900,480 dynamic font "sans-serif,14" background "{paper}"
set title "CPU time of an update, by the number in flight (less is better)" font ",16" textcolor rgb "{text}"
set xlabel "updates in flight" textcolor rgb "{text}"
set ylabel "µs of CPU time an update, logarithmic" textcolor rgb "{text}"
set tics textcolor rgb "{text}"
set logscale y 10
set yrange [{low}:{high}]
set ytics ({ytics})
set xrange [-0.25:{last}.25]
set xtics ({xtics}) nomirror scale 0
set ytics nomirror
set grid ytics lc rgb "{grid}" lt 1
set border 3 lc rgb "{frame}"
set key outside right center Left reverse samplen 3 spacing 1.4 textcolor rgb "{text}"
"""


def ink(name, colours):
    """The colour of a program, which it has with every protocol and setting."""
    base = max((each for each in INK if name == each or name.startswith(each + "-")), key=len, default=None)
    colour = INK.get(base, OTHER_INK)
    return colours["text"] if colour == INK[FLOOR] else colour


def style(name, colours=LIGHT):
    """The style of a program's line and points."""
    base = name.removesuffix("-h2")
    colour, point = ink(name, colours), POINTS.get(base, 1)
    if name == FLOOR:
        return f'lc rgb "{colour}" lw 3 dt 3 pt {point} ps 0.6'
    if name == WINDOW:
        return 'lc rgb "#777777" lw 2 dt 3 pt 7 ps 0.4'
    if name == OURS:
        return f'lc rgb "{colour}" lw 4 pt {point} ps 1'
    if base != name:
        return f'lc rgb "{colour}" lw 1.5 dt 2 pt {point - 1} ps 0.8'
    return f'lc rgb "{colour}" lw 1.5 pt {point} ps 0.8'


def block(name):
    """gnuplot's name for a program's data."""
    return "$data_" + name.replace("-", "_")


def ticks(low, high):
    """Those of 1, 2, 5, 10, … that are in the range."""
    steps = (digit * 10**power for power in range(-1, 7) for digit in (1, 2, 5))
    return [f"{step:g}" for step in steps if low <= step <= high]


def script(results, dark=False):
    """The input of gnuplot."""
    summary = Summary(results)
    colours = DARK if dark else LIGHT
    lines = {}
    for name in summary.programs:
        cells = [summary.cell(name, level) for level in summary.levels]
        if any(cells):
            lines[name] = [(place, cell.cpu) for place, cell in enumerate(cells) if cell]
    if not lines:
        raise ValueError("nothing was measured")
    costs = [cost for points in lines.values() for _, cost in points]
    low, high = min(costs) / 1.3, max(costs) * 1.3
    # The legend has the order in which the lines end. Ours and the floor are drawn last, above the others.
    order = sorted(lines, key=lambda name: -lines[name][-1][1])
    drawn = [f'1/0 with linespoints {style(name, colours)} title "{summary.titles[name]}"' for name in order]
    above = sorted(order, key=lambda name: (name == OURS, name == FLOOR))
    drawn += [f"{block(name)} with linespoints {style(name, colours)} notitle" for name in above]
    head = HEAD.format(
        **colours,
        low=low,
        high=high,
        ytics=", ".join(ticks(low, high)),
        last=len(summary.levels) - 1,
        xtics=", ".join(f'"{level}" {place}' for place, level in enumerate(summary.levels)),
    )
    data = ""
    for name, points in lines.items():
        rows = "\n".join(f"{place} {cost}" for place, cost in points)
        data += f"{block(name)} << END\n{rows}\nEND\n"
    return head + data + "plot " + ", \\\n    ".join(drawn) + "\n"
