"""Ten thousand damaged referrals, each signed well: what is answered 200 is what happened, and nothing else did.

Every body comes of its number and SEED alone, so that one that does harm can be made again: mutated(number).
"""

from __future__ import annotations

import http.client
import json
import random
import threading
from collections import Counter

import fadder
import pytest

SEED = "fadder"
BODIES = 10_000
THREADS = 4
CASES = 500  # external ids, so that many come again with another sequence

PROTECTIONS = ["none", "marked", "confidential", "strictly"]
WORDS = ["mentor", "sv", "nb", "none", "marked", "strictly", "newcomer", "ssyk", "referral.received", "integration-works"]
ODD = [
    None, True, False, 0, -1, 1, 7233, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63), 10**400, 0.5, 1e308, -0.0, "", " ", "\x00",
    "\ud800", "\udfff\ud800", "\U0010ffff", "\u202e", "é" * 80, "é" * 81, "x" * 60000, "19811218-9876", "'; DROP TABLE", "%s%n", "../..",
    [], {}, [[]], [None], {"": None}, [{}] * 9, ["mentor"] * 9, {"a": 1, "b": {"c": [1]}}, "\"\\\b\f\n\r\t",
]  # fmt: skip


def places(value, path=()):
    """Where something could be put instead."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def parent(value, path):
    for key in path[:-1]:
        value = value[key]
    return value


class Twice(dict):
    """An object that says one of its names twice."""

    def items(self):
        found = list(super().items())
        return found + found[-1:]


def nested(depth, bracket):
    return ("[" if bracket else '{"a":') * depth + "1" + ("]" if bracket else "}") * depth


def change_values(dice, body):
    for _ in range(dice.choice((0, 0, 1, 1, 1, 2, 3))):
        path = dice.choice(list(places(body)))
        holder, key = parent(body, path), path[-1]
        match dice.randrange(8):
            case 0:
                del holder[key]
            case 1 | 2:
                holder[key] = dice.choice(ODD)
            case 3:
                holder[key] = dice.choice(WORDS)
            case 4 if isinstance(holder, dict):
                holder[dice.choice(("", "x" * 300, "Given_Name", "extra", "id", key + "\x00"))] = holder[key]
            case 5 if isinstance(holder[key], str):
                text = list(holder[key]) or [""]
                text[dice.randrange(len(text))] = chr(dice.choice((0, 9, 32, 65, 0x7F, 0xE5, 0xD800, 0xFFFF, 0x1F600)))
                holder[key] = "".join(text)
            case 6 if isinstance(holder[key], list):
                holder[key] = holder[key] * dice.choice((0, 2, 5))
            case 7 if isinstance(holder[key], dict) and holder[key]:
                holder[key] = Twice(holder[key])
            case _:
                other = dice.choice(list(places(body)))
                holder[key] = json.loads(json.dumps(parent(body, other)[other[-1]]))


def change_bytes(dice, raw):
    raw = bytearray(raw)
    for _ in range(dice.choice((0, 0, 1, 1, 2, 4))):
        at = dice.randrange(len(raw) or 1)
        match dice.randrange(7):
            case 0:
                raw[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del raw[at : at + dice.choice((1, 1, 2, 30))]
            case 2:
                raw[at:at] = raw[at : at + dice.choice((1, 8, 60))]
            case 3:
                del raw[at:]
            case 4:
                raw[at:at] = dice.choice((b"\x00", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"\\u0000"))
            case 5:
                raw[at : at + 1] = dice.choice((b"[", b"]", b"{", b"}", b'"', b",", b":", b"1e999", b"-", b"\\", b"/*", b"NaN"))
            case 6:
                raw[at:at] = nested(dice.choice((5, 60, 5000)), dice.random() < 0.5).encode()
    return bytes(raw)


def mutated(number):
    dice = random.Random(f"{SEED}-{number}")
    body = fadder.referral(
        f"M-{dice.randrange(CASES)}",
        sequence=dice.randrange(1, 40),
        person={"protection": dice.choice(("none", "none", "marked")), "given_name": f"Namn{number}"},
        municipality=dice.choice(("0180", "0980")),
        wants=dice.choice((["mentor"], ["placement"], ["mentor", "placement"])),
    )
    change_values(dice, body)
    return change_bytes(dice, json.dumps(body, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass"))


def deliver_all(system, answers):
    """All of them, from a few threads with a connection each; answers[number] is (status, body)."""

    def run(first):
        connection = http.client.HTTPConnection(system.host, system.port, timeout=fadder.PATIENCE)
        for number in range(first, BODIES, THREADS):
            raw = mutated(number)
            headers = system.signed(raw, message=f"msg_{SEED}_{number}")
            connection.request("POST", f"/v1/hooks/{system.partner.id}", raw, headers)
            answer = connection.getresponse()
            answers[number] = answer.status, answer.read()
        connection.close()

    threads = [threading.Thread(target=run, args=(first,)) for first in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture(scope="module")
def played(system):
    """What was answered to each body, and what the registry has said meanwhile."""
    before = len(system.events("registry"))
    pids = {service: system.pid(service) for service in fadder.SERVICES}
    answers = {}
    deliver_all(system, answers)
    assert {service: system.pid(service) for service in fadder.SERVICES} == pids
    assert len(answers) == BODIES
    return answers, system.events("registry")[before:]


def accepted(answers):
    """(number, what its body said, what it was answered) of each that was answered 200."""
    for number, (status, body) in sorted(answers.items()):
        if status == 200:
            yield number, json.loads(mutated(number))["data"], json.loads(body)


def by_fact(events):
    """The events on referrals, by referral and the partner's sequence: each is there once."""
    found = {}
    for event in events:
        if event["type"] in ("referral.received", "referral.updated"):
            key = event["aggregate"], event["data"]["external_sequence"]
            assert key not in found, event
            found[key] = event
    return found


