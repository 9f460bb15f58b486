"""The command as a whole: its exit status, its files, its server."""

import contextlib
import io
import os
import pathlib
import time

from . import command, server
from .fakes import PRINT, Faked

STARTED = """echo '{"host":"a","port":1,"http2_port":2,"ca":"c"}'"""


class Commanding(Faked):
    def compare(self, *arguments, known, start_server=None):
        out, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            output = ["--output", str(self.folder / "results.json")]
            status = command.main([*output, "--quick", "--in-flight", "1,8", *arguments], known, start_server or self.serve)
        return status, out.getvalue(), error.getvalue()

    def known(self, **ends):
        return [self.fake(name, ends.get(name.replace("-", "_"), PRINT)) for name in ("floor", "venice-keys", "beast")]

    def test_all_well_is_status_0_with_a_file_from_which_the_same_can_be_shown(self):
        status, out, _ = self.compare(known=self.known())
        self.assertEqual(status, 0)
        self.assertIn("1.0 (1.00)", out)
        again, same, _ = self.compare("--from", str(self.folder / "results.json"), known=[])
        self.assertEqual((again, same), (0, out))

    def test_only_floor_and_ours_decide_the_status(self):
        bad = "sys.exit(1)\n"
        self.assertEqual(self.compare(known=self.known(beast=bad))[0], 0)
        self.assertEqual(self.compare(known=self.known(floor=bad))[0], 1)
        self.assertEqual(self.compare(known=self.known(venice_keys=bad))[0], 1)
        self.assertEqual(self.compare("--only", "beast", known=self.known(venice_keys=bad))[0], 0)

    def test_the_floor_runs_with_whatever_is_chosen(self):
        self.compare("--only", "beast", "--in-flight", "1", "--rounds", "1", known=self.known())
        self.assertEqual([each.split(".py")[0] for each in self.calls()], ["floor", "beast"])

    def test_an_unknown_name_is_refused(self):
        status, _, error = self.compare("--only", "beats", known=self.known())
        self.assertEqual(status, 1)
        self.assertIn("there is no program beats; there are floor, venice-keys, beast", error)

    def test_the_tables_go_to_files(self):
        page, table = self.folder / "page.md", self.folder / "table.md"
        page.write_text("<!-- table -->\n<!-- /table -->\n")
        self.compare("--markdown", str(table), "--update-docs", str(page), known=self.known())
        self.assertIn("| Beast | 1.0 (1.00)", table.read_text())
        self.assertIn(table.read_text(), page.read_text())

    def test_a_page_without_marks_is_refused_before_anything_runs(self):
        (self.folder / "page.md").write_text("nothing\n")
        self.assertEqual(self.compare("--update-docs", str(self.folder / "page.md"), known=self.known())[0], 1)
        self.assertFalse((self.folder / "calls").exists())

    def starter(self, script):
        path = self.folder / "start"
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o755)
        return path

    def test_a_server_that_does_not_start_is_status_1(self):
        start = self.starter("echo no; exit 1\n")
        status, _, error = self.compare(known=self.known(), start_server=lambda core: server.started(core, start))
        self.assertEqual(status, 1)
        self.assertIn("the server did not start: it printed 'no'", error)

    def test_a_server_that_ends_by_itself_ends_the_comparison(self):
        start = self.starter(STARTED + "; exit 7\n")
        known = self.known(floor="time.sleep(1); sys.exit(1)\n")
        status, _, error = self.compare(known=known, start_server=lambda core: server.started(core, start))
        self.assertEqual(status, 1)
        self.assertIn("the server ended by itself, with exit status 7", error)

    def test_the_server_is_ended_and_its_folder_removed(self):
        start = self.starter(f"""echo $$ $1 >"$0.log"; {STARTED}; exec sleep 60\n""")
        with server.started(None, start) as running_one:
            running_one.check()
            began = time.monotonic()
        self.assertLess(time.monotonic() - began, 5)  # it was asked to end, and did not have to be killed
        pid, folder = (self.folder / "start.log").read_text().split()
        self.assertFalse(pathlib.Path(folder).exists())
        with self.assertRaises(ProcessLookupError):
            os.kill(int(pid), 0)
