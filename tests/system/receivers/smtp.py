#!/usr/bin/python3
"""A real SMTP server that keeps what it is given.

    smtp.py FOLDER [--port N]

prints its port, then writes each mail to FOLDER/<number>.eml, with the envelope in X-Envelope headers of its own in
front. By the recipient's local part it misbehaves: later@ is answered 451, never@ 550 5.1.1, full@ 552 after the data.
Ends when its standard input does.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import pathlib
import sys

from aiosmtpd.smtp import SMTP


class Keeper:
    def __init__(self, folder: pathlib.Path):
        self.folder, self.numbers = folder, itertools.count(1)

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = {"later": "451 come again", "never": "550 5.1.1 nobody of that name"}.get(address.partition("@")[0])
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(to.startswith("full@") for to in envelope.rcpt_tos):
            return "552 mailbox full"
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        name = self.folder / f"{next(self.numbers):06}.eml"
        making = name.with_suffix(".part")
        making.write_bytes(head.encode() + envelope.original_content)
        making.rename(name)
        return "250 kept"


async def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--port", type=int, default=0)
    given = arguments.parse_args()
    given.folder.mkdir(exist_ok=True)

    keeper, loop = Keeper(given.folder), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(keeper, hostname="localhost"), "127.0.0.1", given.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
