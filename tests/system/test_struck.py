"""What was told of somebody who is protected now, or was erased, stands in no file any more: every byte of all of them is
searched, and of a backup made then, also where a service is killed in the midst of striking.

What is planted cannot be mistaken for anything else: a place, an occupation and wishes that nobody else has.
"""

from __future__ import annotations

import pathlib
import re
import signal
from dataclasses import dataclass
from typing import Any, Iterator

import fadder
from test_undo import TODAY, Place

RAISED, ERASED, KILLED, NEW, WITHDRAWN = "raised", "erased", "killed", "new", "withdrawn"


@dataclass
class Planted:
    """What one participant is told of."""

    place: str
    occupation: str
    language: str
    wishes: tuple[str, ...]
    times: tuple[str, ...]
    external_id: str
    referral: str = ""
    person: str = ""
    mentor: str = ""

    def places(self) -> list[bytes]:
        return [packed(self.place)]

    def wished(self) -> list[bytes]:
        return [b"".join(map(packed, words)) for words in (self.wishes, self.times) if words]

    def everything(self) -> list[bytes]:
        said = [packed(self.occupation), packed(self.external_id), b"\x91" + packed(self.language)]
        return self.places() + said + self.wished()


def packed(text: str) -> bytes:
    """As msgpack has it: short, or less than 256 bytes."""
    raw = text.encode()
    return (bytes([0xA0 + len(raw)]) if len(raw) < 32 else bytes([0xD9, len(raw)])) + raw


PLANTED = {
    RAISED: Planted("2418", "15e8_KDZ_31Z", "ceb", ("parenthood", "driving_licence", "housing"), ("sun_evening", "mon_morning"), "AF-SIGNELILL-7731"),
    ERASED: Planted("2421", "17Xf_MuM_vg2", "ady", ("studies", "parenthood", "own_business"), ("sat_evening", "tue_morning"), "AF-TRATTKANTARELL-7732"),
    NEW: Planted("2460", "4zMx_Dgr_q1P", "dyu", (), (), "AF-MUSKOTNOTSTRAD-7734"),
    KILLED: Planted("2425", "1Cjx_ooE_HT9", "din", ("housing", "studies", "authorities"), ("sun_morning", "fri_evening"), "AF-KRUSBARSBUSKE-7733"),
    WITHDRAWN: Planted("2462", "6Cud_aLn_ehn", "bem", ("authorities", "housing", "driving_licence"), ("thu_morning", "sat_morning"), "AF-BJORKTRAST-7736"),
}  # fmt: skip


class Case:
    """Somebody is referred, says what they wish, and a mentor is proposed to them who lives where they do."""

    def __init__(self, system: fadder.System, who: Planted):
        self.system, self.who, whole = system, who, system.token("coordinator")
        said = {"languages": [who.language], "occupations": [{"scheme": "jobtech", "code": who.occupation}]}
        mentor = {"details": {"given_name": "Fadder"}, "language": "sv", "protection": "none", "part": "mentor", "municipality": who.place}
        who.mentor = system.do("persons", {**mentor, **said}, token=system.token("admin")).json["id"]
        system.do(f"mentors/{who.mentor}/set_capacity", {"capacity": 2}, token=whole)
        system.do(f"mentors/{who.mentor}/describe", {"offers": who.wishes, "availability": who.times}, token=whole)
        who.referral = system.refer(who.external_id, municipality=who.place, **said)
        who.person = system.get(f"/v1/referrals/{who.referral}").json["person"]
        system.do(f"referrals/{who.referral}/accept", token=whole)
        fadder.wait_until(lambda: system.get(f"/v1/mentees/{who.referral}").status == 200, "the mentee")
        system.do(f"mentees/{who.referral}/wish", {"wishes": who.wishes, "availability": who.times}, token=whole)
        fadder.wait_until(lambda: system.items("mentorships", referral=who.referral), "a proposal")

    def raise_both(self) -> None:
        for person in (self.who.person, self.who.mentor):
            self.system.do(f"persons/{person}/change_protection", {"protection": "marked"}, token=self.system.token("admin"))

    def erase_both(self) -> None:
        for person in (self.who.person, self.who.mentor):
            self.system.do(f"persons/{person}/erase", token=self.system.token("admin"))


