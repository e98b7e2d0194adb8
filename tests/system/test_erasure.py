"""An erasure from the wish to the proof, with the real services and a partner that acknowledges: GDPR, articles 5(2), 17 and 19."""

from __future__ import annotations

import json

from fadder import System, wait_until


def proof(system: System, person: str, token: str) -> dict:
    answer = system.get(f"/v1/persons/{person}/erasure", token)
    assert answer.status == 200, answer
    return answer.json


def test_an_erasure_is_proven_from_the_wish_to_the_end(make_system, hooks):
    system = make_system().start()
    system.operator("endpoint", "add", "--partner", system.partner.id, "--url", f"http://127.0.0.1:{hooks.port}/ok")
    referral = system.refer("PROOF-1", wants=["mentor", "placement"], person={"given_name": "Ninsar", "goals": "Svetsa"})
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    own, officer, admin = system.add_token("participant", "--person", person), system.add_token("data_protection_officer"), system.token("admin")
    wait_until(lambda: system.get(f"/v1/mentees/{referral}").status == 200 and system.get(f"/v1/trainees/{referral}").status == 200, "they are known")
    assert system.get(f"/v1/persons/{person}/erasure", own).status == 404

    system.do(f"persons/{person}/ask_erasure", {}, own)
    waiting = wait_until(lambda: system.get(f"/v1/persons/{person}/erasure", own).status == 200 and proof(system, person, own), "it is noted")
    assert (waiting["erased"], waiting["complete"], waiting["told"]) == (False, False, [])
    (noted,) = waiting["noted"]
    assert (noted["what"], noted["actor"], noted["role"]) == ("person.erasure_asked", person, "participant")
    assert {one["service"] for one in waiting["services"] if one["left"] > 0} >= {"registry", "mentor-assignment", "placement-lifecycle"}
    for who in ("coordinator", "admin", "mentor-2", "agency-system"):
        assert system.get(f"/v1/persons/{person}/erasure", system.token(who)).status == 403, who

    system.do(f"persons/{person}/erase", token=admin)
    done = wait_until(lambda: (said := proof(system, person, officer)) and said["complete"] and said["told"] and said, "all of it is done")
    assert done["erased"] and [one["left"] for one in done["services"]] == [0] * len(done["services"])
    assert {one["service"] for one in done["services"]} == {"registry", "mentor-assignment", "placement-lifecycle", "notification"}
    assert all(one["batch"] > 0 for one in done["services"])
    assert [one["what"] for one in done["noted"]] == ["person.erasure_asked", "person.erased"]
    assert done["noted"][1]["role"] == "programme_admin" and {one["state"] for one in done["told"]} == {"delivered"}
    assert not [word for word in ("Ninsar", "Svetsa", "PROOF-1") if word in json.dumps(done)]
    wait_until(lambda: system.get(f"/v1/persons/{person}/erasure", own).status == 401, "who is erased shows nothing any more")
    lines = system.operator("audit", "--person", person, "--kind", "erasure").stdout.splitlines()
    assert len(lines) == 2 and "person.erased" in lines[1]
