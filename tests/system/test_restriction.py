"""What is known of somebody is kept and not used, over HTTP and through every service: GDPR, article 18."""

from __future__ import annotations

from typing import Any

import fadder
from fadder import wait_until

FOLLOWING = "mentees", "trainees"


def ended(system: fadder.System, person: str, token: str) -> dict[str, Any]:
    row = system.get(f"/v1/persons/{person}", token).json
    assert not [key for key in row if key.startswith("restrict")], row
    return row


def heard(system: fadder.System, referral: str, is_restricted: bool) -> None:
    for record in FOLLOWING:
        row = f"/v1/{record}/{referral}"
        wait_until(lambda: system.get(row).json.get("restricted", False) == is_restricted, f"{record} hear of it")


def refused(system: fadder.System, path: str, body: dict[str, Any], token: str) -> tuple[int, str]:
    answer = system.command(path, body, token=token)
    return answer.status, answer.json["code"]


def kinds_about(system: fadder.System, thing: str) -> set[tuple[str, str]]:
    return {(one["kind"].removeprefix("person_"), one["audience"]) for one in system.items("messages", about=thing)}


def read(system: fadder.System, person: str, purpose: str, token: str) -> int | str:
    answer = system.command(f"persons/{person}/read", {"purpose": purpose}, token=token)
    return answer.status if answer.status < 300 else answer.json["code"]


def test_a_participant_has_it_kept_and_not_used_until_it_is_settled(system):
    referral = system.refer(wants=["mentor", "placement"], person={"email": "halt@example.org", "language": "sv"})
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    own, admin, coordinator = system.add_token("participant", "--person", person), system.token("admin"), system.token("coordinator")
    officer = system.add_token("data_protection_officer")
    heard(system, referral, False)

    system.do(f"persons/{person}/ask_restriction", {"ground": "accuracy"}, own)
    row = system.get(f"/v1/persons/{person}", own).json
    assert row["restriction_asked"] == "accuracy" and "restricted_since" not in row
    assert refused(system, f"persons/{person}/restrict", {"ground": "accuracy"}, own)[0] == 403
    assert read(system, person, "coordination", coordinator) == 200

    system.do(f"persons/{person}/restrict", {"ground": "accuracy"}, admin)
    row = system.get(f"/v1/persons/{person}", own).json
    assert row["restriction_ground"] == "accuracy" and "restricted_since" in row and "restriction_asked" not in row
    heard(system, referral, True)
    assert read(system, person, "coordination", coordinator) == "person.restricted_now"
    assert read(system, person, "legal_claims", coordinator) == 200
    assert read(system, person, "own", own) == 200
    (noted,) = [one for one in system.items("audit", officer, person=person) if one["kind"] == "restricted"]
    assert (noted["what"], noted["code"]) == ("person.restricted", "accuracy")

    mentor = system.id("mentor-3")
    assert refused(system, "mentorships", {"referral": referral, "mentor": mentor}, coordinator) == (409, "mentorship.restricted")
    posting = system.publish()
    assert refused(system, "placements", {"referral": referral, "posting": posting}, coordinator)[1] == "placement.restricted"

    export = system.get(f"/v1/persons/{person}/export", own).json
    assert "restriction_ground" in str(export)
    expected = {("restriction_asked", "coordinator"), ("restricted", "coordinator"), ("restricted", "person")}
    wait_until(lambda: expected <= kinds_about(system, person), "they have heard")

    system.do(f"persons/{person}/lift_restriction", {"reason": "corrected"}, admin)
    row = system.get(f"/v1/persons/{person}", own).json
    assert row["restriction_until"] > row["restricted_since"]
    wait_until(lambda: ("restriction_ending", "person") in kinds_about(system, person), "they are told before")
    assert read(system, person, "coordination", coordinator) == "person.restricted_now"

    system.do(f"persons/{person}/withdraw_restriction", {}, own)
    ended(system, person, own)
    heard(system, referral, False)
    assert read(system, person, "coordination", coordinator) == 200
    wait_until(lambda: ("restriction_lifted", "coordinator") in kinds_about(system, person), "coordinators hear that it ended")
    system.do("mentorships", {"referral": referral, "mentor": mentor}, coordinator)
