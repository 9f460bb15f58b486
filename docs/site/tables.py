"""Makes the tables of a page readable on every screen.

A browser shares the width among the columns as it likes, breaks text at every word, and code nowhere. So each column
gets a least width, by the text that is in it, and code gets places where it may break: a table that is wider than the
page scrolls in its own box. On a phone, where that would hide most of it, a wide table shows each row as a block of its
own, in which each cell has the heading of its column in front. The style sheet, site.css, does both.
"""

import html
import math
import re

TABLE = re.compile(r'<table class="markdownTable">(.*?)</table>', re.S)
ROW = re.compile(r"<tr\b.*?</tr>", re.S)
CELL = re.compile(r"<t([hd])\b([^>]*)>(.*?)</t[hd]>", re.S)
CODE = re.compile(r"<code>.*?</code>", re.S)
TAG = re.compile(r"(<[^>]*>)")
BREAK = "<wbr/>"

# How wide a character is, on average, in what the style sheet calls em.
CHARACTER = 0.56

# In characters: code up to this length stays in one piece, the columns of a table insist together on no more than the
# page has on a desk, nor one of them on more than that, and the last is what a phone has room for.
SHORT_CODE = 16
DESK = 72
WIDEST_COLUMN = 26
PHONE = 34


def fit(page):
    """The HTML of a page with its tables mended."""
    return TABLE.sub(lambda table: fit_table(table[1]), page)


def fit_table(rows):
    rows = CODE.sub(breakable, rows)
    cells = [[cell[3].strip() for cell in CELL.finditer(row)] for row in ROW.findall(rows)]
    for row in cells:
        if len(row) != len(cells[0]):
            raise ValueError(f"a row has {len(row)} cells, and not the {len(cells[0])} of its table: {row}")
    headings = [text_of(cell) for cell in cells[0]]
    widest = min(WIDEST_COLUMN, DESK // len(headings))
    widths = [least_width(column, widest) for column in zip(*cells)]

    def fit_row(row):
        column = iter(zip(headings, widths))

        def fit_cell(cell):
            heading, width = next(column)
            more = f'style="min-width: {width * CHARACTER:.1f}em"' if cell[1] == "h" else f'data-heading="{html.escape(heading)}"'
            return f"<t{cell[1]}{cell[2]} {more}>{cell[3].strip()}</t{cell[1]}>"

        return CELL.sub(fit_cell, row[0])

    kind = " wide" if sum(widths) + 2 * len(widths) > PHONE else ""
    return f'<table class="markdownTable{kind}">{ROW.sub(fit_row, rows)}</table>'


def breakable(code):
    """Code that may break behind the signs between its words. Tags and entities stay whole."""
    if len(text_of(code[0])) <= SHORT_CODE:
        return code[0]
    parts = TAG.split(code[0])
    parts[::2] = (re.sub(r"([/_=,({]|::|\.(?=[a-z]))(?=[\w\"'&])", r"\1" + BREAK, part) for part in parts[::2])
    return "".join(parts)


def text_of(cell):
    return html.unescape(TAG.sub("", cell)).strip()


def least_width(column, widest):
    """In characters: what the longest word and short code need, and more for a column with long texts."""
    longest = max(len(text_of(cell)) for cell in column)
    words = [len(word) for cell in column for word in text_of(CODE.sub(" ", cell)).split()]
    codes = [min(len(text_of(code)), SHORT_CODE) for cell in column for code in CODE.findall(cell)]
    return min(max([*words, *codes, min(longest, 6 + math.ceil(longest / 8))]), widest)