def files(home: pathlib.Path) -> Iterator[tuple[str, bytes]]:
    """All but what the outside was sent: mails are files in a demonstration only."""
    for path in sorted(home.rglob("*")):
        if path.is_file() and not str(path.relative_to(home)).startswith("mail/"):
            yield str(path.relative_to(home)), path.read_bytes()


def found(home: pathlib.Path, needles: list[bytes]) -> list[str]:
    return [f"{name} tells {needle!r} at {data.find(needle)}" for name, data in files(home) for needle in needles if needle in data]


def metric(system: fadder.System, name: str) -> dict[str, float]:
    text = system.request("GET", "/metrics").body.decode()
    return {labels: float(value) for labels, value in re.findall(rf"^{name}(\{{[^}}]*\}})? (\S+)$", text, re.MULTILINE)}


def wait_struck(system: fadder.System) -> None:
    """Whoever follows has heard all, and nothing is left to strike: metrics are as old as the last turn, so twice."""

    def is_struck() -> bool:
        lags, left = metric(system, "fadder_lag_batches"), metric(system, "fadder_to_strike")
        return len(left) == len(fadder.JOURNALS) and not any(lags.values()) and not any(left.values())

    fadder.wait_until(is_struck, "all is struck")


class Left:
    """What still tells, said when it is given up."""

    def __init__(self, system: fadder.System, needles: list[bytes]):
        self.system, self.needles = system, needles

    def __str__(self) -> str:
        return f"nothing is left: {found(self.system.home, self.needles)}, {metric(self.system, 'fadder_to_strike')}"


def assert_gone(system: fadder.System, needles: list[bytes]) -> None:
    """Followers have yet to hear of it when it is said: so until it is so, and then nowhere at once."""
    fadder.wait_until(lambda: not found(system.home, needles), Left(system, needles))
    wait_struck(system)
    assert not found(system.home, needles)


def verified(system: fadder.System) -> None:
    def is_done() -> bool:
        done = system.operator("verify", check=False)
        assert done.returncode in (0, 2), done.stdout + done.stderr
        return done.returncode == 0

    fadder.wait_until(is_done, "the chains are whole, and the states their folds")


def assert_known_before(system: fadder.System, needles: list[bytes]) -> None:
    for needle in needles:
        assert found(system.home, [needle]), needle


def opened(system: fadder.System, person: str) -> dict[str, Any]:
    """What is told of somebody to who is cleared and says what for."""
    purpose = {"purpose": "coordination"}
    return system.do(f"persons/{person}/read", purpose, token=system.token("coordinator")).json


def test_after_a_raise_no_file_tells_what_was_told_of_them(system):
    who = PLANTED[RAISED]
    case = Case(system, who)
    assert_known_before(system, who.everything())
    case.raise_both()
    assert_gone(system, who.everything())
    derived = {"explanation", "runner_up", "passed_over", "alternatives"}
    before = [row for row in system.items("mentorships", referral=who.referral) if row["mentor"] == who.mentor]
    assert before and not [row for row in before if derived & set(row)]
    verified(system)


def test_who_is_cleared_reads_it_in_the_vault(system):
    who = PLANTED[RAISED]
    kept, mentors = opened(system, who.person)["kept"], opened(system, who.mentor)["kept"]
    assert kept["external_id"] == who.external_id
    assert kept["languages"] == mentors["mentor_languages"] == [who.language]
    assert opened(system, who.person)["municipality"] == mentors["mentor_municipality"] == who.place
    assert kept["occupations"] == mentors["mentor_occupations"] == [{"scheme": "jobtech", "code": who.occupation}]
    exported = system.operator("export", who.person).stdout
    assert who.external_id in exported and who.occupation in exported


