"""Load for the tests that kill and stop services, and what must be true after it.

Agencies post signed referrals, clerks accept or reject them, a matchmaker takes some of them through a mentorship: all
of them ask again, with the same id and the same body, until they are answered, and keep what they were told. check()
then compares that with every journal.
"""

from __future__ import annotations

import collections
import email
import email.policy
import hashlib
import http.client
import json
import pathlib
import queue
import random
import re
import threading
import time
import traceback
import uuid
from typing import Any

import fadder

SCHEMAS = fadder.TOP / "schemas"
AWAY = {429, 502, 503, 504}  # ask again
SETTINGS = {"FADDER_DISK_MIN": "0", "FADDER_ANSWER_MS": "2000"}  # for a system in which some are away


class Ended(Exception):
    """The storm is over, and this one stops asking."""


class Client:
    """One connection, which is made anew whenever it breaks."""

    def __init__(self, storm: Storm):
        self.storm, self.connection = storm, None

    def once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, Any]:
        if self.connection is None:
            system = self.storm.system
            self.connection = http.client.HTTPConnection(system.host, system.port, timeout=15)
        self.storm.asking.add(self)
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            status, raw = answer.status, answer.read()
            return status, json.loads(raw) if raw else {}
        except (OSError, http.client.HTTPException, ValueError):
            self.connection.close()
            self.connection = None
            return 0, {}
        finally:
            self.storm.asking.discard(self)

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, Any]:
        """The answer, however often that has to be said."""
        while True:
            status, answer = self.once(method, path, body, headers)
            if status and status not in AWAY:
                return status, answer
            if status == 503:
                self.storm.away += 1
            if not status:
                self.storm.unheard += 1
            if self.storm.is_over.wait(0.05):
                raise Ended

    def get(self, path: str, token: str) -> Any:
        while True:
            status, answer = self.ask("GET", path, None, {"Authorization": f"Bearer {token}"})
            if status == 200:
                return answer
            assert status == 404, f"{path}: {status} {answer}"
            if self.storm.is_over.wait(0.05):
                raise Ended


