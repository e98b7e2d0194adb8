"""People's days in a real browser: on a phone and at a desk, with and without scripts, by keyboard; axe-core looks at every page."""

from __future__ import annotations

import collections
import re

import browser
import fadder
import pytest
from chromium import DESK, NARROW, PHONE, Chromium, needed, sign_in
from fadder import wait_until
from test_pages import offered, state_of

pytestmark = needed


@pytest.mark.parametrize("size, script", [(PHONE, True), (NARROW, False)], ids=["phone", "narrow, without scripts"])
def test_a_mentor_on_a_phone(system, chromium, size, script):
    number, mentor, address = ("B1", "mentor-1", "amina.warsame@example.org") if script else ("B2", "mentor-2", "bengt.lindqvist@example.org")
    mentorship, _ = offered(system, number, mentor)
    mails = wait_until(lambda: [one for one in browser.mails_to(system, address) if "/l/" in one], "the mail")
    (link,) = browser.links_in(system, mails[-1])
    one, here = chromium(size, script), f"/mentorships/{mentorship}"
    one.open(link).press(link)
    assert one.path == here
    one.unfold(f"{here}/decline").press(f"{here}/decline")
    assert state_of(system, mentorship) == "offered" and one.find("#error").is_displayed()
    assert one.find(f'form[action="{here}/decline"]').is_displayed(), "where something is missing is not hidden"
    one.press(f"{here}/accept").press(f"{here}/sign_confidentiality")
    participant = sign_in(system, chromium(), f"deltagare{number}@example.org")
    participant.open(here).press(f"{here}/sign_confidentiality")
    wait_until(lambda: f"Deltagare{number}" in one.open(here).text, "whom to call")
    one.keep("mentor-whom-to-call")
    one.type("minutes", "60").press(f"{here}/hold_first_meeting")
    one.type("minutes", "45").type("on.day", "31").type("on.month", "2").type("on.year", "2026").press(f"{here}/log_meeting")
    assert one.find('[name="minutes"]').get_attribute("value") == "45", "what was typed stays"
    assert state_of(system, mentorship) == "active"
    for page in (*one.seen, *participant.seen):
        assert "protected" not in page and "fadder_" not in page.replace("fadder_language", "")


def test_a_participant_at_a_desk_by_keyboard_alone(system, chromium):
    mentorship, _ = offered(system, "B3", "mentor-3")
    system.do(f"mentorships/{mentorship}/accept", token=system.token("mentor-3"))
    one = sign_in(system, chromium(), "deltagareB3@example.org")
    one.keep("participant-today")
    for _ in range(40):  # from the top of the page on
        if "/mentorships/" in (one.driver.switch_to.active_element.get_attribute("href") or ""):
            break
        one.press_key("\ue004")
    assert "/mentorships/" in one.driver.switch_to.active_element.get_attribute("href")
    one.press_key("\ue007").look()
    assert one.path == f"/mentorships/{mentorship}"
    for _ in range(60):
        focused = one.driver.switch_to.active_element
        if focused.tag_name == "button" and "lovar" in focused.text:
            break
        one.press_key("\ue004")
    one.press_key("\ue007")
    wait_until(lambda: system.get(f"/v1/mentorships/{mentorship}", system.token("coordinator")).json["participant_signed"], "it is signed")
    one.open("/me").keep("participant-me")


@pytest.fixture(scope="module")
def peopled(system):
    """What somebody in each role may come upon: something asked, something under way, a place at work."""
    offered(system, "B7", "mentor-5")
    system.publish()
    referral = system.refer("PAGES-B8", person={"given_name": "DeltagareB8", "email": "deltagareb8@example.org"})
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    system.plan(referral)
    system.refer("PAGES-B9", person={"given_name": "DeltagareB9"})


def test_what_the_readme_shows(system, chromium, peopled):
    """Who has something to do sees it first: pictures for ops/pictures."""
    desk = sign_in(system, chromium((860, 600)), "karin.bergvall@example.org").press("/language", "en")
    assert desk.find_all("main a[href^='/referrals/']"), "a referral waits for the coordinator"
    desk.keep("coordinator")
    request = next(one for one in system.items("mentorships", mentor=system.id("mentor-5")) if one["state"] == "offered")
    phone = sign_in(system, chromium((390, 760)), "elin.nystrom@example.org").press("/language", "en").open(f"/mentorships/{request['id']}")
    assert not phone.find_all("form[action$='/undo']"), "that they were offered it is not theirs to take back"
    assert phone.find(f"form[action='/mentorships/{request['id']}/accept'] button").is_displayed()
    phone.keep("mentor")
    own = sign_in(system, chromium((390, 430)), "deltagareb8@example.org", "ar")
    assert own.find("main h1").is_displayed()
    own.keep("participant")


@pytest.mark.parametrize(
    "address, language",
    [
        ("karin.bergvall@example.org", "sv"),  # coordinates
        ("elin.nystrom@example.org", "nb"),  # is asked to be a mentor
        ("deltagareb8@example.org", "sv"),  # takes part
        ("sven.ekelof@example.org", "nn"),  # is the foreman
        ("tora.wikander@example.org", "sv"),  # supervises
        ("britta.malmsten@example.org", "en"),  # refers
    ],
)
def test_every_page_that_somebody_can_come_to(system, chromium, peopled, address, language):
    """From link to link: axe-core looks at each, and none is wider than a small phone."""
    assert len(walk(sign_in(system, chromium(NARROW), address, language), 14)) >= 2


