#!/usr/bin/python3
"""An SMTP server that answers as it is told.

    scripted.py FOLDER [--port N]

prints its port. What it answers stands in FOLDER/script, a line for each command that is answered otherwise than by default, read anew
each time: `RCPT 550 5.1.1 nobody of that name`. GREETING is the first line of a conversation, MESSAGE the answer to a whole
mail; `HANGUP` in place of an answer ends the conversation. What it is told is appended to FOLDER/heard. Keeps no mail.
Ends when its standard input does.
"""

from __future__ import annotations

import argparse
import pathlib
import socketserver
import sys
import threading

DEFAULT = {
    "GREETING": "220 localhost",
    "EHLO": "250-localhost\r\n250-SIZE 1000000\r\n250-STARTTLS\r\n250 AUTH PLAIN",
    "AUTH": "235 2.7.0 you are",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


class Conversation(socketserver.StreamRequestHandler):
    folder: pathlib.Path

    def handle(self) -> None:
        try:
            goes_on = self.answer("GREETING")
            while goes_on and (line := self.rfile.readline()):
                goes_on = self.hear(line.decode("latin-1").split(" ")[0].strip().upper())
        except OSError:  # the other side has gone
            pass

    def hear(self, command: str) -> bool:
        with (self.folder / "heard").open("a", encoding="utf-8") as heard:
            heard.write(command + "\n")
        if command == "AUTH":
            self.wfile.write(b"334 \r\n")
            self.rfile.readline()
        if not self.answer(command) or command == "QUIT":
            return False
        if command != "DATA" or not self.said.startswith("354"):
            return True
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            pass
        return self.answer("MESSAGE")

    def answer(self, command: str) -> bool:
        self.said = self.script().get(command, DEFAULT.get(command, "250 2.0.0 fine"))
        if self.said == "HANGUP":
            return False
        self.wfile.write(self.said.replace("\\n", "\r\n").encode() + b"\r\n")
        return True

    def script(self) -> dict[str, str]:
        path = self.folder / "script"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return dict(line.split(" ", 1) for line in lines)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--port", type=int, default=0)
    given = arguments.parse_args()
    given.folder.mkdir(exist_ok=True)
    Conversation.folder = given.folder

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads, request_queue_size, allow_reuse_address = True, 128, True

    server = Server(("127.0.0.1", given.port), Conversation)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
