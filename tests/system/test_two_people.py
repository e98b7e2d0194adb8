"""What takes two people, over HTTP: who is let near the protected, and who is hidden less."""

from __future__ import annotations

from typing import Any

import fadder
import pytest
from test_notification import mails_to


class People:
    """Two of the programme's admins, Ann with a second token; and a counsellor of the agency."""

    def __init__(self, system: fadder.System):
        self.system = system
        self.ann, self.bob = self.register("ann"), self.register("bob")
        self.ann_token, self.ann_again = self.token(self.ann), self.token(self.ann)
        self.bob_token = self.token(self.bob)

    def register(self, name: str, token: str | None = None, **more: Any) -> str:
        details = {"given_name": name.title(), "email": f"{name}@example.org"}
        body = {"details": details, "language": "sv", "protection": "none", "part": "coordinator", **more}
        return self.system.do("persons", body, token or self.system.token("admin")).json["id"]

    def token(self, person: str, role: str = "programme_admin", *words: str) -> str:
        """Whatever else they are: an admin is one of the coordinators."""
        if role == "programme_admin":
            self.system.say("person.grant_role", {"part": "coordinator"}, "--on", person, "--programme", fadder.PROGRAMME)
        return self.system.add_token(role, "--person", person, *words)

    def near(self, person: str, role: str = "programme_admin", *words: str, **part: str) -> str:
        """A token of the operator's for somebody whom the operator has cleared."""
        body = {"part": fadder.PARTS.get(role, role), "cleared": True, **part}
        self.system.say("person.grant_role", body, "--on", person, "--programme", fadder.PROGRAMME)
        return self.system.add_token(role, "--person", person, *words)

    def row(self, person: str, token: str | None = None) -> dict[str, Any]:
        return self.system.get(f"/v1/persons/{person}", token or self.bob_token).json

    def say(self, person: str, step: str, token: str, body: dict[str, Any] | None = None) -> None:
        self.system.do(f"persons/{person}/{step}", body, token)

    def refused(self, person: str, step: str, token: str, body: dict[str, Any] | None = None) -> tuple[int, str]:
        answer = self.system.command(f"persons/{person}/{step}", body, token=token)
        return answer.status, answer.json["code"]

    def referred(self, protection: str = "confidential") -> tuple[str, str]:
        referral = self.system.refer(person={"protection": protection, "email": "bo@example.org"})
        person = self.system.get(f"/v1/referrals/{referral}").json["person"]
        fadder.wait_until(lambda: self.system.get(f"/v1/persons/{person}").status == 200, "the person")
        return referral, person

    def heard(self, person: str) -> set[tuple[str, str, str]]:
        said = self.system.items("messages", about=person)
        return {(one["kind"].removeprefix("person_"), one["audience"], one["to"]) for one in said}


@pytest.fixture(scope="module")
def people(system) -> People:
    return People(system)


def waiting(row: dict[str, Any]) -> set[str]:
    return {key for key in row if key.startswith(("clearance_", "lowering_"))}


