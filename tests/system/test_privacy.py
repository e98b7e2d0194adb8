"""Personal data stays in the vault: every file, every message between the programs and every answer is searched.

One day is played, by ops/demo and with people whose data cannot be mistaken for anything else, on a system whose sockets are
tapped. Searched for is every personal text known, in the encodings that a program might keep it in.
"""

from __future__ import annotations

import base64
import json
import pathlib
import struct
import subprocess
import urllib.parse
import uuid
from typing import Any, Iterator

import fadder
import pytest
import tap

ADDRESS = "Lönngatan 97 B, 4 tr, 99999 Påhittköping"
OPEN = {
    "given_name": "Quastorix", "family_name": "Zäbelkvist", "email": "quastorix.zabelkvist@xylofon.example",
    "phone": "+46701740687", "birth_date": "1987-03-14", "address": ADDRESS, "protection": "none",
}  # fmt: skip
HIDDEN = {
    "given_name": "Vindruvelina", "family_name": "Ödlestjärna", "email": "vindruvelina@hemlig-brevlada.example",
    "phone": "+46701740688", "birth_date": "1979-08-23", "address": "Skyddade gränden 7", "protection": "confidential",
}  # fmt: skip
ERASED = {
    "given_name": "Glömskander", "family_name": "Utplåningsson", "email": "glomskander@borta.example",
    "phone": "+46701740689", "birth_date": "1991-12-02", "address": "Försvunna vägen 3", "protection": "none",
}  # fmt: skip
MOVED = {"email": "quastorix@omgiftad.example", "phone": "+46701740691", "address": "Nyinflyttarstigen 12"}
HIDDEN_PLACE, RISING_PLACE = "2584", "1489"
MENTORS_PLACE = "0182"  # that of mentor-5 in the demonstration, and of nobody else
FIELDS = ("given_name", "family_name", "email", "phone", "birth_date", "address")
BRINGS_IN = {b"person.register", b"person.change", b"person.change_contact", b"referral.receive", b"organisation.create", b"organisation.change"}


# What is searched for


def known_texts() -> set[str]:
    """Every personal text of the demonstration and of ours."""
    texts = {person[field] for person in (OPEN, HIDDEN, ERASED) for field in FIELDS}
    texts |= set(MOVED.values())
    texts |= {"ayaan.samatar@example.org", "yonas.gebremedhin@example.org", "Samatar (påhittad)", "Gebremedhin (påhittad)"}
    for step in json.loads(fadder.DEMO.read_text()):
        personal = step["body"].get("details") if step["say"] == "person.register" else step["body"].get("contact")
        if step["say"] in ("person.register", "organisation.create") and personal:
            texts |= {value for value in personal.values() if len(value) >= 6}
    return texts


def encodings(text: str) -> Iterator[bytes]:
    raw = text.encode()
    yield raw
    for coding in ("utf-16-le", "utf-16-be", "latin-1"):
        yield text.encode(coding)
    for one in {raw, raw.lower(), raw.upper()}:
        yield one.hex().encode()
        yield one.hex().upper().encode()
    yield json.dumps(text)[1:-1].encode()
    yield urllib.parse.quote(text, safe="").encode()
    yield urllib.parse.quote_plus(text).encode()
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(bytes(shift) + raw)
            yield whole[(0, 2, 3)[shift] : len(whole) - (0, 3, 2)[(shift + len(raw)) % 3]]


NEEDLES = sorted({needle for text in known_texts() for needle in encodings(text) if len(needle) >= 6})


def assert_clean(where: str, data: bytes, needles: list[bytes] = NEEDLES) -> None:
    for needle in needles:
        at = data.find(needle)
        assert at < 0, f"{where} tells {needle!r}: {data[max(0, at - 60) : at + 80]!r}"


def files(home: pathlib.Path) -> Iterator[tuple[str, bytes]]:
    """Every file that the system has written, but for the mails themselves."""
    for path in sorted(home.rglob("*")):
        name = str(path.relative_to(home))
        if path.is_file() and not name.startswith("mail/"):
            yield name, path.read_bytes()


