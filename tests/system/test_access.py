"""services/access.tsv, walked: every record and command, every role, of one's own, of others of the programme, and of another programme;
then all of it again about people who came under protection, by who is near them and who is not."""

from __future__ import annotations

import json
import pathlib
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import fadder
import pytest
from test_undo import Couple, Place
from test_who_may import least, named

ACCESS = pathlib.Path(__file__).parents[2] / "services" / "access.tsv"
OTHER = "other"  # the programme that is not the demonstration's
NOW_OLD = '"999"'  # a version that nothing has: whoever may is told so, and nothing happens


@dataclass(frozen=True)
class Actor:
    """Somebody with a token, and what of them a record may have to do with."""

    role: str
    programme: str
    person: str
    organisation: str | None
    token: str
    what: str  # for a failure's words

    def meets(self, relation: str, row: dict[str, Any], known: bool, own: bool = False) -> bool:
        if relation.endswith("-draft") and is_draft(row):
            return False
        field, _, mine = relation.removesuffix("-draft").partition("=")
        if mine in ("known", "own"):
            return known if mine == "known" else own
        if mine == "organisation" and self.organisation is None:
            return False
        if mine == "whole":
            return self.organisation is None and row.get(field) == self.programme
        return getattr(self, {"id": "person"}.get(mine, mine)) == row.get(field)


@dataclass(frozen=True)
class World:
    system: fadder.System
    actors: list[Actor]
    rows: dict[str, dict[str, dict[str, Any]]]  # of each record those of the programme, as its administrator or its officer reads them
    hiding: list[str]  # who comes under protection, when all else has been walked: a participant, a mentor, a supervisor

    def known(self, record: str, row: dict[str, Any], who: Actor) -> bool:
        """Who is whose, said once more: what is an organisation's own, and a participant's who comes to a place."""
        ours = {id for id, one in self.rows["person"].items() if self.is_of(one, who.organisation)}
        charges = self.charges(who)
        links = [one for one in self.rows["mentorship"].values() if one["mentor"] in ours and one["state"] in OPEN]
        if who.role == "coordinator" and record in ("organisation", "posting", "supervisor"):
            return self.has_to_do_with(record, row, who)
        if who.organisation is None and record != "posting":
            return record == "reading" and row.get("programme") == who.programme
        whom = row.get("participant") or row.get("person") or row["id"]
        return {
            "mentorship": row.get("mentor") in ours or whom in charges,
            "mentor_meeting": row.get("mentor") in ours or whom in charges,
            "question": row.get("mentor") in ours and row.get("state") != "closed",
            "posting": (row["id"], who.person) in {(one["posting"], one["participant"]) for one in self.rows["placement"].values()},
            "reading": row.get("programme") == who.programme,
            "trainee": whom in charges,
        }.get(record, whom in ours or whom in charges or whom in {one["participant"] for one in links})

    def has_to_do_with(self, record: str, row: dict[str, Any], who: Actor) -> bool:
        """Of an organisation: what is its own, and with whom those are for whom it is responsible."""
        charges = self.charges(who)
        placements = [one for one in self.rows["placement"].values() if one["state"] not in ("cancelled", "no_show")]
        if record == "posting":
            return row["host"] == who.organisation or row["id"] in {one["posting"] for one in placements if one["participant"] in charges}
        if record == "supervisor":
            return row.get("organisation") == who.organisation or row["id"] in {one.get("supervisor") for one in placements if one["participant"] in charges}
        of = self.rows["organisation"].get(who.organisation, {})
        if "association" in (row["kind"], of.get("kind")) or row["id"] in (who.organisation, of.get("parent")) or row.get("parent") == who.organisation:
            return who.organisation is not None
        parties = [self.parties(one) for one in self.rows["link"].values() if one["state"] != "ended"]
        parties += [{one.get("responsible"), one.get("organisation")} for one in self.rows["referral"].values()]
        return any({row["id"], who.organisation} <= each for each in parties)

    def parties(self, link: dict[str, Any]) -> set[str | None]:
        """The organisations that look after somebody together: the responsible one, the agency, the host, the mentor's."""
        referral, mentor = self.rows["referral"][link["referral"]], self.rows["person"].get(link.get("other"), {})
        clubs = {role.get("organisation") for role in mentor.get("roles", []) if role["part"] == "mentor" and link["kind"] == "mentorship"}
        return {referral.get("responsible"), referral.get("organisation"), link.get("host"), *clubs}

    def own(self, row: dict[str, Any], who: Actor) -> bool:
        """Of a person: whom a coordinator speaks for, of their organisation or of the programme; but for no other coordinator."""
        charges = self.charges(who)
        is_above = row["id"] != who.person and any(role["part"] == "coordinator" for role in row.get("roles", []))
        is_of = row["id"] in charges or row.get("organisation") == who.organisation or self.is_of(row, who.organisation)
        return not is_above and (who.organisation is None or is_of)

    def charges(self, who: Actor) -> set[str]:
        """For whom their organisation is responsible."""
        return {one["person"] for one in self.rows["referral"].values() if one.get("responsible") == who.organisation}

    @staticmethod
    def is_of(person: dict[str, Any], organisation: str | None) -> bool:
        return organisation is not None and any(role.get("organisation") == organisation for role in person.get("roles", []))