class Storm:
    """with Storm(system): the load goes on in threads of this process."""

    def __init__(self, system: fadder.System, agencies: int = 3, clerks: int = 2, matches: int = 8, pause: float = 0.05):
        self.system, self.matches, self.pause = system, matches, pause
        self.is_over = threading.Event()
        self.away = self.unheard = 0
        self.asking: set[Client] = set()  # who waits for an answer
        self.referrals: dict[str, str] = {}  # acknowledged: external id, referral
        self.sent: set[str] = set()  # external ids
        self.updated: set[str] = set()  # external ids whose update was acknowledged
        self.steps: list[tuple[str, str, str, int]] = []  # accepted: service, aggregate, type of the event, version
        self.tries: list[tuple[str, str]] = []  # referral and command, accepted or not
        self.couples: list[str] = []  # mentorships that have started
        self.errors: list[str] = []
        self._accepted: queue.Queue[str] = queue.Queue()
        self._received: queue.Queue[tuple[str, bool]] = queue.Queue()
        self._threads = [threading.Thread(target=self._run, args=(self._agency, n)) for n in range(agencies)]
        self._threads += [threading.Thread(target=self._run, args=(self._clerk, n)) for n in range(clerks)]
        self._threads += [threading.Thread(target=self._run, args=(self._matchmaker, 0))] if matches else []
        self._participants: dict[str, str] = {}

    def __enter__(self) -> Storm:
        assert self.system.demo
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        for thread in self._threads:
            thread.join(fadder.PATIENCE)
            assert not thread.is_alive()

    def wait_for_more(self, count: int = 1) -> None:
        """Until so many more referrals are acknowledged: the load goes on."""
        had = len(self.referrals)
        fadder.wait_until(lambda: self.errors or len(self.referrals) >= had + count, "more is acknowledged")

    def _run(self, what: Any, number: int) -> None:
        try:
            what(Client(self), random.Random(number))
        except Ended:
            pass
        except BaseException:  # pylint: disable=broad-except
            self.errors.append(traceback.format_exc())

    # agencies

    def _agency(self, client: Client, chance: random.Random) -> None:
        name = uuid.uuid4().hex[:8]
        for number in range(1, 100000):
            external = f"S-{name}-{number}"
            wants = chance.choice([["mentor"], ["placement"], ["mentor", "placement"]])
            self.sent.add(external)
            answer = self._post(client, fadder.referral(external, wants=wants), again=chance.random() < 0.2)
            assert answer["result"] == "accepted", answer
            self.referrals[external] = answer["referral"]
            if chance.random() < 0.2:
                changed = fadder.referral(external, wants=wants, sequence=2, municipality="0182")
                answer = self._post(client, changed, again=chance.random() < 0.2)
                assert answer["result"] == "updated" and answer["referral"] == self.referrals[external], answer
                self.updated.add(external)
            self._received.put((answer["referral"], "mentor" in wants))
            if self.is_over.wait(self.pause):
                return

    def _post(self, client: Client, body: dict[str, Any], again: bool) -> dict[str, Any]:
        partner, raw = self.system.partner, json.dumps(body).encode()
        headers = self.system.signed(raw, partner)
        status, answer = client.ask("POST", f"/v1/hooks/{partner.id}", raw, headers)
        assert status == 200, f"{status} {answer}"
        if again:  # the answer was lost on the way, say
            status, second = client.ask("POST", f"/v1/hooks/{partner.id}", raw, headers)
            assert (status, second) == (200, answer), f"{answer} became {status} {second}"
        return answer

    # coordinators, mentors, participants

    def _do(self, client: Client, path: str, token: str, event: str, body: Any = None) -> bool:
        """One command, said until it is answered; whether it was accepted."""
        records, key, _ = path.split("/")
        raw = json.dumps(body or {}).encode()
        service = "registry" if records == "referrals" else "mentor-assignment"
        for _ in range(20):
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f'"{uuid.uuid4()}"',
                "If-Match": f'"{client.get(f"/v1/{records}/{key}", token)["version"]}"',
            }
            status, answer = client.ask("POST", f"/v1/{path}", raw, headers)
            if status == 200:
                self.steps.append((service, key, event, answer["version"]))
                return True
            assert status in (404, 409, 412, 422), f"{path}: {status} {answer}"
            if status not in (409, 412):
                return False
        return False

    def _clerk(self, client: Client, chance: random.Random) -> None:
        token = self.system.token("coordinator")
        while not self.is_over.is_set():
            try:
                referral, wants_mentor = self._received.get(timeout=0.1)
            except queue.Empty:
                continue
            if chance.random() < 0.8:
                if self._do(client, f"referrals/{referral}/accept", token, "referral.accepted") and wants_mentor:
                    self._accepted.put(referral)
            else:
                body = {"reason": "not_in_target_group"}
                self._do(client, f"referrals/{referral}/reject", token, "referral.rejected", body)

    def _matchmaker(self, client: Client, _: random.Random) -> None:
        mentors = {one["id"]: name for name, one in self.system.demo.items() if name.startswith("mentor-")}
        while len(self.couples) < self.matches and not self.is_over.is_set():
            try:
                referral = self._accepted.get(timeout=0.1)
            except queue.Empty:
                continue
            self._couple(client, referral, mentors)

    def _couple(self, client: Client, referral: str, mentors: dict[str, str]) -> None:
        co = self.system.token("coordinator")
        end = time.monotonic() + fadder.PATIENCE
        while not (proposals := self._proposals(client, referral, co)):
            if time.monotonic() > end or self.is_over.wait(0.05):
                return
        pt = self._participant(client.get(f"/v1/referrals/{referral}", co)["person"])
        for one in proposals:
            me, base = self.system.token(mentors[one["mentor"]]), f"mentorships/{one['id']}"
            if not self._do(client, f"{base}/offer", co, "mentorship.offered"):
                continue
            if not self._do(client, f"{base}/accept", me, "mentorship.accepted"):
                continue
            self._do(client, f"{base}/sign_confidentiality", me, "mentorship.confidentiality_signed")
            self._do(client, f"{base}/sign_confidentiality", pt, "mentorship.agreed")
            if self._do(client, f"{base}/hold_first_meeting", me, "mentorship.started", {"minutes": 60}):
                self.couples.append(one["id"])
            return

    def _proposals(self, client: Client, referral: str, token: str) -> list[dict[str, Any]]:
        found, after = [], None
        while True:
            more = f"&after={after}" if after else ""
            page = client.get(f"/v1/mentorships?state=proposed&limit=500{more}", token)
            found += [one for one in page["items"] if one["referral"] == referral]
            if not (after := page["next"]):
                return found

    def _participant(self, person: str) -> str:
        while True:
            words = ["token", "add", "--role", "pt", "--programme", fadder.PROGRAMME, "--person", person]
            done = self.system.operator(*words, check=False)
            if done.returncode == 0:
                return done.stdout.split()[-1]
            if self.is_over.wait(0.1):
                raise Ended


# What must be true afterwards


def gauges(system: fadder.System, name: str) -> dict[str, float]:
    """A metric of all services, by its labels."""
    answer = system.request("GET", "/metrics")
    assert answer.status == 200, answer
    lines = [line for line in answer.body.decode().splitlines() if line.startswith(name)]
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines}


