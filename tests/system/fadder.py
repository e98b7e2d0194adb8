"""A running Fadder for system tests: the real programs in a directory of their own, at an address of their own.

The programs lie in FADDER_BIN. Everything here waits for what must happen and not for how long it may take, and ends only
what it started: tests may run beside each other and beside anything else.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import datetime
import hashlib
import hmac
import http.client
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import uuid
import zoneinfo
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator

HERE = pathlib.Path(__file__).parent
TOP = HERE.parent.parent
BIN = pathlib.Path(os.environ.get("FADDER_BIN", TOP / "build" / "asan" / "bin"))
DEMO = TOP / "ops" / "demo-data" / "integration-works.json"
LIST = [line.split() for line in (BIN.parent / "services.txt").read_text().splitlines()]
SERVICES = [name for name, *_ in LIST]
JOURNALS = [name for name, *words in LIST if "journal" in words]
PROGRAMME = "integration-works"
LETTERS = {"co": "coordinator", "pa": "programme_admin", "cn": "counsellor"}
PARTS = {"programme_admin": "coordinator", "host": "signatory"}  # other roles are called as the part that goes with them

# Only there so that what is broken ends: longer than `fadder up` itself waits for the services.
PATIENCE = 150.0


def wait_until(claim: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """What claim returns as soon as that is true."""
    end = time.monotonic() + seconds
    while True:
        if value := claim():
            return value
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.05)


def today() -> datetime.date:
    """The day that it is where the demonstration's programme is, and not here: near midnight they are two."""
    return datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Stockholm")).date()


_ports = itertools.count(24000)  # below those that are given to whoever asks for any


def own_address() -> tuple[str, int]:
    """An address on the loopback network that is this process's alone, also while nobody listens there."""
    process = os.getpid()
    return f"127.{64 + (process >> 16)}.{process >> 8 & 255}.{process & 255}", next(_ports)


def end_with_us() -> None:
    """In a child: end when the test does, however it ends."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"{self.status} {self.body[:400]!r}"


def sign(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """A signature as the Standard Webhooks specification has it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def made_secret() -> str:
    """One that a partner has made."""
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


def referral(external_id: str, /, **changes: Any) -> dict[str, Any]:
    """The body of a referral's webhook; changes are to its data, those of the person by person={…}."""
    person = {
        "given_name": "Ayaan",
        "family_name": "Påhittadsson",
        "email": "ayaan.pahittadsson@example.org",
        "phone": "+46701740606",
        "birth_date": "1994-05-01",
        "language": "sv",
        "protection": "none",
    }
    person.update(changes.pop("person", {}))
    data = {
        "external_id": external_id,
        "sequence": 1,
        "programme": PROGRAMME,
        "person": person,
        "municipality": "0180",
        "languages": ["so", "en"],
        "occupations": [{"scheme": "ssyk", "code": "7233"}],
        "target_group": "newcomer",
        "wants": ["mentor", "placement"],
    }
    data.update(changes)
    return {"type": "referral.received", "timestamp": "2026-11-22T10:00:00Z", "data": data}


@dataclass
class Partner:
    id: str
    secret: str


# A connection that is just being made when its program ends: libzmq forgets CURVE's HELLO, 200 bytes behind a head of 40 (CurveZMQ is ZeroMQ's RFC 26). Whatever else is
# left, of another size or asked for by us, is ours.
HANDSHAKE_LEFT = re.compile(
    r"=+\n==\d+==ERROR: LeakSanitizer: detected memory leaks\n\n"
    r"Direct leak of (\d+) byte\(s\) in (\d+) object\(s\) allocated from:\n +#0 .* in \S*malloc .*\n +#1 .*/libzmq\.so\..*\n\n"
    r"SUMMARY: AddressSanitizer: \d+ byte\(s\) leaked in \d+ allocation\(s\)\.\n"
)


def forgive_handshake(report: re.Match[str]) -> str:
    return "" if int(report[1]) == 240 * int(report[2]) else report[0]