def test_most_are_refused_and_enough_are_not(played):
    statuses = Counter(status for status, _ in played[0].values())
    assert set(statuses) <= {200, 400, 413, 422}, statuses
    assert statuses[200] > 1000 and statuses[400] > 1000 and statuses[422] > 1000, statuses


def test_every_refusal_is_a_problem_that_says_its_status(played):
    for number, (status, body) in played[0].items():
        if status != 200:
            problem = json.loads(body)
            assert problem["status"] == status and problem["title"], (number, body)
            assert b"Namn" not in body and "Påhittadsson".encode() not in body, (number, body)


def check_event(number, event, data, protection, may_show):
    told, person = event["data"], data["person"]
    assert told["target_group"] == data["target_group"], number
    said = {"external_id": data["external_id"]}
    for field in ("languages", "wants"):  # what is said twice is there once, and codes are in small letters
        said[field] = list(dict.fromkeys(map(str.lower, data[field])))
    known = {(one["scheme"], one["code"]): None for one in data["occupations"]}  # and not what we do not know
    said["occupations"] = [{"scheme": scheme, "code": code} for scheme, code in known]
    hidden = {"external_id": ["-"], "languages": [[], ["und"]], "occupations": [[], [{"scheme": "ssyk", "code": "-"}]]}  # unsaid, or struck
    for field, value in said.items():
        right = [value] if may_show else list(hidden.get(field, [value]))
        if not may_show and protection == "none":
            right.append(value)  # of who is protected later it goes a moment later
        assert told[field] in right, (number, field)
    assert (told["language"], told["protection"]) == (person["language"], protection), number
    assert told.get("municipality") == (data.get("municipality") if may_show else None), number


def test_each_200_adds_what_it_says_and_nothing_else_adds_anything(system, played):
    answers, events = played
    facts, said = by_fact(events), Counter()
    referrals, added = {}, {}
    for number, data, answer in accepted(answers):
        said[answer["result"]] += 1
        assert referrals.setdefault(data["external_id"], answer["referral"]) == answer["referral"], number
        if answer["result"] == "stale":
            continue
        event = facts.pop((answer["referral"], data["sequence"]))
        assert event["type"] == {"accepted": "referral.received", "updated": "referral.updated"}[answer["result"]], number
        added.setdefault(answer["referral"], []).append((data["sequence"], number, event, data))
    assert not facts, "events that no answer has told of"
    for story in added.values():
        story.sort(key=lambda one: one[0])
        degrees = [PROTECTIONS.index(data["person"]["protection"]) for _, _, _, data in story]
        for place, (_, number, event, data) in enumerate(story):  # an update raises it and never lowers it
            check_event(number, event, data, PROTECTIONS[max(degrees[: place + 1])], max(degrees) == 0)
    assert said["accepted"] == len(referrals) and min(said["accepted"], said["updated"], said["stale"]) > 100, said
    counts = Counter(event["type"] for event in events if event["type"].startswith("referral."))
    assert counts["referral.received"] == said["accepted"] and counts["referral.updated"] == said["updated"]
    records = system.items("referrals")
    assert {record["id"] for record in records} == set(referrals.values())
    named = {record["external_id"]: record["id"] for record in records if "external_id" in record}
    assert named.items() < referrals.items()  # of who is protected the vault alone has it


def test_the_vault_has_what_was_said_last(system, played):
    last = {}
    for _, data, answer in accepted(played[0]):
        if data["sequence"] >= last.get(answer["referral"], data)["sequence"] and answer["result"] != "stale":
            last[answer["referral"]] = data
    fields = ("given_name", "family_name", "email", "phone", "birth_date", "address")
    for referral, data in list(last.items())[:100]:
        record = system.get(f"/v1/referrals/{referral}").json
        assert record["sequence"] == data["sequence"]
        read = system.do(f"persons/{record['person']}/read", {"purpose": "coordination"}, token=system.token("coordinator"))
        said = {field: data["person"].get(field) for field in fields}
        if said["email"]:
            said["email"] = said["email"].replace("\ufeff", "")  # of a domain UTS #46 leaves it out
        if record["protection"] != "none":  # no system replaces the mailbox of who is protected
            said["email"] = read.json.get("email")
        assert {field: read.json.get(field) for field in fields} == said


def test_nobody_has_died_or_complained_and_the_state_is_the_journals(system, played):
    system.wait_ready()
    for line in system.operator("status", check=False).stdout.splitlines()[1:]:
        assert line.split()[3] == "0", line  # restarts
    system.check_logs()
    for service in fadder.JOURNALS:
        system.operator("verify", service)
