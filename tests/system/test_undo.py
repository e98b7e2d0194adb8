"""Steps that were taken by mistake, through all services: whoever moved along with one moves back with it."""

from __future__ import annotations

import datetime
from typing import Any

import fadder
import pytest

TODAY = fadder.today()


class Couple:
    """A participant and their mentor, from the acceptance on; each says things by a token of their own."""

    def __init__(self, system: fadder.System, wants: list[str]):
        self.system, self.coordinator = system, system.token("coordinator")
        self.referral = system.refer(wants=wants)
        system.do(f"referrals/{self.referral}/accept", token=self.coordinator)
        self.person = system.get(f"/v1/referrals/{self.referral}").json["person"]
        self.participant = system.add_token("participant", "--person", self.person)
        (found,) = fadder.wait_until(lambda: system.items("mentorships", referral=self.referral), "somebody is proposed")
        mentors = {system.id(f"mentor-{n}"): system.token(f"mentor-{n}") for n in range(1, 9)}
        self.id, self.mentor = found["id"], mentors[found["mentor"]]

    def say(self, step: str, body: dict[str, Any] | None = None, by: str | None = None) -> fadder.Answer:
        return self.system.do(f"mentorships/{self.id}/{step}", body, token=by or self.mentor)

    def agree(self) -> None:
        self.say("offer", by=self.coordinator)
        self.say("accept")
        self.say("sign_confidentiality")
        self.say("sign_confidentiality", by=self.participant)

    def state(self, record: str = "referrals", token: str | None = None) -> str:
        id = self.id if record == "mentorships" else self.referral
        return self.system.get(f"/v1/{record}/{id}", token).json["state"]

    def comes_to(self, **states: str) -> None:
        def as_said() -> bool:
            return all(self.state(record) == state for record, state in states.items())

        fadder.wait_until(as_said, f"{states}, and not {[self.state(record) for record in states]}")


@pytest.fixture(scope="module")
def couple(system) -> Couple:
    made = Couple(system, ["mentor"])
    made.agree()
    made.comes_to(mentorships="agreed", referrals="matched", mentees="matched")
    return made


def test_a_first_meeting_that_was_none(couple):
    couple.say("hold_first_meeting", {"minutes": 60})
    couple.comes_to(mentorships="active", referrals="in_progress")
    couple.say("undo")
    couple.comes_to(mentorships="agreed", referrals="matched", mentees="matched")
    row = couple.system.get(f"/v1/mentorships/{couple.id}").json
    assert row["meetings"] == row["minutes"] == 0 and "started_on" not in row
    couple.say("hold_first_meeting", {"minutes": 30})
    couple.comes_to(mentorships="active", referrals="in_progress")
    assert couple.system.get(f"/v1/mentorships/{couple.id}").json["meetings"] == 1


def test_an_end_by_the_participant_is_theirs_to_take_back(couple):
    couple.say("end", {"reason": "moved"}, by=couple.participant)
    couple.comes_to(mentorships="ended_early", referrals="waitlisted", mentees="searching")
    anothers = couple.system.command(f"mentorships/{couple.id}/undo", token=couple.mentor)
    assert (anothers.status, anothers.json["code"]) == (403, "mentorship.undo_anothers")
    couple.say("undo", by=couple.participant)
    couple.comes_to(mentorships="active", referrals="in_progress", mentees="matched")


def test_an_end_that_was_written_down_for_them_is_too(couple):
    said = {"reason": "moved", "behalf": {"of": "participant", "told": "telephone"}}
    couple.say("end", said, by=couple.coordinator)
    couple.comes_to(mentorships="ended_early")
    couple.say("undo", by=couple.participant)
    couple.comes_to(mentorships="active", referrals="in_progress", mentees="matched")
    assert not couple.system.get(f"/v1/mentorships/{couple.id}").json.get("recorded")