class System:
    """All programs, with the demonstration programme unless told otherwise."""

    def __init__(self, home: pathlib.Path, load: bool = True, **environment: str):
        self.home, self.load = home, load
        self.words: list[str] = []  # more for `fadder up`
        self.host, self.port = own_address()
        self.pages = "{}:{}".format(*own_address())
        self.process: subprocess.Popen[str] | None = None
        self.environment = {
            **os.environ,
            "FADDER_HOME": str(home),
            "FADDER_HTTP": f"{self.host}:{self.port}",
            "FADDER_HTTP_URL": f"http://{self.host}:{self.port}",
            "FADDER_PAGES": self.pages,
            "FADDER_PAGES_URL": f"http://{self.pages}",
            "FADDER_WEBHOOK_ALLOW": "127.0.0.0/8",
            "FADDER_MAIL_FILES": "yes",
            "FADDER_PARTNER_RATE": "10000",  # tests are in a hurry
            "FADDER_ANSWER_MS": "60000",  # who is slow is not away
            **environment,
        }
        self._numbers = itertools.count(1)
        self._demo: dict[str, dict[str, str]] | None = None
        self.said: list[str] = []

    # the system

    def start(self) -> System:
        words = ["up"] + (["--load", str(DEMO)] if self.load else []) + self.words
        with self.complaints.open("ab") as complaints:
            self.process = subprocess.Popen(
                [BIN / "fadder", *words],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                preexec_fn=end_with_us,
            )
        assert self.process.stdout
        self.said = []  # where to look
        for line in self.process.stdout:  # ends when all of that is said, or it dies
            self.said.append(line)
            if line.startswith("Ctrl-C"):
                return self
        raise AssertionError(f"fadder up ended with {self.process.wait()}; {self.last_words()}")

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self.process = None
        assert code == 0, f"fadder up ended with {code}"
        self.check_logs()

    @property
    def complaints(self) -> pathlib.Path:
        """What the supervisor has said on stderr."""
        return self.home.with_name(f"{self.home.name}.stderr")

    def pid(self, service: str) -> int:
        for line in (self.home / "run" / "up.status").read_text().splitlines():
            name, pid, *_ = line.split()
            if name == service:
                return int(pid)
        return 0

    def kill(self, *services: str, how: int = signal.SIGKILL) -> None:
        for pid in [self.pid(service) for service in services]:
            with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                if pid:
                    os.kill(pid, how)

    def wait_ready(self, seconds: float = PATIENCE) -> None:
        wait_until(lambda: self.operator("status", check=False).returncode == 0, "all are ready", seconds)

    def logs(self) -> Iterator[tuple[str, str]]:
        for path in [*sorted((self.home / "log").glob("*")), self.complaints]:
            if path.exists():
                yield path.name, path.read_text(errors="replace")

    def last_words(self) -> str:
        return "\n".join(f"{name}: {text[-600:]}" for name, text in self.logs())

    def check_logs(self) -> None:
        """No sanitizer, assertion or bug has had anything to say."""
        for name, text in self.logs():
            text = HANDSHAKE_LEFT.sub(forgive_handshake, text)
            for word in ("Sanitizer", "runtime error", "Assertion", " bug text="):
                at = text.find(word)
                assert at < 0, f"{name}: {text[max(0, at - 200) : at + 3000]}"

    # the operator

    def operator(
        self, *words: str, check: bool = True, timeout: float = PATIENCE, input: str = ""
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [BIN / "fadder", *words], env=self.environment, capture_output=True, text=True, timeout=timeout, input=input
        )
        assert not check or done.returncode == 0, f"fadder {' '.join(words)}: {done.stdout}{done.stderr}"
        return done

    def say(self, command: str, body: dict[str, Any], *words: str) -> str:
        return self.operator("say", command, "-", *words, input=json.dumps(body)).stdout

    def events(self, service: str, start: int = 1) -> list[dict[str, Any]]:
        lines = self.operator("follow", service, "--from", str(start), "--once").stdout
        return [json.loads(line) for line in lines.splitlines()]

    @property
    def demo(self) -> dict[str, dict[str, str]]:
        """What the demonstration's steps came to: id, and secret where there is one."""
        if self._demo is None:
            self._demo = json.loads((self.home / "demo.json").read_text())
        return self._demo

    def id(self, key: str) -> str:
        return self.demo[key]["id"]

    def token(self, key: str) -> str:
        return self.demo[f"token-{key}"]["secret"]

    @property
    def partner(self) -> Partner:
        return Partner(self.demo["partner"]["id"], self.demo["partner"]["secret"])

    def add_person(self, part: str, organisation: str | None = None, programme: str = PROGRAMME) -> str:
        """Somebody new who takes part as that; their id."""
        body = {
            "details": {"given_name": "Signe", "family_name": "Påhittad", "email": f"signe-{next(self._numbers)}@example.org"},
            "language": "sv",
            "protection": "none",
            "part": part,
            **({"organisation": organisation} if organisation else {}),
        }
        return self.say("person.register", body, "--programme", programme).split()[0]

    def add_token(self, role: str, *words: str, programme: str = PROGRAMME) -> str:
        """Of who is named by --person; else of somebody new who has the part, for --organisation or the association."""
        role, given = LETTERS.get(role, role), dict(zip(words[::2], words[1::2]))
        if "--person" not in given:
            organisation = given.get("--organisation")
            if organisation is None and role == "coordinator" and (self.home / "demo.json").exists():
                organisation = self.id("owner")
            is_system = role == "agency_system"
            who = self.partner.id if is_system else self.add_person(PARTS.get(role, role), organisation, programme)
            words += ("--person", who)
        done = self.operator("token", "add", "--role", role, "--programme", programme, *words)
        return done.stdout.splitlines()[-1]

    def add_partner(self, name: str, organisation: str | None = None) -> Partner:
        words = ["--organisation", organisation] if organisation else []
        done = self.operator("partner", "add", "--programme", PROGRAMME, "--name", name, *words)
        return Partner(*done.stdout.split())

    # the outside

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        token: str | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        sent = {**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, token: str | None = None) -> Answer:
        return self.request("GET", path, token=token or self.token("admin"))

    def items(self, record: str, token: str | None = None, **filters: str) -> list[dict[str, Any]]:
        """All records, page by page."""
        found, after = [], None
        while True:
            given = {**filters, "limit": "500", **({"after": after} if after else {})}
            answer = self.get(f"/v1/{record}?" + "&".join(f"{k}={v}" for k, v in given.items()), token)
            assert answer.status == 200, answer
            found += answer.json["items"]
            after = answer.json["next"]
            if not after:
                return found

    def command(
        self,
        path: str,
        body: dict[str, Any] | None = None,
        version: int | None = None,
        token: str | None = None,
        key: str | None = None,
    ) -> Answer:
        """POST /v1/…; the version is looked up where it is not said."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": f'"{key or uuid.uuid4()}"'}
        parts = path.strip("/").split("/")
        if version is None and len(parts) > 2:
            record = self.get(f"/v1/{parts[0]}/{parts[1]}", token)
            if record.status != 200:
                return record  # what was answered just now may be read a moment later
            version = record.json["version"]
        if len(parts) > 2:
            headers["If-Match"] = f'"{version}"'
        return self.request("POST", f"/v1/{'/'.join(parts)}", json.dumps(body or {}).encode(), headers, token)

    def do(self, path: str, body: dict[str, Any] | None = None, token: str | None = None) -> Answer:
        """A command that must be accepted; again while what it needs has not been heard of everywhere.

        Whether one was done that was not answered (503) nobody knows: it is said again as it was said."""
        end, key, version = time.monotonic() + PATIENCE, str(uuid.uuid4()), None
        while True:
            version = version or self._version(path, token)
            answer = self.command(path, body, version, token, key)
            if answer.status in (200, 201):
                return answer
            assert answer.status in (404, 409, 412, 422, 503) and time.monotonic() < end, f"{path}: {answer}"
            if answer.status != 503:
                key, version = str(uuid.uuid4()), None
            time.sleep(0.05)

    def _version(self, path: str, token: str | None) -> int | None:
        """Of the record that a path is about; None: of none, or it cannot be read yet."""
        parts = path.strip("/").split("/")
        record = self.get(f"/v1/{parts[0]}/{parts[1]}", token) if len(parts) > 2 else None
        return record.json["version"] if record and record.status == 200 else None

    def signed(
        self, body: bytes | dict[str, Any], partner: Partner | None = None, message: str | None = None, **changes: Any
    ) -> dict[str, str]:
        """The headers of a webhook; changes may set timestamp or signature."""
        partner = partner or self.partner
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        message = message or f"msg_{uuid.uuid4().hex}"
        timestamp = changes.get("timestamp", int(time.time()))
        return {
            "Content-Type": "application/json",
            "webhook-id": message,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": changes.get("signature") or sign(partner.secret, message, timestamp, raw),
        }

    def deliver(
        self, body: bytes | dict[str, Any], partner: Partner | None = None, message: str | None = None, **changes: Any
    ) -> Answer:
        """Post a webhook as the partner's system does."""
        partner = partner or self.partner
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = self.signed(raw, partner, message, **changes)
        return self.request("POST", f"/v1/hooks/{partner.id}", raw, headers)

    def deliver_too_often(self) -> list[Answer]:
        """Deliveries at once, and again until some are refused: a second may be over before the rate is."""

        def rush() -> list[Answer] | None:
            with ThreadPoolExecutor(20) as crowd:
                answers = list(crowd.map(lambda _: self.deliver(referral(f"RUSH-{uuid.uuid4()}")), range(20)))
            assert {answer.status for answer in answers} <= {200, 429}, answers
            return answers if any(answer.status == 429 for answer in answers) else None

        return wait_until(rush, "the rate is exceeded")

    def refer(self, external_id: str | None = None, **changes: Any) -> str:
        """A new referral; its id."""
        answer = self.deliver(referral(external_id or f"T-{next(self._numbers)}-{uuid.uuid4().hex[:8]}", **changes))
        assert answer.status == 200, answer
        return answer.json["referral"]

    def publish(self, host: str = "djurgardslinjen", **changes: Any) -> str:
        """A posting of that host's, open to all; its id. changes are to its details."""
        signatory, first = self.token(f"signatory-{host}"), today()
        details = {
            "host": self.id(host),
            "title": "Plåtarbeten",
            "occupation": {"scheme": "ssyk", "code": "7233"},
            "site": "Verkstaden",
            "municipality": "0180",
            "object": {"museum_number": "DL 9342", "kind": "tram", "condition": "dismantled", "task": "Byta plåt."},
            "seats": 2,
            "from": str(first),
            "until": str(first + datetime.timedelta(days=90)),
            "supervisor": "any",
            "languages": ["sv"],
        }
        made = self.do("postings", details | changes, token=signatory).json["id"]
        self.do(f"postings/{made}/submit", token=signatory)
        self.do(f"postings/{made}/publish", token=self.token("coordinator"))
        return made

    def plan(self, referral: str, host: str = "djurgardslinjen", **changes: Any) -> str:
        """A placement of a referral's participant, at a posting of its own; its id. changes are to the posting's."""
        place = {"referral": referral, "posting": self.publish(host, **changes)}
        return self.do("placements", place, token=self.token("coordinator")).json["id"]


@dataclass
class Receiver:
    """One of receivers/, as a process: a port, and what came in."""

    program: str
    place: pathlib.Path
    port: int = 0
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self) -> Receiver:
        self.process = subprocess.Popen(
            [sys.executable, HERE / "receivers" / self.program, self.place, "--port", str(self.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_us,
        )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())
        return self

    def stop(self) -> None:
        if self.process is not None:
            assert self.process.stdin
            self.process.stdin.close()
            self.process.wait(PATIENCE)
            self.process = None

    def hooks(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.place.read_text(encoding="utf-8").splitlines()]

    def mails(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.place.glob("*.eml"))]

    def script(self, *answers: str) -> None:
        """What is answered from now on, of scripted.py: "RCPT 550 5.1.1 nobody"."""
        making = self.place / "script.part"
        making.write_text("\n".join(answers), encoding="utf-8")
        making.rename(self.place / "script")
