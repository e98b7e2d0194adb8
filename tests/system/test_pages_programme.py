"""The pages of a programme's admin: agencies' systems, what they are told, and secrets that are shown once."""

from __future__ import annotations

import json
import re
import urllib.parse

import fadder
import pytest
from browser import Browser
from fadder import wait_until

ADMIN = "astrid.sandell@example.org"  # coordinates too
COORDINATOR = "karin.bergvall@example.org"
MENTOR = "amina.warsame@example.org"


def admin(system: fadder.System, address: str = ADMIN) -> Browser:
    browser = Browser(system).sign_in(address)
    return browser.press("/act-as", role="programme_admin")


def secret_in(browser: Browser, pattern: str = r"whsec_[A-Za-z0-9+/=]+") -> str:
    """The one that the page shows; it is kept by nobody on the way."""
    assert browser.status == 200 and browser.answer_headers["cache-control"] == "no-store", browser.page.text
    (secret,) = re.findall(pattern, browser.page.html.replace("&#43;", "+").replace("&#61;", "=").replace("&#47;", "/"))
    return secret


def is_nowhere(system: fadder.System, secret: str) -> None:
    """Neither in a log nor in what a journal tells."""
    for name, text in system.logs():
        assert secret not in text, name
    assert secret not in json.dumps(system.events("registry"))


def made_partner(system: fadder.System, browser: Browser, name: str) -> fadder.Partner:
    browser.open("/partners").press("/partners/create", name=name)
    secret = secret_in(browser)
    (path,) = [link for link in browser.page.links if link.startswith("/partners/")]
    return fadder.Partner(path.removeprefix("/partners/"), secret)


def state_of(system: fadder.System, record: str, id: str) -> str:
    return system.get(f"/v1/{record}/{id}", system.token("admin")).json["state"]


def test_an_agencys_system_is_let_in_and_its_secret_is_shown_once(system):
    browser = admin(system)
    partner = made_partner(system, browser, "Kommunens system")
    hook = f"http://{system.host}:{system.port}/v1/hooks/{partner.id}"
    assert hook in browser.page.html, "where to send stands beside it"
    is_nowhere(system, partner.secret)
    browser.open(f"/partners/{partner.id}")
    assert "Kommunens system" in browser.page.text and hook in browser.page.html and partner.secret not in browser.page.html
    assert "Astrid Sandell" in browser.page.text, "who may know the secret"
    assert partner.secret not in browser.open("/partners").page.html and "Kommunens system" in browser.page.text
    assert system.deliver(fadder.referral("PROGRAMME-1"), partner).status == 200


def test_the_same_form_again_makes_nothing_and_shows_nothing(system):
    browser = admin(system).open("/partners")
    body = urllib.parse.urlencode(browser.page.forms["/partners/create"] | {"name": "Tryckt två gånger"})
    secret = secret_in(browser.send("POST", "/partners/create", body))
    browser.send("POST", "/partners/create", body)
    assert browser.status == 200 and "whsec_" not in browser.page.html and "has been shown once" in browser.page.text
    assert [row["name"] for row in system.items("partners", system.token("admin"))].count("Tryckt två gånger") == 1
    is_nowhere(system, secret)


def test_what_was_typed_wrong_stays(system):
    browser = admin(system).open("/partners").press("/partners/create", name="", organisation=system.id("agency"))
    assert browser.status == 422 and "whsec_" not in browser.page.html
    assert re.search(rf'value="{system.id("agency")}" selected', browser.page.html)
    partner = made_partner(system, browser, "Fel adress")
    here = f"/partners/{partner.id}"
    browser.open(here).press(f"{here}/add_endpoint", url="http://hooks.example.org/fadder")
    assert browser.status == 422 and 'value="http://hooks.example.org/fadder"' in browser.page.html and "whsec_" not in browser.page.html
    assert system.items("endpoints", system.token("admin"), partner=partner.id) == []
    browser.open(here).press(f"{here}/rotate_secret", secret__previous="ingen hemlighet")
    assert browser.status == 422 and 'value="ingen hemlighet"' in browser.page.html
    browser.open(here).press(f"{here}/disable")
    assert browser.status == 422 and state_of(system, "partners", partner.id) == "active"


