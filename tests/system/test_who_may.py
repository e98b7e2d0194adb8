"""Who may do what, as /openapi.json says it, command by command and role by role; and who may keep what is answered."""

from __future__ import annotations

import json
import uuid
from typing import Any, Iterator

import fadder
import pytest

OURS = {"tm", "sys"}  # nobody has a token for these
OTHERS = {
    "Your role may do this, but not to what is somebody else's.",
    "They are somebody else's to act on: another organisation's or agency's, or a coordinator, on whom the programme's admin acts.",
    "Everybody says this of themselves only. Of others a coordinator does: how they are reached (change), or what they said (behalf).",
}
NOW_OLD = '"999"'  # a version that nothing has: whoever may is told so, and nothing happens


@pytest.fixture(scope="module")
def document(system) -> dict[str, Any]:
    return system.request("GET", "/openapi.json").json


@pytest.fixture(scope="module")
def tokens(system, document) -> dict[str, str]:
    roles = set(document["components"]["schemas"]["common.actor_role"]["enum"]) - OURS
    return {role: system.add_token(role) for role in sorted(roles)}


def resolved(document: dict, schema: dict) -> dict:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def least(document: dict, schema: dict) -> Any:
    """The least that a schema takes."""
    not_these = schema.get("not", {}).get("enum", [])
    schema = resolved(document, schema)
    if "enum" in schema:
        return next(word for word in schema["enum"] if word not in not_these)
    if schema["type"] == "object":
        return {name: least(document, schema["properties"][name]) for name in schema.get("required", [])}
    if schema["type"] == "array":
        return [least(document, schema["items"])] * schema.get("minItems", 0)
    if schema["type"] == "string":
        known = {"uuid": str(uuid.UUID(int=7)), "date": str(fadder.today())}
        return known.get(schema.get("format"), "x" * max(1, schema.get("minLength", 0)))
    return {"integer": schema.get("minimum", 0), "boolean": True}[schema["type"]]


def commands(document: dict) -> Iterator[tuple[str, dict]]:
    """Those that can be written down for somebody."""
    for path, item in document["paths"].items():
        if "x-roles-on-behalf" in item.get("post", {}):
            yield path, item["post"]


def named(role: str) -> str:
    return ("an " if role[0] in "aeiou" else "a ") + role.replace("_", " ")


@pytest.fixture(scope="module")
def ids(system) -> dict[str, str]:
    """One of each record that such commands are about; the mentorship is offered."""
    coordinator, referral = system.token("coordinator"), system.refer()
    system.do(f"referrals/{referral}/accept", token=coordinator)
    (proposed,) = fadder.wait_until(lambda: system.items("mentorships", referral=referral), "somebody is proposed")
    system.do(f"mentorships/{proposed['id']}/offer", token=coordinator)
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    return {"mentorships": proposed["id"], "persons": person, "placements": system.plan(referral)}


def test_each_role_may_write_down_what_the_document_says_and_else_hears_who_may(system, document, tokens, ids):
    voices = document["components"]["schemas"]["common.voice"]["enum"]
    tried = 0
    for path, operation in commands(document):
        body = least(document, operation["requestBody"]["content"]["application/json"]["schema"])
        may, on_behalf = operation["x-roles"], operation["x-roles-on-behalf"]
        address = path.replace("{id}", ids[path.split("/")[2]])
        for role, token in tokens.items():
            for voice in [None, *voices]:
                said = body | ({"behalf": {"of": voice, "told": "telephone"}} if voice else {})
                headers = {"Content-Type": "application/json", "Idempotency-Key": f'"{uuid.uuid4()}"', "If-Match": NOW_OLD}
                answer = system.request("POST", address, json.dumps(said).encode(), headers, token)
                is_theirs = voice in on_behalf.get(role, []) if voice else role in may
                where = f"{path} by {role} for {voice}: {answer}"
                tried += 1
                assert answer.status in ((412, 403, 404) if is_theirs else (403,)), where
                if is_theirs:  # of somebody else's they hear that it is, if they may see it
                    assert answer.status in (412, 404) or answer.json["detail"] in OTHERS, where
                    continue
                detail, scribes = answer.json["detail"], [one for one, of in on_behalf.items() if voice in of]
                assert answer.json["code"] == "forbidden", where
                assert all(f"{named(one)}'s" in detail for one in scribes), where
                if voice is None:
                    assert all(f"{named(one)}'s" in detail for one in may), where
                    assert "(behalf)" in detail or len(detail) > 150, where
                    told_by = detail.partition("What ")[2].partition(" told you")[0]
                    assert sorted(on_behalf.get(role, [])) == sorted(word for word in voices if named(word) in told_by), where
    assert tried > 1000