def test_a_completion_that_completed_the_referral(couple):
    couple.say("complete", by=couple.participant)
    couple.say("complete")
    couple.comes_to(mentorships="completed", referrals="completed", mentees="closed")
    couple.say("undo")
    couple.comes_to(mentorships="active", referrals="in_progress", mentees="matched")
    again = couple.system.command(f"mentorships/{couple.id}/complete", token=couple.participant)
    assert (again.status, again.json["code"]) == (409, "mentorship.already_said")  # their word stands
    couple.say("complete")
    couple.comes_to(mentorships="completed", referrals="completed", mentees="closed")


def test_a_withdrawal(system):
    couple = Couple(system, ["mentor"])
    couple.agree()
    couple.comes_to(referrals="matched")
    couple.say("withdraw", {"reason": "no_time"})
    couple.comes_to(mentorships="withdrawn", referrals="waitlisted", mentees="searching")
    couple.say("undo")
    couple.comes_to(mentorships="agreed", referrals="matched", mentees="matched")
    others = system.items("mentorships", referral=couple.referral)
    assert {one["state"] for one in others if one["id"] != couple.id} <= {"superseded"}  # the matcher's


def test_nobody_who_is_gone_comes_back(system):
    couple = Couple(system, ["mentor"])
    couple.agree()
    couple.say("hold_first_meeting", {"minutes": 60})
    couple.say("complete", by=couple.participant)
    couple.say("complete")
    couple.comes_to(mentorships="completed", referrals="completed", mentees="closed")
    system.do(f"persons/{couple.person}/erase", token=system.token("admin"))
    gone = lambda: not system.get(f"/v1/mentees/{couple.referral}").json["languages"]
    fadder.wait_until(gone, "everybody has heard of it")
    refused = system.command(f"mentorships/{couple.id}/undo", token=couple.mentor)
    assert (refused.status, refused.json["code"]) == (409, "mentorship.nothing_to_undo")
    assert couple.state() == "completed"


def test_nobody_is_looked_for_who_takes_no_part_any_more(system):
    couple = Couple(system, ["mentor"])
    couple.agree()
    couple.say("hold_first_meeting", {"minutes": 60})
    couple.comes_to(mentorships="active", referrals="in_progress")
    system.do(f"persons/{couple.person}/end_role", {"part": "participant", "reason": "moved_away"}, token=couple.coordinator)
    couple.comes_to(mentorships="ended_early", referrals="cancelled", mentees="closed")
    system.do(f"referrals/{couple.referral}/reopen", {"reason": "mistake"}, token=couple.coordinator)
    couple.comes_to(mentees="searching")
    parts = system.get(f"/v1/persons/{couple.person}").json["roles"]
    assert [part["part"] for part in parts] == ["participant"]
    mentor = system.get(f"/v1/mentorships/{couple.id}").json["mentor"]
    found = lambda: [one for one in system.items("mentorships", referral=couple.referral) if one["state"] == "proposed"]
    (again,) = fadder.wait_until(found, "somebody is proposed again")
    if again["mentor"] != mentor:  # who was best is again, or is asked by hand: neither of the two had said no
        system.do("mentorships", {"referral": couple.referral, "mentor": mentor}, token=couple.coordinator)


def test_what_was_completed_does_not_go_on_with_who_takes_no_part_any_more(system):
    couple = Couple(system, ["mentor"])
    couple.agree()
    couple.say("hold_first_meeting", {"minutes": 60})
    couple.say("complete", by=couple.participant)
    couple.say("complete")
    couple.comes_to(mentorships="completed", referrals="completed", mentees="closed")
    system.do(f"persons/{couple.person}/end_role", {"part": "participant", "reason": "finished"}, token=couple.coordinator)
    Couple(system, ["mentor"])  # who is proposed to somebody later: what was said before has been heard
    refused = system.command(f"mentorships/{couple.id}/undo", token=couple.mentor)
    assert (refused.status, refused.json["code"]) == (409, "mentorship.nothing_to_undo")
    assert couple.state() == "completed"


def test_what_only_rules_say_is_nobodys_to_say(system):
    referral = system.refer(wants=["mentor"])
    answer = system.command(f"referrals/{referral}/reject", {"reason": "erased"}, token=system.token("coordinator"))
    assert answer.status == 422 and "reason" in str(answer.json), answer