def is_draft(row: dict[str, Any]) -> bool:
    """Of a mentorship, or of a link: nothing of these that was agreed has ended here."""
    draft = DRAFTS["link" if "kind" in row else "mentorship"]
    return row["state"] in draft["states"] and draft["until"] not in row


OPEN = {"proposed", "offered", "accepted", "agreed", "active", "on_hold"}


def access(kind: str) -> dict[str, dict[str, tuple[list[str], str]]]:
    """By what, then by role: whose, and the voices."""
    found: dict[str, dict[str, tuple[list[str], str]]] = defaultdict(dict)
    for line in ACCESS.read_text(encoding="utf-8").splitlines():
        what, name, role, whose, voices = (line + "\t").split("\t")[:5]
        if what == kind:
            found[name][role] = whose.split(), voices
    return found


@pytest.fixture(scope="module")
def world(system) -> World:
    system.operator("programme", "add", "--slug", OTHER, "--name", "Other", "--country", "no")
    couple, place, another = Couple(system, ["mentor"]), Place(system), Couple(system, ["mentor"])
    couple.agree()
    couple.say("hold_first_meeting", {"minutes": 60})
    another.say("offer", by=another.coordinator)
    system.do(f"questions/{another.id}/ask", {"topic": "time", "said": {"words": "When?"}}, token=another.mentor)
    place.say("start", None, place.supervisor)
    today = str(fadder.today())
    place.say("log_day", {"on": today, "minutes": 60, "activity": "work"}, place.supervisor)
    actors = made_actors(system, [couple.person, system.get(f"/v1/referrals/{place.referral}").json["person"], another.person])
    admin = next(one for one in actors if one.role == "programme_admin")
    officer = next(one for one in actors if one.role == "data_protection_officer")
    hiding = [couple.person, system.get(f"/v1/mentorships/{another.id}").json["mentor"], system.id("supervisor-djurgardslinjen")]
    return World(system, actors, all_rows(system, admin.token, officer.token), hiding)


def all_rows(system: fadder.System, *readers: str) -> dict[str, dict[str, dict[str, Any]]]:
    rows = {}
    for record, path in ROUTES.items():
        seen = [one for reader in readers for one in listed(system, path, reader).values()]
        rows[record] = {one["id"]: one for one in seen}
    return rows


def listed(system: fadder.System, path: str, token: str) -> dict[str, dict[str, Any]]:
    found, after = {}, None
    while True:
        answer = system.get(f"/v1/{path}?limit=500" + (f"&after={after}" if after else ""), token)
        if answer.status != 200:
            assert answer.status in (403, 404), answer
            return {}
        found |= {one["id"]: one for one in answer.json["items"]}
        after = answer.json["next"]
        if not after:
            return found


