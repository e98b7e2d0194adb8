"""Mentors from a spreadsheet: what is seen before, what is refused, and that whatever comes between nobody is added twice."""

from __future__ import annotations

import concurrent.futures
import http.client
import signal
import urllib.parse
import uuid
from typing import Any

import fadder
import pytest
from browser import Browser
from fadder import wait_until

COORDINATOR = "karin.bergvall@example.org"  # of the whole programme
GOTLAND = "olof.hejdenberg@example.org"  # of one club, and not cleared for who is protected
MENTOR = "amina.warsame@example.org"
HEAD = "Förnamn;Efternamn;E-post;Telefon;Språk;Kommun;Yrke;Platser\r\n"
SHEET = "/mentors/import"
SAMPLE = "/mentors/import.csv"
CARRY_OUT = "/mentors/import/carry_out"
NEW = "Is added as a mentor."
THERE = "Is a mentor here already: nothing happens."
ADDED = "Has been added."


def of(system: fadder.System, browser: Browser, rows: str | bytes, head: str = HEAD, club: str = "club-vasastan", **fields: str) -> Browser:
    """What will happen to those rows."""
    content = rows if isinstance(rows, bytes) else (head + rows).encode()
    fields = {"organisation": system.id(club), "language": "sv", "sheet": "", **fields}
    return browser.open(SHEET).upload(SHEET, {"file": content}, **fields)


def added(system: fadder.System, since: int = 1) -> list[str]:
    """Those who were, whether or not they are what they should be."""
    return [event["aggregate"] for event in system.events("registry", since) if event["type"] == "person.registered"]


def mark(system: fadder.System) -> int:
    return system.events("registry")[-1]["batch"] + 1


def read(system: fadder.System, person: str) -> dict[str, Any]:
    return system.do(f"persons/{person}/read", {"purpose": "coordination"}, token=system.token("coordinator")).json


def mentor_of(system: fadder.System, person: str) -> dict[str, Any]:
    return wait_until(lambda: (answer := system.get(f"/v1/mentors/{person}", system.token("coordinator"))).status == 200 and answer.json, "the mentor")


def rows_of(word: str, count: int) -> str:
    return "".join(f"{word.title()} {n};Importsson;{word}-{n}@sheet.example.org;070-1740{n:03};svenska, arabiska;Stockholm;7233;2\r\n" for n in range(count))


@pytest.fixture
def browser(system):
    return Browser(system).sign_in(COORDINATOR)


def test_what_will_happen_is_seen_and_then_carried_out(system, browser):
    browser.open("/mentors")
    assert SHEET in browser.page.links
    since = mark(system)
    rows = "Ulla;Importsson;ulla@sheet.example.org;070-123 99 90;svenska, arabiska;Stockholm;7233;3\r\n;;;;;;;\r\nÅke Tage;;;;sv|so;0180;isco:2166;\r\n"
    of(system, browser, rows)
    text = browser.page.text
    assert browser.status == 200 and text.count(NEW) == 2 and "Rotaryklubben Vasastan" in text, text
    for words in ("Swedish, Arabic", "Swedish, Somali", "Stockholm", "+46701239990", "ulla@sheet.example.org"):
        assert words in text, (words, text)
    assert not added(system, since), "nothing is done before it is said"
    browser.press(CARRY_OUT)
    assert browser.status == 200 and browser.page.text.count(ADDED) == 2 and CARRY_OUT not in browser.page.forms, browser.page.text
    ulla, ake = added(system, since)
    assert {"given_name": "Ulla", "family_name": "Importsson", "email": "ulla@sheet.example.org", "phone": "+46701239990"}.items() <= read(system, ulla).items()
    assert "email" not in read(system, ake) and read(system, ake)["given_name"] == "Åke Tage"
    mentor = mentor_of(system, ulla)
    assert mentor["state"] == "active" and mentor["capacity"] == 3 and mentor["languages"] == ["sv", "ar"] and mentor["municipality"] == "0180"
    assert mentor["occupations"] == [{"scheme": "ssyk", "code": "7233"}] and mentor["organisation"] == system.id("club-vasastan")
    assert mentor_of(system, ake)["state"] == "new" and mentor_of(system, ake)["occupations"] == [{"scheme": "isco", "code": "2166"}]
    assert f"/mentors/{ulla}" in browser.page.links
    # once more, in another letters' case: who has no places gets them
    since = mark(system)
    of(system, browser, "Ulla;Nygift;ULLA@sheet.example.org;;;;;5\r\nÅKE TAGE;;;;;;;2\r\nKarin;Bergvall;karin.bergvall@example.org;;;;;1\r\n")
    for words in (THERE, "Is a mentor here already, and gets the places.", "Is here already, but not as a mentor"):
        assert words in browser.page.text, (words, browser.page.text)
    browser.press(CARRY_OUT)
    assert "Was a mentor here already, and has the places now." in browser.page.text, browser.page.text
    assert mentor_of(system, ulla)["capacity"] == 3, "who has places keeps them"
    assert mentor_of(system, ake)["capacity"] == 2 and not added(system, since)
    of(system, browser, "Åke Tage;;;;;;;2\r\n")
    assert "Somebody with that name is a mentor of the club already" in browser.page.text and "There is nobody to add." in browser.page.text
    assert CARRY_OUT not in browser.page.forms


