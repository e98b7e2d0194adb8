"""The pages, as a browser has them: coming in, what a link is good for, whose what is, and what is pressed twice."""

from __future__ import annotations

import re
import time
import urllib.parse

import fadder
import pytest
from browser import Browser, codes_to, links_in, mails_to
from fadder import wait_until

PRIVATE = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
}


def offered(system: fadder.System, number: str, mentor: str, **person: str) -> tuple[str, str]:
    """A mentorship that a mentor is asked about; its id, and the participant's."""
    referral = system.refer(f"PAGES-{number}", person={"given_name": f"Deltagare{number}", "email": f"deltagare{number}@example.org", **person})
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    mentorship = wait_until(lambda: _open_with(system, referral, system.demo[mentor]["id"]), "who looks for a mentor has one proposed")
    system.do(f"mentorships/{mentorship}/offer", token=system.token("coordinator"))
    return mentorship, system.get(f"/v1/referrals/{referral}").json["person"]


def _open_with(system: fadder.System, referral: str, mentor: str) -> str | None:
    """The matcher's own proposal, if it is that mentor; else what is proposed here, once the matcher's is out of the way."""
    token = system.token("coordinator")
    for one in system.items("mentorships", token, referral=referral):
        if one["state"] == "proposed" and one["mentor"] == mentor:
            return one["id"]
        if one["state"] == "proposed":
            system.command(f"mentorships/{one['id']}/withdraw", {"reason": "other"}, None, token)
    answer = system.command("mentorships", {"referral": referral, "mentor": mentor}, None, token)
    return answer.json["id"] if answer.status == 201 else None


def state_of(system: fadder.System, mentorship: str) -> str:
    return system.get(f"/v1/mentorships/{mentorship}", system.token("coordinator")).json["state"]


def test_whoever_asks_for_a_code_is_told_the_same(system):
    answers = []
    for address in ("amina.warsame@example.org", "nobody.at.all@example.org"):
        browser = Browser(system).open("/sign-in")
        browser.send("POST", "/sign-in", urllib.parse.urlencode(browser.page.forms["/sign-in"] | {"email": address}))
        cookie = re.sub("=[^;]+", "=…", browser.answer_headers["set-cookie"], count=1)
        headers = {name: value for name, value in browser.answer_headers.items() if name not in ("date", "set-cookie")}
        browser.follow()
        answers.append((headers, cookie, browser.status, re.sub("[0-9a-f-]{36}", "…", browser.page.html)))
        assert browser.page.title.startswith("Write the code")
    assert answers[0] == answers[1]
    assert "HttpOnly; SameSite=Lax" in answers[0][1]
    wait_until(lambda: mails_to(system, "amina.warsame@example.org"), "the mail of who is there")
    assert not mails_to(system, "nobody.at.all@example.org")


def test_a_code_signs_in_once_and_a_guess_does_not(system):
    address = "bengt.lindqvist@example.org"
    browser = Browser(system).open("/mentorships")
    assert browser.path == "/sign-in?to=/mentorships"
    browser.press("/sign-in", email=address.upper())
    code = wait_until(lambda: codes_to(system, address), "the code")[-1]
    before = dict(browser.cookies)
    browser.press("/sign-in/code", code="12")
    assert browser.status == 422 and "six digits" in browser.page.text
    browser.press("/sign-in/code", code=f"{(int(code) + 1) % 1000000:06}")
    assert browser.status == 422 and "not the code" in browser.page.text
    browser.press("/sign-in/code", code=f" {code[:3]}-{code[3:]} ")
    assert (browser.status, browser.path) == (200, "/mentorships")
    assert browser.cookies != before, "what was shown before the code is good for nothing"
    again = Browser(system)
    again.cookies = before
    assert again.open("/sign-in/code").press("/sign-in/code", code=code).status == 422
    assert again.open("/").page.title.startswith("Sign in")


