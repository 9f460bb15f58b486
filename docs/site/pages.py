"""Writes the project's Markdown as Doxygen reads it.

Doxygen knows neither GitHub's anchors (not before 1.9.8) nor links to files that it does not read, and it takes @, #
and \\ in a text for commands of its own. So each page gets a name, each heading an anchor that is made of the page's
name and GitHub's anchor, and each link the address of what it leads to on the site.
"""

import html
import posixpath
import re

FENCE = re.compile(r"^\s*(```|~~~)")
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
EXAMPLE = re.compile(r"docs/examples/[^/]+\.[ch]pp")
COMMENT = re.compile(r"^[ \t]*<!--.*?-->[ \t]*$", re.M | re.S)
CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
LINK = re.compile(r"(!?)\[([^\[\]]*)\]\(([^()\s]+)\)")
TYPE = re.compile(
    r"^(?:class|struct|enum class) (?:\[\[nodiscard\]\] )?(?:[A-Z_]+ )?(\w+)(?: final)?(?: : [^{;]*)? \{", re.M
)
PICTURE = re.compile(r"<picture>.*?</picture>", re.S)
IMAGE = re.compile(r"<img\b[^>]*>")


def anchor_of(heading):
    """The anchor that GitHub gives to a heading, as test/docs/markdown.cpp has it."""
    heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    kept = (c for c in heading if c.isalnum() or c in "-_ " or ord(c) >= 0x80)
    return "".join(kept).lower().replace(" ", "-")


def name_of(path):
    """The name of a page on the site: docs/guide/errors.md is guide-errors."""
    if path == "README.md":
        return "index"
    stem = path.removeprefix("docs/").removesuffix(".md")
    decision = re.match(r"decisions/(\d+)-", stem)
    if decision:
        return "decision-" + decision[1]
    stem = re.sub(r"/(index|README)$", "", stem)
    if stem == "examples":  # which Doxygen calls a list of its own
        return "all-examples"
    return re.sub(r"[^a-z0-9]+", "-", stem.lower())


def source_name_of(path):
    """The name of the page that shows a file or a folder that is no page itself."""
    return "source-" + re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")