def test_names_are_read_only_for_rows_without_an_e_mail(system, browser):
    wait_until(lambda: mentor_of(system, system.id("mentor-3")), "the mentor is known")
    readings = lambda: [one for one in system.items("readings", system.token("admin"), person=system.id("mentor-3"))]
    before = len(readings())
    of(system, browser, "Vera;Importsson;vera@sheet.example.org;;;;;1\r\nCecilia;X;cecilia.haddad@example.org;;;;;1\r\n")
    assert NEW in browser.page.text and THERE in browser.page.text and len(readings()) == before
    of(system, browser, "Cecilia;Haddad (påhittad);;;;;;1\r\n")
    assert "Somebody with that name" in browser.page.text
    assert [one["what"] for one in readings()[before:]] == ["name"]


def test_nobody_is_added_as_long_as_something_is_wrong(system, browser):
    since = mark(system)
    rows = (
        "Good;Rowson;good@sheet.example.org;;;;;1\r\n"
        ";Nameless;nameless@sheet.example.org;;;;;1\r\n"
        "Kling;Onsson;kling@sheet.example.org;;klingonska;;;1\r\n"
        "Tele;Fonsson;no address;phone;;Laxholm;;99\r\n"
        "Good;Again;good@sheet.example.org;;;;;1\r\n"
        '"Line\r\nEnd";X;end@sheet.example.org;;;;;1\r\n'
        "Only;Name;;;;;;\r\n"
        "only;name;;;;;;\r\n"
        "850709-9805;X;;;;;;\r\n"
        "Fon;X;;tolv;;;;\r\n"
    )
    of(system, browser, rows)
    assert browser.status == 422 and CARRY_OUT not in browser.page.forms
    text = browser.page.text
    for words in (
        "Row 3, Nameless , Given name: missing",
        "Row 4, Kling Onsson , Languages:",
        "Row 5, Tele Fonsson , E-mail:",
        "Row 11, Fon X , Telephone:",
        "Row 5, Tele Fonsson , Municipality:",
        "Row 5, Tele Fonsson , Places:",
        "Row 6, Good Again : It says the same person as row 2.",
        "Row 9, only name : It says the same person as row 8.",
        "Given name: a text with what looks like a national identity number",
    ):
        assert words in text, (words, text)
    assert "Row 2," not in text and text.index("What has to be put right") < text.index("What will happen with the others") < text.index("Good Rowson")
    assert text.count(NEW) == 2 and "good@sheet.example.org;;;;;1" in browser.page.html, "what was typed is there still"
    browser.page.forms[CARRY_OUT] = {**browser.page.forms[SHEET], "organisation": system.id("club-vasastan"), "language": "sv", "sheet": HEAD + rows}
    assert browser.press(CARRY_OUT).status == 422, "a sheet that nobody has seen through is not carried out either"
    assert not added(system, since)
    many = "".join(f";{n};;;;;;\r\n" for n in range(60))
    assert of(system, browser, many).status == 422 and browser.page.text.count("Given name:") == 50 and "There is more to put right further down." in browser.page.text


