"""Placements as pages: from planned to assessed by those whose it is, whose page shows what, and a week that is taken in part."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import re
import urllib.parse
from typing import Any

import fadder
import pytest
from browser import Browser, links_in, mails_to
from fadder import wait_until

TODAY = fadder.today()
MONDAY = TODAY - datetime.timedelta(days=TODAY.weekday() + 7)  # of last week: all its days have been
BEGUN = str(MONDAY - datetime.timedelta(days=7))
ADDRESSES = {
    "coordinator": "karin.bergvall@example.org",
    "host": "sven.ekelof@example.org",
    "supervisor": "tora.wikander@example.org",
    "counsellor": "britta.malmsten@example.org",
    "decision_maker": "henrik.stalhane@example.org",
    "mentor": "amina.warsame@example.org",
    "other_host": "vera.ahlgren@example.org",
    "other_supervisor": "yngve.bolander@example.org",
}
# What each may open: the list, a placement of theirs, its day book.
MAY_OPEN = {
    "coordinator": (200, 200, 200),
    "host": (200, 200, 200),
    "supervisor": (200, 200, 200),
    "counsellor": (200, 200, 200),
    "decision_maker": (200, 200, 403),
    "participant": (200, 200, 200),
    "mentor": (403, 403, 403),
    "other_host": (200, 404, 404),
    "other_supervisor": (200, 404, 404),
}
# What each may press before anything is ready, by the last part of the form's address.
PRESSES = {
    "coordinator": {"meet_agreement", "meet_supervisor", "meet_safety", "meet_insurance", "change_period", "cancel"},
    "host": {"meet_safety", "meet_insurance", "change_period", "cancel"},
    "counsellor": {"meet_agreement", "meet_safety", "meet_insurance", "cancel"},
    "decision_maker": set(),
    "participant": {"cancel"},
}
numbers = itertools.count(1)


class Case:
    """A participant who is planned for a place at a museum line."""

    def __init__(self, system: fadder.System, begun: str = BEGUN, **person: str):
        number = next(numbers)
        self.system, self.address, self.name = system, f"praktikant{number}@example.org", f"Praktikant{number}"
        told = {"given_name": self.name, "email": self.address, **person}
        self.referral = system.refer(f"PLACES-{number}", person=told, wants=["placement"])
        system.do(f"referrals/{self.referral}/accept", token=system.token("coordinator"))
        self.begun = begun
        days = {"from": begun, "until": str(TODAY + datetime.timedelta(days=60))}
        self.id = system.plan(self.referral, site=f"Verkstad{number}", **days)
        self.site, self.path, self.book = f"Verkstad{number}", f"/placements/{self.id}", f"/day-books/{self.id}"

    def browse(self, role: str) -> Browser:
        return Browser(self.system).sign_in(self.address if role == "participant" else ADDRESSES[role])

    @property
    def row(self) -> dict[str, Any]:
        return self.system.get(f"/v1/placements/{self.id}", self.system.token("coordinator")).json

    def say(self, step: str, by: str, **body: Any) -> None:
        self.system.do(f"placements/{self.id}/{step}", body, token=self.system.token(by))

    def make_ready(self) -> None:
        self.say("meet_requirement", "counsellor", kind="agreement", on=self.begun)
        self.say("meet_requirement", "coordinator", kind="supervisor", supervisor=self.system.id("supervisor-djurgardslinjen"))
        self.say("meet_requirement", "coordinator", kind="drawing_access", valid_until=str(TODAY + datetime.timedelta(days=60)))
        self.say("meet_requirement", "coordinator", kind="safety_introduction")
        self.say("meet_requirement", "coordinator", kind="insurance")

    def start(self) -> None:
        self.make_ready()
        self.say("start", "supervisor-djurgardslinjen", on=self.begun)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return self.system.items("days", self.system.token("coordinator"), placement=self.id)

    def week(self, browser: Browser, monday: datetime.date = MONDAY) -> Browser:
        return browser.open(f"{self.book}?week={monday}")


def day(name: str, date: datetime.date) -> dict[str, int]:
    """As it is typed: three fields."""
    return {f"{name}.day": date.day, f"{name}.month": date.month, f"{name}.year": date.year}


def acts(browser: Browser) -> set[str]:
    return {action.rsplit("/", 1)[1] for action in browser.page.forms if action.startswith(("/placements/", "/day-books/"))}


def taken(browser: Browser, step: str) -> Browser:
    assert browser.status == 200 and f"?done={step}" in browser.path, (browser.status, browser.path, browser.page.text)
    return browser


def row_at(case: Case, at: int, **typed: Any) -> dict[str, Any]:
    return {f"days[{at}].{name}": value for name, value in typed.items()}


def test_from_planned_to_assessed_over_pages_alone(system):
    case = Case(system)
    coordinator, foreman, participant = case.browse("coordinator"), case.browse("host"), case.browse("participant")
    assert "Something is missing" in foreman.page.text and case.path in foreman.page.links and case.name in foreman.page.text, "it waits there"
    tora = system.id("supervisor-djurgardslinjen")
    coordinator.open(case.path)
    taken(coordinator.press(f"{case.path}/meet_agreement", **day("on", datetime.date.fromisoformat(BEGUN))), "meet_agreement")
    assert "Tora Wikander" in coordinator.page.text
    taken(coordinator.press(f"{case.path}/meet_supervisor", supervisor=tora), "meet_supervisor")
    foreman.open(case.path)
    taken(foreman.press(f"{case.path}/meet_access", **day("valid_until", TODAY + datetime.timedelta(days=30))), "meet_access")
    taken(foreman.press(f"{case.path}/meet_insurance"), "meet_insurance")
    supervisor = case.browse("supervisor").open(case.path)
    assert case.name in wait_until(lambda: case.name in supervisor.open(case.path).page.text and supervisor.page.text, "the name")
    assert "meet_agreement" not in acts(supervisor) and "meet_access" not in acts(supervisor), "others see to these"
    taken(supervisor.press(f"{case.path}/meet_safety"), "meet_safety")
    assert case.row["state"] == "ready" and "Everything is ready" in supervisor.page.text
    wait_until(lambda: "Tora Wikander" in participant.open(case.path).page.text, "who supervises")
    assert "openstreetmap.org/search?query=" + case.site in participant.page.html
    taken(supervisor.press(f"{case.path}/start", **day("on", datetime.date.fromisoformat(BEGUN))), "start")

    case.week(supervisor)
    filled = row_at(case, 0, activity="work", hours=7, minutes=30) | row_at(case, 1, activity="absent_ill", hours=8)
    taken(supervisor.press(f"{case.book}/week", **filled), "week")
    assert f"week={MONDAY}" in supervisor.path and "7 h 30 min" in supervisor.page.text
    assert [(one["on"], one["minutes"], one["activity"]) for one in case.lines] == [
        (str(MONDAY), 450, "work"),
        (str(MONDAY + datetime.timedelta(days=1)), 480, "absent_ill"),
    ]
    participant.open("/")
    assert case.book in participant.page.links, "they are to be answered"
    work, ill = (one["id"] for one in case.lines)
    participant.open(case.book)
    assert f"Week from monday {MONDAY.day} " in participant.page.text.replace("Monday", "monday"), "where something is to be answered"
    taken(participant.press(f"{case.book}/agree_day", day=work), "agree_day")
    taken(participant.press(f"{case.book}/dispute_day", day=ill), "dispute_day")
    assert [one["state"] for one in case.lines] == ["agreed", "disputed"]
    corrected = {"corrects": ill, "activity": "absent_excused", "minutes": 240, **day("on", MONDAY + datetime.timedelta(days=1))}
    taken(case.week(supervisor).press(f"{case.book}/correct_day", **corrected), "correct_day")
    assert [one["state"] for one in case.lines] == ["agreed", "corrected", "logged"]
    taken(supervisor.press(f"{case.book}/log_day", activity="training", minutes=60, **day("on", MONDAY)), "log_day")
    extra = case.lines[-1]["id"]
    taken(supervisor.press(f"{case.book}/strike_day", day=extra), "strike_day")
    assert case.lines[-1]["state"] == "struck"

    foreman.open(case.path)
    until = day("until", TODAY + datetime.timedelta(days=5))
    taken(foreman.press(f"{case.path}/interrupt", reason="away", **until), "interrupt")
    taken(foreman.press(f"{case.path}/resume"), "resume")
    taken(foreman.press(f"{case.path}/end", reason="got_a_job"), "end")
    supervisor.open(case.path)
    taken(supervisor.press(f"{case.path}/assess", result="reached"), "assess")
    assert "The goals were reached" in supervisor.page.text
    participant.open("/")
    assert "Do you agree?" in participant.page.text
    taken(participant.open(case.path).press(f"{case.path}/contest"), "contest")
    taken(participant.press(f"{case.path}/undo"), "undo")
    taken(participant.press(f"{case.path}/agree"), "agree")
    taken(participant.press(f"{case.path}/record_outcome", outcome="job_at_host", contract="permanent"), "record_outcome")
    assert (case.row["state"], case.row["opinion"], case.row["outcome"]) == ("assessed", "agrees", "job_at_host")


@pytest.fixture(scope="module")
def planned(system) -> Case:
    return Case(system)


@pytest.fixture(scope="module")
def started(system) -> Case:
    case = Case(system)
    case.start()
    return case


@pytest.mark.parametrize("role", MAY_OPEN)
def test_each_opens_what_is_theirs(started, role):
    browser = started.browse(role)
    for path, status in zip(("/placements", started.path, started.book), MAY_OPEN[role]):
        assert browser.open(path).status == status, path
        if status != 200 or path == "/placements":
            continue
        assert (started.name in browser.page.text) == (role in ("coordinator", "host", "supervisor", "counsellor")), path
    listed = browser.open("/placements").page.html
    assert (started.id in listed) == (MAY_OPEN[role][1] == 200)
    assert ("/placements" in browser.open("/").page.links) == (role != "mentor")


@pytest.mark.parametrize("role", MAY_OPEN)
def test_the_list_is_taken_along_as_it_is_on_the_screen(started, role):
    browser = started.browse(role).open("/placements")
    shown, may = browser.page, browser.status == 200
    browser.send("GET", "/placements.csv")
    assert browser.status == MAY_OPEN[role][0]
    if not may:
        return
    assert "/placements.csv" in shown.links and browser.answer_headers["content-disposition"] == 'attachment; filename="placements.csv"'
    head, *rows = csv.reader(io.StringIO(browser.page.html.removeprefix("\ufeff"), newline=""), strict=True)
    assert head == ["Who", "How it stands", "Where", "First day", "Last day"] and len(rows) == shown.html.count('<th scope="row">')
    row = started.row
    mine = [line for line in rows if started.site in line[2] and line[3:] == [row["from"], row["until"]]]
    assert bool(mine) == (started.site in shown.text), rows
    assert all((started.name in line[0]) == (started.name in shown.text) and line[1] in shown.text for line in mine)


@pytest.mark.parametrize("role", PRESSES)
def test_each_presses_what_is_theirs(planned, role):
    browser = planned.browse(role).open(planned.path)
    assert acts(browser) == PRESSES[role]
    if role == "participant":
        assert planned.site not in browser.page.html, "where it is comes with the agreement"


@pytest.mark.parametrize("role", ("other_host", "other_supervisor", "mentor"))
def test_nobody_presses_anothers_by_its_id(started, role):
    browser, before = started.browse(role), started.row
    for path in (f"{started.path}/end", f"{started.book}/log_day", f"{started.book}/week"):
        typed = {"reason": "other", "days[0].on": str(MONDAY), "days[0].activity": "work", "days[0].hours": "8"}
        sent = typed if path.endswith("week") else {"reason": "other"}
        if path.endswith("log_day"):
            sent = {"on": str(MONDAY), "activity": "work", "minutes": "60"}
        assert browser.send("POST", path, urllib.parse.urlencode(sent)).status in (403, 404), path
    assert (started.row, started.lines) == (before, [])


def test_a_week_is_taken_day_by_day_and_the_rest_stays(system):
    case = Case(system)
    case.start()
    browser = case.week(case.browse("supervisor"))
    filled = row_at(case, 0, activity="work", hours=7) | row_at(case, 1, activity="work", hours="sju", minutes=5)
    filled |= row_at(case, 2, hours=6) | row_at(case, 3, activity="training", hours=25) | row_at(case, 4, activity="work", minutes=90)
    action, fields = f"{case.book}/week", browser.page.forms[f"{case.book}/week"]
    body = urllib.parse.urlencode(fields | filled)
    browser.send("POST", action, body)
    assert browser.status == 422
    assert [(one["on"], one["minutes"]) for one in case.lines] == [(str(MONDAY), 420), (str(MONDAY + datetime.timedelta(days=4)), 90)]
    for at, name in ((1, "minutes"), (2, "activity"), (3, "minutes")):
        assert f'id="week-days[{at}].{name}-fault"' in browser.page.html, at
    for at in (0, 4):
        assert f"days[{at}].hours" not in browser.page.html, "what was taken is asked for no more"
    kept = browser.page.forms[action]
    assert (kept["days[1].hours"], kept["days[1].minutes"], kept["days[2].hours"], kept["days[3].hours"]) == ("sju", "5", "6", "25")
    assert re.search(r'name="days\[3\]\.activity".*?value="training" selected', browser.page.html, re.DOTALL)
    browser.send("POST", action, body)
    assert len(case.lines) == 2, "sent twice it is said once"
    browser.press(action, **row_at(case, 1, activity="work", hours=7, minutes=5) | row_at(case, 2, activity="work") | row_at(case, 3, activity="training", hours=5))
    taken(browser, "week")
    assert sum(one["minutes"] for one in case.lines) == 420 + 90 + 425 + 360 + 300


def test_a_long_day_book_is_shown_to_its_end(system):
    days = [TODAY - datetime.timedelta(days=at) for at in range(110, 0, -1)]
    case = Case(system, begun=str(days[0]))
    case.start()
    for one in days:
        case.say("log_day", "supervisor-djurgardslinjen", on=str(one), minutes=60, activity="work")
    browser = case.browse("participant").open(f"{case.book}?week={days[-1]}")
    assert str(days[-1]) in re.findall(r'<tr><th scope="row"><time datetime="([0-9-]+)"', browser.page.html)
    browser.open(f"{case.book}?week={days[0]}")
    assert str(days[0]) in re.findall(r'<tr><th scope="row"><time datetime="([0-9-]+)"', browser.page.html)


def test_what_was_typed_survives_a_refusal(started):
    browser = started.browse("host").open(started.path)
    browser.press(f"{started.path}/interrupt", reason="away", **day("until", TODAY - datetime.timedelta(days=40)))
    assert browser.status == 422 and "An interruption ends later than today" in browser.page.text
    assert re.search(r'value="away" selected', browser.page.html)
    year = str((TODAY - datetime.timedelta(days=40)).year)
    assert browser.page.forms[f"{started.path}/interrupt"]["until.year"] == year
    assert re.search(r"<details open><summary>Pause", browser.page.html), "its form is open"


def test_what_somebody_told_is_written_down_for_them(system):
    case = Case(system)
    case.start()
    case.say("log_day", "supervisor-djurgardslinjen", on=str(MONDAY), minutes=300, activity="work")
    coordinator = case.week(case.browse("coordinator"))
    assert "week" not in acts(coordinator), "it is not theirs to write"
    (line,) = case.lines
    taken(coordinator.press(f"{case.book}/record_agree", day=line["id"], behalf__told="telephone"), "record_agree")
    assert case.lines[0]["state"] == "agreed" and case.lines[0]["answer_told"] == "telephone"
    wrong = {"activity": "work", "minutes": 60, **day("on", MONDAY + datetime.timedelta(days=1))}
    assert coordinator.press(f"{case.book}/log_day", **wrong).status == 422, "whose word is it?"
    taken(coordinator.press(f"{case.book}/log_day", behalf__of="supervisor", behalf__told="letter", **wrong), "log_day")
    assert case.lines[1]["recorded_of"] == "supervisor"
    counsellor = case.browse("counsellor").open(case.path)
    taken(counsellor.press(f"{case.path}/end", reason="wish"), "end")
    assert "recorded" not in case.row, "their own word: nothing is filled in of another's"


def test_who_is_not_cleared_sees_nothing_of_who_is_protected(system):
    case = Case(system, protection="marked")
    for role, refused in (("host", 403), ("other_host", 404)):
        browser = case.browse(role)
        assert case.id not in browser.open("/placements").page.html
        for path in (case.path, case.book):
            browser.open(path)
            assert browser.status == refused and case.name not in browser.page.html and case.site not in browser.page.html
    coordinator = case.browse("coordinator").open(case.path)
    assert coordinator.status == 200 and case.name in coordinator.page.text, "who is cleared does"


def test_mails_lead_to_the_placement(system):
    case = Case(system)
    case.make_ready()
    address = ADDRESSES["supervisor"]
    mails = wait_until(lambda: [links_in(system, one) for one in mails_to(system, case.address) if links_in(system, one)], "the participant's mails")
    link = mails[-1][0]
    assert link.startswith("/l/")
    browser = Browser(system).open(link).press(link)
    assert (browser.status, browser.path) == (200, case.path)
    assert browser.open(case.book).status == 200, "the day book is a part of it"
    other = Case(system)
    assert browser.open(other.path).status == 403, "it is good for that alone"
    found = wait_until(lambda: [one for one in mails_to(system, address) if any(at.startswith("/l/") for at in links_in(system, one))], "the supervisor's")
    assert found
    foreman = wait_until(lambda: [one for one in mails_to(system, "djurgardslinjen@example.org") if case.path in links_in(system, one)], "the host's")
    assert foreman


def test_a_club_has_the_placement_of_whom_it_is_responsible_for(system):
    """At another's house: every link of its mails leads somewhere, and it does there what the programme's coordinator does."""
    case, other = Case(system), Case(system)
    club, association = system.token("coordinator-club"), system.token("coordinator")
    assert system.get(f"/v1/placements/{case.id}", club).status == 404 and not system.items("placements", club, referral=case.referral)
    system.do(f"referrals/{case.referral}/hand_over", {"to": system.id("club-djurgarden"), "reason": "wish"}, token=association)
    case.start()
    case.say("log_day", "supervisor-djurgardslinjen", on=str(MONDAY), activity="work", minutes=300)

    browser = Browser(system).sign_in("ingrid.ohrvall@example.org")
    wait_until(lambda: browser.open(case.path).status == 200, "the club has it")
    assert {"interrupt", "end"} <= acts(browser) and browser.open(case.book).status == 200
    assert [row["id"] for row in system.items("placements", club, referral=case.referral)] == [case.id]
    assert [row["minutes"] for row in system.items("days", club, placement=case.id)] == [300]
    links = {link for mail in mails_to(system, "club-djurgarden@example.org") for link in links_in(system, mail) if not link.startswith("/l/")}
    for link in links:
        assert browser.open(link).status == 200, link
    assert browser.open(other.path).status == 404 and not system.items("days", club, placement=other.id)
    system.do(f"placements/{case.id}/interrupt", {"reason": "ill", "until": str(TODAY + datetime.timedelta(days=7)), "behalf": {"of": "participant", "told": "telephone"}}, token=club)
    assert case.row["state"] == "interrupted"