def test_the_agency_is_understood_as_before_and_nothing_of_it_is_written_plain(system):
    """A later word of its system finds the referral by what it calls it, also where somebody is protected from the first day."""
    who, new = PLANTED[RAISED], PLANTED[NEW]
    said = {"sequence": 2, "person": {"protection": "none"}, "languages": [new.language]}
    answer = system.deliver(fadder.referral(who.external_id, **said)).json
    assert (answer["referral"], answer["result"]) == (who.referral, "updated")
    assert opened(system, who.person)["kept"]["languages"] == [new.language]
    assert system.deliver(fadder.referral(who.external_id, **said)).json["result"] == "stale"

    told = {"languages": [new.language], "occupations": [{"scheme": "jobtech", "code": new.occupation}]}
    first = fadder.referral(new.external_id, person={"protection": "confidential"}, **told)
    new.referral = system.deliver(first).json["referral"]
    new.person = system.get(f"/v1/referrals/{new.referral}").json["person"]
    again = fadder.referral(new.external_id, person={"protection": "confidential"}, sequence=2, **told)
    assert system.deliver(again).json["referral"] == new.referral
    system.do(f"referrals/{new.referral}/accept", token=system.token("coordinator"))
    fadder.wait_until(lambda: system.get(f"/v1/mentees/{new.referral}").status == 200, "the mentee")
    assert_gone(system, who.everything() + new.everything())
    row = system.get(f"/v1/referrals/{new.referral}").json
    assert "external_id" not in row and row["languages"] == row["occupations"] == []


def test_they_are_found_by_what_the_agency_calls_them_by_its_system_and_who_is_cleared(system):
    """And by nobody else, who would learn by that of whom it is a word."""
    whole, own = system.token("coordinator"), system.token("agency-system")
    uncleared = system.add_token("coordinator", "--person", system.add_person("coordinator", system.id("owner")))
    other = system.add_token("agency_system", "--person", system.add_partner("Another agency's").id)
    for who in (PLANTED[RAISED], PLANTED[NEW]):
        for token in (whole, own):
            (row,) = system.items("referrals", token, external_id=who.external_id)
            assert row["id"] == who.referral and "external_id" not in row
        for token in (uncleared, other):
            assert system.items("referrals", token, external_id=who.external_id) == []
        assert system.get(f"/v1/referrals/{who.referral}", uncleared).status == 200
    plain = system.refer("AF-PLAIN-7737")
    for token in (whole, own, uncleared):
        (row,) = system.items("referrals", token, external_id="AF-PLAIN-7737")
        assert (row["id"], row["external_id"]) == (plain, "AF-PLAIN-7737")
    assert system.get(f"/v1/referrals?external_id=AF-PLAIN-7737&after={plain}", whole).json["items"] == []


def test_the_matcher_leaves_them_to_who_is_cleared(system):
    new, whole = PLANTED[NEW], system.token("coordinator")

    def why() -> dict[str, Any]:
        return system.get(f"/v1/mentees/{new.referral}", whole).json.get("why", {})

    assert fadder.wait_until(lambda: why().get("by_hand"), "the matcher says so")
    refused = system.command(f"mentees/{new.referral}/wish", {"wishes": ["studies"]}, token=whole)
    assert (refused.status, refused.json["code"]) == (409, "mentee.unsaid")
    mentor = system.id("mentor-1")
    system.say("person.grant_role", {"part": "mentor", "cleared": True}, "--on", mentor, "--programme", fadder.PROGRAMME)
    fadder.wait_until(lambda: system.get(f"/v1/mentors/{mentor}").json["cleared"], "the mentor is cleared")
    assert not system.items("mentorships", whole, referral=new.referral)
    system.do("mentorships", {"referral": new.referral, "mentor": mentor}, token=whole)


def test_who_is_protected_no_more_is_known_again(system):
    who = PLANTED[RAISED]
    place = opened(system, who.person)["municipality"]  # of which the agency has said another since
    for person in (who.person, who.mentor):
        system.say("person.change_protection", {"protection": "none"}, "--on", person, "--programme", fadder.PROGRAMME)

    def is_shown() -> bool:
        row = system.get(f"/v1/referrals/{who.referral}").json
        mentee, mentor = system.get(f"/v1/mentees/{who.referral}").json, system.get(f"/v1/mentors/{who.mentor}").json
        are_there = row.get("municipality") == mentee.get("municipality") == place and mentor.get("municipality") == who.place
        return are_there and row.get("external_id") == who.external_id and bool(mentee["languages"]) and mentor["languages"] == [who.language]

    fadder.wait_until(is_shown, "it is told again")
    assert {"kept", "municipality"}.isdisjoint(opened(system, who.person))
    verified(system)
    for person in (who.person, who.mentor):
        system.do(f"persons/{person}/change_protection", {"protection": "marked"}, token=system.token("admin"))
    assert_gone(system, who.everything())


def test_after_an_erasure_no_file_tells_anything(system):
    who = PLANTED[ERASED]
    case = Case(system, who)
    assert_known_before(system, who.everything())
    case.erase_both()
    assert_gone(system, who.everything())
    verified(system)


