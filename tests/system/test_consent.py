"""What somebody consents to, and what goes when they withdraw it, over HTTP and through the services: GDPR, article 7."""

from __future__ import annotations

import fadder
from fadder import wait_until


def goals_of(system: fadder.System, person: str, token: str, purpose: str) -> str | None:
    return system.do(f"persons/{person}/read", {"purpose": purpose}, token).json.get("goals")


def test_what_rests_on_consent_alone_goes_with_it(system):
    referral = system.refer(wants=["mentor"], person={"goals": "Att bli svetsare"})
    coordinator, admin = system.token("coordinator"), system.token("admin")
    system.do(f"referrals/{referral}/accept", token=coordinator)
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    own, mentee = system.add_token("participant", "--person", person), f"/v1/mentees/{referral}"
    wait_until(lambda: system.get(mentee).status == 200, "the mentee")
    system.do(f"mentees/{referral}/wish", {"wishes": ["job_search"], "availability": ["mon_evening"]}, own)
    assert goals_of(system, person, coordinator, "coordination") is None  # they have not been asked
    assert goals_of(system, person, own, "own") == "Att bli svetsare"
    behalf = {"of": "participant", "told": "telephone"}
    system.do(f"persons/{person}/give_consent", {"purpose": "goals", "words": "2026-11", "behalf": behalf}, coordinator)
    assert goals_of(system, person, coordinator, "coordination") == "Att bli svetsare"

    assert "wishes_consented" not in system.get(mentee).json
    system.do(f"persons/{person}/give_consent", {"purpose": "wishes", "words": "2026-11"}, own)
    wait_until(lambda: system.get(mentee).json.get("wishes_consented"), "a match goes by them")
    (_, said) = system.get(f"/v1/persons/{person}", own).json["consents"]
    assert (said["purpose"], said["is_given"], said["words"], said["by"]) == ("wishes", True, "2026-11", person)

    system.do(f"persons/{person}/withdraw_consent", {"purpose": "wishes", "behalf": behalf}, coordinator)
    counted = 'fadder_commands_on_behalf_total{program="registry"} 2'
    wait_until(lambda: counted in system.request("GET", "/metrics").body.decode(), "both are counted")
    wait_until(lambda: system.get(mentee).json["wishes"] == [], "they are gone")
    assert system.get(mentee).json["availability"] == []
    again = system.command(f"mentees/{referral}/wish", {"wishes": ["studies"]}, token=own)
    assert (again.status, again.json["code"]) == (409, "mentee.no_consent")

    system.do(f"persons/{person}/withdraw_consent", {"purpose": "goals"}, own)
    assert goals_of(system, person, coordinator, "coordination") is None
    assert goals_of(system, person, own, "own") is None
    again = system.command(f"persons/{person}/change", {"details": {"goals": "Att bli snickare"}}, token=admin)
    assert (again.status, again.json["code"]) == (409, "person.no_consent")

    export = system.get(f"/v1/persons/{person}/export", own).json
    (row,) = export["records"]["person"]
    assert {one["purpose"]: one.get("is_given", False) for one in row["consents"]} == {"wishes": False, "goals": False}

    system.do(f"persons/{person}/give_consent", {"purpose": "goals", "words": "2026-11"}, own)
    system.do(f"persons/{person}/change", {"details": {"goals": "Att bli snickare"}}, admin)
    row = system.get(mentee).json
    assert row["no_wishes"] and "wishes_consented" not in row
    assert goals_of(system, person, coordinator, "coordination") == "Att bli snickare"