def subscribed(follower: str, producer: str) -> set[str]:
    """The types that a service takes from another's journal, as the schemas have it."""
    types = set()
    for path in (SCHEMAS / follower).glob("*.json"):
        for reference in json.loads(path.read_text()).get("subscribes", []):
            file, _, event = reference.partition("#/events/")
            if file.startswith(f"../{producer}/"):
                types.add(f"{pathlib.Path(file).stem}.{event}")
    return types


def followed(follower: str) -> list[str]:
    """Whom a service follows."""
    return [producer for producer in fadder.JOURNALS if producer != follower and subscribed(follower, producer)]


def has_converged(system: fadder.System) -> bool:
    try:
        lag, following = gauges(system, "fadder_lag_batches"), gauges(system, "fadder_following")
    except (OSError, AssertionError, http.client.HTTPException):
        return False
    pairs = sum(len(followed(service)) for service in fadder.JOURNALS)
    return len(lag) == len(following) == pairs and not any(lag.values()) and all(following.values())


def converge(system: fadder.System) -> float:
    """Everybody hears everybody, and has heard all that they know of; how long that took."""
    began = time.monotonic()
    while not has_converged(system):
        spent = time.monotonic() - began
        if spent > fadder.PATIENCE:
            lags = system.request("GET", "/metrics").body.decode().splitlines()
            lags = [line for line in lags if line.startswith(("fadder_lag_batches", "fadder_following"))]
            raise AssertionError(f"after {spent:.0f} s: {lags} {system.last_words()}")
        time.sleep(0.1)
    return time.monotonic() - began


def once(things: list[Any], what: str) -> None:
    twice = [thing for thing, count in collections.Counter(things).items() if count > 1]
    assert not twice, f"{what}, more than once: {twice[:5]} and {max(0, len(twice) - 5)} more"


Journals = dict[str, list[dict[str, Any]]]


def read_journals(system: fadder.System) -> tuple[Journals, Journals]:
    """Of every service its own events and those that it took, all as they are at one moment: nothing is written meanwhile."""

    def read() -> tuple[Journals, Journals] | None:
        own, taken = {}, {}
        before = gauges(system, "fadder_head_batch")
        for service in fadder.JOURNALS:
            lines = system.operator("follow", service, "--foreign", "--once").stdout.splitlines()
            events = [json.loads(line) for line in lines]
            own[service] = [event for event in events if event["service"] == service]
            taken[service] = [event for event in events if event["service"] != service]
        is_still = len(before) == len(fadder.JOURNALS) and gauges(system, "fadder_head_batch") == before
        return (own, taken) if is_still else None

    return fadder.wait_until(read, "nothing more is written")


def misheard(own: Journals, taken: Journals) -> list[str]:
    """Who has not heard just what they wanted of others, in order."""
    found = []
    for follower in fadder.JOURNALS:
        for producer in followed(follower):
            types = subscribed(follower, producer)
            said = [event["id"] for event in own[producer] if event["type"] in types]
            heard = [event["id"] for event in taken[follower] if event["service"] == producer]
            if heard != said:
                found.append(
                    f"{follower} heard {len(heard)} of {len(said)} from {producer}; missing: {set(said) - set(heard)}, "
                    f"unasked: {set(heard) - set(said)}"
                )
    return found


def check_journals(system: fadder.System) -> Journals:
    """Each event once, each aggregate's without a gap, each foreign event where it is wanted, in order, once."""
    end = time.monotonic() + fadder.PATIENCE
    while True:
        own, taken = read_journals(system)
        for service in fadder.JOURNALS:
            once([event["id"] for event in own[service] + taken[service]], f"events of {service}")
        if not (wrong := misheard(own, taken)):
            break
        assert time.monotonic() < end, wrong[0]  # what has just been written is heard a moment later
    for service, events in own.items():
        versions: dict[tuple[str, str], int] = {}
        for event in events:
            key = (event["type"].split(".")[0], event["aggregate"])
            before = versions.get(key, 0)
            least = before if event["type"].endswith(".was_read") else before + 1  # which changes nothing
            assert event["sequence"] >= least, f"{service}: {event} after {before}"
            versions[key] = event["sequence"]
    return own


def verify(system: fadder.System) -> None:
    for service in fadder.JOURNALS:
        done = system.operator("verify", service, check=False)
        assert done.returncode == 0, f"verify {service}: {done.returncode} {done.stdout}{done.stderr}"


