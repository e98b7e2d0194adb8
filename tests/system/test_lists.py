"""Every list narrowed by everything that its document says it can be narrowed by."""

from __future__ import annotations

import urllib.parse
import uuid

import fadder
import pytest

EMPTY = {"days", "endpoints", "deliveries", "messages", "mentor-meetings", "recipients", "audit", "sessions"}  # may be so in this story


def is_proposed(system, referral, mentor):
    """By us, or suggested before we came."""
    body = {"referral": referral, "mentor": system.id(mentor)}
    answer = system.command("mentorships", body, token=system.token("coordinator"))
    return answer.status == 201 or answer.json["code"] == "mentorship.already_open"


@pytest.fixture(scope="module")
def story(system):
    """Two referrals of two agencies, each with a mentorship and a placement at a host of its own."""
    coordinator = system.token("coordinator")
    other = system.add_partner("Another agency's", system.id("owner"))
    made = {}
    for name, partner, mentor, host in (
        ("AF-2026-1", system.partner, "mentor-1", "djurgardslinjen"),
        ("NAV-2026-1", other, "mentor-6", "gotlandsbanan"),
    ):
        answer = system.deliver(fadder.referral(name), partner)
        assert answer.status == 200, answer
        referral = made[name] = answer.json["referral"]
        system.do(f"referrals/{referral}/accept", token=coordinator)
        fadder.wait_until(lambda: is_proposed(system, referral, mentor), f"{mentor} is proposed")
        (proposed,) = [one for one in system.items("mentorships", referral=referral) if one["mentor"] == system.id(mentor)]
        system.do(f"mentorships/{proposed['id']}/offer", token=coordinator)
        system.plan(referral, host)
    fadder.wait_until(lambda: len(system.items("questions")) == 2, "the registry hears of the offers")
    return made


def lists(system):
    """Path of each list, and what its document says that it can be narrowed by."""
    for path, item in system.request("GET", "/openapi.json").json["paths"].items():
        operation = item.get("get", {})
        if operation.get("operationId", "").endswith(".list"):
            names = {one["name"] for one in operation["parameters"] if one["in"] == "query"}
            yield path.removeprefix("/v1/"), sorted(names - {"limit", "after"})


def text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def narrowed(system, record, name, value):
    return system.items(record, **{name: urllib.parse.quote(text(value))})


def is_narrowed(system, record, name, value):
    """To what the whole list has now: a delivery goes out while we look."""
    found = narrowed(system, record, name, value)
    assert {item[name] for item in found} <= {value}
    return {item["id"] for item in found} == {item["id"] for item in system.items(record) if item.get(name) == value}


def test_every_list_is_narrowed_by_all_that_it_says(system, story):
    tried = set()
    for record, names in lists(system):
        everything = system.items(record)
        assert everything or record in EMPTY, record
        for name in names:
            for value in {item[name] for item in everything if name in item}:
                fadder.wait_until(lambda: is_narrowed(system, record, name, value), f"{record} by {name}")
                tried.add((record, name))
    assert len(tried) > 30, tried


def test_people_find_what_they_look_for(system, story):
    coordinator = system.token("coordinator")
    ((name, first), (_, second)) = story.items()
    (found,) = system.items("referrals", coordinator, external_id=name)
    assert found["id"] == first
    assert [item["id"] for item in system.items("referrals", coordinator, person=found["person"])] == [first]
    assert system.items("referrals", coordinator, external_id="AF") == []
    for record in ("mentorships", "placements"):
        of_one = system.items(record, coordinator, participant=found["person"])
        assert of_one and {item["referral"] for item in of_one} == {first}
    placed = system.items("placements", coordinator, host=system.id("gotlandsbanan"))
    assert {item["referral"] for item in placed} == {second}
    mentors = {item["id"] for item in system.items("mentors", coordinator, organisation=system.id("club-djurgarden"))}
    assert {system.id("mentor-1"), system.id("mentor-2")} <= mentors and system.id("mentor-6") not in mentors
    of_club = system.items("mentorships", coordinator, organisation=system.id("club-djurgarden"))
    assert first in {item["referral"] for item in of_club} and {item["mentor"] for item in of_club} <= mentors
    of_mentor = system.items("mentorships", coordinator, mentor=system.id("mentor-1"))
    assert first in {item["referral"] for item in of_mentor}
    clubs = {item["id"] for item in system.items("organisations", coordinator, parent=system.id("district"))}
    assert clubs == {system.id(f"club-{name}") for name in ("djurgarden", "vasastan", "visby")}


def test_a_participant_sees_where_they_will_be_and_not_who_wrote_it(system, story):
    coordinator = system.token("coordinator")
    (placement,) = system.items("placements", coordinator, referral=story["AF-2026-1"])
    own = system.add_token("participant", "--person", placement["participant"])
    where = f"/v1/postings/{placement['posting']}"
    assert system.get(where, own).status == 404
    system.do(f"placements/{placement['id']}/meet_requirement", {"kind": "agreement"}, token=coordinator)
    fadder.wait_until(lambda: system.get(where, own).status == 200, "it is agreed")
    shown, whole = system.get(where, own).json, system.get(where, coordinator).json
    assert set(whole) - set(shown) >= {"author", "editor"}
    assert shown["details"] == whole["details"] and shown["host"] == whole["host"]
    (listed,) = system.items("postings", own)
    assert "author" not in listed and "editor" not in listed


def test_a_filter_shows_nobody_what_is_not_theirs(system, story):
    (first,) = system.items("referrals", system.token("coordinator"), external_id="AF-2026-1")
    assert system.items("referrals", system.token("counsellor"), external_id="NAV-2026-1") == []
    assert system.items("mentorships", system.token("mentor-6"), participant=first["person"]) == []
    assert system.items("mentorships", system.token("mentor-1"), participant=str(uuid.UUID(int=0))) == []
