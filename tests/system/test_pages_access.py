"""services/pages/access.tsv, walked: every page and every form, by every role and by who is not signed in, of one's own things and of others'."""

from __future__ import annotations

import base64
import hashlib
import json
import pathlib
import signal
import urllib.parse
import uuid
from dataclasses import dataclass
from typing import Any, Iterator

import fadder
import pytest
from browser import Browser
from test_access import OTHER, Actor, World, access, all_rows
from test_undo import Couple, Place
from test_who_may import least

PAGES = pathlib.Path(__file__).parents[2] / "services" / "pages" / "access.tsv"
NOBODYS = str(uuid.UUID(int=7))
TEXT = "{text}"  # what a link says, of which there is none here
OF = {"/day-books/{id}": "placement"}  # whose page acts on nothing that has its version
NEW = ("guardian", "volunteer_coordinator", "data_protection_officer")
# What is noted while somebody looks, and is not a change of what they look at.
LOOKED = {"person.was_read", "question.was_read", "organisation.was_read", "programme.was_read", "audit.noted"}


@dataclass(frozen=True)
class Form:
    path: str
    act: str
    command: str
    roles: set[str]

    def at(self, id: str) -> str:
        return filled(self.path, id) + ("" if self.act == "-" else f"/{self.act}")


@dataclass(frozen=True)
class Opened:
    path: str
    record: str
    roles: set[str]
    forms: list[Form]

    @property
    def is_about(self) -> bool:
        return "{id}" in self.path


def filled(path: str, id: str) -> str:
    return path.replace("{id}", id).replace(TEXT, "nothing")


def told() -> list[Opened]:
    found: dict[str, Opened] = {}
    for line in PAGES.read_text(encoding="utf-8").splitlines():
        kind, path, *rest = line.split("\t")
        if kind == "page":
            found[path] = Opened(path, OF.get(path, rest[0]), set(rest[1].split()), [])
        else:
            page = found.setdefault(path, Opened(path, "-", set(), []))  # that nobody looks at: it is only sent to
            page.forms.append(Form(path, rest[0], rest[1], set(rest[2].split())))
    return list(found.values())


@dataclass(frozen=True)
class Visitor:
    who: Actor
    browser: Browser


@dataclass(frozen=True)
class House:
    world: World
    visitors: list[Visitor]
    sessions: set[str]

    def may_read(self, record: str, visitor: Visitor, row: dict[str, Any]) -> bool:
        whose, _ = access("record")[record].get(visitor.who.role, ([], ""))
        is_here = visitor.who.programme != OTHER
        return is_here and any(visitor.who.meets(one, row, self.world.known(record, row, visitor.who)) for one in whose)

    def things(self, page: Opened, visitor: Visitor) -> Iterator[tuple[str, bool]]:
        """Of what a page may be about: two that are theirs, two that are not, and one that is nobody's."""
        kept = {True: 0, False: 0}
        for id, row in sorted(self.world.rows[page.record].items(), reverse=True):
            theirs = self.may_read(page.record, visitor, row)
            kept[theirs] += 1
            if kept[theirs] <= 2:
                yield id, theirs
        yield NOBODYS, False


def signed_in(system: fadder.System, person: str, role: str) -> Browser:
    """By a link as `fadder up` says them; whoever is an admin, too, goes on as that."""
    key = (system.home / "run" / "demonstration.key").read_bytes()
    mark = lambda key, said: hashlib.blake2b(said, digest_size=16, key=key).digest()
    id = uuid.UUID(person).bytes
    path = "/demonstration/" + base64.urlsafe_b64encode(id + mark(mark(key, b"demonstration\0"), id)).decode().rstrip("=")
    browser = Browser(system).open(path).press(path)
    assert browser.status == 200 and browser.path == "/", f"{role}: {browser.page.text}"
    return browser.press("/act-as", role=role) if role == "programme_admin" else browser


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    system = fadder.System(tmp_path_factory.mktemp("fadder") / "home", FADDER_PAGES_DEMONSTRATION="yes", FADDER_ADDRESS_RATE="100000", FADDER_STRANGER_RATE="100000")
    try:
        yield made_house(system.start())
    finally:
        system.stop()


