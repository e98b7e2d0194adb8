"""Who did it, and what they showed for it: events, readings, and what somebody was refused."""

from __future__ import annotations

import concurrent.futures
import os
import subprocess
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


# What was refused


def audit(system, token: str, **filters: str) -> list[dict]:
    return system.items("audit", token, **filters)


def noted(system, token: str, **wanted: object) -> dict:
    """One that is like that, as soon as there is one."""

    def find() -> list[dict]:
        return [one for one in audit(system, token) if wanted.items() <= one.items()]

    return fadder.wait_until(find, f"{wanted} in the audit")[-1]


def test_a_refused_reading_shows_to_the_officer_and_to_the_person_and_to_nobody_else(system):
    person = system.get(f"/v1/referrals/{system.refer()}").json["person"]
    officer = system.add_token("data_protection_officer")
    stranger = system.add_token("mentor", "--person", system.id("mentor-5"))
    own = system.add_token("participant", "--person", person)
    answer = system.command(f"persons/{person}/read", {"purpose": "guidance"}, 0, stranger)
    assert answer.status == 404, answer
    one = noted(system, officer, about=person)
    assert (one["kind"], one["what"], one["code"]) == ("refused", "person.read", "not_found")
    assert (one["role"], one["actor"], one["person"]) == ("mentor", system.id("mentor-5"), person)
    assert one["credential"] and one["times"] == 1 and one["first"] == one["last"]
    assert [own_one["id"] for own_one in audit(system, own)] == [one["id"]]
    assert system.get(f"/v1/audit/{one['id']}", own).status == 200
    for who in ("coordinator", "admin", "counsellor", "agency-system", "mentor-2"):
        assert system.get(f"/v1/audit/{one['id']}", system.token(who)).status == 404, who
        if who != "agency-system":  # which reads none
            assert one["id"] not in [shown["id"] for shown in audit(system, system.token(who))], who
    lines = system.operator("audit", "--person", person).stdout.splitlines()
    assert len(lines) == 1 and "person.read" in lines[0] and one["credential"] in lines[0]
    assert "There is nothing." in system.operator("audit", "--person", person, "--kind", "cleared").stdout


def test_what_is_anothers_and_was_asked_for_is_noted_and_what_is_not_there_is_not(system):
    officer = system.add_token("data_protection_officer")
    referral = system.refer()
    mentor = system.token("mentor-2")
    missing = str(uuid.uuid4())
    assert system.get(f"/v1/referrals/{missing}", mentor).status == 404
    assert system.get(f"/v1/referrals/{referral}", mentor).status == 404
    one = noted(system, officer, about=referral)
    assert (one["what"], one["code"], one["role"]) == ("referral", "not_found", "mentor")
    assert not [one for one in audit(system, officer) if one.get("about") == missing]


def test_the_officer_reads_the_audit_and_readings_and_nothing_else(system):
    officer = system.add_token("data_protection_officer")
    person = system.get(f"/v1/referrals/{system.refer()}").json["person"]
    fadder.wait_until(lambda: system.get(f"/v1/persons/{person}").status == 200, "somebody to read")
    assert system.command(f"persons/{person}/read", {"purpose": "coordination"}, 0, system.token("admin")).status == 200
    assert [reading["reader"] for reading in system.items("readings", officer, person=person)] == [system.id("admin")]
    document = system.request("GET", "/openapi.json").json
    records = {path.split("/")[2] for path, item in document["paths"].items() if path.count("/") == 2 and "get" in item}
    shown = {record for record in records if system.get(f"/v1/{record}", officer).status == 200}
    assert shown <= {"audit", "readings", "sessions"} and "readings" in shown, shown
    assert system.items("sessions", officer) == []  # no others' but their own
    commands = [item["post"] for item in document["paths"].values() if "post" in item]
    assert {one["operationId"] for one in commands if "data_protection_officer" in one.get("x-roles", [])} == {"session.act_as", "session.close"}


def test_failed_sign_ins_are_counted_by_address_and_told_to_the_operator(system):
    for _ in range(50):
        assert system.get("/v1/persons", "fadder_nobodys").status == 401
    body = fadder.referral("A-1")
    headers = system.signed(body, signature="v1,AAAA")
    answer = system.request("POST", f"/v1/hooks/{system.partner.id}", b"{}", headers)
    assert answer.status == 401

    def told() -> list[str]:
        return system.operator("audit", "--kind", "sign_in").stdout.splitlines()

    lines = fadder.wait_until(lambda: len(told()) >= 2 and told(), "sign-ins that failed")
    assert all(" from 127." in line for line in lines if " by " not in line), lines
    assert len(lines) <= 6, lines
    ended = system.add_token("mentor", "--person", system.id("mentor-5"))
    token = [one for one in system.items("tokens", person=system.id("mentor-5")) if one["state"] == "active"][-1]["id"]
    system.do(f"tokens/{token}/revoke", {"reason": "lost"}, system.token("admin"))
    fadder.wait_until(lambda: system.get("/v1/persons", ended).status == 401, "the token to end")
    officer = system.add_token("data_protection_officer")
    one = noted(system, officer, kind="sign_in", credential=token)
    assert (one["actor"], one["role"]) == (system.id("mentor-5"), "mentor") and one["address"].startswith("127.")