def test_why_somebody_was_absent_goes_and_that_they_were_stays(system):
    place, ill = Place(system), [packed("absent_ill")]
    place.say("start", None, place.supervisor)
    for activity, minutes in (("absent_ill", 210), ("work", 240)):
        place.say("log_day", {"activity": activity, "minutes": minutes, "on": str(TODAY)}, place.supervisor)
    assert_known_before(system, ill)
    person = system.get(f"/v1/placements/{place.id}").json["participant"]
    system.do(f"persons/{person}/erase", token=system.token("admin"))
    assert_gone(system, ill)
    verified(system)
    lines = system.items("days", placement=place.id)
    assert sorted((line["activity"], line["minutes"], line["version"]) for line in lines) == [("absent", 210, 1), ("work", 240, 1)]


def test_who_is_raised_and_then_erased_is_struck_twice(system):
    who = PLANTED[RAISED]
    for person in (who.person, who.mentor):
        system.do(f"persons/{person}/erase", token=system.token("admin"))
    assert_gone(system, who.everything())
    verified(system)


def test_what_somebody_wished_goes_with_their_consent(system):
    """And nothing else does. Who was raised meanwhile is struck by both."""
    who, admin = PLANTED[WITHDRAWN], system.token("admin")
    Case(system, who)
    assert_known_before(system, who.everything())
    consents = {"purpose": "wishes", "behalf": {"of": "participant", "told": "telephone"}}
    system.do(f"persons/{who.person}/withdraw_consent", consents, token=admin)
    own = system.add_token("mentor", "--person", who.mentor)
    system.do(f"persons/{who.mentor}/withdraw_consent", {"purpose": "wishes"}, token=own)
    assert_gone(system, who.wished())
    assert_known_before(system, [needle for needle in who.everything() if needle not in who.wished()])
    verified(system)
    for person in (who.person, who.mentor):
        system.do(f"persons/{person}/change_protection", {"protection": "marked"}, token=admin)
    assert_gone(system, who.everything())
    verified(system)


def test_what_came_struck_is_struck_again(system):
    """A service that is late hears of what was said before the raise as it stands then, and strikes it further."""
    whole, admin = system.token("coordinator"), system.token("admin")
    system.kill("placement-lifecycle", how=signal.SIGSTOP)
    try:
        referral = system.refer("AF-LATE-7735", municipality="2463", occupations=[{"scheme": "jobtech", "code": "9Vq1_zzz_Q7w"}])
        system.do(f"referrals/{referral}/accept", token=whole)
        person = system.get(f"/v1/referrals/{referral}").json["person"]
        system.do(f"persons/{person}/change_protection", {"protection": "marked"}, token=admin)
        fadder.wait_until(lambda: not found(system.home / "registry", [packed("2463")]), "the registry has struck it")
    finally:
        system.kill("placement-lifecycle")  # what was on its way to it is lost, and comes as it is now
        system.wait_ready()
    fadder.wait_until(lambda: system.get(f"/v1/trainees/{referral}").status == 200, "it is heard of")
    assert_gone(system, [packed("2463"), packed("9Vq1_zzz_Q7w"), packed("AF-LATE-7735")])
    system.do(f"persons/{person}/erase", token=admin)
    wait_struck(system)
    verified(system)


def test_killed_in_the_midst_it_is_struck_all_the_same(system):
    who = PLANTED[KILLED]
    case = Case(system, who)
    assert_known_before(system, who.everything())
    case.erase_both()
    for _ in range(3):
        system.kill(*fadder.JOURNALS)
        system.wait_ready()
    assert_gone(system, who.everything())
    verified(system)


def test_a_new_backup_tells_nothing_and_folded_anew_from_struck_rows_the_states_are_the_same(system, tmp_path):
    needles = [needle for who in PLANTED.values() for needle in who.everything()]
    rows = {record: system.items(record) for record in ("referrals", "mentees", "mentors", "mentorships", "trainees", "persons")}
    system.stop()
    system.operator("backup", str(tmp_path / "copy"))
    assert not found(tmp_path / "copy", needles)
    for service in fadder.JOURNALS:
        (system.home / service / "state.mark").unlink()
    system.load = False
    system.start()
    for record, before in rows.items():
        assert system.items(record) == before, record
    verified(system)
    assert not found(system.home, needles)
