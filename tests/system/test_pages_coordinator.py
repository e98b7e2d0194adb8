"""The pages of who coordinates: a day's work, whose what is, who is hidden, and what was typed and not taken."""

from __future__ import annotations

import csv
import io
import urllib.parse

import fadder
import pytest
from browser import Browser
from fadder import wait_until

COORDINATOR = "karin.bergvall@example.org"  # of the association: of everything
GOTLAND = "olof.hejdenberg@example.org"  # of another club, and not cleared for who is protected
COUNSELLOR = "britta.malmsten@example.org"
MENTOR = "amina.warsame@example.org"


def referred(system: fadder.System, number: str, **person: str) -> str:
    return system.refer(f"DAY-{number}", person={"given_name": f"Dagny{number}", "email": f"dagny{number}@example.org", **person}, wants=["mentor"])


def one(system: fadder.System, record: str, id: str) -> dict:
    return system.get(f"/v1/{record}/{id}", system.token("coordinator")).json


def shows(browser: Browser, path: str, words: str) -> Browser:
    wait_until(lambda: words in browser.open(path).page.text, f"{words!r} at {path}")
    return browser


def mentorship_of(system: fadder.System, referral: str, state: str) -> str:
    find = lambda: [row["id"] for row in system.items("mentorships", system.token("coordinator"), referral=referral) if row["state"] == state]
    return wait_until(find, f"a mentorship that is {state}")[0]


def test_a_secretarys_day(system):
    referral = referred(system, "1", phone="+46701230001")
    browser = Browser(system).sign_in(COORDINATOR)
    shows(browser, "/", "A referral has come in")
    assert f"/referrals/{referral}" in browser.page.links
    shows(browser, "/referrals", "Dagny1")
    assert "Waits for you." in browser.page.text

    browser.open(f"/referrals/{referral}")
    assert "Dagny1 Påhittadsson" in browser.page.text and "+46701230001" in browser.page.text and "Wants a mentor" in browser.page.text
    browser.press(f"/referrals/{referral}/ask_info", asks="consent")
    browser.press(f"/referrals/{referral}/undo")
    assert one(system, "referrals", referral)["state"] == "received" and "asks" not in one(system, "referrals", referral)
    browser.press(f"/referrals/{referral}/ask_info", asks="contact")
    assert browser.status == 200 and "The agency has been asked for more." in browser.page.text
    assert f"/referrals/{referral}/undo" in browser.page.forms
    assert one(system, "referrals", referral)["missing"] == ["contact"]
    counsellor = shows(Browser(system).sign_in(COUNSELLOR), f"/referrals/{referral}", "how they can be reached")
    counsellor.press(f"/referrals/{referral}/give_info", given="contact")
    assert one(system, "referrals", referral)["state"] == "received"
    assert f"/referrals/{referral}/undo" not in browser.open(f"/referrals/{referral}").page.forms, "it has been answered"
    browser.press(f"/referrals/{referral}/accept")
    assert "Accepted." in browser.page.text and one(system, "referrals", referral)["state"] == "accepted"

    first = mentorship_of(system, referral, "proposed")
    shows(browser, f"/referrals/{referral}", "A mentor is suggested")
    assert f"/mentorships/{first}" in browser.page.links
    shows(browser, "/", "A mentor is suggested")
    browser.open(f"/mentorships/{first}")
    row = one(system, "mentorships", first)
    assert "Why this mentor" in browser.page.text and "common language" in browser.page.text and str(row["total"]) in browser.page.text
    assert "Checked, and nothing stood in the way" in browser.page.text
    others = {other["mentor"] for other in row["alternatives"]}
    assert system.id("mentor-1") in others | {row["mentor"]}
    for other in others:
        assert f"/mentors/{other}" in browser.page.links

    if row["mentor"] == system.id("mentor-1"):
        second = first
    else:
        browser.press(f"/mentorships/{first}/propose", mentor=system.id("mentor-1"))
        second = browser.path.split("/")[-1].split("?")[0]
        assert second != first and one(system, "mentorships", second)["mentor"] == system.id("mentor-1")
        assert one(system, "mentorships", first)["state"] == "superseded"
    shows(browser, f"/mentorships/{second}", "Amina Warsame")
    browser.press(f"/mentorships/{second}/offer")
    shows(browser, "/", "A mentor has been asked and has not answered.")
    assert f"/mentorships/{second}" in browser.page.links

    mentor = Browser(system).sign_in(MENTOR).open(f"/mentorships/{second}")
    words = "Kan vi ses på <kvällar>?"
    wait_until(lambda: mentor.open(f"/mentorships/{second}").press(f"/mentorships/{second}/question", topic="time", said__words=words).status == 200, "the question")
    shows(browser, "/", "A mentor asks you something.")
    assert f"/mentorships/{second}" in browser.page.links
    shows(browser, f"/mentorships/{second}", words)
    browser.press(f"/mentorships/{second}/answer")
    assert browser.status == 422 and words in browser.page.text, "no answer is none"
    browser.press(f"/mentorships/{second}/answer", said__words="Ja, på tisdagar.")
    assert browser.status == 200
    shows(mentor, f"/mentorships/{second}", "Ja, på tisdagar.")
    readings = [reading["what"] for reading in system.items("readings", system.token("admin"), person=one(system, "referrals", referral)["person"])]
    assert {"details", "name", "question", "answer"} <= set(readings), "what was read of somebody is written down"