def made_house(system: fadder.System) -> House:
    system.operator("programme", "add", "--slug", OTHER, "--name", "Other", "--country", "no")
    admin = system.token("admin")
    system.do("endpoints", {"partner": system.partner.id, "url": "http://127.0.0.1:9/", "secret": {"current": fadder.made_secret()}}, token=admin)
    couple, place = Couple(system, ["mentor"]), Place(system)
    couple.agree()
    place.say("start", None, place.supervisor)
    people = {(row["role"], row["person"]) for row in system.items("tokens") if row["role"] != "agency_system"}
    people |= {("participant", system.get(f"/v1/referrals/{one.referral}").json["person"]) for one in (couple, place)}
    people |= {("decision_maker", system.id("decision-maker"))}
    people |= {(role, system.add_person(role, system.id("owner"))) for role in NEW}
    body = {"kind": "association", "name": "Elsewhere", "language": "nb", "contact": {"email": "elsewhere@example.org"}}
    elsewhere = system.say("organisation.create", body, "--programme", OTHER).split()[0]
    others = [(role, system.add_person(fadder.PARTS.get(role, role), elsewhere, OTHER)) for role in ("programme_admin", "coordinator")]
    system.add_token("programme_admin", "--person", others[0][1], "--organisation", elsewhere, programme=OTHER)
    here = system.get("/v1/programmes").json["items"][0]["id"]
    visits = [(programme, *one) for programme, some in ((here, sorted(people)), (OTHER, others)) for one in some]
    browsers = [signed_in(system, person, role) for _, role, person in visits]
    sessions = opened(system)
    acting = {session["person"]: session.get("organisation") for session in sessions.values()}
    visitors = [Visitor(Actor(role, programme, person, acting[person], "", role), browser) for (programme, role, person), browser in zip(visits, browsers)]
    return House(World(system, [one.who for one in visitors], all_rows(system, admin), []), visitors, set(sessions))


def opened(system: fadder.System) -> dict[str, dict[str, Any]]:
    """Who goes on as what, by session."""
    found: dict[str, dict[str, Any]] = {}
    for event in system.events("registry"):
        if event["type"] == "session.opened":
            found[event["aggregate"]] = event["data"]
        if event["type"] == "session.acts_as":
            found[event["aggregate"]] = {"person": found[event["aggregate"]]["person"], **event["data"]}
    return found


# What the audit says of it: before the walks, after which there is much else


def by(house: House, role: str, **wanted: str) -> Visitor:
    return next(one for one in house.visitors if one.who.role == role and one.who.programme != OTHER and wanted.items() <= vars(one.who).items())


def noted(house: House, officer: str, visitor: Visitor, **wanted: Any) -> list[dict[str, Any]]:
    """What the programme's officer finds of it."""
    rows = house.world.system.items("audit", officer, actor=visitor.who.person)
    return [one for one in rows if wanted.items() <= one.items() and one["credential"] in house.sessions]


@pytest.fixture(scope="module")
def officer(house) -> str:
    person = by(house, "data_protection_officer").who.person
    return house.world.system.add_token("data_protection_officer", "--person", person)


def test_whom_the_pages_refused_stands_in_the_audit_and_what(house, officer):
    mentor, counsellor = by(house, "mentor", person=house.world.system.id("mentor-8")), by(house, "counsellor")
    other = next(id for id, row in house.world.rows["mentorship"].items() if row["mentor"] != mentor.who.person)
    placement = next(iter(house.world.rows["placement"]))
    nobody = str(uuid.UUID(int=8))
    assert mentor.browser.send("GET", "/people/new").status == 403
    assert mentor.browser.send("GET", f"/tokens/{nobody}").status == 403
    assert mentor.browser.send("GET", f"/mentorships/{nobody}").status == 404
    assert mentor.browser.send("GET", f"/mentorships/{other}").status == 404
    assert mentor.browser.send("POST", f"/mentorships/{other}/accept", "_version=999").status == 404
    assert counsellor.browser.send("POST", f"/placements/{placement}/start", "_version=999").status == 422
    for who, wanted in (
        (mentor, {"what": "people.new", "code": "forbidden"}),
        (mentor, {"what": "token", "code": "forbidden", "about": nobody}),
        (mentor, {"what": "mentorship", "code": "not_found", "about": other}),
        (mentor, {"what": "mentorship.accept", "about": other}),
        (counsellor, {"what": "placement.start", "code": "forbidden", "about": placement}),
    ):
        wanted = {"kind": "refused", "role": who.who.role, **wanted}
        fadder.wait_until(lambda: noted(house, officer, who, **wanted), f"{wanted} in the audit")
    assert not noted(house, officer, mentor, what="mentorship", about=nobody), "what is not there is nobody's"


def test_who_tries_a_thousand_things_is_some_dozens_of_lines(house, officer):
    tries, visitor = 1000, by(house, "guardian")
    before = noted(house, officer, visitor)
    for number in range(tries):
        assert visitor.browser.send("GET", f"/tokens/{uuid.UUID(int=1000 + number)}").status == 403
    house.world.system.kill("pages", how=signal.SIGTERM)  # what could wait is said as it ends

    def is_all_said() -> bool:
        after = noted(house, officer, visitor)
        return sum(one["times"] for one in after) - sum(one["times"] for one in before) == tries

    fadder.wait_until(is_all_said, "all of it is counted")
    assert len(noted(house, officer, visitor)) - len(before) < 250
    house.world.system.wait_ready()


# The walks


def marks(system: fadder.System) -> dict[str, int]:
    return {service: max((event["batch"] for event in system.events(service)), default=0) + 1 for service in fadder.JOURNALS}


def since(house: House, begun: dict[str, int]) -> list[dict[str, Any]]:
    """What those who are signed in have made happen, and all that has happened to sessions, but for what is noted of who looks."""
    happened = [event for service, at in begun.items() for event in house.world.system.events(service, at)]
    said = [event for event in happened if event.get("credential") in house.sessions or event["type"].startswith("session.")]
    return [event for event in said if event["type"] not in LOOKED]


