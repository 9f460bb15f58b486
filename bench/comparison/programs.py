"""The programs that are compared: how each is called and shown. A call means the same for all of them."""

import dataclasses
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILT = ROOT / "build" / "release" / "bench"
PEERS = ROOT / "build" / "peers"

FLOOR = "floor"
WINDOW = "floor-window"
OURS = "venice-keys"
FLOOR_H2 = "floor-h2"
WINDOW_H2 = "floor-window-h2"
OURS_H2 = "venice-keys-h2"
FLOORS = (FLOOR, WINDOW, FLOOR_H2, WINDOW_H2)


def is_a_peer(name):
    """Whether the program is neither a floor nor ours."""
    return name not in FLOORS and name != OURS and not name.startswith(OURS + "-")


@dataclasses.dataclass(frozen=True)
class Program:
    name: str  # as --only takes it
    title: str
    path: pathlib.Path
    http2: bool = False
    flags: tuple = ()
    own_depth: bool = False  # takes the number of requests on its one connection apart from that of all
    http2_words: tuple = ("--http2",)

    def is_there(self):
        return os.access(self.path, os.X_OK)

    def where(self):
        """The command line for people, without the project's path."""
        return self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path

    def command(self, server, updates, in_flight):
        """The command line. `server` is what the starter prints: host, port, http2_port, ca."""
        port = server["http2_port"] if self.http2 else server["port"]
        words = [str(self.path), "--host", server["host"], "--port", str(port), "--ca", server["ca"]]
        words += ["--updates", str(updates), "--in-flight", str(in_flight)]
        if self.own_depth:
            words += ["--connections", "1", "--max-streams" if self.http2 else "--depth", str(in_flight)]
        return words + list(self.flags) + (list(self.http2_words) if self.http2 else [])


ALL = [
    Program(FLOOR, "the floor: OpenSSL alone, in batches", BUILT / "peers" / "peer_floor", flags=("--lockstep",)),
    Program(WINDOW, "the floor, always so many in flight", BUILT / "peers" / "peer_floor"),
    Program(OURS, "venice-keys", BUILT / "update_bench", own_depth=True),
    Program(
        FLOOR_H2,
        "HTTP/2's floor: OpenSSL and nghttp2 alone, in batches",
        BUILT / "peers" / "peer_floor_h2",
        http2=True,
        flags=("--lockstep",),
        http2_words=(),
    ),
    Program(
        WINDOW_H2,
        "HTTP/2's floor, always so many in flight",
        BUILT / "peers" / "peer_floor_h2",
        http2=True,
        http2_words=(),
    ),
    Program(
        OURS_H2,
        "venice-keys, HTTP/2",
        BUILT / "update_bench",
        http2=True,
        own_depth=True,
        http2_words=("--protocol", "http2"),
    ),
    Program("beast", "Boost.Beast", BUILT / "peers" / "peer_beast"),
    Program("curl", "libcurl", BUILT / "peers" / "peer_curl"),
    Program("curl-h2", "libcurl, HTTP/2", BUILT / "peers" / "peer_curl", http2=True),
    Program("go", "Go net/http", PEERS / "go"),
    Program("go-h2", "Go net/http, HTTP/2", PEERS / "go", http2=True),
    Program("reqwest", "reqwest", PEERS / "reqwest"),
    Program("reqwest-h2", "reqwest, HTTP/2", PEERS / "reqwest", http2=True),
    Program("undici", "undici, pipelined", PEERS / "undici"),
]


def choose(names, programs):
    """The programs that are named, and always the floors, with which the others are compared."""
    known = [each.name for each in programs]
    for name in names:
        if name not in known:
            raise ValueError(f"there is no program {name}; there are {', '.join(known)}")
    return [each for each in programs if each.name in names or each.name in (FLOOR, FLOOR_H2)]
