#!/usr/bin/python3
"""A webhook receiver that keeps what it is sent.

    hooks.py FILE [--port N]

prints its port, then appends each request to FILE as a line of JSON: path, headers (lower case), body. What it answers
stands in the path: /ok 204; /status/503 that (with ?retry=N a Retry-After); /redirect to /ok; /slow not before it ends; /huge
with no end, and appends how many bytes it could say; /hangup nothing at all. Any other path is a 404. Ends when its
standard input does.
"""

from __future__ import annotations

import argparse
import http.server
import json
import pathlib
import sys
import threading
import time
import urllib.parse


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    file: pathlib.Path
    lock = threading.Lock()
    ending = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.note(path=self.path, headers=headers, body=body.decode(), at=time.time())
        self.answer()

    def note(self, **what: object) -> None:
        with self.lock, self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")

    def answer(self) -> None:
        path, _, query = self.path.partition("?")
        match path.strip("/").split("/"):
            case ["ok"]:
                self.send(204)
            case ["status", number]:
                retry = urllib.parse.parse_qs(query).get("retry")
                self.send(int(number), {"Retry-After": retry[0]} if retry else {})
            case ["redirect"]:
                self.send(302, {"Location": f"http://{self.headers['Host']}/ok"})
            case ["slow"]:
                self.ending.wait()
                self.send(204)
            case ["huge"]:
                self.send(200, {"Content-Length": str(1 << 40)})
                self.say_without_end()
            case ["hangup"]:
                self.close_connection = True
            case _:
                self.send(404)

    def say_without_end(self) -> None:
        said = 0
        try:
            while not self.ending.is_set():
                said += self.wfile.write(bytes(1 << 16))
        finally:
            self.note(path=self.path, said=said)

    def send(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        given = {} if status == 204 else {"Content-Length": "0"}
        for name, value in (given | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # the other side has gone
            pass

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("file", type=pathlib.Path)
    arguments.add_argument("--port", type=int, default=0)
    given = arguments.parse_args()
    Receiver.file = given.file
    given.file.touch()

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads, request_queue_size = True, 128

    server = Server(("127.0.0.1", given.port), Receiver)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    Receiver.ending.set()


if __name__ == "__main__":
    main()