def test_a_question_waits_again(system):
    couple = Couple(system, ["mentor"])
    couple.agree()
    question = {"topic": "time", "said": {"words": "Which evenings?"}}
    system.do(f"questions/{couple.id}/ask", question, token=couple.mentor)
    couple.say("withdraw", {"reason": "no_time"})
    fadder.wait_until(lambda: system.get(f"/v1/questions/{couple.id}").json["state"] == "closed", "it is closed")
    assert "kept_until" in system.get(f"/v1/questions/{couple.id}").json
    couple.say("undo")
    fadder.wait_until(lambda: system.get(f"/v1/questions/{couple.id}").json["state"] == "waiting", "it waits")
    assert "kept_until" not in system.get(f"/v1/questions/{couple.id}").json
    read = system.do(f"questions/{couple.id}/read", {"what": "question"}, token=couple.coordinator)
    assert "Which evenings?" in str(read.json)


class Place:
    """A placement that is ready."""

    def __init__(self, system: fadder.System):
        self.system, self.counsellor = system, system.token("counsellor")
        self.supervisor = system.token("supervisor-djurgardslinjen")
        self.host = system.token("signatory-djurgardslinjen")
        self.referral = system.refer(wants=["placement"])
        system.do(f"referrals/{self.referral}/accept", token=system.token("coordinator"))
        self.id = system.plan(self.referral, seats=1)
        self.posting = system.get(f"/v1/placements/{self.id}").json["posting"]
        until = str(TODAY + datetime.timedelta(days=90))
        for said in (
            {"kind": "agreement"},
            {"kind": "supervisor", "supervisor": system.id("supervisor-djurgardslinjen")},
            {"kind": "drawing_access", "valid_until": until},
            {"kind": "safety_introduction"},
            {"kind": "insurance"},
        ):
            self.say("meet_requirement", said, self.counsellor)

    def say(self, step: str, body: dict[str, Any] | None, by: str) -> None:
        self.system.do(f"placements/{self.id}/{step}", body, token=by)

    def comes_to(self, placement: str, referral: str, taken: int) -> None:
        def is_now() -> tuple[str, str, int]:
            return (
                self.system.get(f"/v1/placements/{self.id}").json["state"],
                self.system.get(f"/v1/referrals/{self.referral}").json["state"],
                self.system.get(f"/v1/postings/{self.posting}").json["taken"],
            )

        fadder.wait_until(lambda: is_now() == (placement, referral, taken), f"{(placement, referral, taken)}: {is_now()}")


def test_each_step_of_a_placement(system):
    place = Place(system)
    place.comes_to("ready", "matched", 1)
    steps = [
        ("cancel", {"reason": "wish"}, place.host, "cancelled", "waitlisted", 0),
        ("report_no_show", None, place.counsellor, "no_show", "waitlisted", 0),
        ("start", None, place.supervisor, "started", "in_progress", 1),
    ]
    for step, body, by, state, referral, taken in steps:
        place.say(step, body, by)
        place.comes_to(state, referral, taken)
        place.say("undo", None, by)
        place.comes_to("ready", "matched", 1)
    place.say("start", None, place.supervisor)
    place.say("end", {"reason": "ill"}, place.counsellor)
    place.comes_to("ended_early", "waitlisted", 0)
    place.say("undo", None, place.counsellor)
    place.comes_to("started", "in_progress", 1)
    row = system.get(f"/v1/placements/{place.id}").json
    assert "ended_on" not in row and "book_until" not in row
    place.say("end", {"reason": "ill"}, place.counsellor)
    place.say("assess", {"result": "partly_reached"}, place.supervisor)
    place.say("undo", None, place.supervisor)
    place.comes_to("ended_early", "waitlisted", 0)
    assert "certificate" not in system.get(f"/v1/placements/{place.id}").json


