"""An erasure from the wish to the proof, with the real services and a partner that acknowledges: GDPR, articles 5(2), 17 and 19."""

from __future__ import annotations

import datetime
import json

from fadder import System, wait_until
from test_stopped import still


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
    assert not waiting["key_destroyed"] and "backups_until" not in waiting
    assert not [one for one in waiting["services"] if "dropped_at" in one]
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
    began = done["noted"][1]["first"]
    assert all(one["dropped_at"] >= began and 0 < one.get("dropped_in", 1) <= one["batch"] for one in done["services"])
    assert {one["service"] for one in done["services"] if "dropped_in" in one} >= {"registry", "mentor-assignment", "placement-lifecycle"}
    last = datetime.datetime.fromisoformat(max(one["dropped_at"] for one in done["services"]))
    assert done["key_destroyed"] and done["waiting"] == 0
    assert done["backups_until"] == (last.astimezone(datetime.timezone.utc).date() + datetime.timedelta(days=35)).isoformat()
    assert [one["what"] for one in done["noted"]] == ["person.erasure_asked", "person.erased"]
    assert done["noted"][1]["role"] == "programme_admin" and {one["state"] for one in done["told"]} == {"delivered"}
    assert not [word for word in ("Ninsar", "Svetsa", "PROOF-1") if word in json.dumps(done)]
    wait_until(lambda: system.get(f"/v1/persons/{person}/erasure", own).status == 401, "who is erased shows nothing any more")
    lines = system.operator("audit", "--person", person, "--kind", "erasure").stdout.splitlines()
    assert len(lines) == 2 and "person.erased" in lines[1]
    lines = system.operator("erasure", "proof", person).stdout.splitlines()
    assert lines[-1] == "complete" and done["backups_until"] in lines[-2]
    assert [line.split()[1] for line in lines if line.startswith("key")] == ["destroyed"]
    assert sum("dropped" in line for line in lines) >= 3 and "1 told, 1 acknowledged" in "\n".join(lines)
    other = system.operator("erasure", "proof", system.id("mentor-2"), check=False)
    assert other.returncode == 1 and "Nobody with that id has been erased." in other.stderr


def erased(system: System, name: str) -> tuple[str, str]:
    """Somebody whom an agency has referred, and then nobody any more; and who asks for the proof."""
    referral = system.refer(name)
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    system.do(f"persons/{person}/erase", token=system.token("admin"))
    return person, system.add_token("data_protection_officer")


def is_dropped(said: dict) -> bool:
    return said["erased"] and all("dropped_at" in one and one["left"] == 0 for one in said["services"])


def test_it_is_not_complete_while_a_partner_has_not_acknowledged_it(make_system, hooks):
    system = make_system().start()
    url = f"http://127.0.0.1:{hooks.port}/status/500"
    system.operator("endpoint", "add", "--partner", system.partner.id, "--url", url)
    person, officer = erased(system, "PROOF-2")
    said = wait_until(lambda: (one := proof(system, person, officer)) and is_dropped(one) and one["told"] and one, "each service has dropped them")
    assert said["key_destroyed"] and not said["complete"] and said["told"][0]["state"] == "queued"
    done = system.operator("erasure", "proof", person, check=False)
    assert done.returncode == 1 and done.stdout.splitlines()[-1] == "not complete" and "1 told, 0 acknowledged" in done.stdout


def test_it_is_not_complete_while_a_service_has_not_heard_of_it(make_system):
    system = make_system().start()
    with still(system.pid("placement-lifecycle")):  # its writer; who asks it is answered
        person, officer = erased(system, "PROOF-3")
        heard = {"registry", "mentor-assignment", "notification"}
        dropped = lambda one: {service["service"] for service in one["services"] if "dropped_at" in service}
        said = wait_until(lambda: (one := proof(system, person, officer)) and dropped(one) == heard and one, "the others have dropped them")
        assert said["erased"] and not said["complete"] and "backups_until" not in said
        assert "has not heard of it" in system.operator("erasure", "proof", person, check=False).stdout
    wait_until(lambda: proof(system, person, officer)["complete"], "it is complete")


def test_no_mail_to_them_waits_for_a_server(make_system):
    system = make_system(FADDER_MAIL_FILES="no").start()
    referral = system.refer("PROOF-5", person={"email": "nin@example.org"})
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    own, officer = system.add_token("participant", "--person", person), system.add_token("data_protection_officer")
    system.do(f"persons/{person}/ask_erasure", {}, own)
    system.do(f"persons/{person}/refuse_erasure", {"reason": "not_identified"}, system.token("admin"))
    mails = lambda: [system.get(f"/v1/deliveries/{one['id']}").json for one in system.items("messages", about=person) if one["to"] == person]
    wait_until(mails, "a mail is queued")
    assert {one["state"] for one in mails()} == {"queued"}
    system.do(f"persons/{person}/erase", token=system.token("admin"))
    said = wait_until(lambda: (one := proof(system, person, officer)) and one["complete"] and one, "all of it is done")
    assert said["waiting"] == 0 and {(one["state"], one["reason"]) for one in mails()} == {("given_up", "no_reader")}
    lines = system.operator("erasure", "proof", person).stdout.splitlines()
    assert lines[-1] == "complete" and [line for line in lines if line.startswith("rows") and line.endswith(" 0 tell something")]
