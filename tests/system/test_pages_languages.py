"""What participants read, in a language of their own: nothing falls back to another, and where it is read from right to left all stands right."""

from __future__ import annotations

import email.message
import re

import browser
import fadder
import pytest
from chromium import NARROW, Chromium, needed, sign_in
from fadder import wait_until
from test_pages import offered
from test_pages_placements import MONDAY, Case

pytestmark = needed

LANGUAGES = sorted(path.stem for path in (fadder.TOP / "common/words").glob("*.po"))
THEIRS = {"ar": "mentor-4", "so": "mentor-6", "ti": "mentor-7", "uk": "mentor-2"}  # what participants read is in these; of what others read some is in English
OTHER_LETTERS = {"ar": r"[^\W\d_\u0600-\u06ff]{2,}", "ti": r"[^\W\d_\u1200-\u137f]{2,}", "uk": r"[^\W\d_\u0400-\u04ff]{2,}"}
# Names of ours and of others, and what is typed in such letters.
NAMES = {"Fadder", "Chrome", "Linux", "WCAG", "AA", "axe", "core", "DIGG", "www", "digg", "se", "tdosanmalan", "Myndigheten", "för", "digital", "förvaltning", "CSV", "GDPR"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_at_the_door(system, chromium, language):
    one = chromium(NARROW).open("/sign-in")
    if one.find("html").get_attribute("lang") != language:
        one.press("/language", language)
    assert one.find("html").get_attribute("lang") == language
    one.press("/sign-in")
    assert one.find("#error").is_displayed() and one.find("[aria-invalid]").is_displayed()
    one.open("/nothing-here")
    one.open("/accessibility")


def reads_only(one: Chromium, language: str) -> Chromium:
    """Nothing on the page fell back to another language; and of letters that are not its own there are names alone."""
    html = one.find("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == (language, direction_of(language))
    assert "<span lang=" not in one.driver.page_source, one.path
    text = one._ask(
        "(() => { const page = document.documentElement.cloneNode(true);"
        "page.querySelectorAll('bdi, script, style, footer form, option:not([value=\"\"])').forEach(e => e.remove()); return page.textContent })()"
    )
    if language in OTHER_LETTERS:
        assert set(re.findall(OTHER_LETTERS[language], text)) <= NAMES, one.path
    return one


def direction_of(language: str) -> str:
    return "rtl" if language == "ar" else "ltr"


def stands_as_it_is_written(one: Chromium, selector: str) -> None:
    """From left to right, whatever stands around it: a telephone number's + before its digits, a mailbox before its @."""
    places = one._ask(
        "(() => { const walker = document.createTreeWalker(document.querySelector(%r), NodeFilter.SHOW_TEXT);"
        "const node = walker.nextNode(), places = [];"
        "for (let i = 0; i < node.length; i++) { const range = document.createRange(); range.setStart(node, i); range.setEnd(node, i + 1);"
        "const at = range.getBoundingClientRect(); places.push([at.top, at.left]) } return places })()" % selector
    )
    assert len(places) > 5 and places == sorted(places), f"{one.path}: {selector}"


def reads_mails(mails: list[email.message.EmailMessage], language: str) -> None:
    """Nothing in them is in the language of what was written before, as somebody had themself referred; and addresses stand whole."""
    links = 0
    for mail in mails:
        text, html = (browser.part_of(mail, kind) for kind in ("plain", "html"))
        assert "Hello" not in text and "Hej" not in text and "Kind regards" not in text
        assert mail["Content-Language"] == language and f'<html lang="{language}" dir="{direction_of(language)}">' in html
        if language in OTHER_LETTERS:
            assert not mail["Subject"].isascii(), mail["Subject"]
        for link in re.findall(r"^http://\S+$", text, re.MULTILINE):
            links += 1
            assert f'<a dir="ltr" href="{link}">{link}</a>' in html
        assert text.count("http") == html.count("<a "), "an address stands alone"
    assert links, "pages that mails lead to"


@pytest.mark.parametrize("language, mentor", THEIRS.items(), ids=THEIRS)
def test_a_participant_in_a_language_of_their_own(system, chromium, language, mentor):
    """The door, with a mistake; a mentor, and the promise; a day at work; what is known, and what is asked of that."""
    number = f"L{language}"
    mentorship, _ = offered(system, number, mentor, language=language)
    system.do(f"mentorships/{mentorship}/accept", token=system.token(mentor))
    case = Case(system, language=language)
    case.start()
    case.say("log_day", "supervisor-djurgardslinjen", on=str(MONDAY), minutes=90, activity="work")

    one, here = chromium(NARROW), f"/mentorships/{mentorship}"
    one.open("/sign-in").press("/language", language)
    assert [field.get_attribute("dir") for field in one.find_all("input[type=email]")] == ["ltr"]
    reads_only(one.press("/sign-in"), language)
    reads_only(sign_in(system, one, f"deltagare{number}@example.org", language), language).keep(f"participant-today-{language}")
    reads_only(one.open("/mentorships"), language)
    reads_only(one.open(here), language)
    reads_only(one.press(f"{here}/sign_confidentiality"), language)
    system.do(f"mentorships/{mentorship}/sign_confidentiality", token=system.token(mentor))
    wait_until(lambda: one.open(here).find_all(".who"), "who it is")
    reads_only(one, language).keep(f"participant-mentorship-{language}")
    for path in ("/me", "/placements", "/accessibility", "/nothing-here"):
        reads_only(one.open(path), language)
    one.open("/me")
    assert {field.get_attribute("dir") for field in one.find_all("input[type=email], input[type=tel]")} == {"ltr"}
    one.unfold("/me/ask_erasure").press("/me/ask_erasure")
    reads_only(one, language)

    other = sign_in(system, chromium(NARROW, script=False), case.address, language)
    reads_only(other, language)
    reads_only(other.open(case.path), language)
    other.open(f"{case.book}?week={MONDAY}")
    reads_only(other, language)
    reads_only(other.press(f"{case.book}/agree_day"), language).keep(f"participant-day-book-{language}")
    assert case.lines[0]["state"] == "agreed"

    address = f"deltagare{number}@example.org"
    reads_mails(browser.letters_to(system, address), language)


def test_how_somebody_is_reached_is_read_from_left_to_right_in_arabic(system, chromium):
    mentorship, _ = offered(system, "LW", "mentor-5", phone="+46701740099")
    here, token = f"/mentorships/{mentorship}", system.token("mentor-5")
    system.do(f"{here[1:]}/accept", token=token)
    system.do(f"{here[1:]}/sign_confidentiality", token=token)
    sign_in(system, chromium(), "deltagareLW@example.org").open(here).press(f"{here}/sign_confidentiality")
    one = sign_in(system, chromium(NARROW), "elin.nystrom@example.org", "ar")
    wait_until(lambda: one.open(here).find_all(".ways a"), "whom to call")
    for selector in (".who", ".ways a[href^=tel]", ".ways a[href^=mailto]"):
        stands_as_it_is_written(one, selector)