def test_a_seat_that_somebody_else_has_now(system):
    place = Place(system)
    place.say("cancel", {"reason": "wish"}, place.host)
    other = system.refer(wants=["placement"])
    system.do(f"referrals/{other}/accept", token=system.token("coordinator"))
    unknown = system.command("placements", {"referral": other, "posting": place.posting}, token=place.host)
    assert unknown.json["code"] == "placement.no_such_trainee", "a host plans for nobody whom it does not know"
    system.do("placements", {"referral": other, "posting": place.posting}, token=system.token("coordinator"))
    refused = system.command(f"placements/{place.id}/undo", token=place.host)
    assert (refused.status, refused.json["code"]) == (409, "placement.undo_followed")


def test_two_meetings_that_turn_out_to_be_one(system):
    couple = Couple(system, ["mentor"])
    couple.agree()
    couple.say("hold_first_meeting", {"minutes": 60})
    couple.say("log_meeting", {"minutes": 120}, by=couple.participant)
    shown = lambda: couple.system.get(f"/v1/mentorships/{couple.id}").json
    assert (shown()["meetings"], shown()["minutes"]) == (2, 180)  # so far apart that they are two
    first = shown()["first_meeting"]
    couple.say("correct_meeting", {"meeting": first, "minutes": 120})
    assert (shown()["meetings"], shown()["minutes"]) == (1, 120)
    met = {one["id"]: one for one in system.items("mentor-meetings", mentorship=couple.id)}
    kept = met.pop(first)
    assert (kept["by"], kept["minutes"], kept["confirmed_by"], kept["confirmed_minutes"]) == ("mentor", 120, "participant", 120)
    (gone,) = met.values()
    assert gone["struck"] and gone["same"] == first and "struck" not in kept
    for name in ("mentor", "participant"):
        assert {one["id"] for one in system.items("mentor-meetings", **{name: kept[name]})} == {first, gone["id"]}


def test_an_acceptance_while_nobody_was_asked(system):
    couple = Couple(system, ["mentor", "placement"])  # somebody is proposed, and nobody knows
    system.do(f"referrals/{couple.referral}/undo", token=couple.coordinator)
    couple.comes_to(referrals="received", mentees="closed", mentorships="withdrawn")
    assert "responsible" not in system.get(f"/v1/referrals/{couple.referral}").json

    def told():
        said = [one for one in system.items("messages", about=couple.referral) if one["kind"] == "referral_undone"]
        return {one["audience"] for one in said} == {"participant"} or None  # no partner has an endpoint here

    fadder.wait_until(told, "who was told of the acceptance hears that it was none")
    twice = system.command(f"referrals/{couple.referral}/undo", token=couple.coordinator)
    assert (twice.status, twice.json["code"]) == (409, "not_now")
    posting = system.publish()
    body = {"referral": couple.referral, "posting": posting}
    refused = system.command("placements", body, token=couple.coordinator)
    assert refused.status == 409, refused

    system.do(f"referrals/{couple.referral}/accept", token=couple.coordinator)
    couple.comes_to(mentees="searching")
    found = lambda: [one for one in system.items("mentorships", referral=couple.referral) if one["state"] == "proposed"]
    (again,) = fadder.wait_until(found, "somebody is proposed again")
    system.do(f"mentorships/{again['id']}/offer", token=couple.coordinator)
    gone = lambda: "undo" not in system.get(f"/v1/referrals/{couple.referral}", couple.coordinator).json
    fadder.wait_until(gone, "the registry has heard that a mentor was asked")
    late = system.command(f"referrals/{couple.referral}/undo", token=couple.coordinator)
    assert (late.status, late.json["code"]) == (409, "referral.nothing_to_undo")
    assert couple.state() == "accepted"


