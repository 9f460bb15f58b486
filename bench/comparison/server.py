"""Starts the server, and ends it."""

import contextlib
import json
import pathlib
import select
import subprocess
import tempfile

STARTER = pathlib.Path(__file__).resolve().parents[1] / "peers" / "server" / "start"
FIRST_LINE = 300  # seconds: the first start fetches and unpacks nginx


class NoServer(Exception):
    """The server did not start."""


TOLD = ("host", "port", "http2_port", "ca")


def _told(starter, seconds, names):
    ready, _, _ = select.select([starter.stdout], [], [], seconds)
    line = starter.stdout.readline() if ready else ""
    try:
        told = json.loads(line)
        return {name: told[name] for name in names}
    except (ValueError, TypeError, KeyError):
        what = f"it printed {line.strip()!r}" if line else "it printed nothing"
        raise NoServer(f"the server did not start: {what}") from None


class Server:
    """A running server."""

    def __init__(self, process, told):
        self._process = process
        self.told = told

    def check(self):
        if self._process.poll() is not None:
            raise NoServer(f"the server ended by itself, with exit status {self._process.returncode}")


@contextlib.contextmanager
def started(core, starter=STARTER, seconds=FIRST_LINE, names=TOLD):
    """A Server, pinned to a core unless that is None."""
    with tempfile.TemporaryDirectory(prefix="venice-keys-bench-") as folder:
        command = [str(starter), folder] + ([] if core is None else [str(core)])
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        except OSError as failure:
            raise NoServer(f"cannot start {starter}: {failure.strerror}") from failure
        with process:
            try:
                yield Server(process, _told(process, seconds, names))
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
