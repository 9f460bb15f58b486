"""Checks that each link of a site leads to a page or an anchor of it, and that no page fetches from another host."""

import html.parser
import pathlib
import re
import sys
import urllib.parse

# What a browser fetches by itself, unlike the target of a link.
FETCHED = {("img", "src"), ("script", "src"), ("link", "href"), ("source", "srcset"), ("iframe", "src")}

SCRIPTED = re.compile(r"""["']((?:\.\./)*[\w.-]+\.html(?:#[\w.-]*)?)["']""")


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.anchors = set()
        self.links = []  # (line, tag, attribute, target)
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.anchors.add(value)
            if name in ("href", "src", "srcset") and value is not None:
                self.links.append((self.getpos()[0], tag, name, value))


def check(root):
    root = pathlib.Path(root)
    read = {file: Page(file.read_text(encoding="utf-8")) for file in sorted(root.rglob("*.html"))}
    problems = []
    for file, page in read.items():
        for line, tag, attribute, target in page.links:
            why = problem_of(file, target, (tag, attribute) in FETCHED, read)
            if why:
                problems.append(f"{file.relative_to(root)}:{line}: {target}: {why}")
    for script in sorted(root.rglob("*.js")):
        # The navigation, the menu and the results of a search are made by scripts, of strings. An index only tells
        # where in the navigation the page is that is shown.
        if script.name.startswith("navtreeindex"):
            continue
        for target in sorted(set(SCRIPTED.findall(script.read_text(encoding="utf-8")))):
            why = problem_of(script, target, False, read)
            if why:
                problems.append(f"{script.relative_to(root)}: {target}: {why}")
    return problems


def problem_of(file, target, fetched, read):
    parts = urllib.parse.urlsplit(target)
    if parts.scheme == "javascript":
        return None
    if parts.scheme or parts.netloc:
        return "a page must not fetch from another host" if fetched else None
    path = (file.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else file.resolve()
    if not path.is_file():
        return "there is no such file"
    anchor = urllib.parse.unquote(parts.fragment)
    if anchor and path in read and anchor not in read[path].anchors:
        return "there is no such anchor"
    return None


if __name__ == "__main__":
    found = check(sys.argv[1])
    print("\n".join(found) if found else "all links lead somewhere")
    sys.exit(1 if found else 0)