def test_five_wrong_codes_end_it(system):
    address = "cecilia.haddad@example.org"
    browser = Browser(system).open("/sign-in").press("/sign-in", email=address)
    code = wait_until(lambda: codes_to(system, address), "the code")[-1]
    for guess in range(5):
        assert browser.press("/sign-in/code", code=f"{(int(code) + 1 + guess) % 1000000:06}").status == 422
    assert browser.press("/sign-in/code", code=code).status == 422
    ended = [event for event in system.events("registry") if event["type"] == "session.ended"]
    assert ended[-1]["data"]["reason"] == "guessed"


def test_nothing_is_kept_by_who_stands_between_and_nothing_strange_runs(system):
    browser = Browser(system).sign_in("david.tesfay@example.org")
    for path in ("/", "/me", "/mentorships", "/nothing-here", "/sign-in"):
        browser.send("GET", path)
        for name, value in PRIVATE.items():
            assert browser.answer_headers[name] == value, (path, name)
        policy = browser.answer_headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';") and "unsafe" not in policy
        assert not re.search(r"<script(?! src=\"/web/)|<style|\son\w+=|javascript:", browser.page.html)
    asset = re.search(r'href="(/web/[0-9a-f]+/fadder\.css)"', browser.page.html).group(1)
    browser.send("GET", asset, Accept_Encoding="")
    assert browser.status == 200 and "immutable" in browser.answer_headers["cache-control"]


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}, {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}],
    ids=str,
)
def test_what_another_page_sends_is_not_taken(system, headers):
    browser = Browser(system).sign_in("elin.nystrom@example.org").open("/me")
    body = urllib.parse.urlencode(browser.page.forms["/me/change_contact"] | {"contact.phone": "+46701111111", "language": "sv"})
    browser.send("POST", "/me/change_contact", body, **headers)
    assert browser.status == 403
    browser.open("/me")
    assert "+46701111111" not in browser.page.html


def test_a_mentor_answers_from_the_mail(system):
    address = "farid@example.org"
    mentorship, _ = offered(system, "1", "mentor-6")
    mail = wait_until(lambda: [mail for mail in mails_to(system, address) if links_in(system, mail)], "the mail")[-1]
    (link,) = links_in(system, mail)
    assert link.startswith("/l/")
    browser = Browser(system)
    for _ in range(3):  # as scanners of mails do
        browser.open(link)
        assert browser.status == 200 and not browser.cookies
    browser.press(link)
    assert (browser.status, browser.path) == (200, f"/mentorships/{mentorship}")
    assert "Deltagare1" not in browser.page.text, "no name yet"
    assert browser.open("/me").status == 403, "it is good for that alone"
    other, _ = offered(system, "2", "mentor-6")
    assert browser.open(f"/mentorships/{other}").status == 403
    browser.open(f"/mentorships/{mentorship}")
    browser.press(f"/mentorships/{mentorship}/decline")
    assert browser.status == 422 and state_of(system, mentorship) == "offered", "a no has a reason"
    browser.press(f"/mentorships/{mentorship}/accept")
    assert browser.path == f"/mentorships/{mentorship}?done=accept" and "You have said yes" in browser.page.text
    assert state_of(system, mentorship) == "accepted"
    browser.press(f"/mentorships/{mentorship}/sign_confidentiality")
    participant = Browser(system).sign_in("deltagare1@example.org")
    assert "You have a mentor" in participant.page.text and "Farid" not in participant.page.text
    participant.open(f"/mentorships/{mentorship}").press(f"/mentorships/{mentorship}/sign_confidentiality")
    for one, name in ((participant, "Farid"), (browser, "Deltagare1")):
        wait_until(lambda: name in one.open(f"/mentorships/{mentorship}").page.text, "each sees who the other is")
    assert state_of(system, mentorship) == "agreed"
    browser.press(f"/mentorships/{mentorship}/hold_first_meeting", minutes="45")
    assert state_of(system, mentorship) == "active" and "45" in browser.page.text
    read = Browser(system).sign_in("deltagare1@example.org").open("/me").page.text
    assert "mentor" in read and "Your details" in read, "who has read it stands there"