def test_a_question_to_the_agency_that_it_has_not_answered(system):
    referral, coordinator, clerk = system.refer(wants=["placement"]), system.token("coordinator"), system.token("counsellor")
    say = lambda step, body=None, token=coordinator: system.command(f"referrals/{referral}/{step}", body, token=token)
    shown = lambda: system.get(f"/v1/referrals/{referral}", coordinator).json
    assert say("accept").status == say("waitlist").status == 200
    before = shown()
    assert say("ask_info", {"asks": ["contact", "other"]}).status == 200
    assert shown()["state"] == "needs_info" and shown()["undo"]["state"] == "waitlisted"
    assert say("undo").status == 200
    after = shown()  # and nothing of the question is left
    assert after.pop("version") > before.pop("version") and after == before

    def told():
        said = [one for one in system.items("messages", about=referral) if one["kind"] == "referral_undone"]
        return {one["audience"] for one in said} == {"agency"} or None  # no partner has an endpoint here

    fadder.wait_until(told, "the agency hears that no answer is needed")
    late = say("give_info", {"given": ["contact"]}, clerk)
    assert (late.status, late.json["code"]) == (409, "not_now")
    posting = system.publish()  # they take part as before
    planned = lambda: system.command("placements", {"referral": referral, "posting": posting}, token=coordinator).status
    fadder.wait_until(lambda: planned() == 201, "who was not to be asked about is planned")

    referral = system.refer("T-UNDO-ASKED", wants=["mentor"])
    assert say("ask_info", {"asks": ["contact", "other"]}).status == 200
    assert say("give_info", {"given": ["other"]}, clerk).status == 200
    answered = say("undo")
    assert (answered.status, answered.json["code"]) == (409, "referral.nothing_to_undo")


def told_of(system: fadder.System, about: str, audience: str) -> dict[str, tuple[str, str | None]]:
    """What came of each mail to one reader about one thing: its state, and why it failed last."""
    found = {}
    for one in system.items("messages", about=about):
        if one["audience"] == audience:
            delivery = system.get(f"/v1/deliveries/{one['id']}").json
            found[one["kind"]] = (delivery["state"], delivery.get("reason"))
    return found


def test_what_a_server_has_not_taken_yet_is_not_said_after_it_was_taken_back(make_system, scripted):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{scripted.port}").start()
    coordinator = system.token("coordinator")
    say = lambda id, step, body=None: system.do(f"referrals/{id}/{step}", body, token=coordinator)
    questions = lambda id: told_of(system, id, "agency")
    answers = lambda id: told_of(system, id, "participant")

    def comes_to(state: Any, **kinds: tuple[str, str | None]) -> None:
        fadder.wait_until(lambda: state() == kinds, f"{kinds}, and not {state()}")

    scripted.script("RCPT 451 4.7.1 greylisted")
    waits, never = ("queued", "smtp"), {"referral_undone": ("given_up", "not_heard")}
    question, yes = system.refer(wants=["placement"]), system.refer(wants=["placement"])
    say(question, "ask_info", {"asks": ["contact"]})
    say(yes, "accept")
    comes_to(lambda: questions(question), referral_info_asked=waits)
    comes_to(lambda: answers(yes), referral_accepted=waits)
    say(question, "undo")
    say(yes, "undo")
    comes_to(lambda: questions(question), referral_info_asked=("given_up", "taken_back"), **never)
    comes_to(lambda: answers(yes), referral_accepted=("given_up", "taken_back"), **never)
    assert not [one for one in system.items("recipients") if one["state"] != "found"], "nobody has missed anything"

    scripted.script()  # who heard of it hears that it was none, also if it waits, or if it is not known
    say(yes, "accept")
    delivered = ("delivered", None)
    other = system.refer(wants=["placement"])
    say(other, "accept")
    comes_to(lambda: answers(other), referral_accepted=delivered)
    say(other, "undo")
    comes_to(lambda: answers(other), referral_accepted=delivered, referral_undone=delivered)

    scripted.script("MESSAGE HANGUP")
    doubtful = system.refer(wants=["placement"])
    say(doubtful, "accept")
    fadder.wait_until(lambda: answers(doubtful).get("referral_accepted", ("", None))[1], "it may have been taken")
    scripted.script()
    say(doubtful, "undo")
    fadder.wait_until(lambda: answers(doubtful).get("referral_undone") == delivered, "who may know of it hears that it was none")
    system.operator("verify", "notification")


