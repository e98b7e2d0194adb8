"""Who is under protection: who is not cleared sees nothing of where they are, and decides nothing about them."""

from __future__ import annotations

import datetime
from typing import Any

import fadder
import pytest

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
        counsellor, today = self.system.token("counsellor"), datetime.date.today()
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


def raise_protection(case: Case) -> None:
    raised = {"protection": "marked"}
    case.system.do(f"referrals/{case.referral}/change_protection", raised, token=case.system.token("counsellor"))

    def is_known() -> bool:
        mentee, trainee = (case.system.get(f"/v1/{view}/{case.referral}").json for view in ("mentees", "trainees"))
        return mentee["protection"] == trainee["protection"] == "marked"

    fadder.wait_until(is_known, "everybody has heard of it")


def test_before_all_see_what_is_theirs(case, uncleared):
    for token in (uncleared, case.cleared, case.own):
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
    case.system.do(f"mentorships/{case.mentorship}/hold", {"reason": "ill", "until": str(datetime.date.today() + datetime.timedelta(days=9))}, token=case.cleared)


def test_who_is_cleared_later_sees_them_and_who_no_longer_is_does_not(case, system):
    part = {"part": "mentor", "organisation": system.get(f"/v1/mentors/{case.mentor_id}").json["organisation"]}
    for is_cleared in (True, False):
        system.say("person.grant_role", part | {"cleared": is_cleared}, "--on", case.mentor_id, "--programme", fadder.PROGRAMME)

        def sees() -> bool:
            return system.get(f"/v1/mentorships/{case.mentorship}", case.mentor).status == 200

        fadder.wait_until(lambda: sees() == is_cleared, f"cleared: {is_cleared}")


def test_where_a_mentor_belongs_is_not_told_of_one_who_is_protected(system, uncleared):
    mentor, club = system.id("mentor-4"), system.id("club-vasastan")
    assert system.get(f"/v1/mentors/{mentor}", uncleared).json["organisation"] == club
    system.do(f"persons/{mentor}/change_protection", {"protection": "marked"}, token=system.token("admin"))
    fadder.wait_until(lambda: "organisation" not in system.get(f"/v1/mentors/{mentor}", uncleared).json, "it is hidden")
    assert mentor not in str(system.items("mentors", uncleared, organisation=club))  # nor is it found by that
    assert system.get(f"/v1/mentors/{mentor}", system.token("coordinator")).json["organisation"] == club
    assert system.get(f"/v1/mentors/{mentor}", system.token("mentor-4")).json["organisation"] == club