# The day


class Day:
    def __init__(self, system: fadder.System, wires: tap.Tap, hooks: fadder.Receiver):
        self.system, self.wires, self.hooks = system, wires, hooks
        system.operator("endpoint", "add", "--partner", system.partner.id, "--url", f"http://127.0.0.1:{hooks.port}/ok")
        self.play_demo()
        self.open = self.refer(OPEN, RISING_PLACE)
        self.hidden = self.refer(HIDDEN, HIDDEN_PLACE)
        self.erased = self.refer(ERASED, "0180")
        self.refused = system.deliver(fadder.referral("P-bad", person={**HIDDEN, "language": "xx"}, municipality="Kiruna"))
        fadder.wait_until(lambda: self.proposals(self.open), "a proposal of mentors")
        self.quiet()
        self.own = system.add_token("participant", "--person", self.person(self.open))
        self.moved = self.change_contact(self.open, {"contact": MOVED, "language": "en"})

    def change_contact(self, referral: str, body: dict[str, Any]) -> fadder.Answer:
        return self.system.command(f"persons/{self.person(referral)}/change_contact", body, token=self.own)

    def play_demo(self) -> None:
        environment = {**self.system.environment, "FADDER_BIN": str(fadder.BIN)}
        words = [fadder.TOP / "ops" / "demo"]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=4 * fadder.PATIENCE)
        assert done.returncode == 0, done.stdout + done.stderr

    def refer(self, person: dict[str, str], place: str) -> str:
        referral = self.system.refer(person=person, municipality=place)
        self.system.do(f"referrals/{referral}/accept", token=self.system.token("coordinator"))
        return referral

    def person(self, referral: str) -> str:
        return self.system.get(f"/v1/referrals/{referral}").json["person"]

    def proposals(self, referral: str) -> list[dict[str, Any]]:
        return self.system.items("mentorships", referral=referral)

    def quiet(self) -> None:
        """But for what waits for whether an endpoint's end is taken back: the day's receiver is away."""
        away = {one["id"] for one in self.system.items("endpoints") if one["state"] == "disabled"}
        fadder.wait_until(lambda: not [one for one in self.system.items("deliveries", state="queued") if one.get("endpoint") not in away], "everything is delivered")

    def follow(self, *more: str) -> Iterator[tuple[str, str]]:
        for service in fadder.JOURNALS:
            yield service, self.system.operator("follow", service, "--once", *more).stdout

    def answers(self) -> Iterator[tuple[str, bytes]]:
        """Everything that may be read over HTTP without opening the vault, as those who may read most."""
        records = [path for path in self.system.request("GET", "/openapi.json").json["paths"] if path.count("/") == 2]
        for path in records:
            for who in ("admin", "coordinator", "counsellor", "mentor-2", "agency-system"):
                answer = self.system.get(f"{path}?limit=500", self.system.token(who))
                if answer.status == 200:
                    yield f"{path} for {who}", answer.body
        for path in ("/metrics", "/openapi.json", "/readyz"):
            yield path, self.system.request("GET", path).body


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    place, programs = tmp_path_factory.mktemp("privacy"), fadder.BIN
    wires = tap.Tap(place / "home", place / "wires")
    fadder.BIN = tap.make_programs(place / "bin", programs)
    system = fadder.System(place / "home", FADDER_LOG="debug", **tap.endpoints())
    hooks = fadder.Receiver("hooks.py", place / "hooks.jsonl").start()
    try:
        yield Day(system.start(), wires, hooks)
    finally:
        hooks.stop()
        system.stop()
        wires.close()
        fadder.BIN = programs


def test_the_search_finds_what_is_there(day):
    mails = b"".join(path.read_bytes() for path in (day.system.home / "mail").glob("*.eml"))
    assert OPEN["email"].encode() in mails  # it has been sent: the system knew it
    for text in ("Zäbelkvist", OPEN["email"]):
        for hide in (str.encode, lambda t: base64.b64encode(b"x" + t.encode()), lambda t: t.encode("utf-16-le")):
            with pytest.raises(AssertionError):
                assert_clean("a leak", b"before " + hide(text) + b" after")


