"""What a browser does with the pages, and nothing more: follows, keeps cookies, sends forms with what stands in them.

A real one is in tests/pages; this one is for what is quicker to say without, and for those who do not behave as browsers do.
"""

from __future__ import annotations

import contextlib
import email
import email.message
import email.policy
import http.client
import re
import urllib.parse
from html.parser import HTMLParser
from typing import Any

import fadder


class Page(HTMLParser):
    """What stands in a page: its text, its forms, its links."""

    def __init__(self, html: str):
        super().__init__()
        self.html = html
        self.words: list[str] = []
        self.links: list[str] = []
        self.forms: dict[str, dict[str, str]] = {}  # by action: the fields that are hidden or filled in
        self.title = self.language = self.direction = ""
        self._form: str | None = None
        self._in: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attributes}
        self._in.append(tag)
        if tag == "html":
            self.language, self.direction = at["lang"], at["dir"]
        if tag == "a" and "href" in at:
            self.links.append(at["href"])
        if tag == "form":
            self._form = at["action"]
            self.forms.setdefault(self._form, {})
        if tag == "input" and self._form and at.get("type") not in ("radio", "checkbox") and "name" in at:
            self.forms[self._form][at["name"]] = at.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "title" in self._in:
            self.title += data
        elif "body" in self._in and data.strip():
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(self.words)


class Browser:
    """One device."""

    def __init__(self, system: fadder.System, language: str = "en", **headers: str):
        """language: that somebody has chosen on it; "": none, it is spoken to as it wants to be."""
        self.system, self.language, self.cookies = system, language, {}
        self.headers = {"Origin": f"http://{system.pages}", **headers}
        self.status, self.path, self.answer_headers = 0, "", {}
        self.page = Page("<html lang='' dir=''>")

    def send(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Browser:
        """One request, as it is."""
        connection = http.client.HTTPConnection(self.system.pages, timeout=fadder.PATIENCE)
        chosen = {"fadder_language": self.language} if self.language else {}
        cookies = "; ".join(f"{name}={value}" for name, value in {**chosen, **self.cookies}.items())
        sent = {**self.headers, **({"Cookie": cookies} if cookies else {}), **headers}
        if method == "POST":
            sent = {"Content_Type": "application/x-www-form-urlencoded", **sent}
        with contextlib.closing(connection):
            connection.request(method, path, body or None, {name.replace("_", "-"): value for name, value in sent.items() if value})
            answer = connection.getresponse()
            self.status, self.path = answer.status, path
            self.answer_headers = {name.lower(): value for name, value in answer.getheaders()}
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    self._take(value)
            self.page = Page(answer.read().decode())
        return self

    def _take(self, cookie: str) -> None:
        name, _, value = cookie.split(";")[0].partition("=")
        self.cookies.pop(name, None)
        if value:
            self.cookies[name] = value

    def follow(self) -> Browser:
        for _ in range(5):
            if self.status != 303:
                return self
            self.send("GET", self.answer_headers["location"])
        raise AssertionError("led round and round")

    def open(self, path: str) -> Browser:
        return self.send("GET", path).follow()

    def press(self, action: str, **fields: Any) -> Browser:
        """The button of the form with that action, of the page that is open; "contact__phone" is contact.phone."""
        typed = {name.replace("__", "."): str(value) for name, value in fields.items()}
        return self.send("POST", action, urllib.parse.urlencode(self.page.forms[action] | typed)).follow()

    def upload(self, action: str, files: dict[str, bytes], **fields: str) -> Browser:
        """The same of a form that takes files."""
        boundary = "----4d3f1d5c"
        parts = [(name, f'name="{name}"', value.encode()) for name, value in {**self.page.forms[action], **fields}.items() if name not in files]
        parts += [(name, f'name="{name}"; filename="rows.csv"', content) for name, content in files.items()]
        body = b"".join(f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n" for _, head, content in parts)
        return self.send("POST", action, body + f"--{boundary}--\r\n".encode(), Content_Type=f"multipart/form-data; boundary={boundary}").follow()

    def sign_in(self, address: str) -> Browser:
        before = len(codes_to(self.system, address))
        self.open("/sign-in").press("/sign-in", email=address)
        return self.press("/sign-in/code", code=fadder.wait_until(lambda: codes_to(self.system, address)[before:], "the code")[-1])


def letters_to(system: fadder.System, address: str) -> list[email.message.EmailMessage]:
    """Those that lie in the folder, the oldest first."""
    found = []
    for path in sorted((system.home / "mail").glob("*.eml")):
        with contextlib.suppress(FileNotFoundError):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if mail["To"].addresses[0].addr_spec == address:
                found.append((path.stat().st_mtime_ns, path.name, mail))
    return [mail for _, _, mail in sorted(found, key=lambda one: one[:2])]


def part_of(mail: email.message.EmailMessage, kind: str) -> str:
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def mails_to(system: fadder.System, address: str) -> list[str]:
    """Their texts."""
    return [part_of(mail, "plain") for mail in letters_to(system, address)]


def codes_to(system: fadder.System, address: str) -> list[str]:
    return re.findall(r"^(\d{6}) ", "\n".join(mails_to(system, address)), re.MULTILINE)


def links_in(system: fadder.System, mail: str) -> list[str]:
    """The paths of the pages that it leads to."""
    return [line.removeprefix(f"http://{system.pages}") for line in mail.splitlines() if line.startswith(f"http://{system.pages}/")]
