"""What travels between the programs: a listener (tap.c) in front of every socket of theirs that writes everything down. All
of it is encrypted: the listener is let in because it has the keys, which are those of its own user.

bin/ holds the operator's program and, for each service, a word that takes the listeners' addresses out of its own
environment: so a service opens its own sockets, and everybody else is led to the listeners.
"""

from __future__ import annotations

import pathlib
import shutil
import subprocess
from typing import Iterator

import fadder

DOORS = ("commands", "reads", "lookups")


def variable(service: str, door: str) -> str:
    return f"FADDER_ENDPOINT_{service}_{door}".upper().replace("-", "_")


def endpoints() -> dict[str, str]:
    return {variable(s, door): f"ipc://run/tap.{s}.{door}" for s in fadder.JOURNALS for door in DOORS}


def make_programs(place: pathlib.Path, programs: pathlib.Path) -> pathlib.Path:
    place.mkdir()
    shutil.copy2(programs / "fadder", place)
    for service in fadder.SERVICES:
        script = place / f"fadder-{service}"
        own = " ".join(variable(service, door) for door in DOORS) if service in fadder.JOURNALS else ""
        script.write_text(f'#!/bin/sh\n{"unset " + own if own else ""}\nexec {programs}/fadder-{service} "$@"\n')
        script.chmod(0o755)
    return place


class Tap:
    """Listens in `home`, from before the services are there until it is closed."""

    def __init__(self, home: pathlib.Path, written: pathlib.Path):
        (home / "run").mkdir(parents=True, mode=0o700)
        self.written = written
        self.listener = subprocess.Popen(
            [fadder.BIN.parent / "tests" / "system_tap", home, written, *fadder.JOURNALS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=fadder.end_with_us,
        )
        assert self.listener.stdout.readline() == b"ready\n"

    def frames(self) -> Iterator[tuple[str, str, str, bytes]]:
        """(service, door, to or from it, content) of every frame so far."""
        data, at = self.written.read_bytes(), 0
        while (end := data.find(b"\n", at)) >= 0:
            service, door, way, size = data[at:end].decode().split()
            at = end + 1 + int(size)
            if at > len(data):  # it is being written
                return
            yield service, door, way, data[end + 1 : at]

    def close(self) -> None:
        self.listener.stdin.close()
        assert self.listener.wait() == 0
        self.listener.stdout.close()