@pytest.mark.parametrize("language, said", [("sv", "Kommun: ingen kommun som"), ("nb", "Kommune: ingen kommune vi"), ("nn", "Kommune: ingen kommune vi"), ("en", "Municipality: not a municipality")])
def test_everything_is_said_in_the_readers_language(system, language, said):
    browser = Browser(system, language).sign_in(COORDINATOR)
    of(system, browser, "Per;X;no address;1;klingonska;Laxholm;9999999;99\r\n850709-9805;X;;;;;;\r\n")
    assert browser.status == 422 and browser.page.language == language and said in browser.page.text, browser.page.text
    body = browser.page.html.split("<main")[1].split("</main>")[0]
    assert language == "en" or 'lang="en"' not in body, body[body.find('lang="en"') - 200 :][:600]


@pytest.mark.parametrize(
    "content, said",
    [
        ("Förnamn;Skostorlek\nA;42\n".encode(), "Row 1, Skostorlek : This column is not taken here; leave it out."),
        ("E-post\na@b.se\n".encode(), "Row 1, Given name: The column is missing."),
        ("Förnamn;förnamn\nA;B\n".encode(), "Row 1, Given name: The column is there twice."),
        ("Förnamn;Telefon\nB;070-1740199\nA\n".encode(), "Row 3: It has fewer cells"),
        ("Förnamn;Telefon\n\"A;1\n".encode(), "A quotation mark is never closed."),
        ("Förnamn;Telefon\nA\"B;1\n".encode(), "Row 2: A quotation mark stands in the middle"),
        ("Förnamn;\nA;1\n".encode(), "Row 2: Something stands where no column has a name."),
        ("Förnamn,Efternamn;Telefon\nA;1\n".encode(), "It is not clear what stands between the columns"),
        ("sep=|\nFörnamn|Telefon\nA|1\n".encode(), "Neither commas, semicolons nor tabs"),
        ("Förnamn;Telefon\nÅsa;070-1740199\n".encode("iso-8859-1"), "save it as CSV UTF-8"),
        ("Förnamn;Telefon\nÅsa;070-1740199\n".encode("utf-16"), "save it as CSV UTF-8"),
        (b"PK\x03\x04\x00\x00", "save it as CSV UTF-8"),
        (b"", "There are no rows"),
        ("Förnamn\n".encode(), "There are no rows below"),
        (("Förnamn\n" + "A\n" * 201).encode(), "at most 200 rows"),
        (("Förnamn\n" + "å" * 15000 + "\n").encode(), "at most 200 rows"),
    ],
    ids=range(16),
)
def test_what_is_no_sheet_is_said_to_be_none(system, browser, content, said):
    of(system, browser, content)
    assert browser.status == 422 and said in browser.page.text and CARRY_OUT not in browser.page.forms, browser.page.text


def test_what_is_too_much_for_a_form_is_said_with_what_helps(system, browser):
    of(system, browser, "A;B;;;;;;\r\n" * 10000)
    assert browser.status == 413 and "has to be CSV" in browser.page.text


def test_an_identity_number_in_a_column_for_notes_is_named(system, browser):
    of(system, browser, "A;ingenting\r\nB;pnr 850709-9805, ring på kvällen\r\n", "Förnamn;Anteckningar\r\n")
    text = browser.page.text
    assert browser.status == 422 and "Row 1, Anteckningar : This column is not taken here" in text, text
    assert "Row 3, Anteckningar : a text with what looks like a national identity number" in text and "Row 2" not in text, text


@pytest.mark.parametrize(
    "content",
    [
        "Förnamn;E-post\nSep A;sep@sheet.example.org\n",
        "Förnamn,E-post\r\nSep A,sep@sheet.example.org\r\n",
        "Given name\tE-mail\nSep A\tsep@sheet.example.org\n",
        "\ufeffFornavn;epost\nSep A;sep@sheet.example.org\n",
        "sep=;\nFØRENAMN;E-post\nSep A;sep@sheet.example.org\n",
        '"given_name";"email"\n"Sep ""A""";"sep@sheet.example.org"\n',
        'Förnamn;Språk;E-post\nSep A;"svenska\narabiska";sep@sheet.example.org\n',
        "Förnamn;E-post\nSep\u202e A;sep@sheet.example.org\n\n;\n",
    ],
)
def test_sheets_are_read_as_spreadsheets_write_them(system, browser, content):
    assert of(system, browser, content.encode()).status == 200 and NEW in browser.page.text and "Sep" in browser.page.text
    assert "\u202e" not in browser.page.html
    browser.open(SHEET).upload(SHEET, {"file": b""}, organisation=system.id("club-vasastan"), language="en", sheet=content)
    assert browser.status == 200 and NEW in browser.page.text, "pasted"