@pytest.mark.parametrize("script", [True, False], ids=["phone", "narrow, without scripts"])
def test_mentors_from_a_spreadsheet(system, chromium, tmp_path, script):
    one = sign_in(system, chromium(PHONE if script else NARROW, script), "karin.bergvall@example.org")
    sheet, here, name = tmp_path / "mentorer.csv", "/mentors/import", "skript" if script else "utan"
    head = "Förnamn;Efternamn;E-post;Telefon;Språk;Kommun;Yrke;Platser\r\n"
    row = f"{name.title()};Påhittad;{name}@sheet.example.org;070-174 01 97;svenska, arabiska;Stockholm;7233;2\r\n"
    club = f'form[action="{here}"] option[value="{system.id("club-vasastan")}"]'
    one.open("/mentors").open(here).reach(one.find(club)).click()
    sheet.write_bytes((head + row + "A;B;ingen adress;123;klingonska;Laxholm;;99\r\n").encode())
    one.find('[name="file"]').send_keys(str(sheet))
    one.press(here).keep(f"import-faults-{name}")
    assert "Rad 3, A B, E-post:" in one.text and row.strip() in one.find('[name="sheet"]').get_attribute("value").replace("\n", "\r\n")
    assert one.find('[name="organisation"]').get_attribute("value") == system.id("club-vasastan"), "what was chosen stays"
    sheet.write_bytes((head + row).encode())
    one.find('[name="file"]').send_keys(str(sheet))
    one.press(here).keep(f"import-preview-{name}")
    one.press(f"{here}/carry_out").keep(f"import-done-{name}")
    assert "Har lagts till." in one.text
    one.open(here).type("sheet", (head + row).replace("\r", "")).reach(one.find(club)).click()
    one.press(here)
    assert "Är redan mentor här" in one.text


def walk(one: Chromium, most: int, within: tuple[str, ...] = ("/",)) -> set[str]:
    """What was come to of what begins so, of pages of a kind two at the most."""
    ahead, been, kinds = [within[0]], set(), collections.Counter()
    while ahead and len(been) < most:
        path = ahead.pop(0)
        kind = re.sub("[0-9a-f-]{36}", "", path.partition("?")[0])
        if path in been or path.endswith(".csv") or kinds[kind] == 2:
            continue
        been.add(path)
        kinds[kind] += 1
        one.open(path)
        for element in one._ask("[...document.querySelectorAll('details')].forEach(d => d.open = true), [...document.querySelectorAll('main a, nav a')].map(a => a.getAttribute('href'))"):
            if element.startswith(within) and element not in been:
                ahead.append(element)
        one.look()
    return been


ADMINS = ("/partners", "/endpoints", "/deliveries", "/tokens", "/people", "/organisations", "/programme", "/health", "/audit")


@pytest.mark.parametrize("language", ["nn"])
def test_every_page_that_an_admin_can_come_to(system, chromium, peopled, language):
    system.operator("endpoint", "add", "--partner", system.partner.id, "--url", f"http://127.0.0.1:9/{language}")
    referral = system.refer(f"PAGES-{language}", person={"given_name": "Deltagare"})
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    wait_until(lambda: system.items("deliveries", system.token("admin"), state="queued"), "a webhook that nobody takes")
    one = sign_in(system, chromium(NARROW), "astrid.sandell@example.org", language).press("/act-as", "programme_admin")
    been = walk(one, 40, ADMINS)
    for kind in ADMINS:
        assert any(path.startswith(kind) for path in been), kind
    one.open("/partners").unfold("/partners/create").press("/partners/create")
    assert one.find("#error").is_displayed()
    one.type("name", f"Kommunens {language}").press("/partners/create")
    assert "whsec_" in one.text
    one.keep(f"admin-secret-{language}")


@pytest.mark.parametrize("language, size", [("sv", NARROW), ("nn", DESK)])
def test_a_programme_is_set_up(make_system, tmp_path, language, size):
    empty = make_system(load=False).start()
    link = empty.operator("begin").stdout.strip().removeprefix(f"http://{empty.pages}")
    one = Chromium(empty, tmp_path, size, script=False)
    try:
        one.open(link).press("/language", language)
        one.press(f"{link}/programme")
        assert one.find("#error").is_displayed() and one.path == f"{link}/programme"
        one.type("name", "Landet runt").type("slug", "landet-runt").choose("countries[0]", "se").type("contact.email", "samordnare@example.org")
        one.keep(f"begin-programme-{language}")
        one.press(f"{link}/programme")
        one.type("association.name", "Föreningen").type("association.contact.email", "kontoret@example.org").type("person.details.given_name", "Ada")
        one.press(f"{link}/admin")
        assert one.find("#error").is_displayed() and one.find('[name="association.name"]').get_attribute("value") == "Föreningen"
        one.type("person.details.email", "ada@example.org").keep(f"begin-admin-{language}")
        one.press(f"{link}/admin")
        assert one.path == "/begin"
        one.keep(f"begin-needed-{language}")
        one.open("/").open("/programme").open(link)
    finally:
        one.close()
