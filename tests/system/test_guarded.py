"""Who is under protection: who is not cleared sees nothing of where they are, and decides nothing about them."""

from __future__ import annotations

import datetime
from typing import Any

import fadder
import pytest
from test_undo import Couple, Place

GUARDED = "This is for somebody who is cleared, who takes over."


class Case:
    """A participant with a mentor and a placement that has begun; then somebody looks for them."""

    def __init__(self, system: fadder.System):
        self.system, self.cleared = system, system.token("coordinator")
        self.referral = system.refer()
        system.do(f"referrals/{self.referral}/accept", token=self.cleared)
        self.person = system.get(f"/v1/referrals/{self.referral}").json["person"]
        self.own = system.add_token("participant", "--person", self.person)
        (found,) = fadder.wait_until(lambda: system.items("mentorships", referral=self.referral), "somebody is proposed")
        self.mentorship = found["id"]
        mentors = {system.id(f"mentor-{n}"): system.token(f"mentor-{n}") for n in range(1, 9)}
        self.mentor, self.mentor_id = mentors[found["mentor"]], found["mentor"]
        system.do(f"mentorships/{self.mentorship}/offer", token=self.cleared)
        for step, token in (
            ("accept", self.mentor),
            ("sign_confidentiality", self.mentor),
            ("sign_confidentiality", self.own),
            ("hold_first_meeting", self.mentor),
        ):
            system.do(f"mentorships/{self.mentorship}/{step}", token=token)
        self.place()

    def place(self) -> None:
        counsellor, today = self.system.token("counsellor"), fadder.today()
        self.supervisor = self.system.token("supervisor-djurgardslinjen")
        self.placement = self.system.plan(self.referral)
        for said in (
            {"kind": "agreement"},
            {"kind": "supervisor", "supervisor": self.system.id("supervisor-djurgardslinjen")},
            {"kind": "drawing_access", "valid_until": str(today + datetime.timedelta(days=80))},
            {"kind": "safety_introduction"},
            {"kind": "insurance"},
        ):
            self.system.do(f"placements/{self.placement}/meet_requirement", said, token=counsellor)
        self.system.do(f"placements/{self.placement}/start", token=self.supervisor)
        self.line = {"on": str(today), "minutes": 300, "activity": "work"}
        self.system.do(f"placements/{self.placement}/log_day", self.line, token=self.supervisor)

    def records(self, token: str) -> dict[str, list[dict[str, Any]]]:
        """Of those that are guarded: what a token sees of them."""
        return {
            record: [one for one in self.system.items(record, token) if one["participant"] == self.person]
            for record in ("mentorships", "mentor-meetings", "placements", "days")
        }


@pytest.fixture(scope="module")
def case(system) -> Case:
    return Case(system)


@pytest.fixture(scope="module")
def uncleared(system) -> str:
    """A coordinator of the programme's, who is not."""
    body = {
        "details": {"given_name": "Nils", "email": "nils@example.org"},
        "language": "sv",
        "protection": "none",
        "organisation": system.id("owner"),
        "part": "coordinator",
    }
    person = system.do("persons", body, token=system.token("admin")).json["id"]
    return system.add_token("coordinator", "--person", person)


@pytest.fixture(scope="module")
def kept(system, case) -> dict[str, str]:
    """What an admin who is not cleared made for the participant before the raise, and for a mentor, and may have kept."""
    admin = system.add_token("programme_admin", "--person", system.add_person("coordinator", system.id("owner")))
    whose = {"participant": case.person, "mentor": system.id("mentor-4")}
    return {role: system.do("tokens", {"role": role, "person": person}, admin).json["secret"] for role, person in whose.items()}


def raise_protection(case: Case) -> None:
    raised = {"protection": "marked"}
    case.system.do(f"referrals/{case.referral}/change_protection", raised, token=case.system.token("counsellor"))

    def is_known() -> bool:
        mentee, trainee = (case.system.get(f"/v1/{view}/{case.referral}").json for view in ("mentees", "trainees"))
        return mentee["protection"] == trainee["protection"] == "marked"

    fadder.wait_until(is_known, "everybody has heard of it")


def test_before_all_see_what_is_theirs(case, uncleared, kept):
    for token in (uncleared, case.cleared, case.own, kept["participant"]):
        assert all(case.records(token).values()), case.records(token)