class Site:
    """All pages, and what they lead to."""

    def __init__(self, root, files):
        self.root = root
        headers = [file for file in files if re.fullmatch(r"include/venice_keys/[^/]*\.hpp", file)]
        self.types = {name for file in headers for name in TYPE.findall(self.read(file))}
        self.files = set(files)
        self.folders = {folder for file in files for folder in parents_of(file)}
        self.pages = [f for f in sorted(files) if re.match(r"(docs/.*|[^/]*)\.md$", f)]
        self.sources = {}  # path: name of its page, as links ask for them
        self.pictures = set()
        self.headings = []  # (text, address, title of the page), of titles and sections

    def read(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    def address_of(self, target, page):
        """Where a link on `page` to `target` leads on the site."""
        if re.match(r"[a-z]+:", target):
            return target
        path, _, anchor = target.partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)).lstrip("/") if path else page
        if path in self.pages:
            name = name_of(path)
            return f"{name}.html#{name}-{anchor}" if anchor else f"{name}.html"
        if posixpath.join(path, "README.md") in self.pages and path != ".":
            return self.address_of(posixpath.join("/", path, "README.md"), page)
        if EXAMPLE.fullmatch(path):
            return example_address(path)
        if path not in self.files and path not in self.folders:
            raise SystemExit(f"{page}: there is nothing at {target}")
        return self.sources.setdefault(path, source_name_of(path)) + ".html"

    def picture(self, source, page):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), source))
        self.pictures.add(path)
        return "images/" + posixpath.basename(path)

    # ------------------------------------------------------------------------------------------------------- a page

    def convert(self, page):
        name = name_of(page)
        out, prose, fence, seen = [], [], None, {}
        title_is_there, title = False, ""

        def end_prose():
            if prose:
                out.append(self.convert_prose("\n".join(prose), page))
                prose.clear()

        for line in self.read(page).splitlines():
            mark = FENCE.match(line)
            heading = HEADING.match(line) if not fence else None
            if mark and fence is None:
                end_prose()
                fence = mark[1]
                out.append(line)
            elif fence is not None:
                out.append(line)
                if mark and line.strip() == fence:
                    fence = None
            elif heading and not title_is_there:
                end_prose()
                title_is_there = True
                title = plain(heading[2])
                self.headings.append((title, f"{name}.html", ""))
                label = "mainpage" if page == "README.md" else name
                out.append(f"# {self.convert_prose(heading[2], page)} {{#{label}}}")
                if page.startswith("docs/") and not page.startswith("docs/decisions/"):
                    out.append("\n[TOC]\n")
            elif heading:
                end_prose()
                anchor = anchor_of(heading[2])
                seen[anchor] = seen.get(anchor, -1) + 1
                anchor += f"-{seen[anchor]}" if seen[anchor] else ""
                # The title of a page is above its sections, and has a level of its own.
                level = heading[1][1:] or "#"
                self.headings.append((plain(heading[2]), f"{name}.html#{name}-{anchor}", title))
                text = self.convert_prose(heading[2], page)
                if page == "README.md":  # whose sections would stand in the navigation before everything else
                    out.append(f'<h{len(level)}><a id="{name}-{anchor}"></a>{text}</h{len(level)}>\n')
                else:
                    out.append(f"{level} {text} {{#{name}-{anchor}}}")
            else:
                prose.append(line)
        end_prose()
        return "\n".join(out) + "\n"

    def convert_prose(self, text, page):
        pictures = []

        def keep_picture(match):
            pictures.append(self.picture_html(match[0], page))
            return f"\x00{len(pictures) - 1}\x00"

        text = IMAGE.sub(keep_picture, PICTURE.sub(keep_picture, COMMENT.sub("", text)))
        # What is code stays as it is; links may have code in their text.
        spans = []

        def keep_span(match):
            spans.append(match[2])
            return f"\x01{len(spans) - 1}\x01"

        text = CODE.sub(keep_span, text)
        links = []

        def keep_link(match):
            links.append(match)
            return f"\x02{len(links) - 1}\x02"

        text = escape(LINK.sub(keep_link, text))
        text = re.sub(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", r"<b>\1</b>", text, flags=re.S)
        text = re.sub("\x02(\\d+)\x02", lambda m: self.link_html(links[int(m[1])], page, spans), text)
        text = re.sub("\x01(\\d+)\x01", lambda m: self.code(spans[int(m[1])], page), text)
        return re.sub("\x00(\\d+)\x00", lambda m: pictures[int(m[1])], text)

    def code(self, text, page):
        """Code in a line. In pages for users `config::timeout` and `vk::errc` lead to the reference."""
        named = re.fullmatch(r"(?:vk::|venice_keys::)?((\w+)(?:::\w+)*)(?:\(\))?", text)
        if named and "::" in text and named[2] in self.types and page.startswith(("README", "docs/guide/")):
            return f'<code>@ref venice_keys::{named[1]} "{text}"</code>'
        return code_span(text)

    def link_html(self, link, page, spans):
        if link[1]:
            return f'<img src="{self.picture(link[3], page)}" alt="{html.escape(link[2])}"/>'
        text = re.sub("\x01(\\d+)\x01", lambda m: code_span(spans[int(m[1])]), escape(link[2]))
        return f'<a href="{self.address_of(link[3], page)}">{text}</a>'

    def picture_html(self, tags, page):
        """An <img>, or a <picture> of two: a <source> for dark mode, and an <img> for light."""
        image = IMAGE.search(tags)[0]
        light = self.picture(attribute(image, "src"), page)
        text = attribute(image, "alt")
        dark = re.search(r"<source\b[^>]*dark[^>]*>", tags)
        if not dark:
            return f'@htmlonly<span class="picture"><img src="{light}" alt="{text}"/></span>@endhtmlonly'
        dark = self.picture(attribute(dark[0], "srcset"), page)
        return (
            f'@htmlonly<span class="picture"><img class="when-light" src="{light}" alt="{text}"/>'
            f'<img class="when-dark" src="{dark}" alt="{text}"/></span>@endhtmlonly'
        )

    # ----------------------------------------------------------------------------------------- files that are no pages

    def source_page(self, path, name):
        if path in self.folders:
            entries = sorted({f[len(path) + 1 :].split("/")[0] for f in self.files if f.startswith(path + "/")})
            body = "\n".join(f"- {code_span(entry)}" for entry in entries)
        else:
            language = {".cpp": "cpp", ".hpp": "cpp", ".py": "py"}.get(posixpath.splitext(path)[1], "")
            body = f"~~~~~{{.{language or 'txt'}}}\n{self.read(path)}\n~~~~~"
        return f"# {escape(path)} {{#{name}}}\n\n{body}\n"

    def examples(self):
        """(file, address) of each, by name."""
        found = sorted(f for f in self.files if EXAMPLE.fullmatch(f))
        return [(file, example_address(file)) for file in found]

    def examples_page(self):
        """What makes Doxygen show the examples, each with links to the reference."""
        out = []
        for path, _ in self.examples():
            head = []
            for line in self.read(path).splitlines():
                if not line.startswith("//"):
                    break
                head.append(escape(line[2:].strip()))
            file = posixpath.basename(path)
            out.append(f"/** @example {file}\n@details " + "\n".join(head) + "\n*/")
        return "\n".join(out) + "\n"


def parents_of(path):
    while path := posixpath.dirname(path):
        yield path


def example_address(path):
    name = posixpath.basename(path).replace(".", "_8")
    return f"{name}-example.html"


def attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def plain(text):
    """A heading as its readers see it."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", "")


def escape(text):
    """Text in which Doxygen finds no commands, no links and no tags of its own."""
    text = re.sub(r"([@\\])", r"\\\1", text)
    return re.sub(r"#(?=[A-Za-z])", r"\\#", text)


def code_span(text):
    """Code in a line, on one line: Doxygen ends a span that goes on in the next one, and takes `so' for a quotation."""
    text = re.sub(r"\s+", " ", text.strip())
    return f"`` {text} ``" if re.search("[`']", text) else f"`{text}`"