def test_what_was_typed_is_there_still_when_it_is_not_taken(system):
    referral = referred(system, "2")
    browser = Browser(system).sign_in(COORDINATOR)
    shows(browser, f"/referrals/{referral}", "Dagny2")
    browser.press(f"/referrals/{referral}/reject")
    assert browser.status == 422 and '<details open><summary>Reject' in browser.page.html
    assert one(system, "referrals", referral)["state"] == "received"
    browser.open(f"/referrals/{referral}").press(f"/referrals/{referral}/hand_over", to="", reason="distance")
    assert browser.status == 422 and '<option value="distance" selected>' in browser.page.html
    browser.open(f"/referrals/{referral}").press(f"/referrals/{referral}/hand_over", to=system.id("club-visby"), reason="distance")
    assert "Rotaryklubben Visby innerstad" in browser.page.text and one(system, "referrals", referral)["responsible"] == system.id("club-visby")
    browser.press(f"/referrals/{referral}/reject", reason="no_capacity")
    assert "Rejected." in browser.page.text and "No room" in browser.page.text
    assert "Dagny2" in shows(browser, "/referrals?closed=yes", "Rejected.").page.text
    assert "Dagny2" not in browser.open("/referrals").page.text
    browser.open(f"/referrals/{referral}").press(f"/referrals/{referral}/reopen", reason="mistake")
    assert one(system, "referrals", referral)["state"] == "received"


PAGES = ("/referrals", "/mentors", "/mentors/new", "/mentorships")


@pytest.mark.parametrize(
    ("address", "may"),
    [(COORDINATOR, PAGES), (GOTLAND, PAGES), (COUNSELLOR, ("/referrals", "/mentorships")), (MENTOR, ("/mentorships",))],
    ids=str,
)
def test_who_may_open_what(system, address, may):
    browser = Browser(system).sign_in(address)
    ways = [link for link in browser.open("/").page.links if link in PAGES]
    for path in PAGES:
        assert browser.open(path).status == (200 if path in may else 403), path
        assert (path in ways) == (path in may and path != "/mentors/new"), f"a way to {path}"
    if "/mentors" not in may:
        assert browser.open(f"/mentors/{system.id('mentor-1')}").status == 403
        body = urllib.parse.urlencode({"capacity": "9"})
        assert browser.send("POST", f"/mentors/{system.id('mentor-1')}/set_capacity", body).status == 403


def test_another_clubs_is_not_there(system):
    referral = referred(system, "3")
    browser = Browser(system).sign_in(GOTLAND)
    assert browser.open(f"/referrals/{referral}").status == 404
    assert browser.send("POST", f"/referrals/{referral}/accept", "x=").status in (403, 404, 422)
    assert one(system, "referrals", referral)["state"] == "received"
    assert "Dagny3" not in browser.open("/referrals").page.text + browser.open("/").page.text

    mentor = system.id("mentor-1")  # of another club
    assert browser.open(f"/mentors/{mentor}").status == 404 and "Amina" not in browser.page.html and mentor not in browser.open("/mentors").page.html
    before = one(system, "mentors", mentor)["capacity"]
    assert browser.send("POST", f"/mentors/{mentor}/set_capacity", "capacity=9").status in (403, 404, 422)
    assert one(system, "mentors", mentor)["capacity"] == before
    browser.open("/mentors")
    assert "Farid" in browser.page.text and "Amina" not in browser.page.html, "one's own club's by name, others' not"
    assert "Amina" not in browser.open("/mentors?name=amina").page.text


def test_a_counsellor_sees_their_own_and_decides_nothing(system):
    referral = referred(system, "4")
    browser = Browser(system).sign_in(COUNSELLOR)
    shows(browser, f"/referrals/{referral}", "Dagny4")
    pressed = {form.split("/")[-1] for form in browser.page.forms if form.startswith("/referrals/")}
    assert not pressed & {"accept", "reject", "waitlist", "ask_info", "hand_over", "complete"}
    assert browser.send("POST", f"/referrals/{referral}/accept", "x=").status == 422
    assert one(system, "referrals", referral)["state"] == "received"