def test_no_file_tells_who_anybody_is(day):
    seen = 0
    for name, data in files(day.system.home):
        assert_clean(name, data)
        seen += 1
    assert seen > 25


def test_no_answer_event_or_report_tells_who_anybody_is(day):
    for name, body in day.answers():
        assert_clean(name, body)
    for more in ((), ("--foreign",)):
        for service, text in day.follow(*more):
            assert_clean(f"follow {service}", text.encode())
    assert day.refused.status == 422
    assert_clean("a refusal", day.refused.body)
    assert_clean("the partner's log", day.system.operator("partner", "log", day.system.partner.id).stdout.encode())
    assert_clean("status", day.system.operator("status").stdout.encode())
    assert_clean("a webhook", day.hooks.place.read_bytes())
    assert len(day.hooks.hooks()) > 5


def is_allowed(service: str, door: str, way: str, frame: bytes) -> bool:
    """The commands that bring it in, and what the vault opens for whoever may read it."""
    if (service, door) != ("registry", "commands"):
        return False
    if way == "to":
        return frame[:1] == b"C" and any(word in frame for word in BRINGS_IN)
    return frame[:1] == b"O"


def test_no_message_on_the_bus_tells_but_those_that_must(day):
    letters, told, quiet = set(), set(), []
    for service, door, way, frame in day.wires.frames():
        letters.add(frame[:1])
        if is_allowed(service, door, way, frame):
            told.add(way)
            continue
        quiet.append(frame)
    assert {letter.encode() for letter in "CAOQPLHB"} <= letters, letters  # schemas/runtime/bus.json
    assert told == {"to", "from"}
    assert_clean("the bus", b"\n".join(quiet))


# What is sealed


