"""Programs over a line that only pretend, for the tests."""

import contextlib

from . import fakes, line_programs, line_rounds

TOLD = {"host": "localhost", "ca": "ca.pem", "http1": 1, "http2": 2, "wide": 3, "closes": 4, "drops": 5}

# Its last answer comes 200 ms after the start of its process.
START = fakes.FAKE.replace(
    'parser.add_argument("--http2"', 'parser.add_argument("--settle")\nparser.add_argument("--http2"'
).replace('"depth")', '"depth", "warm-up")') + (
    'told |= {"cpu_all_us": asked.updates * 4, "ended_at_us": time.time_ns() // 1000 + 200_000}\n'
)


class FakeServer(fakes.FakeServer):
    told = TOLD


class Faked(fakes.Faked):
    """Programs that are written for the test."""

    def fake(self, name, end=fakes.PRINT, start=START, **more):
        made = super().fake(name, end, start)
        return line_programs.LineProgram(made.name, made.title, made.path, **more)

    @contextlib.contextmanager
    def serve(self, _core=None):
        yield FakeServer()

    def run_cases(self, programs, names=("warm-100",), count=1, line=line_programs.Line()):
        more = {"seconds": 20, "line": line}
        cases = [each for each in line_programs.CASES if each.name in names]
        with self.serve() as against:
            return line_rounds.run(programs, against, cases, count, self.said.append, **more)