def test_what_looks_like_a_formula_or_a_tag_is_a_text(system, browser):
    since = mark(system)
    of(system, browser, '"=HYPERLINK(""http://x"")";+1;formula@sheet.example.org;+46 70 174 01 98;;;;\r\n<b>Tag;@SUM(A1);tag@sheet.example.org;;;;;\r\n')
    assert browser.status == 200 and "<b>Tag" not in browser.page.html and "&lt;b&gt;Tag" in browser.page.html
    assert "=HYPERLINK(" in browser.page.text, browser.page.text
    browser.press(CARRY_OUT)
    formula, tag = added(system, since)
    assert read(system, formula)["given_name"] == '=HYPERLINK("http://x")' and read(system, formula)["phone"] == "+46701740198"
    assert read(system, tag)["family_name"] == "@SUM(A1)" and "<b>Tag" not in browser.page.html


@pytest.mark.parametrize("language", ["sv", "nb", "nn", "en", "ar"])
def test_an_empty_sheet_can_be_had_and_filled_in(system, language):
    browser = Browser(system, language).sign_in(COORDINATOR).open(SHEET)
    assert SAMPLE in browser.page.links
    sample = browser.send("GET", SAMPLE)
    assert sample.status == 200 and "attachment" in sample.answer_headers["content-disposition"]
    content = sample.page.html + '"Prov","","prov@sheet.example.org","","","","","",""\r\n'
    assert of(system, browser, content.encode()).status == 200 and "prov@sheet.example.org" in browser.page.text
    assert CARRY_OUT in browser.page.forms


def test_two_hundred_rows_are_added_once_however_often_and_from_wherever_it_is_pressed(system, browser):
    since, rows = mark(system), rows_of("many", 200)
    tabs = [Browser(system) for _ in range(3)]
    for tab in tabs:
        tab.cookies = dict(browser.cookies)
        of(system, tab, rows)
        assert tab.page.text.count(NEW) == 200, tab.page.text[:600]
    pressed = [*tabs, again(tabs[-1])]
    with concurrent.futures.ThreadPoolExecutor() as threads:
        list(threads.map(lambda tab: tab.press(CARRY_OUT), pressed))
    for tab in pressed:
        assert tab.status == 200 and tab.page.text.count(ADDED) + tab.page.text.count(THERE) == 200, tab.page.text[:600]
    assert sum(tab.page.text.count(ADDED) for tab in pressed) == 200
    people = added(system, since)
    assert len(people) == 200
    assert all(mentor_of(system, person)["capacity"] == 2 for person in people)


def test_rows_with_a_name_alone_are_added_once_from_several_windows_too(system, browser):
    since, rows = mark(system), "".join(f"Namn{n};Ensam;;;;;;\r\n" for n in range(20))
    tabs = [Browser(system) for _ in range(3)]
    for tab in tabs:
        tab.cookies = dict(browser.cookies)
        of(system, tab, rows, club="club-djurgarden")
        assert tab.page.text.count(NEW) == 20, tab.page.text[:600]
    with concurrent.futures.ThreadPoolExecutor() as threads:
        list(threads.map(lambda tab: tab.press(CARRY_OUT), tabs))
    assert len(added(system, since)) == 20
    assert sum(tab.page.text.count("Somebody with that name") for tab in tabs) == 40


def press(browser: Browser) -> bool:
    """False: there came no answer."""
    try:
        browser.press(CARRY_OUT)
    except (http.client.HTTPException, OSError):
        return False
    return True


def again(browser: Browser) -> Browser:
    """The same button of the same page in another window."""
    other = Browser(browser.system)
    other.cookies, other.page.forms[CARRY_OUT] = dict(browser.cookies), dict(browser.page.forms[CARRY_OUT])
    return other


def carry_out_to_the_end(browser: Browser, count: int) -> None:
    """By whatever button there is, as long as something is left."""
    wait_until(lambda: press(browser) and browser.status == 200 and CARRY_OUT not in browser.page.forms, "it is carried out")
    done = (ADDED, THERE, "has the places now.")
    assert sum(browser.page.text.count(words) for words in done) == count, browser.page.text