def test_a_link_that_nobody_of_ours_has_written_is_none(system):
    offered(system, "3", "mentor-5")
    mail = wait_until(lambda: [mail for mail in mails_to(system, "elin.nystrom@example.org") if any(one.startswith("/l/") for one in links_in(system, mail))], "the mail")[-1]
    link = next(one for one in links_in(system, mail) if one.startswith("/l/"))
    for at in (3, 12, 30, 44):  # of the id, and of the mark
        forged = link[:at] + ("A" if link[at] != "A" else "B") + link[at + 1 :]
        browser = Browser(system)
        assert browser.open(forged).status == 404
        assert browser.send("POST", forged, "x=1").status == 404 and not browser.cookies
    assert Browser(system).open(link).status == 200


def test_nobody_sees_anothers_by_its_id(system):
    mentorship, _ = offered(system, "4", "mentor-2")
    for address in ("amina.warsame@example.org", "david.tesfay@example.org"):
        browser = Browser(system).sign_in(address)
        assert browser.open(f"/mentorships/{mentorship}").status == 404
        body = urllib.parse.urlencode({"reason": "no_time"})
        assert browser.send("POST", f"/mentorships/{mentorship}/decline", body).status == 404
    assert state_of(system, mentorship) == "offered"


def test_what_is_pressed_twice_is_done_once_and_the_pages_may_die_between(system):
    mentorship, _ = offered(system, "5", "mentor-4")
    browser = Browser(system).sign_in("david.tesfay@example.org").open(f"/mentorships/{mentorship}")
    action, fields = f"/mentorships/{mentorship}/accept", browser.page.forms[f"/mentorships/{mentorship}/accept"]
    assert browser.send("POST", action, urllib.parse.urlencode(fields)).status == 303
    old = system.pid("pages")
    system.kill("pages")
    wait_until(lambda: system.pid("pages") not in (0, old), "they are there again")
    system.wait_ready()
    assert browser.send("POST", action, urllib.parse.urlencode(fields)).status == 303, "still signed in, and the same answer"
    accepted = [event for event in system.events("mentor-assignment") if event["type"] == "mentorship.accepted" and event["aggregate"] == mentorship]
    assert len(accepted) == 1


def test_what_has_changed_meanwhile_is_shown_and_what_was_typed_stays(system):
    mentorship, _ = offered(system, "6", "mentor-1")
    browser = Browser(system).sign_in("amina.warsame@example.org").open(f"/mentorships/{mentorship}")
    action = f"/mentorships/{mentorship}/question"
    stale = {**browser.page.forms[action], "topic": "time", "said": "Kan vi ses på kvällar? <b>&amp;"}
    system.do(f"mentorships/{mentorship}/withdraw", {"reason": "wish"}, system.token("coordinator"))
    browser.send("POST", action, urllib.parse.urlencode(stale))
    assert browser.status in (404, 422) and "<b>&amp;" not in browser.page.html


def test_a_name_is_a_name_and_no_page(system):
    name = "Zoë \"&' O'Neil"
    mentorship, _ = offered(system, "7", "mentor-3", given_name=name)
    browser = Browser(system).sign_in("cecilia.haddad@example.org").open(f"/mentorships/{mentorship}")
    browser.press(f"/mentorships/{mentorship}/accept").press(f"/mentorships/{mentorship}/sign_confidentiality")
    participant = Browser(system).sign_in("deltagare7@example.org").open(f"/mentorships/{mentorship}")
    participant.press(f"/mentorships/{mentorship}/sign_confidentiality")
    browser.open(f"/mentorships/{mentorship}")
    assert name in browser.page.text and "&quot;&amp;&#39;" in browser.page.html


