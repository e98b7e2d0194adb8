"""The matcher in the running service: whom it suggests, what comes after a no, and why, in words."""

from __future__ import annotations

import pathlib
from collections import Counter

import fadder
import pytest

MENTORS = [f"mentor-{n}" for n in range(1, 9)]
CATALOGUES = pathlib.Path(__file__).parents[2] / "common/words"
*CODES, LAST = sorted(path.stem for path in CATALOGUES.glob("*.po"))
LANGUAGES = f"is not right: it must be {', '.join(CODES)} or {LAST}"
CAPACITY = {"mentor-1": 2, "mentor-2": 2, "mentor-3": 3, "mentor-4": 1, "mentor-5": 1, "mentor-6": 2, "mentor-7": 2, "mentor-8": 0}


@pytest.fixture
def system(make_system):
    return make_system().start()


def seek(system, **changes):
    """A referral that is accepted; its id."""
    referral = system.refer(wants=["mentor"], **changes)
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    return referral


def open_ones(system, **filters):
    return [one for one in system.items("mentorships", **filters) if one["state"] == "proposed"]


def suggestion(system, referral):
    """The one suggestion of a referral's participant."""
    [one] = fadder.wait_until(lambda: open_ones(system, referral=referral), "a suggestion")
    return one


def test_after_a_no_the_next_one_is_suggested_and_everything_is_told(system):
    referral = seek(system)
    first = suggestion(system, referral)
    assert first["mentor"] == system.id("mentor-1")  # Somali, 7233, Stockholm
    assert first["total"] == sum(part["points"] for part in first["explanation"])
    assert {part["factor"]: part["points"] for part in first["explanation"]} == {
        "language": 20, "municipality": 15, "distance": 0, "occupation_4": 30, "occupation_3": 0, "occupation_2": 0,
        "network": 15, "availability": 0, "wish": 0, "waiting": 0,
    }  # fmt: skip
    assert first["passed"] == ["conflict", "supervisor", "former", "clearance", "capacity", "said_no"]
    assert first["mentor"] not in [other["mentor"] for other in first["alternatives"]]
    assert len(first["alternatives"]) == 5 and first["runner_up"]["mentor"] == first["alternatives"][0]["mentor"]

    system.do(f"mentorships/{first['id']}/offer", token=system.token("coordinator"))
    assert not open_ones(system, referral=referral)  # one at a time
    system.do(f"mentorships/{first['id']}/decline", {"reason": "no_time"}, token=system.token("mentor-1"))
    second = suggestion(system, referral)
    assert second["mentor"] == first["runner_up"]["mentor"]
    assert first["mentor"] not in [other["mentor"] for other in second["alternatives"]]

    told = system.operator("explain", referral, "--language", "sv").stdout
    assert told.index(f"Mentorskap {first['id']}, nu `declined`") < told.index(f"{second['id']}, nu `proposed`")
    assert f"med mentor {first['mentor']}: {first['total']} poäng" in told
    assert "| samma yrke (4 siffror) | 30 |" in told and "Prövat utan hinder: jäv, handledare" in told
    assert f"Näst bäst är {second['mentor']}; det skulle kosta {first['total'] - second['total']} poäng" in told
    assert "tillfrågad förut utan resultat" in told
    one = system.operator("explain", second["id"]).stdout
    assert second["id"] in one and first["id"] not in one and "What counts".lower() in one.lower()

    page = system.operator("fairness", "--language", "en").stdout
    assert "Fewer than 5 people" in page
    assert f"| {first['mentor']} | Rotaryklubben Djurgården (påhittad) | 1 | 2 |" in page
    assert "| Rotaryklubben Djurgården (påhittad) | 3 | 1 |" in page


def test_a_yes_that_was_told_by_telephone_is_written_down_and_the_mentor_hears_of_it(system):
    coordinator = system.token("coordinator")
    offered = suggestion(system, seek(system))
    system.do(f"mentorships/{offered['id']}/offer", token=coordinator)
    system.do(
        f"mentorships/{offered['id']}/accept",
        {"behalf": {"of": "mentor", "told": "telephone", "on": str(fadder.today())}},
        token=coordinator,
    )
    row = system.get(f"/v1/mentorships/{offered['id']}").json
    assert row["state"] == "accepted"
    (recorded,) = row["recorded"]
    assert recorded == {"said": "accept", "of": "mentor", "told": "telephone", "on": str(fadder.today())}

    def told():
        said = system.items("messages", about=offered["id"])
        return [one for one in said if one["kind"] == "mentorship_recorded_for"]

    (message,) = fadder.wait_until(told, "somebody hears of it")
    assert (message["audience"], message["to"], message["code"]) == ("mentor", offered["mentor"], "accept")
    assert "have answered 1 offers; of these answers 1 were" in system.operator("fairness", "--language", "en").stdout