@pytest.mark.parametrize("service", ["pages", "registry", "mentor-assignment"])
def test_who_goes_on_after_a_crash_adds_nobody_twice(make_system, service):
    system = make_system(FADDER_ANSWER_MS="2000").start()
    browser = Browser(system).sign_in(COORDINATOR)
    since = mark(system)
    of(system, browser, rows_of("crash", 200))  # as many as there may be: it is not over before it is seen
    first = again(browser)
    with concurrent.futures.ThreadPoolExecutor() as threads:
        pressed = threads.submit(press, first)
        wait_until(lambda: len(added(system, since)) >= 5, "some are added")
        system.kill(service)
        is_answered = pressed.result()
    assert is_answered == (service != "pages") and len(added(system, since)) >= 5
    system.wait_ready()
    wait_until(lambda: Browser(system).open("/sign-in").status == 200, "the pages are there")
    if service == "registry":
        assert first.status == 200 and "Not everything is done." in first.page.text and "Not done yet." in first.page.text, first.page.text
        carry_out_to_the_end(first, 200)
    carry_out_to_the_end(browser, 200)
    people = added(system, since)
    assert sorted(read(system, person)["email"] for person in people) == sorted(f"crash-{n}@sheet.example.org" for n in range(200))
    assert all(mentor_of(system, person)["capacity"] == 2 for person in people)


def test_who_closes_the_window_meanwhile_finds_it_done(system, browser):
    since = mark(system)
    of(system, browser, rows_of("gone", 8))
    connection = http.client.HTTPConnection(system.pages, timeout=fadder.PATIENCE)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies, **browser.headers}
    connection.request("POST", CARRY_OUT, urllib.parse.urlencode(browser.page.forms[CARRY_OUT]), headers)
    connection.close()
    people = wait_until(lambda: len(found := added(system, since)) == 8 and found, "all are added")
    wait_until(lambda: all(mentor_of(system, person).get("capacity") == 2 for person in people), "with their places")


def test_while_the_matcher_is_away_who_is_added_gets_the_places_later(make_system):
    system = make_system(FADDER_ANSWER_MS="1000").start()
    browser = Browser(system).sign_in(COORDINATOR)
    since = mark(system)
    of(system, browser, rows_of("away", 3))
    system.kill("mentor-assignment", how=signal.SIGSTOP)
    try:
        first = again(browser)
        assert press(first) and first.status == 503 and "Nothing is lost." in first.page.text, first.page.text
    finally:
        system.kill("mentor-assignment", how=signal.SIGCONT)
    people = added(system, since)
    assert len(people) == 3
    carry_out_to_the_end(browser, 3)
    assert added(system, since) == people and all(mentor_of(system, person)["capacity"] == 2 for person in people)


def test_a_club_s_coordinator_adds_to_that_club_only_and_sees_nobody_who_is_not_theirs(system):
    browser = Browser(system).sign_in(GOTLAND)
    since = mark(system)
    browser.open(SHEET)
    assert "Rotaryklubben Visby" in browser.page.html and "Rotaryklubben Vasastan" not in browser.page.html
    of(system, browser, "Vis;By;visby@sheet.example.org;;;;;1\r\n", club="club-vasastan")
    browser.press(CARRY_OUT)
    assert browser.page.text.count("Was not added.") == 1 and not added(system, since), browser.page.text
    of(system, browser, "Vis;By;visby@sheet.example.org;;;;;1\r\nAmina;W;amina.warsame@example.org;;;;;1\r\nFarid;;farid@example.org;;;;;\r\n", club="club-visby")
    assert browser.page.text.count(NEW) == 2 and browser.page.text.count(THERE) == 1, "who is another club's is nobody that they know"
    browser.press(CARRY_OUT)
    assert browser.page.text.count(ADDED) == 2
    assert {mentor_of(system, person)["organisation"] for person in added(system, since)} == {system.id("club-visby")}