def test_a_single_record_says_what_its_reader_may_write_down_for_whom(system, document, tokens, ids):
    coordinator, path = tokens["coordinator"], f"/v1/mentorships/{ids['mentorships']}"
    row = system.get(path, coordinator).json
    assert row["may"] == ["withdraw"]
    assert row["may_record"] == {
        "ask_info": ["mentor"], "accept": ["mentor"], "decline": ["mentor"], "withdraw": ["mentor", "participant"],
    }  # fmt: skip
    assert system.get(path, tokens["programme_admin"]).json["may_record"] == {}
    for word, voices in row["may_record"].items():
        operation = document["paths"][f"/v1/mentorships/{{id}}/{word}"]["post"]
        assert set(voices) <= set(operation["x-roles-on-behalf"]["coordinator"])
    assert "may_record" not in system.get(f"/v1/mentors/{row['mentor']}", coordinator).json
    assert all("may_record" not in one for one in system.items("mentorships", coordinator))


def test_a_counsellor_sees_the_mentorships_of_their_own_agencys_referrals_and_nothing_of_others(system):
    other, coordinator = system.add_partner("Another agency's", system.id("owner")), system.token("coordinator")
    ours, theirs = system.refer(), system.deliver(fadder.referral("another-1"), other).json["referral"]
    seen = {}
    for referral in (ours, theirs):
        system.do(f"referrals/{referral}/accept", token=coordinator)
        (seen[referral],) = fadder.wait_until(lambda: system.items("mentorships", referral=referral), "somebody is proposed")
    for referral, hidden in ((ours, theirs), (theirs, ours)):
        agency, mentorship, mentor = (seen[referral][of] for of in ("agency", "id", "mentor"))
        counsellor = system.add_token("counsellor", "--organisation", agency)
        participant = system.add_token("participant", "--person", seen[referral]["participant"])
        of_others = {"runner_up", "passed_over", "alternatives", "behind", "moved"}
        of_the_two = {"total", "explanation", "passed"}
        assert {"passed_over", "alternatives", "moved"} | of_the_two <= set(seen[referral])  # the admin's
        assert agency == system.get(f"/v1/referrals/{referral}").json["organisation"]
        system.do(f"mentorships/{mentorship}/offer", token=coordinator)
        mine = system.items("mentorships", counsellor)
        assert {one["agency"] for one in mine} == {agency} and mentorship in [one["id"] for one in mine]
        assert system.get(f"/v1/mentorships/{seen[hidden]['id']}", counsellor).status == 404
        assert system.items("mentorships", counsellor, referral=hidden) == []
        row = system.get(f"/v1/mentorships/{mentorship}", counsellor).json
        assert row["state"] == "offered" and row["may_record"] == {"withdraw": ["participant"]} and row["may"] == []
        assert not (of_others | of_the_two) & set(row)
        for own in (participant, system.add_token("mentor", "--person", mentor)):
            shown = set(system.get(f"/v1/mentorships/{mentorship}", own).json)
            assert of_the_two <= shown and not of_others & shown
    assert system.items("mentorships", system.add_token("counsellor")) == []  # of no agency


def test_what_is_only_proposed_is_there_for_coordinators_alone(system):
    """By no list, single, count, link or export; and when it has come to nothing, it never was."""
    whole = system.token("coordinator")
    referral = system.refer()
    system.do(f"referrals/{referral}/accept", token=whole)
    (found,) = fadder.wait_until(lambda: system.items("mentorships", referral=referral), "somebody is proposed")
    person, mentor, id = found["participant"], found["mentor"], found["id"]
    system.do(f"mentorships/{id}/withdraw", {"reason": "other"}, token=whole)
    system.do(f"mentees/{referral}/declare_conflict", {"mentor": mentor}, token=whole)

    def proposed() -> tuple[str, str] | None:
        """By hand, unless the matcher has thought of another by now."""
        all_of_them = system.items("mentorships", whole, referral=referral)
        there = [one for one in all_of_them if one["state"] == "proposed" and one["mentor"] != mentor]
        if there:
            return there[0]["mentor"], there[0]["id"]
        by_hand = next(system.id(f"mentor-{n}") for n in range(1, 9) if system.id(f"mentor-{n}") != mentor)
        answer = system.command("mentorships", {"referral": referral, "mentor": by_hand}, token=whole)
        return (by_hand, answer.json["id"]) if answer.status == 201 else None

    by_hand, other = fadder.wait_until(proposed, "another is proposed")
    fadder.wait_until(lambda: system.get(f"/v1/links/{other}").status == 200, "the registry knows of it")
    theirs = {
        "participant": system.add_token("participant", "--person", person),
        "mentor": system.add_token("mentor", "--person", by_hand),
        "who was proposed first": system.add_token("mentor", "--person", mentor),
        "counsellor": system.add_token("counsellor", "--organisation", found["agency"]),
    }

    def told(who: str) -> str:
        token, whose = theirs[who], {"participant": person, "mentor": by_hand}.get(who, mentor)
        lists = [system.get(f"/v1/{path}?limit=500", token).body for path in ("mentorships", "links", "mentor-meetings", "questions", "mentees", "mentors")]
        narrowed = [system.get(f"/v1/{path}?{by}", token).body for path in ("mentorships", "links") for by in (f"referral={referral}", f"participant={person}")]
        return b"".join(lists + narrowed + [system.get(f"/v1/persons/{whose}/export", token).body]).decode()

    assert by_hand not in told("participant") and person not in told("mentor")
    for who in theirs:
        assert id not in told(who) and other not in told(who), who
    for who, token in theirs.items():
        for one in (id, other):
            assert system.get(f"/v1/mentorships/{one}", token).status == 404, who
            assert system.get(f"/v1/links/{one}", token).status in (403, 404), who
            for word, body in (("withdraw", {"reason": "other"}), ("undo", {})):
                answer, nowhere = (system.command(f"mentorships/{it}/{word}", body, 1, token) for it in (one, str(uuid.uuid4())))
                assert answer.status in (403, 404) and answer.json == nowhere.json, f"{who}: {answer}"
    assert system.get(f"/v1/mentees/{referral}", whole).json["open"] == 1
    assert "open" not in system.get(f"/v1/mentees/{referral}", theirs["participant"]).json
    assert {id, other} <= {one["id"] for one in system.items("mentorships", whole, referral=referral)}

    system.do(f"mentorships/{other}/offer", token=whole)
    for who in ("participant", "mentor", "counsellor"):
        assert system.get(f"/v1/mentorships/{other}", theirs[who]).json["state"] == "offered", who
    assert other in told("mentor") and other in told("participant")