def test_nobody_is_cleared_by_one(people):
    system, wish = people.system, {"part": "mentor", "cleared": True}
    eva = people.register("eva", people.ann_token, part="mentor", cleared=True)
    row = people.row(eva)
    assert [one["cleared"] for one in row["roles"]] == [False]
    assert (row["clearance_part"], row["clearance_asked_by"]) == ("mentor", people.ann)
    assert row["clearance_asked_at"] < row["clearance_due"]

    own = people.row(eva, people.token(eva, "mentor"))
    assert waiting(own) == {"clearance_part", "clearance_asked_at", "clearance_due"}  # and not who asked
    assert not waiting(people.row(eva, system.token("coordinator")))

    assert people.refused(eva, "confirm_clearance", people.ann_token) == (403, "person.takes_another")
    assert people.refused(eva, "confirm_clearance", people.ann_again) == (403, "person.takes_another")
    assert people.refused(eva, "confirm_clearance", people.token(eva)) == (403, "person.own_clearance")
    assert people.refused(eva, "grant_role", people.bob_token, wish) == (409, "person.clearance_asked_already")
    assert people.refused(eva, "withdraw_clearance", people.bob_token) == (403, "person.not_who_asked")
    assert people.row(eva)["roles"][0]["cleared"] is False

    people.say(eva, "confirm_clearance", people.bob_token)
    row = people.row(eva)
    assert row["roles"][0]["cleared"] is True and not waiting(row)
    fadder.wait_until(lambda: system.get(f"/v1/mentors/{eva}").json.get("cleared") is True, "they are cleared as a mentor")
    expected = {("clearance_confirmed", "asker", people.ann)}
    fadder.wait_until(lambda: expected <= people.heard(eva), "who asked hears of it")
    assert "coordinator" in {audience for kind, audience, _ in people.heard(eva) if kind == "clearance_asked"}

    officer = system.add_token("data_protection_officer")
    (one,) = fadder.wait_until(lambda: [a for a in system.items("audit", officer, person=eva) if a["kind"] == "cleared"], "it is noted")
    assert (one["asked_by"], one["actor"]) == (people.ann, people.bob)


def test_a_clearance_is_withdrawn_refused_or_ends_with_the_part(people):
    eva = people.register("eve", people.ann_token, part="mentor", cleared=True)
    people.say(eva, "withdraw_clearance", people.ann_again)
    assert not waiting(people.row(eva))
    assert people.refused(eva, "confirm_clearance", people.bob_token) == (409, "person.clearance_not_asked")

    wish = {"part": "mentor", "cleared": True}
    people.say(eva, "grant_role", people.bob_token, wish)
    people.say(eva, "refuse_clearance", people.ann_token, {"reason": "unfounded"})
    row = people.row(eva)
    assert row["roles"][0]["cleared"] is False and not waiting(row)
    fadder.wait_until(lambda: ("clearance_refused", "asker", people.bob) in people.heard(eva), "who asked hears why")

    people.say(eva, "grant_role", people.bob_token, wish)
    people.say(eva, "end_role", people.ann_token, {"part": "mentor", "reason": "no_time"})
    assert not waiting(people.row(eva))


def test_that_a_clearance_is_refused_or_ends_is_noted(people):
    system, wish, officer = people.system, {"part": "mentor", "cleared": True}, people.system.add_token("data_protection_officer")
    eva = people.register("eveliina", people.ann_token, part="mentor", cleared=True)
    people.say(eva, "refuse_clearance", people.bob_token, {"reason": "unfounded"})
    people.say(eva, "grant_role", people.ann_token, wish)
    people.say(eva, "confirm_clearance", people.bob_token)
    people.say(eva, "grant_role", people.ann_token, {"part": "mentor"})
    people.say(eva, "grant_role", people.ann_token, wish)
    people.say(eva, "confirm_clearance", people.bob_token)
    people.say(eva, "end_role", people.bob_token, {"part": "mentor", "reason": "conduct"})
    expected = [("unfounded", people.bob), ("confirmed", people.bob), ("taken_back", people.ann), ("confirmed", people.bob), ("conduct", people.bob)]
    noted = lambda: [(one["code"], one["actor"]) for one in system.items("audit", officer, person=eva) if one["kind"] == "cleared"]
    fadder.wait_until(lambda: noted() == expected, "all of it is noted")
    told = system.operator("audit", "--person", eva, "--kind", "cleared").stdout
    assert f"asked by {people.ann}" in told and "person.role_ended  conduct" in told


def test_the_operators_word_is_enough(people):
    body = {"part": "guide", "cleared": True}
    people.system.say("person.grant_role", body, "--on", people.ann, "--programme", fadder.PROGRAMME)
    roles = {one["part"]: one["cleared"] for one in people.row(people.ann)["roles"]}
    assert roles == {"coordinator": False, "guide": True}