def test_who_is_protected_is_shown_to_who_is_cleared(system):
    referral = referred(system, "5", protection="confidential", phone="+46701230005")
    system.do(f"referrals/{referral}/hand_over", {"to": system.id("club-visby"), "reason": "distance"}, system.token("coordinator"))
    browser = Browser(system).sign_in(GOTLAND)
    shows(browser, f"/referrals/{referral}", "This person is protected.")
    for path in ("/", "/referrals", f"/referrals/{referral}"):
        html = browser.open(path).page.html
        assert "Dagny5" not in html and "1230005" not in html and "0180" not in html, path
    cleared = Browser(system).sign_in(COORDINATOR).open(f"/referrals/{referral}")
    assert "Dagny5" in cleared.page.text and "This person is protected." not in cleared.page.text


def test_mentors(system):
    browser = Browser(system).sign_in(COORDINATOR).open("/mentors")
    assert "Amina Warsame" in browser.page.text and "of 2 taken" in browser.page.text and "Swedish, Somali" in browser.page.text
    browser.open("/mentors?name=haDDad")
    assert "Cecilia Haddad" in browser.page.text and "Amina" not in browser.page.text and 'value="haDDad"' in browser.page.html
    assert "Nobody was found." in browser.open("/mentors?name=%3Cb%3Enobody").page.text and "<b>nobody" not in browser.page.html

    browser.open("/mentors/new").press("/mentors/new", details__given_name="Nora", details__family_name="Nyqvist", language="sv", details__email="nora nyqvist")
    assert browser.status == 422 and 'value="Nyqvist"' in browser.page.html and 'value="nora nyqvist"' in browser.page.html
    fields = {"details__given_name": "Nora", "details__family_name": "Nyqvist", "details__email": "nora.nyqvist@example.org", "language": "sv", "organisation": system.id("club-vasastan")}
    browser.press("/mentors/new", **fields, **{"languages[0]": "klingonska", "municipality": "Laxholm"})
    assert browser.status == 422 and 'value="klingonska"' in browser.page.html and 'value="Laxholm"' in browser.page.html
    browser.press("/mentors/new", **fields, **{"languages[0]": "svenska", "languages[1]": "Українська", "languages[2]": "UK", "municipality": "stockholm"})
    assert browser.path.startswith("/mentors?")
    shows(browser, "/mentors?name=nora", "Nora Nyqvist")
    (path,) = [link for link in browser.page.links if link.startswith("/mentors/") and link not in ("/mentors/new", "/mentors/import")]
    mentor = path.split("/")[-1]
    assert "Rotaryklubben Vasastan" in browser.page.text and "Swedish, Ukrainian" in browser.page.text

    assert "It is not said yet" in browser.open(path).page.text and "Stockholm" in browser.page.text
    made = one(system, "mentors", mentor)
    assert made["languages"] == ["sv", "uk"] and made["municipality"] == "0180"
    browser.press(f"{path}/set_capacity", capacity="many")
    assert browser.status == 422 and 'value="many"' in browser.page.html
    browser.press(f"{path}/set_capacity", capacity="2")
    assert "0 of 2 taken" in browser.page.text and "Can be asked." in browser.page.text
    browser.press(f"{path}/pause")
    assert one(system, "mentors", mentor)["state"] == "paused" and "Takes a break." in browser.page.text
    browser.press(f"{path}/resume")
    form = browser.page.forms[f"{path}/describe"]
    body = [*form.items(), ("offers", "job_search"), ("offers", "leisure"), ("availability", "tue_evening")]
    assert browser.send("POST", f"{path}/describe", urllib.parse.urlencode(body)).status == 303
    described = one(system, "mentors", mentor)
    assert set(described["offers"]) == {"job_search", "leisure"} and described["availability"] == ["tue_evening"] and described["networks"] == []
    browser.open(path)
    assert 'value="leisure" checked' in browser.page.html and 'value="studies">' in browser.page.html
    browser.press(f"{path}/describe", **{"networks[0].scheme": "ssyk", "networks[0].code": "7233"})
    described = one(system, "mentors", mentor)
    assert described["offers"] == [] and described["networks"] == [{"scheme": "ssyk", "code": "7233"}], "nothing ticked is nothing"

    browser.open(path).press(f"{path}/change", details__phone="+46701239999", details__family_name="Nyström")
    shows(browser, path, "Nora Nyström")
    assert "+46701239999" in browser.page.text
    browser.press(f"{path}/end_role")
    assert browser.status == 422, "an end has a reason"
    browser.press(f"{path}/end_role", reason="no_time")
    wait_until(lambda: one(system, "mentors", mentor)["state"] == "gone", "no longer a mentor")
    shows(browser, path, "Is no longer a mentor.")
    assert "Nora" not in browser.open("/mentors?name=nora").page.text
    browser.open(path).press(f"{path}/undo")
    wait_until(lambda: one(system, "mentors", mentor)["state"] != "gone", "a mentor again")