OF_THE_ASSOCIATION = (
    "counsellor", "guardian", "volunteer_coordinator", "data_protection_officer", "decision_maker", "supervisor", "host", "mentor", "coordinator",
)  # fmt: skip


def made_actors(system: fadder.System, participants: list[str]) -> list[Actor]:
    """Of each role: several of the programme, for several organisations, and one of another programme."""
    programme = system.get("/v1/programmes").json["items"][0]["id"]
    found, tokens = [], {row["id"]: row for row in system.items("tokens")}
    for key, name in system.demo.items():
        if not key.startswith("token-") or key == "token-agency-system":
            continue
        row = tokens[name["id"]]
        found.append(Actor(row["role"], programme, row["person"], row.get("organisation"), name["secret"], key))
    agency = system.id("agency")
    found.append(Actor("agency_system", programme, system.partner.id, agency, system.token("agency-system"), "agency's system"))
    for person in participants:
        found.append(Actor("participant", programme, person, None, system.add_token("participant", "--person", person), "participant"))
    decides, owner = system.id("decision-maker"), system.id("owner")
    token = system.add_token("decision_maker", "--person", decides, "--organisation", agency)
    found.append(Actor("decision_maker", programme, decides, agency, token, "decision maker"))
    for role in OF_THE_ASSOCIATION:
        person = system.add_person(fadder.PARTS.get(role, role), owner)
        token = system.add_token(role, "--person", person, "--organisation", owner)
        found.append(Actor(role, programme, person, owner, token, f"{role} of the association"))
    body = {"kind": "association", "name": "Elsewhere", "language": "nb", "contact": {"email": "elsewhere@example.org"}}
    elsewhere = system.say("organisation.create", body, "--programme", OTHER).split()[0]
    for role in sorted({one.role for one in found} - {"agency_system"}):
        person = system.add_person(fadder.PARTS.get(role, role), elsewhere, OTHER)
        token = system.add_token(role, "--person", person, "--organisation", elsewhere, programme=OTHER)
        found.append(Actor(role, OTHER, person, elsewhere, token, f"{role} of another programme"))
    return found


def routes() -> dict[str, str]:
    """Of each record that somebody reads: where it is listed."""
    found = {}
    for path in sorted((ACCESS.parents[1] / "schemas").glob("*/*.json")):
        for name, record in json.loads(path.read_text(encoding="utf-8")).get("records", {}).items():
            if "route" in record:
                found[name] = record["route"].split("/")[2]
    return found


ROUTES = routes()
DRAFTS = {
    name: json.loads(path.read_text(encoding="utf-8"))["records"][name]["x-draft"]
    for path in ACCESS.parents[1].glob("schemas/*/*.json")
    for name in [path.stem]
    if '"x-draft"' in path.read_text(encoding="utf-8")
}


def test_everybody_reads_what_is_theirs_and_nothing_else(world):
    told, wrong = access("record"), []
    for record, path in ROUTES.items():
        for who in world.actors:
            whose, _ = told[record].get(who.role, ([], ""))
            seen = set(listed(world.system, path, who.token))
            may = {id for id, row in world.rows[record].items() if any(who.meets(one, row, world.known(record, row, who)) for one in whose)}
            may = set() if who.programme == OTHER else may
            seen &= set(world.rows[record])  # what has happened since is another story
            if seen != may:
                one = next(iter(seen ^ may))
                wrong.append(f"{record} by {who.what} ({who.role}): {len(seen - may)} too many, {len(may - seen)} missing: {world.rows[record].get(one)}")
    assert not wrong, "\n".join(wrong)