def test_nobody_is_hidden_less_by_one(people):
    system = people.system
    referral, bo = people.referred()
    agency, lower = system.id("agency"), {"protection": "none"}
    uncleared = system.add_token("counsellor", "--person", system.add_person("counsellor", agency), "--organisation", agency)
    for asks in (uncleared, people.ann_token):
        assert people.refused(bo, "change_protection", asks, lower) == (403, "guarded")
    answer = system.command(f"referrals/{referral}/change_protection", lower, token=uncleared)
    assert (answer.status, answer.json["code"]) == (403, "guarded")
    counsellor = people.near(system.id("counsellor"), "counsellor", "--organisation", agency, organisation=agency)
    as_admin, bob = people.near(system.id("counsellor")), people.near(people.bob)

    system.do(f"referrals/{referral}/change_protection", lower, counsellor)
    fadder.wait_until(lambda: "lowering_to" in people.row(bo), "it stands on the person")
    row = people.row(bo)
    assert (row["protection"], row["lowering_to"], row["lowering_asked_by"]) == ("confidential", "none", system.id("counsellor"))
    assert not waiting(people.row(bo, system.token("coordinator")))
    assert system.get(f"/v1/referrals/{referral}").json["protection"] == "confidential"

    assert people.refused(bo, "confirm_lowering", counsellor) == (403, "person.takes_another")
    assert people.refused(bo, "confirm_lowering", as_admin) == (403, "person.takes_another")  # another role, the same person
    again = system.command(f"referrals/{referral}/change_protection", lower, token=system.token("agency-system"))
    assert (again.status, again.json["code"]) == (409, "referral.lowering_asked_already")
    assert people.refused(bo, "confirm_lowering", people.ann_token) == (403, "guarded")
    people.say(bo, "confirm_lowering", bob)
    fadder.wait_until(lambda: system.get(f"/v1/referrals/{referral}").json["protection"] == "none", "the referral follows")
    row = people.row(bo)
    assert row["protection"] == "none" and not waiting(row)
    wanted = ("protection_changed", "asker", system.id("counsellor"))
    fadder.wait_until(lambda: wanted in people.heard(bo), "who asked hears of it")
    assert {"agency", "coordinator"} == {audience for kind, audience, _ in people.heard(bo) if kind == "lowering_asked"}
    officer = system.add_token("data_protection_officer")
    notes = fadder.wait_until(lambda: [a for a in system.items("audit", officer, person=bo) if a["kind"] == "protected"], "it is noted")
    assert [(one["asked_by"], one["actor"]) for one in notes] == [(system.id("counsellor"), people.bob)]


def test_what_an_agencys_system_asks_the_programme_confirms(people):
    system, (referral, bo) = people.system, people.referred("marked")
    machine, counsellor = system.token("agency-system"), system.token("counsellor")
    people.say(bo, "change_protection", machine, {"protection": "none"})
    assert "lowering_asked_by" not in people.row(bo)
    assert people.refused(bo, "confirm_lowering", counsellor) == (403, "person.asked_by_system")
    people.say(bo, "withdraw_lowering", machine)
    assert not waiting(people.row(bo))
    people.say(bo, "change_protection", machine, {"protection": "none"})
    people.say(bo, "refuse_lowering", people.ann_token, {"reason": "not_needed"})
    fadder.wait_until(lambda: "lowering_refused" in {kind for kind, audience, _ in people.heard(bo) if audience == "agency"}, "the agency hears why")
    assert people.row(bo)["protection"] == "marked"


def test_a_raise_holds_at_once_and_drops_what_was_asked(people):
    _, bo = people.referred("marked")
    people.say(bo, "change_protection", people.near(people.bob), {"protection": "none"})
    people.say(bo, "change_protection", people.ann_token, {"protection": "strictly"})
    row = people.row(bo)
    assert row["protection"] == "strictly" and not waiting(row)
    assert people.refused(bo, "confirm_lowering", people.near(people.ann)) == (409, "person.lowering_not_asked")