def test_from_a_raise_on_who_is_not_cleared_sees_nothing(case, uncleared):
    raise_protection(case)
    for token in (case.own, case.cleared):
        assert all(case.records(token).values()), case.records(token)
    for token in (uncleared, case.mentor, case.supervisor, case.system.token("signatory-djurgardslinjen")):
        for record in ("mentorships", "mentor-meetings", "placements", "days"):
            shown = case.system.get(f"/v1/{record}?limit=500", token).json
            assert case.person not in str(shown), record
    for path, token in (
        (f"mentorships/{case.mentorship}", case.mentor),
        (f"placements/{case.placement}", case.supervisor),
        (f"placements/{case.placement}", uncleared),
    ):
        answer = case.system.get(f"/v1/{path}", token)
        assert (answer.status, answer.json["code"], answer.json["detail"]) == (403, "guarded", GUARDED), answer
    nobodys = case.system.get(f"/v1/placements/{case.placement}", case.system.token("supervisor-gotlandsbanan"))
    assert nobodys.status == 404  # who never had to do with them is told nothing at all


def test_nor_does_who_may_have_kept_a_token_of_theirs(case, kept):
    """It was made before anybody looked for them: it names them, and need not be shown by them."""
    token, system = kept["participant"], case.system
    assert not any(case.records(token).values()), case.records(token)
    answer = system.get(f"/v1/mentorships/{case.mentorship}", token)
    assert (answer.status, answer.json["code"]) == (403, "guarded"), answer
    for path, body, code in (
        (f"persons/{case.person}/read", {"purpose": "own"}, "person.protected"),
        (f"persons/{case.person}/change_contact", {"contact": {"email": "thief@example.org"}}, "guarded"),
        (f"persons/{case.person}/ask_erasure", None, "guarded"),
        (f"mentorships/{case.mentorship}/log_meeting", {"minutes": 45}, "guarded"),
    ):
        answer = system.command(path, body, token=token)
        assert (answer.status, answer.json["code"]) == (403, code), f"{path}: {answer}"
    assert system.command(f"persons/{case.person}/read", {"purpose": "own"}, token=case.own).status == 200


def test_nor_does_anything(case, uncleared):
    for path, body, token in (
        (f"mentorships/{case.mentorship}/log_meeting", {"minutes": 60}, case.mentor),
        (f"mentorships/{case.mentorship}/end", {"reason": "moved"}, uncleared),
        (f"placements/{case.placement}/log_day", case.line | {"also": True}, case.supervisor),
        (f"referrals/{case.referral}/hold", {"reason": "moved_away"}, uncleared),
    ):
        answer = case.system.command(path, body, version=999, token=token)
        assert answer.status in (403, 412), answer
        current = case.system.get("/v1/" + "/".join(path.split("/")[:2])).json["version"]
        answer = case.system.command(path, body, version=current, token=token)
        assert (answer.status, answer.json["code"]) == (403, "guarded"), f"{path}: {answer}"
    case.system.do(f"mentorships/{case.mentorship}/log_meeting", {"minutes": 45, "also": True}, token=case.own)
    case.system.do(f"mentorships/{case.mentorship}/hold", {"reason": "ill", "until": str(fadder.today() + datetime.timedelta(days=9))}, token=case.cleared)


def test_who_is_cleared_later_sees_them_and_who_no_longer_is_does_not(case, system):
    part = {"part": "mentor", "organisation": system.get(f"/v1/mentors/{case.mentor_id}").json["organisation"]}
    for is_cleared in (True, False):
        system.say("person.grant_role", part | {"cleared": is_cleared}, "--on", case.mentor_id, "--programme", fadder.PROGRAMME)

        def sees() -> bool:
            return system.get(f"/v1/mentorships/{case.mentorship}", case.mentor).status == 200

        fadder.wait_until(lambda: sees() == is_cleared, f"cleared: {is_cleared}")


