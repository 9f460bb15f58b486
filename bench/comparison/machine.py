"""Where and with what the figures were measured, as far as that is easily found out. The rest is left out."""

import os
import pathlib
import platform
import re
import shutil
import subprocess

from .programs import PEERS, ROOT


def _said(*command):
    """The first line that a command prints, or None."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=10,
            check=False,
            cwd=ROOT,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.strip().splitlines()
    return lines[0].strip() if done.returncode == 0 and lines else None


def _found(file, pattern):
    try:
        match = re.search(pattern, pathlib.Path(file).read_text(errors="replace"), re.MULTILINE)
    except OSError:
        return None
    return match.group(1).strip() if match else None


def _nginx():
    for program in (ROOT / "build/nginx-bench/nginx", shutil.which("nginx") or "/usr/sbin/nginx"):
        if said := _said(program, "-v"):
            return said.split(":")[-1].strip()
    return None


def _compiler():
    """The compiler that CMake has found."""
    for file in sorted((ROOT / "build/release/CMakeFiles").glob("*/CMakeCXXCompiler.cmake")):
        names = [_found(file, rf'^set\(CMAKE_CXX_COMPILER_{what} "([^"]+)"\)') for what in ("ID", "VERSION")]
        if all(names):
            return " ".join(names).replace("GNU", "g++")
    return None


def _openssl():
    said = _said("openssl", "version")
    return said and " ".join(said.split()[:2])


def describe():
    """The machine, and what all programs share."""
    known = {
        "cpu": _found("/proc/cpuinfo", r"^model name\s*:\s*(.+)$") or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "kernel": f"{platform.system()} {platform.release()}",
        "system": _found("/etc/os-release", r'^PRETTY_NAME="?([^"\n]+)'),
        "compiler": _compiler(),
        "openssl": _openssl(),
        "nginx": _nginx(),
    }
    return {name: value for name, value in known.items() if value}


def _boost():
    version = _found("/usr/include/boost/version.hpp", r'^#define BOOST_LIB_VERSION "([^"]+)"')
    return version and "Boost " + version.replace("_", ".")


def _venice_keys():
    version = _found(ROOT / "CMakeLists.txt", r"^project\(\w+ VERSION (\S+)")
    commit = _said("git", "describe", "--always", "--dirty")
    return " ".join(filter(None, ("venice-keys", version, commit and f"({commit})")))


def _curl():
    said = _said("curl-config", "--version")
    return said and "libcurl " + said.removeprefix("libcurl ")


def _nghttp2():
    version = _found("/usr/include/nghttp2/nghttp2ver.h", r'^#define NGHTTP2_VERSION "([^"]+)"')
    return version and "nghttp2 " + version


def _go():
    # The compiler writes its version into what it makes, and need not be there any more.
    try:
        match = re.search(rb"\xff Go buildinf:.{0,40}?go(1\.\d+(?:\.\d+)?)", (PEERS / "go").read_bytes(), re.DOTALL)
    except OSError:
        return None
    return match and "Go " + match.group(1).decode()


def _reqwest():
    lock = PEERS / "work/reqwest/Cargo.lock"
    names = ("reqwest", "hyper")
    versions = [_found(lock, rf'^name = "{name}"\nversion = "([^"]+)"') for name in names]
    return ", ".join(f"{name} {version}" for name, version in zip(names, versions) if version) or None


def _undici():
    package = _found(ROOT / "bench/peers/undici/package.json", r'"undici"\s*:\s*"([^"]+)"')
    node = _said("node", "--version")
    return " on ".join(filter(None, (package and f"undici {package}", node and "Node " + node.lstrip("v")))) or None


VERSIONS = {"venice-keys": _venice_keys, "beast": _boost, "curl": _curl}
VERSIONS["floor-h2"] = _nghttp2
VERSIONS |= {"go": _go, "reqwest": _reqwest, "undici": _undici}


def version(name):
    """The versions of what a program is made of; None when they are not known."""
    ask = VERSIONS.get(name) or VERSIONS.get(name.split("-")[0])
    return ask() if ask else None