class Attacker:
    """Who has one admin's token, and nothing else."""

    def __init__(self, people: People, who: str, token: str):
        self.people, self.system, self.who, self.token = people, people.system, who, token

    def makes_token(self, person: str, role: str = "programme_admin", token: str | None = None) -> str:
        return self.system.do("tokens", {"role": role, "person": person}, token or self.token).json["secret"]

    def asks(self, name: str, token: str | None = None) -> str:
        """For somebody whom nobody knows, to be cleared."""
        return self.people.register(name, token or self.token, part="mentor", cleared=True)

    def is_refused(self, person: str, token: str, step: str = "confirm_clearance", code: str = "not_two") -> None:
        assert self.people.refused(person, step, token) == (403, f"person.{code}")
        row = self.people.row(person)
        assert row["protection"] != "none" or not row["roles"][0]["cleared"]


@pytest.fixture(scope="module")
def attacker(people) -> Attacker:
    ann = people.register("anna")
    return Attacker(people, ann, people.token(ann))


@pytest.fixture(scope="module")
def near_attacker(people) -> Attacker:
    """Who is cleared besides."""
    annabel = people.register("annabel")
    return Attacker(people, annabel, people.near(annabel))


def test_a_token_that_one_admin_made_is_no_second_person(people, attacker):
    bobs = attacker.makes_token(people.bob)
    carl = people.register("carl", attacker.token)
    carls, dora = attacker.makes_token(carl), attacker.system.add_person("coordinator")
    through_bob = attacker.makes_token(dora, token=bobs)  # one that was made with one that she made

    for asks, confirms in [
        (attacker.token, bobs),
        (attacker.token, carls),
        (attacker.token, through_bob),
        (bobs, attacker.token),
        (bobs, carls),
        (carls, through_bob),
    ]:
        attacker.is_refused(attacker.asks("mallory", asks), confirms)
    eva = attacker.asks("evelyn")
    people.say(eva, "confirm_clearance", people.bob_token)  # the operator made that one, for somebody whom the operator let in
    assert people.row(eva)["roles"][0]["cleared"] is True


def test_who_was_let_in_by_the_one_who_asks_is_no_second_person_whoever_made_their_token(people, attacker):
    system, eve = people.system, attacker.asks("eveline")
    carla = people.register("carla", attacker.token)
    naive = system.add_token("programme_admin", "--person", carla)  # asked nicely, the operator makes one
    attacker.is_refused(eve, naive)
    dan = people.register("dan", naive)  # and that one lets in another
    attacker.is_refused(eve, system.add_token("programme_admin", "--person", dan))

    vetted = people.token(carla)  # the operator grants the part too, which is the remedy
    people.say(eve, "confirm_clearance", vetted)
    assert people.row(eve)["roles"][0]["cleared"] is True


def test_an_agencys_system_whose_secret_an_admin_knows_is_no_other(people, near_attacker):
    system, attacker = people.system, near_attacker
    made = system.do("partners", {"name": "Another", "organisation": system.id("agency")}, attacker.token).json
    answer = system.deliver(
        fadder.referral("ATTACK-1", person={"protection": "strictly", "email": "mo@example.org"}), fadder.Partner(made["id"], made["secret"])
    )
    assert answer.status == 200, answer
    person = system.get(f"/v1/referrals/{answer.json['referral']}").json["person"]
    machine = attacker.makes_token(made["id"], "agency_system")
    people.say(person, "change_protection", machine, {"protection": "none"})
    attacker.is_refused(person, attacker.token, "confirm_lowering")
    people.say(person, "confirm_lowering", people.near(people.bob))
    assert people.row(person)["protection"] == "none"