def test_whose_role_reads_none_hears_whose_does(world):
    told = access("record")
    for record, path in ROUTES.items():
        for who in {one.role: one for one in world.actors if one.role not in told[record]}.values():
            answer = world.system.get(f"/v1/{path}", who.token)
            assert (answer.status, answer.json["code"]) == (403, "forbidden"), f"{path} by {who.what}: {answer}"
            assert all(named(role) in answer.json["detail"] for role in told[record]), answer


def test_what_is_not_listed_is_not_read_by_its_id_either(world):
    told, wrong = access("record"), []
    for record, path in ROUTES.items():
        for id, row in sorted(world.rows[record].items())[-3:]:
            for who in world.actors:
                whose, _ = told[record].get(who.role, ([], ""))
                may = who.programme != OTHER and any(who.meets(one, row, world.known(record, row, who)) for one in whose)
                answer = world.system.get(f"/v1/{path}/{id}", who.token)
                if answer.status not in ((200,) if may else (403, 404)):
                    wrong.append(f"{record} {id} by {who.what} ({who.role}), may {may}: {answer}")
    assert not wrong, "\n".join(wrong)


def test_everybody_does_what_is_theirs_to_do_and_to_nobody_elses(world):
    document, wrong, tried = world.system.request("GET", "/openapi.json").json, [], 0
    for command, told in access("command").items():
        record, _, word = command.partition(".")
        path = f"/v1/{ROUTES[record]}/{{id}}/{word}"
        if path not in document["paths"]:
            continue  # a creation
        for id, row in sorted(world.rows[record].items())[-2:]:
            for who in world.actors:
                whose, voices = told.get(who.role, ([], "only"))
                known, own = world.known(record, row, who), world.own(row, who)
                theirs = who.programme != OTHER and any(who.meets(one, row, known, own) for one in whose)
                is_own = not voices.startswith("only")
                answer = said_of(world, document, path, id, who, NOW_OLD if theirs or not is_own else f'"{row["version"]}"')
                tried += 1
                right = (200, 409, 422) if word.startswith("read") else (412,)  # who reads has no version to be wrong about
                right = right if theirs and is_own else (403, 404)
                if answer.status not in right:
                    of = "theirs" if theirs else "others"
                    wrong.append(f"{command} by {who.what} ({who.role}) of {of}, own word {is_own}: {answer.status} {answer.json.get('code')}")
    for record, path in ROUTES.items():
        admin = next(one for one in world.actors if one.role == "programme_admin")
        now = listed(world.system, path, admin.token)
        before = {id: row["version"] for id, row in world.rows[record].items()}
        wrong += [f"{record} {id} has changed" for id, row in now.items() if before.get(id, row["version"]) != row["version"]]
    assert not wrong, f"{len(wrong)} of {tried}:\n" + "\n".join(wrong)


def test_what_one_may_not_see_is_answered_as_what_is_nowhere(world):
    """Whoever tries ids learns not even which there are."""
    document, reads, wrong, met = world.system.request("GET", "/openapi.json").json, access("record"), [], defaultdict(int)
    for command, told in access("command").items():
        record, _, word = command.partition(".")
        path = f"/v1/{ROUTES[record]}/{{id}}/{word}"
        if path not in document["paths"]:
            continue
        for id, row in sorted(world.rows[record].items())[-2:]:
            for who in world.actors:
                known, own = world.known(record, row, who), world.own(row, who)
                whose = reads[record].get(who.role, ([], ""))[0] + told.get(who.role, ([], ""))[0]
                if who.programme != OTHER and any(who.meets(one, row, known, own) for one in whose):
                    continue
                answer = said_of(world, document, path, id, who, f'"{row["version"]}"')
                if word.startswith("read") and answer.status == 200:
                    continue  # who looks after somebody, or is looked after by them
                nowhere = said_of(world, document, path, str(uuid.uuid4()), who, f'"{row["version"]}"')
                met[record, nowhere.status] += 1
                if (answer.status, answer.json["code"], answer.json["detail"]) != (nowhere.status, nowhere.json["code"], nowhere.json["detail"]):
                    wrong.append(f"{command} by {who.what}: {answer.status} {answer.json}, not {nowhere.status} {nowhere.json}")
    assert not wrong, f"{len(wrong)} of {sum(met.values())}:\n" + "\n".join(wrong)
    assert {record for record, status in met if status == 404} >= {"mentorship", "person", "placement", "referral"}, met


