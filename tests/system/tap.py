"""What travels between the programs: a listener in front of every socket of theirs that writes everything down.

bin/ holds the operator's program and, for each service, a word that takes the listeners' addresses out of its own
environment: so a service opens its own sockets, and everybody else is led to the listeners.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import socket
import threading
from typing import Iterator

import fadder

GREETING = 64  # bytes of ZMTP 3.0 before the first frame
DOORS = ("commands", "reads")


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
    """Listens in `run`, from before the services are there until it is closed."""

    def __init__(self, run: pathlib.Path):
        run.mkdir(parents=True, mode=0o700)
        self.run = os.open(run, os.O_DIRECTORY)  # a socket's path may be 107 bytes long: ours begins here
        self.lock = threading.Lock()
        self.streams: dict[tuple[str, str, str, int], bytearray] = {}
        self.listeners = []
        self.is_closed = False
        for service in fadder.JOURNALS:
            for door in DOORS:
                listener = socket.socket(socket.AF_UNIX)
                listener.bind(f"/proc/self/fd/{self.run}/tap.{service}.{door}")
                listener.listen(64)
                self.listeners.append(listener)
                threading.Thread(target=self.serve, args=(listener, service, door), daemon=True).start()

    def serve(self, listener: socket.socket, service: str, door: str) -> None:
        number = 0
        while not self.is_closed:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(f"/proc/self/fd/{self.run}/{service}.{door}")
            except OSError:
                client.close()  # it is not there yet: whoever dialled tries again
                continue
            number += 1
            for one, other, way in ((client, server, "to"), (server, client, "from")):
                stream = self.streams.setdefault((service, door, way, number), bytearray())
                threading.Thread(target=self.pump, args=(one, other, stream), daemon=True).start()

    def pump(self, one: socket.socket, other: socket.socket, stream: bytearray) -> None:
        try:
            while data := one.recv(65536):
                with self.lock:
                    stream += data
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def frames(self) -> Iterator[tuple[str, str, str, bytes]]:
        """(service, door, to or from it, content) of every frame so far."""
        with self.lock:
            streams = [(key, bytes(stream)) for key, stream in self.streams.items()]
        for (service, door, way, _), stream in streams:
            at = GREETING
            while at + 2 <= len(stream):
                is_long, is_zeromqs = stream[at] & 2, stream[at] & 4  # the latter: a greeting, a heartbeat
                size = int.from_bytes(stream[at + 1 : at + 9], "big") if is_long else stream[at + 1]
                at += 9 if is_long else 2
                if not is_zeromqs:
                    yield service, door, way, stream[at : at + size]
                at += size

    def close(self) -> None:
        self.is_closed = True
        for listener in self.listeners:
            listener.close()
        os.close(self.run)