ANYBODYS = {"/healthz", "/readyz", "/metrics", "/openapi.json", "/asyncapi.json"}


def test_nobody_keeps_an_answer_but_those_that_are_the_same_to_anybody(system, document, tokens, ids):
    statuses = set()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            address = path.replace("{id}", ids.get(path.split("/")[2], str(uuid.UUID(int=7))) if "{id}" in path else "")
            for token in (tokens["programme_admin"], tokens["coordinator"], None):
                body = None
                if method == "post" and "hooks" not in path:
                    body = json.dumps(least(document, operation["requestBody"]["content"]["application/json"]["schema"])).encode()
                headers = {"Content-Type": "application/json", "Idempotency-Key": f'"{uuid.uuid4()}"', "If-Match": NOW_OLD}
                answer = system.request(method.upper(), address, body, headers, token)
                statuses.add(answer.status)
                kept = None if path in ANYBODYS else "no-store"
                assert answer.headers.get("cache-control") == kept, f"{method} {path}: {answer}"
    assert {200, 401, 403, 404, 412, 422} <= statuses
    secret = {"role": "coordinator", "person": system.id("coordinator")}
    made = system.command("tokens", secret, token=tokens["programme_admin"])
    assert made.status == 201 and made.json["secret"] and made.headers["cache-control"] == "no-store", made
    told = system.deliver(fadder.referral("no-store"))
    assert (told.status, told.headers["cache-control"]) == (200, "no-store")
    detail = system.command(f"persons/{ids['persons']}/read", {"purpose": "coordination"}, token=tokens["coordinator"])
    assert detail.headers["cache-control"] == "no-store" and "Ayaan" in detail.body.decode(), detail


def test_everybody_is_told_all_that_is_known_of_themselves_and_nobody_else_but_the_admin(system):
    referral = system.refer("MINE-1", person={"given_name": "Ninsar", "email": "ninsar@example.org"})
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    (mentorship,) = fadder.wait_until(lambda: system.items("mentorships", referral=referral), "somebody is proposed")
    system.do(f"mentorships/{mentorship['id']}/offer", token=system.token("coordinator"))
    own, admin, path = system.add_token("participant", "--person", person), system.token("admin"), f"/v1/persons/{person}/export"
    for token, readings in ((own, [("participant", "own")]), (admin, [("participant", "own"), ("programme_admin", "own")])):
        told = system.get(path, token)
        assert told.status == 200 and told.headers["cache-control"] == "no-store"
        assert told.json["person"] == person and told.json["details"]["given_name"] == "Ninsar"
        records = told.json["records"]
        assert [row["id"] for row in records["person"]] == [person]
        assert [row["id"] for row in records["referral"]] == [referral]
        assert mentorship["id"] in [row["id"] for row in records["mentorship"]]
        assert [row["person"] for row in records["mentee"]] == [person]
        said = [(row["role"], row["purpose"]) for row in records["reading"]]
        assert [one for one in said if one[1] != "delivery"] == readings  # mails are sent meanwhile
        assert all(person in row.values() for rows in records.values() for row in rows)
        hidden = {"runner_up", "passed_over", "alternatives"}
        assert token == admin or not hidden & set(records["mentorship"][0])  # no more than the list itself shows
    for token in (system.token("coordinator"), system.token("mentor-1")):
        assert (system.get(path, token).status, system.get(path, token).json["code"]) == (403, "not_oneself")
    assert system.get("/v1/persons/nobody/export", own).status == 404
    assert system.request("GET", path).status == 401
    system.do(f"persons/{person}/erase", token=admin)
    assert system.get(path, admin).status in (404, 409)
