"""What is measured over a line: the cases, and how each program is called there."""

import dataclasses
import math

from .programs import BUILT, FLOOR_H2, OURS, PEERS, ROOT, Program

STARTER = ROOT / "bench" / "line" / "start"
TOLD = ("host", "ca", "http1", "http2", "wide", "closes", "drops")  # what the starter prints

NO_BUDGET = "venice-keys-no-budget"
OURS_HTTP1 = "venice-keys-http1"
ONE_BY_ONE = "venice-keys-one-by-one"


@dataclasses.dataclass(frozen=True)
class Line:
    """What is between client and server, and how much is sent."""

    one_way_us: int = 20_000
    service_ms: int = 100
    updates: int = 500

    def environment(self):
        """The environment for the starter."""
        return {"ONE_WAY_US": str(self.one_way_us), "SERVICE_MS": str(self.service_ms)}

    def in_words(self):
        return f"{self.one_way_us / 1000:g} ms each way, {self.service_ms} ms for an answer"


@dataclasses.dataclass(frozen=True)
class Case:
    """A number of updates asked for at a time, from the start of the process or when all connections have answered."""

    name: str
    title: str
    asked: int
    warm: bool
    server: str = "nginx"  # or the name of another port of the starter's

    def least(self, line):
        """The least time in seconds: the answers in each place come one after another, each after a round trip and the
        service's time. Cold, a connection comes first: a round trip for TCP and one for TLS 1.3."""
        round_trip = 2 * line.one_way_us / 1e6
        turns = math.ceil(line.updates / self.asked) * (line.service_ms / 1000 + round_trip)
        return turns if self.warm else turns + 2 * round_trip

    def takes(self, program):
        if self.server == "nginx":
            return not program.only_one_by_one
        if self.server == "wide":
            return program.http2
        if self.server == "http1":
            return not program.http2 and not program.only_one_by_one
        return not program.only_http2

    def port(self, program, told):
        return told[("http2" if program.http2 else "http1") if self.server == "nginx" else self.server]


CASES = [
    Case("warm-100", "warm, 100 asked for", 100, True),
    Case("warm-500", "warm, 500", 500, True),
    Case("cold-100", "cold, 100", 100, False),
    Case("cold-500", "cold, 500", 500, False),
    Case("wide-warm-500", "warm, 500", 500, True, "wide"),
    Case("wide-cold-500", "cold, 500", 500, False, "wide"),
    Case("few-warm-16", "warm, 16 asked for", 16, True, "http1"),
    Case("closes-warm-100", "it closes: warm, 100 asked for", 100, True, "closes"),
    Case("closes-cold-100", "cold, 100", 100, False, "closes"),
    Case("drops-warm-100", "it drops: warm, 100", 100, True, "drops"),
    Case("drops-cold-100", "cold, 100", 100, False, "drops"),
]


@dataclasses.dataclass(frozen=True)
class LineProgram(Program):
    """A program. With `http2` it goes to the port that has HTTP/2 as well."""

    only_http2: bool = False  # the program has no HTTP/1.1
    only_one_by_one: bool = False  # a yardstick for the servers that can't bear pipelining
    told_http2: bool = False  # the program needs an option for HTTP/2

    def called(self, told, case, line):
        """The words of the command line."""
        words = [str(self.path), "--host", told["host"], "--port", str(case.port(self, told)), "--ca", told["ca"]]
        words += ["--updates", str(line.updates), "--in-flight", str(case.asked)]
        words += ["--warm-up", str(line.updates), "--settle", "300ms"] if case.warm else ["--warm-up", "0"]
        return words + list(self.flags) + (["--http2"] if self.told_http2 else [])


def _http2(name, title, path, *flags):
    return LineProgram(name, title, path, http2=True, only_http2=True, told_http2=True, flags=flags)


BENCH = BUILT / "update_bench"
ALL = [
    LineProgram(
        FLOOR_H2, "the floor: one connection of nghttp2", BUILT / "peers/peer_floor_h2", True, only_http2=True
    ),
    LineProgram(OURS, "venice-keys", BENCH, True),
    LineProgram(OURS_HTTP1, "venice-keys, HTTP/1.1 alone", BENCH, flags=("--protocol", "http1")),
    LineProgram(NO_BUDGET, "venice-keys, error budget off", BENCH, True, flags=("--error-budget", "off")),
    LineProgram(ONE_BY_ONE, "venice-keys, never pipelined", BENCH, flags=("--depth", "1"), only_one_by_one=True),
    LineProgram("beast", "Boost.Beast", BUILT / "peers/peer_beast"),
    LineProgram("curl", "libcurl", BUILT / "peers/peer_curl"),
    _http2("curl-h2", "libcurl, HTTP/2", BUILT / "peers/peer_curl", "--connections", "8"),
    LineProgram("go", "Go net/http", PEERS / "go"),
    _http2("go-h2", "Go net/http, HTTP/2", PEERS / "go", "--connections", "8"),
    _http2("go-any-h2", "Go net/http, HTTP/2, its default", PEERS / "go", "--connections", "-1"),
    LineProgram("reqwest", "reqwest", PEERS / "reqwest"),
    _http2("reqwest-h2", "reqwest, HTTP/2", PEERS / "reqwest"),
    LineProgram("undici", "undici", PEERS / "undici", flags=("--pool",)),
    LineProgram("undici-pipelined", "undici, pipelined", PEERS / "undici"),
]