def test_signing_out_ends_it_here_and_on_another_device(system):
    address = "amina.warsame@example.org"
    one, other = Browser(system).sign_in(address), Browser(system, User_Agent="Firefox/1 (Android)").sign_in(address)
    kept = dict(one.cookies)
    one.open("/").press("/sign-out")
    assert not one.cookies
    one.cookies = kept
    wait_until(lambda: one.open("/").page.title.startswith("Sign in"), "nothing is shown to who shows it once more")
    third = Browser(system).sign_in(address).open("/me")
    assert "Firefox, Android" in third.page.text
    session = re.search(r"Firefox.*?name=\"_session\" value=\"([0-9a-f-]+)\"", third.page.html, re.DOTALL).group(1)
    third.press("/me/sign_out_device", _session=session)
    wait_until(lambda: other.open("/").page.title.startswith("Sign in"), "the other device is signed out")


def test_whoever_was_made_an_admin_goes_on_as_one_until_they_are_no_more(system):
    browser = Browser(system).sign_in("astrid.sandell@example.org")
    assert "You are here as coordinator." in browser.open("/").page.text and "Go on as programme administrator" in browser.page.text
    browser.press("/act-as", role="programme_admin")
    assert browser.path == "/" and browser.status == 200 and "You are here as programme administrator." in browser.page.text
    assert browser.open("/referrals").status == 200
    browser.open("/").press("/act-as", role="coordinator")
    assert "You are here as coordinator." in browser.page.text
    browser.press("/act-as", role="programme_admin")

    other = Browser(system).sign_in("karin.bergvall@example.org").open("/")
    assert "You are here as" not in other.page.text and "/act-as" not in other.page.forms, "nothing to choose"
    for role in ("programme_admin", "mentor", "sys", "x"):
        body = urllib.parse.urlencode(other.page.forms["/sign-out"] | {"_form": "act_as", "role": role})
        assert other.send("POST", "/act-as", body).status == 303
        assert other.open("/").status == 200 and other.open("/me").status == 200, role

    made = system.operator("token", "add", "--role", "programme_admin", "--programme", fadder.PROGRAMME, "--person", system.id("admin")).stdout.split()[-1]
    tokens = system.items("tokens", made, person=system.id("admin"))
    for token in tokens:
        if token["role"] == "programme_admin" and token["state"] == "active":
            assert browser.open("/").status == 200 and "programme administrator." in browser.page.text
            system.do(f"tokens/{token['id']}/revoke", {"reason": "other"}, token=made)
    wait_until(lambda: browser.open("/").path.startswith("/sign-in"), "who is no admin any more is signed out")


def test_a_language_is_the_devices_own(system):
    browser = Browser(system, "", Accept_Language="nn-NO,nn;q=0.9").open("/sign-in")
    assert (browser.page.language, browser.page.direction) == ("nn", "ltr") and "Logg inn" in browser.page.title
    browser.press("/language", language="sv")
    assert browser.page.language == "sv" and browser.path == "/sign-in"
    assert browser.press("/language", language="tlh").page.language == "sv"


def test_the_first_view_is_light_and_quick(system):
    browser = Browser(system).open("/sign-in")
    size = len(browser.page.html.encode())
    for asset in re.findall(r'(?:href|src)="(/web/[^"]+)"', browser.page.html):
        browser.send("GET", asset, Accept_Encoding="") # unpacked: more than what is sent
        size += len(browser.page.html.encode())
    assert size < 25 * 1024


def test_everybody_is_told_how_far_the_pages_can_be_used_and_where_to_complain(system):
    stranger = Browser(system).open("/sign-in")
    assert "/accessibility" in stranger.page.links, "from every page"
    stranger.open("/accessibility")
    assert stranger.status == 200 and "WCAG 2.2" in stranger.page.text
    assert "www.digg.se" in stranger.page.text and "www.uutilsynet.no" in stranger.page.text
    swede = Browser(system, "sv").sign_in("hassan.jama@example.org").open("/accessibility")
    assert "/accessibility" in swede.page.links and "www.digg.se" in swede.page.text
    assert "uutilsynet" not in swede.page.text, "their programme is in Sweden"