def test_a_conflict_is_said_and_lifted(system):
    referral = referred(system, "6")
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    mentorship = mentorship_of(system, referral, "proposed")
    mentor = one(system, "mentorships", mentorship)["mentor"]
    browser = Browser(system).sign_in(COORDINATOR)
    shows(browser, f"/mentorships/{mentorship}", "There is a conflict of interest")
    browser.press(f"/mentorships/{mentorship}/declare_conflict")
    assert browser.status == 200 and one(system, "mentees", referral)["conflicts"] == [mentor]
    shows(browser, f"/mentors/{mentor}", "Conflicts of interest")
    assert "Dagny6" in browser.page.text
    browser.press(f"/mentors/{mentor}/lift_conflict")
    assert browser.path == f"/mentors/{mentor}?done=lift_conflict" and one(system, "mentees", referral)["conflicts"] == []


def table(browser: Browser, path: str) -> list[list[str]]:
    """What a spreadsheet makes of a file."""
    browser.send("GET", path)
    assert browser.status == 200 and browser.answer_headers["content-type"] == "text/csv; charset=utf-8" and browser.answer_headers["cache-control"] == "no-store"
    name = path.split("?")[0].removeprefix("/")
    assert browser.answer_headers["content-disposition"] == f'attachment; filename="{name}"'
    assert browser.page.html.startswith("\ufeff") and browser.page.html.endswith("\r\n")
    return list(csv.reader(io.StringIO(browser.page.html.removeprefix("\ufeff"), newline=""), strict=True))


def test_a_list_is_taken_along_as_it_is_on_the_screen(system):
    named = {"7": '=HYPERLINK("x")', "8": "+Dagny", "9": "-Dagny", "10": "@Dagny", "11": 'Dagny "D", jr'}
    for number, name in named.items():
        referred(system, number, given_name=name, family_name="Å")
    browser = Browser(system).sign_in(COORDINATOR)
    wait_until(lambda: '"D", jr' in browser.open("/referrals").page.text, "the last of them")
    assert "/referrals.csv" in browser.page.links
    head, *rows = table(browser, "/referrals.csv")
    assert head == ["Who", "How it stands", "Waiting since", "Responsible"]
    who = [row[0] for row in rows]
    assert {"'" + name + " Å" for number, name in named.items() if number != "11"} | {'Dagny "D", jr Å'} <= set(who)
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t" and cell]
    shown = browser.open("/referrals").page
    assert len(rows) == shown.html.count('<th scope="row">')
    assert table(browser, "/referrals.csv?closed=yes")[1:] != rows

    head, *rows = table(browser, "/mentors.csv?name=haddad")
    assert head[0] == "Mentor" and [row[0] for row in rows] == ["Cecilia Haddad (påhittad)"] and rows[0][1].startswith("Rotaryklubben Vasastan") and rows[0][3] == "3"
    assert "/mentors.csv?name=haddad" in browser.open("/mentors?name=haddad").page.links
    assert table(browser, "/mentorships.csv")[0][0] == "Who"
    assert Browser(system).sign_in(MENTOR).open("/referrals.csv").status == 403
    assert "HYPERLINK" not in Browser(system).sign_in(GOTLAND).send("GET", "/referrals.csv").page.html, "another club's"


def test_a_clubs_coordinator_has_what_is_the_clubs(system):
    referral = referred(system, "12")
    system.do(f"referrals/{referral}/hand_over", {"to": system.id("club-djurgarden"), "reason": "distance"}, system.token("coordinator"))
    browser = Browser(system).sign_in("ingrid.ohrvall@example.org")
    shows(browser, f"/referrals/{referral}", "Dagny12")
    browser.press(f"/referrals/{referral}/accept")
    assert browser.status == 200 and one(system, "referrals", referral)["state"] == "accepted"
    browser.press(f"/referrals/{referral}/undo")
    assert one(system, "referrals", referral)["state"] == "received", "who has done it takes it back"
    browser.press(f"/referrals/{referral}/accept")
    other = Browser(system).sign_in(COORDINATOR).open(f"/referrals/{referral}")
    assert f"/referrals/{referral}/undo" not in other.page.forms, "and nobody else"
    assert "Amina Warsame" in browser.open("/mentors").page.text and "Cecilia" not in browser.page.html
    mentor = system.id("mentor-1")
    before = one(system, "mentors", mentor)["capacity"]
    browser.open(f"/mentors/{mentor}").press(f"/mentors/{mentor}/set_capacity", capacity=before + 1)
    assert one(system, "mentors", mentor)["capacity"] == before + 1
    browser.press(f"/mentors/{mentor}/set_capacity", capacity=before)
