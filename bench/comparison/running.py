"""Runs one program once, on one core, for a bounded time, and believes only a complete answer."""

import json
import os
import signal
import subprocess

NUMBERS = ("ok", "cpu_us", "wall_us", "rss_kb", "p50_us", "p99_us")


class Failed(Exception):
    """The program did not do what it was asked to do. The text says what it did."""


def cores():
    """The cores of the client and of the server; None for both where there is only one core."""
    usable = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (usable[0], usable[1]) if len(usable) > 1 else (None, None)


def before_others():
    """Whether this program, and all that it starts, runs before other programs of the machine from now on. That takes
    root, or the right to."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(5))
    except (AttributeError, OSError):
        return False
    return True


def run(command, seconds, core):
    """Returns what the program prints. After so many seconds it is ended, with all that it started."""
    pin = None if core is None else lambda: os.sched_setaffinity(0, {core})
    # The shell forks once more. A program's ru_maxrss counts what the process was before it became the program, and
    # that would be this one, which is larger than most of them.
    shell = ["sh", "-c", '"$@"; exit $?', "sh", *command]
    child = subprocess.Popen(  # pylint: disable=consider-using-with
        shell,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=pin,
    )
    try:
        out, error = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Failed(f"not done after {seconds:g} s") from None
    finally:
        if child.returncode is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
    if child.returncode != 0:
        said = error.strip().splitlines()
        raise Failed(f"exit status {child.returncode}" + (f": {said[-1]}" if said else ", and it said nothing"))
    return out


def read(out, updates):
    """The numbers that a program printed. All must be there, for as many updates as were asked for."""
    lines = out.splitlines()
    if len(lines) != 1:
        raise Failed(f"printed {len(lines)} lines, not one")
    try:
        numbers = json.loads(lines[0])
    except ValueError:
        raise Failed(f"printed no JSON: {lines[0][:80]}") from None
    if not isinstance(numbers, dict):
        raise Failed(f"printed no object: {lines[0][:80]}")
    for name in NUMBERS:
        value = numbers.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
            raise Failed(f"its {name} is {value!r}, not a positive number")
    if numbers["ok"] != updates:
        raise Failed(f"{numbers['ok']} of {updates} updates were answered as they should be")
    return numbers


def measure(program, server, updates, in_flight, seconds, core):
    """The line that the program printed, which was checked."""
    out = run(program.command(server, updates, in_flight), seconds, core)
    read(out, updates)
    return out.strip()