def test_who_is_protected_is_nobody_to_who_is_not_cleared(system):
    person = system.say(
        "person.register",
        {
            "details": {"given_name": "Hemlig", "family_name": "Importsson", "email": "hemlig@sheet.example.org"},
            "language": "sv", "protection": "confidential", "part": "mentor", "organisation": system.id("club-visby"),
        },
        "--programme", fadder.PROGRAMME,
    ).split()[0]  # fmt: skip
    rows = "Hemlig;Importsson;hemlig@sheet.example.org;;;;;\r\n"
    uncleared, cleared = Browser(system).sign_in(GOTLAND), Browser(system).sign_in(COORDINATOR)
    wait_until(lambda: THERE in of(system, cleared, rows, club="club-visby").page.text, "who is cleared sees them")
    of(system, uncleared, rows, club="club-visby")
    assert NEW in uncleared.page.text and person not in uncleared.page.html, uncleared.page.text
    of(system, uncleared, "Hemlig;Importsson;;;;;;\r\n", club="club-visby")
    assert NEW in uncleared.page.text and "Somebody with that name" not in uncleared.page.text


def test_an_admin_chooses_the_club_and_says_no_places(system):
    browser = Browser(system).sign_in("astrid.sandell@example.org").press("/act-as", role="programme_admin")
    since = mark(system)
    assert SHEET in browser.open("/mentors").page.links
    browser.open(SHEET)
    assert "Rotaryklubben Visby" in browser.page.html and "Rotaryklubben Vasastan" in browser.page.html
    assert "Places" not in Browser.open(browser, SAMPLE).page.html
    of(system, browser, "A;B;;;;;;1\r\n")
    assert browser.status == 422 and "Row 1, Platser : This column is not taken here" in browser.page.text, browser.page.text
    of(system, browser, "Admin;Sheet;admin@sheet.example.org\r\n", "Förnamn;Efternamn;E-post\r\n", club="club-djurgarden")
    browser.press(CARRY_OUT)
    (person,) = added(system, since)
    assert mentor_of(system, person)["organisation"] == system.id("club-djurgarden")
    of(system, browser, "A;B;c@sheet.example.org\r\n", "Förnamn;Efternamn;E-post\r\n", organisation="")
    assert browser.status == 422 and "Choose the club" in browser.page.text


def test_who_may_not_add_mentors_has_no_such_page(system, browser):
    since = mark(system)
    form = {"_key": str(uuid.uuid4()), "sheet": "Förnamn\nA\n", "organisation": system.id("club-vasastan"), "language": "sv"}
    mentor = Browser(system).sign_in(MENTOR)
    assert mentor.open(SHEET).status == 403 and mentor.open(SAMPLE).status == 403
    for one in (mentor, Browser(system)):
        one.page.forms[CARRY_OUT] = one.page.forms[SHEET] = form
        assert one.press(CARRY_OUT).status == 403
        one.page.forms[SHEET] = form
        assert one.upload(SHEET, {"file": b"F\xc3\xb6rnamn\nA\n"}).status == 403
    elsewhere = Browser(system, Origin="https://elsewhere.example")
    elsewhere.cookies, elsewhere.page.forms[CARRY_OUT], elsewhere.page.forms[SHEET] = dict(browser.cookies), form, form
    assert elsewhere.press(CARRY_OUT).status == 403
    elsewhere.page.forms[SHEET] = form
    assert elsewhere.upload(SHEET, {"file": b""}).status == 403
    assert not added(system, since)


def test_only_this_page_takes_files(system, browser):
    browser.open("/mentors/new")
    assert browser.upload("/mentors/new", {"file": b""}).status == 415
    for body, kind in ((b"--x\r\n", "multipart/form-data; boundary=x"), (b"--x--", "multipart/form-data"), (b"{}", "application/json")):
        assert browser.send("POST", SHEET, body, Content_Type=kind).status in (400, 415), kind
    assert browser.open("/").status == 200


def test_nothing_of_a_sheet_is_written_down(system, browser):
    of(system, browser, "Zebedeus;Ztrange;zebedeus@sheet.example.org;;;;;\r\n")
    assert "Zebedeus" in browser.page.text
    of(system, browser, "Zebedeus;Ztrange;no address;;;;;99\r\n")
    browser.open("/mentors")
    everything = [path for path in system.home.rglob("*") if path.is_file()]
    assert len(everything) > 20
    for path in [*everything, system.complaints]:
        content = path.read_bytes().lower()
        assert b"zebedeus" not in content and b"ztrange" not in content, path
