"""Programs and a server that only pretend, for the tests."""

import contextlib
import pathlib
import stat
import sys
import tempfile
import unittest

from . import programs, rounds

# A program that takes the usual options and writes them down; its last line decides how it ends.
FAKE = f"""#!{sys.executable} -IS
import argparse, json, os, pathlib, resource, sys, time
parser = argparse.ArgumentParser()
for each in ("host", "port", "ca"):
    parser.add_argument("--" + each, required=True)
for each in ("updates", "in-flight", "connections", "depth"):
    parser.add_argument("--" + each, type=int)
parser.add_argument("--http2", action="store_true")
asked = parser.parse_args()
folder = pathlib.Path(__file__).parent
with open(folder / "calls", "a") as calls:
    print(pathlib.Path(__file__).name, *sys.argv[1:], file=calls)
told = {{"program": "fake", "ok": asked.updates, "cpu_us": asked.updates, "wall_us": asked.updates * 3}}
told |= {{"p50_us": 5, "p99_us": 9.5, "rss_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}}
told |= {{"cores": sorted(os.sched_getaffinity(0))}}
"""

PRINT = "print(json.dumps(told))\n"


class FakeServer:
    told = {"host": "localhost", "port": 1, "http2_port": 2, "ca": "ca.pem"}

    def check(self):
        """A program that never ends by itself."""


class Faked(unittest.TestCase):
    """Programs that are written for the test."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.said = []

    def fake(self, name, end=PRINT, start=FAKE, **more):
        path = self.folder / (name + ".py")
        path.write_text(start + end)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return programs.Program(name, name.title(), path, **more)

    def calls(self):
        return (self.folder / "calls").read_text().splitlines()

    @contextlib.contextmanager
    def serve(self, _core=None):
        yield FakeServer()

    def run_all(self, all_programs, levels=(8,), count=1, **more):
        with self.serve() as against:
            more = {"updates": 10, "seconds": 20, **more}
            return rounds.run(all_programs, against, list(levels), count, self.said.append, **more)

    def why(self, end, **more):
        """The one reason for which a program was left out."""
        runs, failures = self.run_all([self.fake("bad", end), self.fake("good")], **more)
        self.assertEqual([each["program"] for each in runs], ["good"])
        self.assertEqual([each["program"] for each in failures], ["bad"])
        self.assertTrue(any(each.startswith("LEFT OUT: bad") for each in self.said))
        return failures[0]["why"]