def test_nobody_is_suggested_more_often_than_there_are_places(system):
    referrals = [seek(system, external_id=f"many-{n}") for n in range(16)]
    places = sum(CAPACITY.values())

    def settled():
        found = open_ones(system)
        return found if len(found) == places else None

    found = fadder.wait_until(settled, "everybody has somebody")
    taken = Counter(one["mentor"] for one in found)
    assert taken == {system.id(name): count for name, count in CAPACITY.items() if count}
    assert max(Counter(one["referral"] for one in found).values()) == 1

    alone = (set(referrals) - {one["referral"] for one in found}).pop()
    why = fadder.wait_until(lambda: system.get(f"/v1/mentees/{alone}").json.get("why"), "a reason")
    assert why["mentors"] == 7 and why["failed"] == [] and len(why["passed_over"]) == 3
    told = system.operator("explain", alone, "--language", "nn").stdout
    assert "har ingen, etter 0 dagar" in told and f"{why['passed_over'][0]['mentor']} ville gje" in told

    page = system.operator("fairness", "--language", "nb").stdout
    assert "uten forespørsel etter 90 dager" in page and "| 0180 | 16 | 0 | 0 | 0 (0.0 %) |" in page and "| alle | 16 |" in page
    assert "gi 1 deltaker og" in page


def test_who_is_nobodys_is_told_why(system):
    whole = system.token("coordinator")
    referral = seek(system, languages=["tlh"])
    *others, last = [name for name in MENTORS if CAPACITY[name]]

    def refuse(name: str) -> None:
        system.do(f"mentees/{referral}/declare_conflict", {"mentor": system.id(name)}, token=whole)

    for name in others:
        refuse(name)
    fadder.wait_until(lambda: [one["mentor"] for one in open_ones(system, referral=referral)] == [system.id(last)], "the last")
    only = suggestion(system, referral)
    told = system.operator("explain", only["id"], "--language", "nb").stdout
    assert "alternativ" not in told.lower()
    refuse(last)
    system.do(f"mentorships/{only['id']}/withdraw", {"reason": "other"}, token=whole)
    why = fadder.wait_until(lambda: system.get(f"/v1/mentees/{referral}").json.get("why"), "a reason")
    assert {"rule": "conflict", "mentors": 7} in why["failed"]
    assert not open_ones(system)
    told = system.operator("explain", referral).stdout
    assert "Of 7 mentors none may be proposed:" in told and "- conflict of interest: 7 mentors" in told


def test_who_is_protected_is_left_to_who_is_cleared(system):
    referral = seek(system, person={"protection": "confidential"})
    fadder.wait_until(lambda: system.get(f"/v1/mentees/{referral}").json.get("why", {}).get("by_hand"), "the matcher says so")
    assert not open_ones(system)
    assert "leaves it to who is cleared" in system.operator("explain", referral).stdout
    assert "for hand" in system.operator("explain", referral, "--language", "nn").stdout


def test_the_programme_says_what_counts(system):
    about = dict(languages=["ar"], municipality="0980", occupations=[{"scheme": "ssyk", "code": "7213"}])
    before = suggestion(system, seek(system, **about))
    assert before["mentor"] == system.id("mentor-6")  # Gotland, 7213
    weights = [{"factor": one["factor"], "weight": 20 * (one["factor"] == "language")} for one in before["explanation"]]
    system.do(
        f"programmes/{system.id('integration-works')}/set_matching",
        {"matching": {"weights": weights}},
        token=system.token("admin"),
    )
    after = suggestion(system, seek(system, **about))
    assert after["mentor"] == system.id("mentor-3") and after["total"] == 20  # who speaks Arabic
    assert system.get(f"/v1/mentorships/{before['id']}").json["state"] == "proposed"  # what is open stays


def test_a_suggestion_that_nobody_acts_upon_gives_way_to_a_much_better_one(system):
    about = dict(languages=["ar"], municipality="0980", occupations=[{"scheme": "ssyk", "code": "7213"}])
    before = suggestion(system, seek(system, **about))
    weights = [{"factor": one["factor"], "weight": 20 * (one["factor"] == "language")} for one in before["explanation"]]
    system.do(
        f"programmes/{system.id('integration-works')}/set_matching",
        {"matching": {"weights": weights, "replace_days": 0, "replace_points": 20}},
        token=system.token("admin"),
    )
    gone = fadder.wait_until(
        lambda: next((one for one in system.items("mentorships") if one["state"] == "superseded"), None), "it gave way"
    )
    assert gone["id"] == before["id"] and gone["outdone"] == 20
    after = suggestion(system, before["referral"])
    assert after["id"] == gone["superseded_by"] and after["mentor"] == system.id("mentor-3") and after["better"] == 20
    told = system.operator("explain", before["referral"]).stdout
    assert "another mentor was suggested instead who has 20 points more" in told
    assert "this mentor has 20 points more" in told