def test_a_storm_of_refusals_is_some_notes_and_all_of_them_are_counted(make_system):
    system = make_system(FADDER_TOKEN_RATE="0").start()
    officer = system.add_token("data_protection_officer")
    referral = system.refer()
    stranger = system.add_token("mentor", "--person", system.id("mentor-4"))

    def refuse(_: int) -> int:
        return system.get(f"/v1/referrals/{referral}", stranger).status

    with concurrent.futures.ThreadPoolExecutor(8) as many:
        assert set(many.map(refuse, range(1000))) == {404}

    def found() -> list[dict]:
        return [one for one in audit(system, officer) if one.get("about") == referral]

    fadder.wait_until(lambda: sum(one["times"] for one in found()) == 1000, "all to be counted")
    assert len(found()) <= 6, found()


def test_a_protection_that_changes_is_noted_with_who_changed_it(system):
    officer = system.add_token("data_protection_officer")
    person = system.get(f"/v1/referrals/{system.refer()}").json["person"]
    system.do(f"persons/{person}/change_protection", {"protection": "marked"}, system.token("admin"))
    one = noted(system, officer, about=person)
    assert (one["kind"], one["code"], one["actor"]) == ("protected", "marked", system.id("admin"))
    assert one["credential"] == system.id("token-admin")
    assert system.operator("verify", "registry").returncode == 0


def test_what_was_handed_out_is_noted_besides_the_reading(system):
    person, officer = system.get(f"/v1/referrals/{system.refer()}").json["person"], system.add_token("data_protection_officer")
    fadder.wait_until(lambda: system.get(f"/v1/persons/{person}").status == 200, "somebody to read")
    exported = lambda: [one["actor"] if "actor" in one else one["role"] for one in audit(system, officer, person=person) if one["kind"] == "exported"]
    assert system.command(f"persons/{person}/read", {"purpose": "own"}, 0, system.token("admin")).status == 200
    assert system.get(f"/v1/persons/{person}/export", system.token("admin")).status == 200
    fadder.wait_until(lambda: exported() == [system.id("admin")], "it is noted, and the reading before is not")
    assert person in system.operator("export", person).stdout
    fadder.wait_until(lambda: sorted(exported()) == sorted([system.id("admin"), "sys"]), "the operator's too")
    assert len(system.items("readings", officer, person=person)) == 3
    (line, _) = system.operator("audit", "--person", person, "--kind", "exported").stdout.splitlines()
    assert "person.was_read" in line


def test_the_operator_is_told_how_to_ask(system):
    for words, right in ((("--kind", "other"), "sign_in"), (("--person", "Ada"), "UUID")):
        done = system.operator("audit", *words, check=False)
        assert done.returncode == 2 and right in done.stderr, done
    done = system.operator("audit", "--programme", "nowhere", check=False)
    assert done.returncode == 1 and "nowhere" in done.stderr, done
    person = system.get(f"/v1/referrals/{system.refer()}").json["person"]
    fadder.wait_until(lambda: system.get(f"/v1/persons/{person}").status == 200, "somebody to read")
    assert system.command(f"persons/{person}/read", {"purpose": "coordination"}, 0, system.token("admin")).status == 200
    (line,) = system.operator("audit", "--readings", "--person", person, "--programme", fadder.PROGRAMME).stdout.splitlines()
    assert f"actor {system.id('admin')}" in line and f"credential {system.id('token-admin')}" in line


def barred(system: fadder.System, service: str, program: str, what: str, times: int) -> int:
    """How often a program that has its key is refused what it is not admitted to."""
    command = [fadder.BIN.parent / "tests/system_barred", service, program, what, str(times)]
    done = subprocess.run(command, env={**os.environ, "FADDER_HOME": str(system.home)}, capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_what_a_program_is_not_admitted_to_is_told_the_operator_and_a_storm_of_it_once(system):
    """Each service tells, whose own journal it is or not; at once, and no more within a minute."""
    officer = system.add_token("data_protection_officer")
    for service in fadder.JOURNALS:
        assert barred(system, service, "pages", "person.forget", 1) == 1, "pages read what there is"
    lines = lambda: [line for line in system.operator("audit", "--kind", "program").stdout.splitlines() if "program pages" in line]
    fadder.wait_until(lambda: {line.split(" at ")[1].split()[0] for line in lines()} == set(fadder.JOURNALS), "each has told")
    assert all("person.forget" in line and "not_admitted" in line for line in lines())

    for service in fadder.JOURNALS:
        assert barred(system, service, "pages", "person.forget", 500) == 500
        assert barred(system, service, "gateway", "person.forget", 1) == 1
    of_another = lambda: [line for line in system.operator("audit", "--kind", "program").stdout.splitlines() if "program gateway" in line]
    fadder.wait_until(lambda: len(of_another()) == len(fadder.JOURNALS), "of another program, which is told at once")
    assert all("person.forget" in line for line in of_another()) and len(lines()) == len(fadder.JOURNALS)
    assert not [one for one in audit(system, officer) if one["kind"] == "program"]