def test_a_part_that_was_ended_by_mistake(system):
    admin = system.token("admin")
    mentor = system.id("mentor-6")
    before = system.get(f"/v1/persons/{mentor}", admin).json["roles"]
    row = system.get(f"/v1/mentors/{mentor}").json
    own = system.add_token("mentor", "--person", mentor)
    system.do(f"mentors/{mentor}/pause", token=own)
    system.do(f"persons/{mentor}/end_role", {"part": "mentor", "reason": "data_error"}, token=admin)
    state = lambda name: lambda: system.get(f"/v1/mentors/{mentor}").json["state"] == name
    fadder.wait_until(state("gone"), "the mentor is gone")
    anothers = system.command(f"persons/{mentor}/undo", token=system.token("coordinator"))
    assert (anothers.status, anothers.json["code"]) == (403, "person.undo_anothers")
    system.do(f"persons/{mentor}/undo", token=admin)
    fadder.wait_until(state("paused"), "the mentor is as before")
    assert system.get(f"/v1/persons/{mentor}", admin).json["roles"] == before
    again = system.get(f"/v1/mentors/{mentor}").json
    assert {key: again[key] for key in row if key not in ("version", "state")} == {
        key: row[key] for key in row if key not in ("version", "state")
    }  # fmt: skip
    ended = lambda: system.get(f"/v1/mentors/{mentor}", own).status == 401
    fadder.wait_until(ended, "what was shown has ended for good, though the part is back")


def test_an_organisation_that_was_closed_by_mistake(system):
    admin, club = system.token("admin"), system.id("djurgardslinjen")
    host = system.token("signatory-djurgardslinjen")
    system.do(f"organisations/{club}/close", {"reason": "data_error"}, token=admin)
    ended = lambda: system.get("/v1/postings", host).status == 401
    fadder.wait_until(ended, "who acts for it shows nothing any more")
    system.do(f"organisations/{club}/undo", token=admin)
    assert system.get(f"/v1/organisations/{club}", admin).json["state"] == "open"
    assert system.get("/v1/postings", host).status == 401  # a token is made anew


def test_a_partner_that_was_disabled_by_mistake(system):
    admin, partner = system.token("admin"), system.partner.id
    done = system.operator("endpoint", "add", "--partner", partner, "--url", "https://hooks.example.org/fadder")
    endpoint = done.stdout.split()[0]
    state = lambda what, id: system.get(f"/v1/{what}/{id}", admin).json["state"]
    body = fadder.referral("T-UNDO-PARTNER")
    system.do(f"partners/{partner}/disable", {"reason": "data_error"}, token=admin)
    fadder.wait_until(lambda: state("endpoints", endpoint) == "disabled", "its endpoint ends with it")
    fadder.wait_until(lambda: system.deliver(body).status == 401, "nobody listens to it")
    alone = system.command(f"endpoints/{endpoint}/undo", token=admin)
    assert (alone.status, alone.json["code"]) == (403, "endpoint.undo_anothers")
    system.do(f"partners/{partner}/undo", token=admin)
    fadder.wait_until(lambda: state("endpoints", endpoint) == "active", "its endpoint is back with it")
    fadder.wait_until(lambda: system.deliver(body).status == 200, "it is listened to again")

    system.do(f"endpoints/{endpoint}/disable", {"reason": "unused"}, token=admin)
    system.do(f"endpoints/{endpoint}/undo", token=admin)
    assert state("endpoints", endpoint) == "active"


def test_what_the_operator_did_by_mistake(system):
    admin, club = system.token("admin"), system.id("club-vasastan")
    on = ("--on", club, "--programme", fadder.PROGRAMME)
    system.operator("say", "organisation.close", "-", *on, input='{"reason":"data_error"}')
    assert system.get(f"/v1/organisations/{club}", admin).json["state"] == "closed"
    admins = system.command(f"organisations/{club}/undo", token=admin)
    assert (admins.status, admins.json["code"]) == (403, "organisation.undo_anothers")
    system.operator("say", "organisation.undo", "-", *on, input="{}")
    assert system.get(f"/v1/organisations/{club}", admin).json["state"] == "open"
