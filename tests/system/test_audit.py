"""Who did it, and what they showed for it: events, readings, and what somebody was refused."""

from __future__ import annotations

import concurrent.futures
import uuid

import fadder


def test_every_event_says_who_did_it_and_what_they_showed(system):
    referral = system.refer()
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    said = {event["type"]: event for event in system.events("registry") if event["aggregate"] == referral}
    received, accepted = said["referral.received"], said["referral.accepted"]
    assert (received["role"], received["actor"], received["credential"]) == ("agency_system", *2 * [system.partner.id])
    assert (accepted["role"], accepted["actor"]) == ("coordinator", system.id("coordinator"))
    assert accepted["credential"] == system.id("token-coordinator")


def test_rules_and_services_of_ours_show_nothing(system):
    events = [event for service in fadder.JOURNALS for event in system.events(service)]
    ours = [event for event in events if event["role"] in ("sys", "tm")]
    assert ours and not [event for event in ours if "credential" in event]
    assert not [event for event in events if event not in ours and "credential" not in event]


def test_forty_readings_with_one_key_are_forty_readings(system):
    person = system.get(f"/v1/referrals/{system.refer()}").json["person"]
    key = str(uuid.uuid4())

    def read(_: int) -> fadder.Answer:
        return system.command(f"persons/{person}/read", {"purpose": "coordination"}, 0, system.token("admin"), key)

    fadder.wait_until(lambda: system.get(f"/v1/persons/{person}").status == 200, "somebody to read")
    with concurrent.futures.ThreadPoolExecutor(40) as readers:
        answers = list(readers.map(read, range(40)))
    answers += [read(40)]
    given = [answer for answer in answers if answer.status == 200]
    assert len(given) == len(answers), answers
    readings = system.items("readings", person=person)
    assert len(readings) == len(given)
    assert {reading["credential"] for reading in readings} == {system.id("token-admin")}