def test_a_counsellor_who_is_an_admins_token_lowers_nothing(people, attacker, near_attacker):
    system, (_, bo) = people.system, people.referred()
    agency = system.id("agency")
    people.near(system.id("counsellor"), "counsellor", "--organisation", agency, organisation=agency)
    uncleared = attacker.makes_token(system.id("counsellor"), "counsellor")
    assert people.refused(bo, "change_protection", uncleared, {"protection": "none"}) == (403, "guarded")
    attacker = near_attacker
    as_counsellor = attacker.makes_token(system.id("counsellor"), "counsellor")
    people.say(bo, "change_protection", as_counsellor, {"protection": "none"})
    attacker.is_refused(bo, attacker.token, "confirm_lowering")
    people.say(bo, "withdraw_lowering", as_counsellor)
    people.say(bo, "change_protection", attacker.token, {"protection": "none"})
    attacker.is_refused(bo, as_counsellor, "confirm_lowering")


def test_a_token_for_who_is_cleared_shows_no_more_than_who_made_it_sees(people, attacker):
    system, (_, bo) = people.system, people.referred()
    eva = system.add_person("coordinator", system.id("owner"))
    system.say("person.grant_role", {"part": "coordinator", "cleared": True}, "--on", eva, "--programme", fadder.PROGRAMME)
    body, operators = {"purpose": "coordination"}, system.add_token("programme_admin", "--person", eva)
    assert system.command(f"persons/{bo}/read", body, token=operators).status == 200

    kept = attacker.makes_token(eva)
    assert people.refused(bo, "read", kept, body) == (403, "person.protected")
    renewed = attacker.makes_token(eva, token=operators)  # what she makes for herself she may show
    assert system.command(f"persons/{bo}/read", body, token=renewed).status == 200
    rows = [one for one in system.items("tokens", person=eva) if one["role"] == "programme_admin"]
    assert sorted((one["hands"], one["cleared"]) for one in rows) == sorted([([], True), ([attacker.who], False), ([eva], True)])


def test_nobody_takes_over_an_admin_by_where_their_mails_go(make_system, smtp):
    """Neither by changing it, nor with a token made for them; and what was said is undone by who it is about."""
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{smtp.port}").start()
    people, officer = People(system), system.add_token("data_protection_officer")
    there, thiefs = "bob@example.org", "thief@example.org"

    def mailbox(person: str) -> tuple[str, str | None]:
        opened = system.command(f"persons/{person}/read", {"purpose": "coordination"}, 0, people.ann_token).json
        return opened["email"], opened.get("email_next")

    people.say(people.bob, "change", people.ann_token, {"details": {"email": thiefs}})
    assert mailbox(people.bob) == (there, thiefs) and people.row(people.bob)["mailbox_due"]
    fadder.wait_until(lambda: mails_to(smtp.mails(), there), "he is told of it where his mails go")
    (one,) = fadder.wait_until(lambda: [one for one in system.items("audit", officer, person=people.bob) if one["kind"] == "mailbox"], "it is noted")
    assert (one["code"], one["actor"]) == ("waiting", people.ann)
    assert people.refused(people.bob, "change", people.ann_token, {"details": {"email": None}}) == (403, "person.mailbox_needed")

    people.say(people.bob, "change_contact", people.bob_token, {"contact": {"email": there}})
    assert mailbox(people.bob) == (there, None) and "mailbox_due" not in people.row(people.bob)

    made = system.do("tokens", {"role": "programme_admin", "person": people.bob}, people.ann_token).json["secret"]
    people.say(people.bob, "change_contact", made, {"contact": {"email": thiefs}})
    assert mailbox(people.bob) == (there, thiefs)
    fadder.wait_until(lambda: len(mails_to(smtp.mails(), there)) == 2, "he is told of that too")
    people.say(people.bob, "change_contact", people.bob_token, {"contact": {"email": "home@example.org"}})  # the operator made his own
    assert mailbox(people.bob) == ("home@example.org", None)
    assert not mails_to(smtp.mails(), thiefs)