def said_of(world: World, document: dict, path: str, id: str, who: Actor, version: str) -> fadder.Answer:
    operation = document["paths"][path]["post"]
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {"type": "object"})
    headers = {"Content-Type": "application/json", "Idempotency-Key": f'"{uuid.uuid4()}"', "If-Match": version}
    body = json.dumps(least(document, schema)).encode()
    return world.system.request("POST", path.replace("{id}", id), body, headers, who.token)


@dataclass(frozen=True)
class Hidden:
    """The same world after a raise, and who is near whom, said once more."""

    world: World
    cleared: set[tuple[str, str]]  # by role and person

    def whom(self, record: str, row: dict[str, Any]) -> set[str]:
        """Who of those that a row is about is under protection."""
        rows = self.world.rows
        about = {row.get(field) for field in ("participant", "person", "mentor", "other")}  # a session's and a token's too
        if record in ("person", "mentor", "supervisor"):
            about = {row["id"]}
        if record in ("mentee", "referral", "trainee"):
            about = {row["person"]}
        if record in ("placement", "day"):
            about |= {row.get("supervisor"), rows["placement"].get(row.get("placement"), {}).get("supervisor")}
        return about & set(self.world.hiding)

    def is_near(self, who: Actor, whom: set[str]) -> bool:
        return (who.role, who.person) in self.cleared or (who.role != "agency_system" and whom <= {who.person})


@pytest.fixture(scope="module")
def hidden(world) -> Hidden:
    system, admin = world.system, next(one for one in world.actors if one.what == "token-admin")
    for person in world.hiding:
        system.do(f"persons/{person}/change_protection", {"protection": "marked"}, token=admin.token)
    nobody = system.add_person("coordinator", system.id("owner"))
    of_all = [
        Actor(role, admin.programme, nobody, None, system.add_token(role, "--person", nobody), f"{role} of all who is not cleared")
        for role in ("programme_admin", "coordinator")
    ]

    def is_known() -> bool:
        seen = {record: listed(system, ROUTES[record], of_all[0].token).values() for record in ("mentorship", "placement", "link", "question")}
        views = {one[field] for field, record in (("participant", "mentorship"), ("mentor", "mentorship"), ("supervisor", "placement"))
                 for one in seen[record] if field in one}  # fmt: skip
        return not views & set(world.hiding) and all(
            one["protection"] != "none" for view in ("mentees", "trainees") for one in system.items(view) if one["person"] in world.hiding
        )

    fadder.wait_until(is_known, "everybody has heard of it")
    officer = next(one for one in world.actors if one.role == "data_protection_officer" and one.programme != OTHER)
    rows = all_rows(system, admin.token, officer.token)
    parts = {(part["part"], id) for id, one in rows["person"].items() for part in one.get("roles", []) if part["cleared"]}
    cleared = {(one.role, one.person) for one in world.actors if (fadder.PARTS.get(one.role, one.role), one.person) in parts}
    actors = [*world.actors, *of_all]
    assert cleared and {one.role for one in actors if (one.role, one.person) not in cleared} >= {"coordinator", "programme_admin", "mentor", "host"}
    return Hidden(World(system, actors, rows, world.hiding), cleared)


def nearness(kind: str) -> dict[tuple[str, str], str]:
    """By what and role: what becomes of it for who is not near."""
    lines = [(line + "\t" * 5).split("\t") for line in ACCESS.read_text(encoding="utf-8").splitlines()]
    return {(line[1], line[2]): line[5] for line in lines if line[0] == kind}