def test_a_new_secret_and_the_one_before(system):
    browser = admin(system)
    partner = made_partner(system, browser, "Nya hemligheter")
    here = f"/partners/{partner.id}"
    browser.open(here).press(f"{here}/rotate_secret", secret__previous=partner.secret)
    second = secret_in(browser)
    for number, secret in enumerate((partner.secret, second)):
        assert system.deliver(fadder.referral(f"PROGRAMME-R{number}"), fadder.Partner(partner.id, secret)).status == 200, "both are good"
    browser.open(here).press(f"{here}/rotate_secret")
    third = secret_in(browser)
    assert len({partner.secret, second, third}) == 3
    for secret in (partner.secret, second):
        old = fadder.Partner(partner.id, secret)
        wait_until(lambda: system.deliver(fadder.referral("PROGRAMME-S"), old).status == 401, "it is good no more")
    assert system.deliver(fadder.referral("PROGRAMME-S"), fadder.Partner(partner.id, third)).status == 200
    browser.open(here).press(f"{here}/disable", reason="compromised")
    assert browser.status == 200 and "no longer taken" in browser.page.text and f"{here}/disable" not in browser.page.forms
    assert state_of(system, "partners", partner.id) == "disabled"
    wait_until(lambda: system.deliver(fadder.referral("PROGRAMME-T"), fadder.Partner(partner.id, third)).status == 401, "nothing is taken")
    is_nowhere(system, third)


def test_what_an_address_is_told_and_once_more(system, hooks):
    browser = admin(system)
    here = f"/partners/{system.partner.id}"
    browser.open(here).press(f"{here}/add_endpoint", url=f"http://127.0.0.1:{hooks.port}/ok")
    secret = secret_in(browser)
    (path,) = [link for link in browser.page.links if link.startswith("/endpoints/")]
    is_nowhere(system, secret)
    browser.open(path)
    assert "What happens is told there." in browser.page.text and "Nothing in the last 30 days." in browser.page.text
    referral = system.refer("PROGRAMME-HOOK")
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    wait_until(lambda: "Taken." in browser.open(path).page.text, "it was told")
    delivery = next(link for link in browser.page.links if link.startswith("/deliveries/"))
    told = hooks.hooks()[0]
    browser.open(delivery)
    assert told["body"] in browser.page.text and "PROGRAMME-HOOK" in browser.page.text and f"/referrals/{referral}" in browser.page.links
    browser.press(f"{delivery}/retry")
    assert browser.status == 200
    wait_until(lambda: len([hook for hook in hooks.hooks() if hook["headers"]["webhook-id"] == delivery.split("/")[-1]]) == 2, "it is told again")
    browser.open(path).press(f"{path}/rotate_secret")
    assert secret_in(browser) != secret
    browser.open(path).press(f"{path}/disable", reason="unused")
    assert browser.status == 200 and "Nothing is told there any more." in browser.page.text and f"{path}/rotate_secret" not in browser.page.forms


def test_why_an_address_was_told_nothing(system, hooks):
    browser = admin(system)
    here = f"/partners/{system.partner.id}"
    browser.open(here).press(f"{here}/add_endpoint", url=f"http://127.0.0.1:{hooks.port}/status/503")
    (path,) = [link for link in browser.page.links if link.startswith("/endpoints/")]
    referral = system.refer("PROGRAMME-FAILS")
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    wait_until(lambda: "The server has not taken it." in browser.open(path).page.text, "why")
    assert "Waits to be sent." in browser.page.text and "(503)" in browser.page.text
    browser.open(path).press(f"{path}/disable", reason="other")


@pytest.mark.parametrize("path", ["/partners", "/partners/{partner}", "/endpoints/{partner}", "/deliveries/{partner}"])
def test_it_is_the_admins_alone(system, path):
    path = path.format(partner=system.partner.id)
    for address in (COORDINATOR, MENTOR):
        browser = Browser(system).sign_in(address)
        assert browser.open(path).status == 403 and "/partners" not in browser.page.links
        for act in ("create", "rotate_secret", "disable", "add_endpoint"):
            assert browser.send("POST", f"{path}/{act}", "name=x&reason=other").status in (403, 404, 405)
    assert system.get(f"/v1/partners/{system.partner.id}", system.token("admin")).json["state"] == "active"


def test_another_programmes_is_not_there(system):
    system.operator("programme", "add", "--slug", "another", "--name", "Another", "--country", "se")
    other = system.operator("partner", "add", "--programme", "another", "--name", "Grannens").stdout.split()[0]
    browser = admin(system)
    for path in (f"/partners/{other}", f"/endpoints/{other}", f"/deliveries/{other}", f"/partners/{system.id('admin')}"):
        assert browser.open(path).status == 404, path
    assert "Grannens" not in browser.open("/partners").page.text
    body = browser.page.forms["/partners/create"] | {"reason": "other"}
    assert browser.send("POST", f"/partners/{other}/disable", urllib.parse.urlencode({"_key": body["_key"], "reason": "other"})).status in (403, 404, 422)
    assert not [event for event in system.events("registry") if event["type"] == "partner.disabled" and event["aggregate"] == other]
