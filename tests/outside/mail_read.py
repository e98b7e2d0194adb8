#!/usr/bin/python3
"""What a real parser makes of our mails.

    mail_read.py FOLDER

reads FOLDER/*.eml and, for each, the letter that it was made of beside it (*.letter: a line each for name, from, to,
id, seconds since 1970, language and subject, then the text), and says what differs.
"""

from __future__ import annotations

import email
import email.header
import email.policy
import html.parser
import pathlib
import sys


class Text(html.parser.HTMLParser):
    """HTML's text: a paragraph parts with an empty line, a <br> with a line."""

    def __init__(self, source: str):
        super().__init__()
        self.text, self.is_body = "", False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.is_body = self.is_body or tag == "body"
        self.text += {"p": "\n\n", "br": "\n"}.get(tag, "")

    def handle_data(self, data: str) -> None:
        if self.is_body:
            self.text += data.replace("\n", "")


def mailbox(raw: bytes) -> tuple[str, str]:
    """Name and address in From. By the older interface: the newer one puts a space between encoded words of a name."""
    name, _, address = email.message_from_bytes(raw)["From"].rpartition("<")
    return str(email.header.make_header(email.header.decode_header(name.strip()))), address.rstrip(">")


def faults(raw: bytes, letter: list[str]):
    name, sender, to, message_id, seconds, language, subject, text = letter
    if b"\n" in raw.replace(b"\r\n", b"") or b"\r" in raw.replace(b"\r\n", b"") or b"\0" in raw:
        yield "a line does not end with CRLF"
    if not raw.isascii():
        yield "not ASCII"
    if long := [line for line in raw.split(b"\r\n") if len(line) > 78]:
        yield f"a line of {len(long[0])}"
    if any(line.endswith((b" ", b"\t")) for line in raw.split(b"\r\n")):
        yield "space at the end of a line"
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    if any(part.defects for part in mail.walk()) or any(value.defects for value in mail.values()):
        yield "defects"
    if any(len(mail.get_all(header)) != 1 for header in set(mail.keys())):
        yield "a header twice"
    known = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type"}
    if more := {header for header in mail.keys() if not header.startswith("X-Envelope-")} ^ known:
        yield f"headers: {more}"
    same = {
        "From": (len(mail["From"].addresses), mailbox(raw)) == (1, (name, sender)),
        "To": [a.addr_spec for a in mail["To"].addresses] == [to],
        "Message-ID": mail["Message-ID"] == f"<{message_id}>",
        "Date": int(mail["Date"].datetime.timestamp()) == int(seconds),
        "Subject": mail["Subject"] == subject,
        "Content-Language": mail["Content-Language"] == language,
        "Auto-Submitted": mail["Auto-Submitted"] == "auto-generated",
        "type": mail.get_content_type() == "multipart/alternative",
        "parts": [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"],
    }
    yield from (what for what, is_same in same.items() if not is_same)
    plain, rich = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
    if plain != text:
        yield f"text: {plain!r}"
    if Text(rich).text.strip("\n") != text.strip("\n"):
        yield f"html: {Text(rich).text!r}"


def main() -> None:
    mails = sorted(pathlib.Path(sys.argv[1]).glob("*.eml"))
    bad = [
        f"{path.name}: {fault}"
        for path in mails
        for fault in faults(path.read_bytes(), path.with_suffix(".letter").read_text("utf-8").split("\n", 7))
    ]
    print(len(mails), "mails read")
    sys.exit("\n".join(bad) or not mails)


if __name__ == "__main__":
    main()