def tells(row: dict[str, Any], place: str) -> bool:
    field, _, inner = place.partition(".")
    value = row.get(field)
    return field in row if not inner else any(inner in one for one in (value if isinstance(value, list) else [value]) if one)


def tells_where(record: str, relation: str, places: list[str]) -> bool:
    """Whether that a row is somebody's tells where whom it is about is; a supervisor is known by the organisation."""
    field, _, mine = relation.partition("=")
    return field in places or (record, mine) == ("supervisor", "known")


MAILS = {"message", "delivery"}  # which of these are about a case their kind says: test_notification


def test_of_who_is_protected_everybody_reads_what_is_theirs_who_is_near(hidden):
    told, near, world, wrong, met = access("record"), nearness("record"), hidden.world, [], defaultdict(int)
    for record, path in ROUTES.items():
        if record in MAILS:
            continue
        for who in (one for one in world.actors if one.programme != OTHER and one.role in told[record]):
            seen, whose = listed(world.system, path, who.token), told[record][who.role][0]
            becomes, *places = near[record, who.role].split() or [""]
            for id, row in world.rows[record].items():
                whom = hidden.whom(record, row)
                if not whom:
                    continue
                is_near = hidden.is_near(who, whom)
                relations = [one for one in whose if is_near or not tells_where(record, one, places)]
                may = any(who.meets(one, row, world.known(record, row, who)) for one in relations)
                is_hidden = becomes == "hidden" and not is_near and row.get("participant") != who.person
                met[becomes, is_near, may] += 1
                answer = world.system.get(f"/v1/{path}/{id}", who.token)
                if (id in seen) != (may and not is_hidden) or (answer.status == 200) != (id in seen):
                    wrong.append(f"{record} {id} by {who.what}, near {is_near}, theirs {may}: listed {id in seen}, {answer.status}")
                elif may and is_hidden and (answer.status, answer.json["code"]) != (403, "guarded"):
                    wrong.append(f"{record} {id} by {who.what}: {answer}")
                elif not is_near and id in seen and any(tells(one, place) for one in (seen[id], answer.json) for place in places):
                    wrong.append(f"{record} {id} by {who.what}: tells {places} in {seen[id]}")
    assert not wrong, "\n".join(wrong)
    assert all(met[becomes, is_near, True] for becomes in ("hidden", "masked") for is_near in (False, True)), met


def test_of_who_is_protected_everybody_does_what_is_theirs_who_is_near(hidden):
    document, near, world = hidden.world.system.request("GET", "/openapi.json").json, nearness("command"), hidden.world
    wrong, met = [], defaultdict(int)
    for command, told in access("command").items():
        record, _, word = command.partition(".")
        path = f"/v1/{ROUTES[record]}/{{id}}/{word}"
        if path not in document["paths"]:
            continue
        about = [(id, row) for id, row in sorted(world.rows[record].items()) if hidden.whom(record, row)]
        for id, row in about[-3:]:
            for who in (one for one in world.actors if one.programme != OTHER):
                whose, voices = told.get(who.role, ([], "only"))
                known, own = world.known(record, row, who), world.own(row, who)
                if voices.startswith("only") or not any(who.meets(one, row, known, own) for one in whose):
                    continue  # refused anyway: the walk before
                is_near = hidden.is_near(who, hidden.whom(record, row)) or row.get("participant") == who.person
                is_guarded = not is_near and near.get((command, who.role)) == "guarded"
                answer = said_of(world, document, path, id, who, NOW_OLD)
                met[command, is_guarded] += 1
                if (answer.json.get("code") == "guarded") != is_guarded or (is_guarded and answer.status != 403):
                    wrong.append(f"{command} of {id} by {who.what}, near {is_near}: {answer.status} {answer.json.get('code')}")
    assert not wrong, "\n".join(wrong)
    walked = {command for command, is_guarded in met if is_guarded}
    assert {command.partition(".")[0] for command in walked} >= {"mentee", "mentor", "mentorship", "person", "placement", "question", "referral"}, walked