def test_who_else_could_be_proposed_is_kept_up_to_date(system):
    first = suggestion(system, seek(system))
    gone = first["alternatives"][0]["mentor"]
    system.do(f"mentors/{gone}/pause", token=system.token("coordinator"))

    def listed():
        one = system.get(f"/v1/mentorships/{first['id']}").json
        return one if gone not in [other["mentor"] for other in one["alternatives"]] else None

    anew = fadder.wait_until(listed, "the others are listed anew")
    assert anew["state"] == "proposed" and anew["mentor"] == first["mentor"] and len(anew["alternatives"]) == 5


def test_fairness_counts_one_programme_and_keeps_the_club_of_a_mentor_who_left(system):
    referral = seek(system)
    first = suggestion(system, referral)
    system.do(f"mentorships/{first['id']}/offer", token=system.token("coordinator"))
    system.do(f"mentorships/{first['id']}/decline", {"reason": "no_time"}, token=system.token("mentor-1"))
    system.do(f"persons/{first['mentor']}/end_role", {"part": "mentor", "reason": "no_time"}, token=system.token("admin"))
    club = "| Rotaryklubben Djurgården (påhittad) |"

    def of_ours():
        page = system.operator("fairness", "--programme", fadder.PROGRAMME).stdout
        return page if f"{club} 2 | 1 |" in page else None

    page = fadder.wait_until(of_ours, "the club without its mentor, who was asked once")
    assert first["mentor"] not in page

    system.operator("programme", "add", "--slug", "other", "--name", "Other", "--country", "no")

    def of_the_other():
        done = system.operator("fairness", "--programme", "other", check=False)
        return done.stdout if done.returncode == 0 else None

    page = fadder.wait_until(of_the_other, "the other programme has heard of itself")
    assert "Rotaryklubben" not in page and not [name for name in MENTORS if system.id(name) in page]


@pytest.mark.parametrize(
    "words, says",
    [
        (["explain"], "ID"),
        (["explain", "x"], "ID x is not right: it must be an id, a UUID"),
        (["explain", "01890000-0000-7000-8000-000000000000"], "There is no mentorship 01890000"),
        (["explain", "01890000-0000-7000-8000-000000000000", "--language", "xx"], LANGUAGES),
        (["fairness", "--programme", "nowhere"], "There is no programme nowhere"),
        (["fairness", "--last-days", "0"], "--last-days 0 is not right: it must be a number of days, 1 to 36500"),
        (["fairness", "--language", "no"], LANGUAGES),
    ],
)
def test_what_is_asked_wrongly_is_told(words_system, words, says):
    done = words_system.operator(*words, check=False)
    assert done.returncode != 0 and says in done.stderr and done.stdout == ""


@pytest.fixture(scope="module")
def words_system(tmp_path_factory):
    running = fadder.System(tmp_path_factory.mktemp("fadder") / "home")
    try:
        yield running.start()
    finally:
        running.stop()


def test_what_an_agency_wants_besides_is_looked_for_from_then_on(system):
    coordinator, number = system.token("coordinator"), 1
    referral = system.refer("WANTS-1", wants=["placement"])
    system.do(f"referrals/{referral}/accept", token=coordinator)
    since = system.get(f"/v1/referrals/{referral}").json["waiting_since"]

    def wants(*kinds):
        nonlocal number
        number += 1
        answer = system.deliver(fadder.referral("WANTS-1", sequence=number, wants=list(kinds)))
        assert answer.json["result"] == "updated"

    def comes_to(record, state):
        said = lambda: (shown := system.get(f"/v1/{record}/{referral}")).status == 200 and shown.json["state"] == state
        fadder.wait_until(said, f"the {record} are {state}")

    comes_to("trainees", "open")
    assert system.get(f"/v1/mentees/{referral}").status == 404
    wants("placement", "mentor")
    comes_to("mentees", "searching")
    mentee = system.get(f"/v1/mentees/{referral}").json
    assert mentee["waiting_since"] == since and mentee["responsible"] == system.id("owner")
    assert referral in {one["id"] for one in system.items("mentees", coordinator, responsible=system.id("owner"))}
    proposed = suggestion(system, referral)
    wants("placement")
    comes_to("mentees", "closed")
    refused = system.command(f"mentorships/{proposed['id']}/offer", token=coordinator)
    assert (refused.status, refused.json["code"]) == (409, "mentorship.not_wanted")
    wants("mentor")
    comes_to("mentees", "searching")
    comes_to("trainees", "closed")
    system.do(f"mentorships/{proposed['id']}/offer", token=coordinator)
    wants("mentor", "placement")
    comes_to("trainees", "open")