def test_everybody_opens_what_is_theirs_and_nothing_else_and_nothing_happens(house):
    begun, wrong, met = marks(house.world.system), [], {}
    for page in told():
        stranger = Browser(house.world.system).send("GET", filled(page.path, NOBODYS))
        right = (404, 405) if TEXT in page.path or not page.roles else (200,) if "*" in page.roles else (303,)
        if stranger.status not in right:
            wrong.append(f"{page.path} by who is not signed in: {stranger.status}")
        for one in house.visitors if page.roles and "*" not in page.roles else ():
            for id, theirs in house.things(page, one) if page.is_about else [("", True)]:
                answer = one.browser.send("GET", filled(page.path, id))
                may = one.who.role in page.roles
                met[page.path, may, theirs] = True
                if answer.status not in ((200,) if may and theirs else (403, 404) if may else (403,)):
                    wrong.append(f"{page.path} {id} by {one.who.role} {one.who.person}, theirs {theirs}: {answer.status}")
                wrong += [f"{page.path} shows {action} to {one.who.role}" for action in strangers(page, id, one, answer)]
                if not may:
                    break
    assert not wrong, "\n".join(wrong)
    assert all((page.path, True, theirs) in met for page in told() if page.is_about for theirs in (True, False)), met
    assert not (happened := since(house, begun)), happened


def strangers(page: Opened, id: str, one: Visitor, answer: Browser) -> list[str]:
    """Forms of the page that are not for who looks."""
    mine = {form.at(id) for form in page.forms if one.who.role in form.roles}
    around = {"/act-as", "/sign-out", "/language", "/mentorships/propose"}
    ours = [action for action in answer.page.forms if action.startswith(filled(page.path, id))] if page.is_about else []
    return [action for action in ours if action not in mine | around]


@pytest.fixture(scope="module")
def document(house) -> dict[str, Any]:
    return house.world.system.request("GET", "/openapi.json").json


def body(document: dict[str, Any], form: Form) -> str:
    """The least that it says for its command to be understood, made against a version that nothing has, and about nobody's things."""
    posts = {item["post"]["operationId"]: item["post"] for item in document["paths"].values() if "post" in item}
    content = posts.get(form.command, {}).get("requestBody", {}).get("content", {})
    said = least(document, content["application/json"]["schema"]) if content else {}
    said = typed("days[0]" if form.act == "week" else "", said)
    return urllib.parse.urlencode({"_version": "999", "_referral": NOBODYS, "_session": NOBODYS, **said})


def typed(name: str, value: Any) -> dict[str, str]:
    """As a form has it."""
    if isinstance(value, dict):
        return {field: said for key, one in value.items() for field, said in typed(f"{name}.{key}".lstrip("."), one).items()}
    if isinstance(value, list):
        return {field: said for at, one in enumerate(value) for field, said in typed(f"{name}[{at}]", one).items()}
    return {name: value if isinstance(value, str) else str(value).lower()}


def test_what_does_not_come_from_a_page_of_ours_is_not_taken_whoever_sends_it(house, document):
    """Whoever may, of what is theirs: led here by another's page, or by nothing that says from where."""
    begun, wrong = marks(house.world.system), []
    for page in told():
        for form in page.forms:
            may = [one for one in house.visitors if one.who.role in form.roles]
            one = may[0] if may else Visitor(house.world.actors[0], Browser(house.world.system))
            (id, *_) = [id for id, theirs in house.things(page, one) if theirs] if page.is_about else [""]
            for headers in ({"Origin": "https://evil.example"}, {"Origin": ""}, {"Sec_Fetch_Site": "cross-site"}):
                status = one.browser.send("POST", form.at(id), body(document, form), **headers).status
                if status != 403:
                    wrong.append(f"{form.at(id)} by {one.who.role} with {headers}: {status}")
    assert not wrong, "\n".join(wrong)
    assert not (happened := since(house, begun)), happened


def test_nobody_sends_what_is_not_theirs_to_send(house, document):
    begun, wrong, tried = marks(house.world.system), [], 0
    stranger = Browser(house.world.system)
    for page in told():
        for form in page.forms:
            if "*" in form.roles:
                continue
            said = body(document, form)
            if (status := stranger.send("POST", form.at(NOBODYS), said).status) != 403:
                wrong.append(f"{form.at('')} by who is not signed in: {status}")
            for one in house.visitors:
                for id, theirs in house.things(page, one) if page.is_about else [("", True)]:
                    if theirs and one.who.role in form.roles:
                        continue  # people's days are in the other tests
                    answer, tried = one.browser.send("POST", form.at(id), said), tried + 1
                    right = (403,) if one.who.role not in page.roles else (422,) if theirs else (403, 404)
                    if answer.status not in right:
                        wrong.append(f"{form.at(id)} by {one.who.role} {one.who.person}, theirs {theirs}: {answer.status}")
                    if one.who.role not in page.roles:
                        break
    assert not wrong, f"{len(wrong)} of {tried}:\n" + "\n".join(wrong)
    assert not (happened := since(house, begun)), happened