def check(system: fadder.System, storm: Storm) -> Journals:
    """Nothing acknowledged is lost, nothing happened twice, tables are the fold of the journals."""
    assert not storm.errors, storm.errors[0]
    verify(system)
    own = check_journals(system)
    received = [event for event in own["registry"] if event["type"] == "referral.received"]
    once([event["data"]["external_id"] for event in received], "referrals")
    once([event["data"]["person"] for event in received], "participants")
    assert all(event["data"]["external_id"].startswith(("S-", "T-")) for event in received)
    referrals = {event["data"]["external_id"]: event["aggregate"] for event in received}
    referrals = {external: referral for external, referral in referrals.items() if external in storm.sent}
    for external, referral in storm.referrals.items():
        assert referrals.get(external) == referral, f"{external} was {referral}, and is {referrals.get(external)}"
    records = {one["external_id"]: one for one in system.items("referrals") if one["external_id"] in storm.sent}
    assert {external: one["id"] for external, one in records.items()} == referrals
    assert all(records[external]["sequence"] == 2 for external in storm.updated)

    events = {(e["aggregate"], e["type"], e["sequence"]) for events in own.values() for e in events}
    for service, aggregate, kind, version in storm.steps:
        if kind == "mentorship.agreed":  # comes with the second signature
            version = next((v for a, k, v in events if (a, k) == (aggregate, kind)), 0)
        assert (aggregate, kind, version) in events, f"{service}: {kind} of {aggregate}, version {version}, is lost"
    steps = [(e["aggregate"], e["type"]) for events in own.values() for e in events if e["type"] in ONCE]
    once(steps, "steps")
    check_proposals(own["mentor-assignment"])
    return own


def check_proposals(events: list[dict[str, Any]]) -> None:
    """Nobody is proposed to the same participant twice at once, and the matcher suggests one at a time."""
    standing: dict[str, tuple[str, str]] = {}
    suggested: dict[str, str] = {}
    for event in events:
        data, one = event["data"], event["aggregate"]
        if event["type"] == "mentorship.proposed":
            pair = (data["referral"], data["mentor"])
            assert pair not in standing.values(), event
            assert data["participant"] not in suggested.values(), event
            standing[one] = pair
            if "total" in data:
                suggested[one] = data["participant"]
        elif event["type"].partition(".")[2] in OVER:
            standing.pop(one, None)
            suggested.pop(one, None)


OVER = ("declined", "expired", "withdrawn", "superseded", "completed", "ended")


ONCE = {  # in the storm nobody does these again
    "referral.received", "referral.accepted", "referral.rejected", "referral.matched", "referral.started",
    "mentorship.proposed", "mentorship.offered", "mentorship.accepted", "mentorship.agreed", "mentorship.started",
    "message.queued", "delivery.delivered", "delivery.given_up",
}  # fmt: skip


# Mails


def mail_ids(own: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """What is to be said by mail: the message's id, and what has come of it."""
    queued = {e["aggregate"] for e in own["notification"] if e["type"] == "message.queued" and e["data"]["channel"] == "email"}
    came = {e["aggregate"]: e["type"] for e in own["notification"] if e["type"] in ("delivery.delivered", "delivery.given_up")}
    return {one: came.get(one, "") for one in queued}


def wait_for_mails(system: fadder.System) -> dict[str, str]:
    """mail_ids, once something has come of all of them."""

    def all_said() -> dict[str, str] | None:
        expected = mail_ids({"notification": system.events("notification")})
        return expected if expected and all(expected.values()) else None

    return fadder.wait_until(all_said, "all mails are sent", 4 * fadder.PATIENCE)  # one may have to be tried again


def parts_of(system: fadder.System, raw: list[bytes]) -> dict[str, set[str]]:
    """Mails of several things, by the id that is made of their messages' (services/notification/mailing.c): which they are."""
    said = collections.defaultdict(list)
    for e in system.events("notification"):
        if e["type"] == "message.queued":
            said[e["data"]["about"]].append((e["aggregate"], e["data"]["to"], e["data"]["kind"], e["data"].get("code")))
    whole = {}
    for message, _, text in read_mails(raw):
        about = [one for one in re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) if one in said]
        choices = collections.defaultdict(set)
        for one in about:
            for identity, *like in said[one]:
                choices[tuple(like)].add(identity)
        for ids in choices.values():
            made = hashlib.blake2b(b"".join(uuid.UUID(one).bytes for one in sorted(ids)), digest_size=32).digest()[:16]
            if len(ids) > 1 and str(uuid.UUID(bytes=made)) == message.split("@")[0]:
                whole[message.split("@")[0]] = ids
    return whole


def read_mails(raw: list[bytes]) -> list[tuple[str, str, str]]:
    """Message-ID, subject and text of each."""
    read = []
    for one in raw:
        mail = email.message_from_bytes(one, policy=email.policy.default)
        text = mail.get_body(("plain",)).get_content()
        read.append((mail["Message-ID"].strip("<>"), mail["Subject"], text))
    return read