def maps(path: pathlib.Path) -> dict[str, int]:
    """The named databases of an LMDB file, and how many entries each has (MDB_meta, MDB_db of lmdb 0.9, 64 bits)."""
    data = path.read_bytes()
    size = struct.unpack_from("<I", data, 40)[0]
    metas = [(struct.unpack_from("<Q", data, at + 144)[0], at) for at in (0, size)]
    root = struct.unpack_from("<Q", data, max(metas)[1] + 128)[0]
    if root == 2**64 - 1:
        return {}
    page = data[root * size : (root + 1) * size]
    found = {}
    for number in range((struct.unpack_from("<H", page, 12)[0] - 16) // 2):
        at = struct.unpack_from("<H", page, 16 + 2 * number)[0]
        key_size = struct.unpack_from("<H", page, at + 6)[0]
        name = page[at + 8 : at + 8 + key_size].decode()
        found[name] = struct.unpack_from("<Q", page, at + 8 + key_size + 32)[0]
    return found


def sealed_of(day: Day) -> list[dict[str, Any]]:
    """What the registry's events say of the vault, and is so still: of each owner the last, and of each question."""
    text = day.system.operator("follow", "registry", "--once").stdout
    last = {}
    for event in map(json.loads, text.splitlines()):
        if "sealed" in event.get("data", {}):
            sealed, is_question = event["data"]["sealed"], event["type"].startswith("question.")
            last[(event["aggregate"], event["type"]) if is_question else sealed["owner"]] = sealed
    return list(last.values())


def ciphertext(home: pathlib.Path, sealed: dict[str, Any]) -> bytes:
    """The beginning of a blob, behind its key."""
    data = (home / "registry" / "sealed" / "data.mdb").read_bytes()
    key = uuid.UUID(sealed["owner"]).bytes + uuid.UUID(sealed["event"]).bytes
    at = data.find(key)
    assert at >= 0, sealed
    return data[at + 32 : at + 32 + 40]


def test_only_one_file_has_anything_sealed(day):
    home = day.system.home
    for path in sorted(home.rglob("data.mdb")):
        is_vault = path == home / "registry" / "sealed" / "data.mdb"
        entries = maps(path)
        assert entries, path
        assert (entries.get("sealed", 0) > 30) == is_vault, (path, entries)
    blobs = [ciphertext(home, sealed) for sealed in sealed_of(day)]
    assert len(set(blobs)) > 30
    for name, data in files(home):
        if name != "registry/sealed/data.mdb":
            assert_clean(name, data, blobs)
    assert_clean("the bus", b"\n".join(frame for *_, frame in day.wires.frames()), blobs)


# Places


def is_place(value: str) -> bytes:
    return b"\xa4" + value.encode()  # as msgpack has it


def test_where_a_protected_person_is_stands_nowhere(day):
    for name, data in files(day.system.home):
        assert_clean(name, data, [is_place(HIDDEN_PLACE)])
    for service, door, way, frame in day.wires.frames():
        if not is_allowed(service, door, way, frame):
            assert_clean("the bus", frame, [is_place(HIDDEN_PLACE)])
    for name, body in day.answers():
        assert_clean(name, body, [f'"{HIDDEN_PLACE}"'.encode()])


def lines_with(text: str, place: str) -> list[str]:
    """Where a municipality lies is nobody's secret."""
    return [line for line in text.splitlines() if f'"{place}"' in line and '"municipality.located"' not in line]


def places_shown(day: Day, place: str) -> list[str]:
    needle = f'"{place}"'.encode()
    shown = [name for name, body in day.answers() if needle in body and "/v1/municipalities" not in name]
    for more in ((), ("--foreign",)):
        shown += [f"follow {service}" for service, text in day.follow(*more) if lines_with(text, place)]
    return shown


def raise_protection(day: Day, person: str, place: str) -> None:
    day.system.do(f"persons/{person}/change_protection", {"protection": "marked"}, token=day.system.token("admin"))
    assert not [line for _, text in day.follow() for line in lines_with(text, place)]
    fadder.wait_until(lambda: not places_shown(day, place), "nobody tells")


def test_a_participants_protection_that_rises_hides_the_place_at_once_everywhere(day):
    shown = {"follow registry", "follow mentor-assignment", "/v1/referrals for admin", "/v1/mentees for admin", "/v1/trainees for admin"}
    assert shown <= set(places_shown(day, RISING_PLACE))
    person = day.person(day.open)
    raise_protection(day, person, RISING_PLACE)
    for hook in day.hooks.hooks():
        assert RISING_PLACE not in json.loads(hook["body"])["data"].values() and "municipality" not in hook["body"]
    read = day.system.do(f"persons/{person}/read", {"purpose": "coordination"}, token=day.system.token("coordinator"))
    assert read.json["email"] == MOVED["email"]


def test_a_mentors_protection_that_rises_hides_the_place_too(day):
    shown = {"follow registry", "follow mentor-assignment", "/v1/mentors for admin"}
    assert shown <= set(places_shown(day, MENTORS_PLACE))
    raise_protection(day, day.system.id("mentor-5"), MENTORS_PLACE)


# From the proposal on


def seen(day: Day, referral: str, who: str) -> set[str]:
    """Of which lists a referral, its person or what comes of it is in, for this token; and alone the same."""
    system, person, found = day.system, day.person(referral), set()
    records = [path for path in system.request("GET", "/openapi.json").json["paths"] if path.count("/") == 2]
    for path in records:
        answer = system.get(f"{path}?limit=500", system.token(who))
        if answer.status == 200 and (referral.encode() in answer.body or person.encode() in answer.body):
            found.add(path.removeprefix("/v1/"))
    for record, id in (("referrals", referral), ("mentees", referral), ("persons", person)):
        assert (system.get(f"/v1/{record}/{id}", system.token(who)).status == 200) == (record in found), (record, found)
    return found


def read(day: Day, person: str, who: str) -> int:
    return day.system.command(f"persons/{person}/read", {"purpose": "coordination"}, 1, day.system.token(who)).status


def opened(day: Day) -> Iterator[bytes]:
    """What the registry has opened for anybody so far."""
    for *where, frame in day.wires.frames():
        if where == ["registry", "commands", "from"] and frame[:1] == b"O":
            yield frame


def read_name(day: Day, person: str, token: str) -> fadder.Answer:
    return day.system.command(f"persons/{person}/read_name", {"purpose": "guidance"}, 1, token)


def test_a_participant_reads_the_name_of_their_mentor_and_no_more_leaves_the_registry(day):
    system, whole = day.system, day.system.token("coordinator")
    details = {"given_name": "Namnlisa", "family_name": "Bivaxsson", "phone": "+46701740690"}
    says = {"details": details, "language": "sv", "protection": "none", "part": "mentor", "languages": ["sv"]}
    mentor = system.do("persons", says, token=day.system.token("admin")).json["id"]
    system.do(f"mentors/{mentor}/set_capacity", {"capacity": 1}, token=whole)
    referral = system.refer(person={**OPEN, "email": "named@xylofon.example"}, municipality="0180", languages=["tlh"])
    person = day.person(referral)
    participant, own = system.add_token("participant", "--person", person), system.add_token("mentor", "--person", mentor)
    system.do(f"referrals/{referral}/accept", token=whole)
    mentorship = system.do("mentorships", {"referral": referral, "mentor": mentor}, token=whole).json["id"]
    for step, token in (("offer", whole), ("accept", own), ("sign_confidentiality", own)):
        system.do(f"mentorships/{mentorship}/{step}", token=token)
    assert read_name(day, mentor, participant).status == 404
    system.do(f"mentorships/{mentorship}/sign_confidentiality", token=participant)
    fadder.wait_until(lambda: read_name(day, mentor, participant).status == 200, "both have signed")
    answer = read_name(day, mentor, participant).json
    assert set(answer) == {"id", "version", "given_name", "family_name"}
    assert (answer["given_name"], answer["family_name"]) == ("Namnlisa", "Bivaxsson")
    told = [frame for frame in opened(day) if b"Bivaxsson" in frame]
    assert [frame for frame in told if b"+46701740690" not in frame]  # others are the sender's
    assert system.command(f"persons/{mentor}/read", {"purpose": "guidance"}, 1, participant).status == 404


def test_a_club_sees_a_participant_from_the_proposal_on_and_who_it_is_from_the_agreement_on(day):
    system, whole = day.system, day.system.token("coordinator")
    referral = system.refer(person={**OPEN, "email": "later@xylofon.example"}, municipality="0180", languages=["tlh"])
    person = day.person(referral)
    club, other = "coordinator-club", "coordinator-gotland"
    assert not seen(day, referral, club)
    answer = system.command(f"referrals/{referral}/accept", {}, 1, system.token(club))
    assert (answer.status, answer.json["code"]) == (404, "not_found")
    system.do(f"referrals/{referral}/accept", token=whole)
    mentor = system.id("mentor-2")
    mentorship = system.do("mentorships", {"referral": referral, "mentor": mentor}, token=whole).json["id"]
    shown = {"referrals", "persons", "links", "mentees", "mentorships"}
    fadder.wait_until(lambda: shown <= seen(day, referral, club), "the club sees them")
    assert seen(day, referral, club) <= shown | {"messages", "deliveries"}
    assert "referrals" not in seen(day, referral, other)
    assert (read(day, person, club), read(day, person, "coordinator")) == (403, 200)

    for step, who in (("offer", "coordinator-club"), ("accept", "mentor-2"), ("sign_confidentiality", "mentor-2")):
        system.do(f"mentorships/{mentorship}/{step}", token=system.token(who))
    participant = system.add_token("participant", "--person", person)
    system.do(f"mentorships/{mentorship}/sign_confidentiality", token=participant)
    fadder.wait_until(lambda: read(day, person, club) == 200, "the club may read who it is")
    assert read(day, person, other) == 404
    for mentor in ("mentor-1", "mentor-5"):  # so that nobody of the club is proposed again
        system.do(f"mentees/{referral}/declare_conflict", {"mentor": system.id(mentor)}, token=whole)
    system.do(f"mentorships/{mentorship}/withdraw", {"reason": "other"}, token=participant)
    fadder.wait_until(lambda: seen(day, referral, club) <= {"mentorships", "messages", "deliveries"}, "it is seen no more")
    assert read(day, person, club) == 404


# What one says of oneself


def test_who_moves_says_how_they_are_reached_and_nothing_else(day):
    system, person = day.system, day.person(day.open)
    whose = lambda: system.command(f"persons/{person}/read", {"purpose": "own"}, 1, day.own).json
    assert day.moved.status == 200, day.moved
    kept = {field: OPEN[field] for field in ("given_name", "family_name", "birth_date")}
    assert {field: whose()[field] for field in FIELDS} == {**kept, **MOVED}
    of_them = lambda: [frame for frame in opened(day) if MOVED["phone"].encode() in frame]
    fadder.wait_until(of_them, "what was opened")
    assert not [frame for frame in of_them() if OPEN["phone"].encode() in frame]  # what the agency said stays in the vault
    assert system.get(f"/v1/persons/{person}", day.own).json["language"] == "en"
    assert day.change_contact(day.open, {"contact": {"phone": None}}).status == 200
    assert "phone" not in whose() and whose()["email"] == MOVED["email"]
    for body in ({"contact": {"given_name": "Annan"}}, {"organisation": system.id("agency")}, {"contact": {"email": "ingen"}}):
        assert day.change_contact(day.open, body).status == 422
    other = day.change_contact(day.hidden, {"contact": MOVED})
    assert other.status == 404 or other.json["code"] == "person.not_oneself", other
    assert whose()["given_name"] == OPEN["given_name"]


# Who was read, by whom and why


def readings(day: Day, person: str, token: str) -> list[dict[str, Any]]:
    return day.system.items("readings", token, person=person)


def test_who_was_read_sees_by_whom_and_why_until_they_are_erased(day):
    system, admin = day.system, day.system.token("admin")
    person = day.person(system.refer(person={**OPEN, "email": "read@xylofon.example"}, municipality="0180"))
    participant = system.add_token("participant", "--person", person)
    assert readings(day, person, participant) == []
    assert read(day, person, "coordinator") == 200
    fadder.wait_until(lambda: readings(day, person, participant), "it shows")
    (one,) = readings(day, person, participant)
    assert (one["role"], one["purpose"], one["what"]) == ("coordinator", "coordination", "details")
    assert one["reader"] == system.id("coordinator") and one["person"] == person
    assert readings(day, person, admin) == [one]
    assert readings(day, person, system.token("coordinator")) == []  # their own alone
    assert readings(day, person, system.add_token("participant", "--person", day.person(day.open))) == []
    deliveries = system.items("readings", admin)
    assert [item for item in deliveries if (item["role"], item["purpose"]) == ("sys", "delivery")]
    system.do(f"persons/{person}/erase", token=admin)
    fadder.wait_until(lambda: readings(day, person, admin) == [], "nobody sees it any more")


# Forgetting


def slot(home: pathlib.Path, key: str) -> bytes:
    number = int.from_bytes(uuid.UUID(key).bytes[:4], "big")
    return (home / "keys" / "ring").read_bytes()[64 * number : 64 * number + 64]


def test_who_is_erased_is_gone_for_good_and_everywhere(day):
    system, blobs_file = day.system, day.system.home / "registry" / "sealed" / "data.mdb"
    person, admin = day.person(day.erased), day.system.token("admin")
    sealed = [one for one in sealed_of(day) if one["owner"] == person]
    key = sealed[0]["key"]
    blobs, was = maps(blobs_file)["sealed"], slot(system.home, key)
    assert day.proposals(day.erased) and was[:1] == b"L"
    system.do(f"persons/{person}/erase", token=admin)

    fadder.wait_until(lambda: maps(blobs_file)["sealed"] == blobs - len(sealed), "its blobs are dropped")
    now, ring = slot(system.home, key), (system.home / "keys" / "ring").read_bytes()
    assert now[:1] == b"D" and was[12:60] not in ring and now[12:60] != bytes(48)
    version = system.get(f"/v1/persons/{person}").json["version"]
    for who in ("admin", "coordinator"):
        read = system.command(f"persons/{person}/read", {"purpose": "coordination"}, version, system.token(who))
        assert read.status == 409 and read.json["code"] == "not_now", read
        assert_clean("a refusal", read.body)

    def is_dropped() -> bool:
        rows = [system.get(f"/v1/{record}/{day.erased}").json for record in ("mentees", "trainees")]
        return all(not row.get("languages") and not row.get("occupations") and "municipality" not in row for row in rows)

    fadder.wait_until(is_dropped, "the others drop what they hold")
    fadder.wait_until(lambda: all(one["state"] == "withdrawn" for one in day.proposals(day.erased)), "it is withdrawn")
    day.quiet()
    for service in fadder.JOURNALS:
        system.operator("verify", service)


def test_nothing_of_it_comes_back_with_a_refold_nor_goes_into_a_backup(day, tmp_path):
    for path in (day.system.home / "log").glob("*"):
        assert_clean(path.name, path.read_bytes())
    day.system.stop()
    day.system.operator("backup", str(tmp_path / "backup"))
    kept = [str(path.relative_to(tmp_path)) for path in (tmp_path / "backup" / "data").rglob("*") if path.is_file()]
    assert kept and not [name for name in kept if "ring" in name or "master" in name]
    for name, data in files(tmp_path / "backup"):
        assert_clean(f"backup {name}", data)
    for name, data in files(day.system.home):
        assert_clean(name, data)
    assert not list(day.system.home.rglob("core*"))
    day.system.start()
    person = day.person(day.erased)
    record = day.system.get(f"/v1/persons/{person}").json
    assert record["state"] == "erased"


def test_no_program_would_leave_its_memory_in_a_file(day):
    for service in fadder.SERVICES:
        limits = pathlib.Path(f"/proc/{day.system.pid(service)}/limits").read_text().splitlines()
        (core,) = [line.split() for line in limits if line.startswith("Max core file size")]
        assert core[4:6] == ["0", "0"], (service, core)


def test_nobody_becomes_a_participant_before_their_time(make_system):
    """In Norway at sixteen: also where the birth is sealed, and comes or counts only afterwards."""
    system = make_system(load=False).start()
    system.operator("programme", "add", "--slug", "to", "--name", "To", "--country", "no", "--mailbox", "to@example.org")
    admin, year = system.add_token("programme_admin", programme="to"), fadder.today().year

    def register(part: str, born: int) -> str:
        details = {"given_name": "Ola", "birth_date": f"{born}-01-01"}
        body = {"details": details, "language": "nb", "protection": "none", "part": part}
        return system.do("persons", body, token=admin).json["id"]

    def refused(person: str, step: str, body: dict) -> tuple[str, str]:
        answer = system.command(f"persons/{person}/{step}", body, version=system.get(f"/v1/persons/{person}", admin).json["version"], token=admin)
        assert answer.status == 422, answer
        return answer.json["code"], answer.json["errors"][0]["field"]

    guide, grown = register("guide", year - 12), register("participant", year - 30)
    assert refused(guide, "grant_role", {"part": "participant"}) == ("person.too_young_for_part", "part")
    system.do(f"persons/{guide}/grant_role", {"part": "mentor"}, token=admin)
    system.do(f"persons/{guide}/change", {"details": {"birth_date": f"{year - 20}-01-01"}}, token=admin)
    system.do(f"persons/{guide}/grant_role", {"part": "participant"}, token=admin)
    young = {"details": {"birth_date": f"{year - 12}-01-01"}}
    assert refused(grown, "change", young) == ("person.too_young", "details.birth_date")
    system.do(f"persons/{grown}/change", {"details": {"phone": "+4722334455"}}, token=admin)
    system.do(f"persons/{guide}/end_role", {"part": "participant", "reason": "finished"}, token=admin)
    system.do(f"persons/{guide}/change", young, token=admin)