def test_where_a_mentor_belongs_is_not_told_of_one_who_is_protected(system, uncleared, kept):
    mentor, club = system.id("mentor-4"), system.id("club-vasastan")
    person = system.get(f"/v1/persons/{mentor}", uncleared).json
    assert club in (person.get("organisation"), person["roles"][0].get("organisation"))
    assert system.get(f"/v1/mentors/{mentor}", uncleared).json["organisation"] == club
    system.do(f"persons/{mentor}/change_protection", {"protection": "marked"}, token=system.token("admin"))
    fadder.wait_until(lambda: "organisation" not in system.get(f"/v1/mentors/{mentor}", uncleared).json, "it is hidden")
    assert mentor not in str(system.items("mentors", uncleared, organisation=club))  # nor is it found by that
    assert system.get(f"/v1/mentors/{mentor}", system.token("coordinator")).json["organisation"] == club
    assert system.get(f"/v1/mentors/{mentor}", system.token("mentor-4")).json["organisation"] == club
    assert "organisation" not in system.get(f"/v1/mentors/{mentor}", kept["mentor"]).json
    admin = system.add_token("programme_admin", "--person", system.add_person("coordinator", system.id("owner")))
    for token in (uncleared, kept["mentor"], admin):
        assert club not in str(system.get(f"/v1/persons/{mentor}", token).json)
    rows = [one for one in system.items("tokens", admin) if one.get("person") == mentor]
    assert rows and club not in str(rows)
    assert club in str([one for one in system.items("tokens") if one.get("person") == mentor])
    assert club in str(system.get(f"/v1/persons/{mentor}", system.token("mentor-4")).json)


def test_with_a_protected_mentor_who_is_not_cleared_sees_and_does_nothing_either(system, uncleared):
    """But for the participant, who deals with them, and is not told for whom they take part."""
    couple = Couple(system, ["mentor"])
    couple.agree()
    couple.say("hold_first_meeting", {"minutes": 60})
    mentorship, row = f"/v1/mentorships/{couple.id}", system.get(f"/v1/mentorships/{couple.id}").json
    assert "organisation" in system.get(mentorship, couple.participant).json
    seen = lambda record, token: [one for one in system.items(record, token) if one["mentor"] == row["mentor"]]
    assert seen("mentorships", uncleared) and seen("mentor-meetings", uncleared)
    system.do(f"persons/{row['mentor']}/change_protection", {"protection": "marked"}, token=system.token("admin"))
    fadder.wait_until(lambda: system.get(mentorship, uncleared).status == 403, "it is guarded")
    assert not seen("mentorships", uncleared) and not seen("mentor-meetings", uncleared)
    fadder.wait_until(lambda: row["mentor"] not in str(system.items("links", uncleared)), "the registry's too")
    answer = system.command(f"mentorships/{couple.id}/end", {"reason": "moved"}, token=uncleared)
    assert (answer.status, answer.json["code"]) == (403, "guarded"), answer
    for step in ("pause", "set_capacity", "describe"):
        body = {"set_capacity": {"capacity": 3}, "describe": {"offers": []}}.get(step)
        answer = system.command(f"mentors/{row['mentor']}/{step}", body, token=uncleared)
        assert (answer.status, answer.json["code"]) == (403, "guarded"), f"{step}: {answer}"
    own = system.get(mentorship, couple.participant)
    assert own.status == 200 and "organisation" not in own.json, own
    assert seen("mentor-meetings", couple.participant)
    couple.say("log_meeting", {"minutes": 45}, couple.participant)
    assert system.get(mentorship, couple.mentor).json["organisation"]
    system.do(f"mentors/{row['mentor']}/pause", token=couple.mentor)


def test_with_a_protected_supervisor_likewise(system, uncleared):
    place = Place(system)
    supervisor = system.get(f"/v1/placements/{place.id}").json["supervisor"]
    place.say("start", None, place.supervisor)
    path, host = f"/v1/placements/{place.id}", system.token("signatory-djurgardslinjen")
    assert system.get(path, uncleared).status == system.get(path, host).status == 200
    system.do(f"persons/{supervisor}/change_protection", {"protection": "marked"}, token=system.token("admin"))
    fadder.wait_until(lambda: system.get(path, uncleared).status == 403, "it is guarded")
    assert system.get(path, host).status == 403
    answer = system.command(f"placements/{place.id}/end", {"reason": "other"}, token=uncleared)
    assert (answer.status, answer.json["code"]) == (403, "guarded"), answer
    assert system.get(path, place.supervisor).status == system.get(path, system.token("coordinator")).status == 200
    assert supervisor not in str(system.items("links", uncleared))
