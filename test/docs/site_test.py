#!/usr/bin/env python3
"""Tests of docs/site: what the pages become for Doxygen, and which links are found to lead nowhere."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "docs/site"))
sys.dont_write_bytecode = True

import check_links  # noqa: E402
import pages  # noqa: E402
import tables  # noqa: E402


class Pages(unittest.TestCase):
    def convert(self, text, page="docs/guide/page.md", **others):
        files = {page: text, "docs/guide/other.md": "# Other\n", "docs/examples/one.cpp": "// One.\n", "docs/examples/README.md": "# Examples\n",
                 "bench/run": "#!/bin/sh\n", "include/venice_keys/config.hpp": "struct config {\n};\nclass ahead;\n"}
        with tempfile.TemporaryDirectory() as root:
            for name, content in files.items():
                file = pathlib.Path(root, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content, encoding="utf-8")
            self.site = pages.Site(pathlib.Path(root), list(files))
            return self.site.convert(page)

    def test_a_heading_has_githubs_anchor_behind_the_name_of_its_page(self):
        self.assertIn("# From the `env` {#guide-page-from-the-env}", self.convert("# Page\n\n## From the `env`\n"))

    def test_a_second_heading_of_the_same_text_has_an_anchor_of_its_own(self):
        self.assertIn("{#guide-page-more-1}", self.convert("# Page\n\n## More\n\n## More\n"))

    def test_a_link_to_a_page_leads_to_it_on_the_site(self):
        self.assertIn('<a href="guide-other.html">other</a>', self.convert("# Page\n\n[other](other.md)\n"))

    def test_a_link_with_an_anchor_leads_to_the_heading(self):
        self.assertIn('href="guide-other.html#guide-other-a-b"', self.convert("# Page\n\n[other](other.md#a-b)\n"))
        self.assertIn('href="guide-page.html#guide-page-here"', self.convert("# Page\n\n[here](#here)\n"))

    def test_a_link_that_is_broken_over_two_lines_is_one(self):
        self.assertIn('<a href="guide-other.html">the\nother</a>', self.convert("# Page\n\n[the\nother](other.md)\n"))

    def test_a_link_to_an_example_leads_to_the_page_that_shows_it(self):
        text = self.convert("# Page\n\n[one](../examples/one.cpp), [all](../examples)\n")
        self.assertIn('href="one_8cpp-example.html"', text)
        self.assertIn('href="all-examples.html"', text)

    def test_a_link_to_another_file_makes_a_page_that_shows_it(self):
        self.assertIn('href="source-bench-run.html"', self.convert("# Page\n\n[it](../../bench/run)\n"))
        self.assertEqual(self.site.sources, {"bench/run": "source-bench-run"})

    def test_a_link_to_nothing_is_an_error(self):
        with self.assertRaises(SystemExit):
            self.convert("# Page\n\n[it](../../bench/walk)\n")

    def test_a_comment_is_not_shown(self):
        self.assertNotIn("from docs", self.convert("# Page\n\n<!-- from docs/examples/one.cpp#it -->\n```cpp\n```\n"))

    def test_code_is_left_alone(self):
        code = "```cpp\n[a](b) @c #d <!-- e -->\n```\n"
        self.assertIn(code, self.convert("# Page\n\n" + code))
        self.assertIn("`@a #b [c](d)`", self.convert("# Page\n\n`@a #b\n[c](d)`\n"))

    def test_code_with_a_quotation_mark_is_fenced_by_two(self):
        self.assertIn("`` it's ``", self.convert("# Page\n\n`it's`\n"))

    def test_a_comment_in_code_is_shown(self):
        self.assertIn("`<!-- from it -->`", self.convert("# Page\n\nBefore it: `<!-- from it -->`.\n"))

    def test_bold_text_may_have_code_in_it(self):
        self.assertIn("<b>`a` and b</b>", self.convert("# Page\n\n**`a` and b**\n"))

    def test_what_doxygen_takes_for_a_command_is_escaped(self):
        self.assertIn(r"\@param \#hash \\n", self.convert("# Page\n\n@param #hash \\n\n"))

    def test_code_that_names_a_member_leads_to_the_reference(self):
        text = self.convert("# Page\n\n`vk::config`, `config::timeout`, `config`, `ahead::time`\n")
        self.assertIn('<code>@ref venice_keys::config "vk::config"</code>', text)
        self.assertIn('<code>@ref venice_keys::config::timeout "config::timeout"</code>', text)
        self.assertIn("`config`, `ahead::time`", text)

    def test_a_picture_is_there_for_light_and_dark(self):
        text = self.convert('# Page\n\n<picture>\n<source media="(prefers-color-scheme: dark)" srcset="a-dark.svg">\n'
                            '<img src="a.svg" alt="A">\n</picture>\n')
        self.assertIn('class="when-light" src="images/a.svg"', text)
        self.assertIn('class="when-dark" src="images/a-dark.svg"', text)
        self.assertEqual(self.site.pictures, {"docs/guide/a.svg", "docs/guide/a-dark.svg"})


class Tables(unittest.TestCase):
    def fit(self, *rows):
        html = "".join("<tr>" + "".join(cells) + "</tr>" for cells in rows)
        return tables.fit(f'<p>a</p><table class="markdownTable">{html}</table><p>b</p>')

    def test_what_is_no_table_of_a_page_is_left_alone(self):
        other = '<table class="memberdecls"><tr><td><code>venice_keys::config::timeout</code></td></tr></table>'
        self.assertEqual(tables.fit(other), other)

    def test_long_code_may_break_behind_the_signs_between_its_words(self):
        text = self.fit(["<td><code>config::max_connection_age</code></td>"], ["<td><code>max_connections</code></td>"])
        self.assertIn("<code>config::<wbr/>max_<wbr/>connection_<wbr/>age</code>", text)
        self.assertIn("<code>max_connections</code>", text)

    def test_tags_and_entities_in_code_stay_whole(self):
        text = self.fit(['<td><code><a href="a_b/c_d.html">state=&quot;a_b&quot; &lt;c_def</a></code></td>'])
        self.assertIn('<code><a href="a_b/c_d.html">state=<wbr/>&quot;a_<wbr/>b&quot; &lt;c_<wbr/>def</a></code>', text)

    def test_a_column_is_as_wide_as_its_longest_word_needs_and_wider_for_long_texts(self):
        text = self.fit(["<th>a</th>", "<th>what it is</th>"], ["<td>twelve words</td>", "<td>" + "word " * 16 + "</td>"])
        self.assertIn('<th style="min-width: 4.5em">a</th>', text)  # 8 characters
        self.assertIn('<th style="min-width: 9.0em">what it is</th>', text)  # 16 characters

    def test_a_row_with_too_few_cells_is_an_error(self):
        with self.assertRaises(ValueError):
            self.fit(["<th>a</th>", "<th>b</th>"], ["<td>1</td>"])

    def test_a_cell_of_a_wide_table_knows_the_heading_of_its_column(self):
        long = "word " * 60
        text = self.fit(["<th>a</th>", "<th><code>b</code> &amp; c</th>"], ["<td>" + long + "</td>", "<td>" + long + "</td>"])
        self.assertIn('<table class="markdownTable wide">', text)
        self.assertEqual(text.count('data-heading="b &amp; c"'), 1)
        self.assertNotIn("wide", self.fit(["<th>a</th>", "<th>b</th>"], ["<td>1</td>", "<td></td>"]))


class Links(unittest.TestCase):
    def problems(self, **files):
        with tempfile.TemporaryDirectory() as root:
            for name, content in files.items():
                pathlib.Path(root, name.replace("_", ".")).write_text(content, encoding="utf-8")
            return check_links.check(root)

    def test_links_that_lead_somewhere_are_no_problem(self):
        self.assertEqual(self.problems(a_html='<a href="b.html#x">b</a> <a href="https://example.org">c</a>',
                                       b_html='<h1 id="x">b</h1>'), [])

    def test_a_link_to_a_page_that_is_not_there_is_found(self):
        self.assertEqual(self.problems(a_html='\n<a href="b.html">b</a>'), ["a.html:2: b.html: there is no such file"])

    def test_a_link_to_an_anchor_that_is_not_there_is_found(self):
        self.assertEqual(self.problems(a_html='<a href="#x">x</a>'), ["a.html:1: #x: there is no such anchor"])

    def test_a_picture_that_is_not_there_is_found(self):
        self.assertEqual(self.problems(a_html='<img src="a.svg">'), ["a.html:1: a.svg: there is no such file"])

    def test_what_a_page_would_fetch_from_another_host_is_found(self):
        for tag in ('<script src="https://example.org/a.js"></script>', '<link href="//example.org/a.css"/>'):
            self.assertIn("from another host", self.problems(a_html=tag)[0])

    def test_a_link_that_a_script_makes_is_found(self):
        self.assertEqual(self.problems(menu_js='["Guide", "guide.html"]'), ["menu.js: guide.html: there is no such file"])


if __name__ == "__main__":
    unittest.main()
