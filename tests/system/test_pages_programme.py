"""The pages of a programme's admin: agencies' systems, who takes part, access keys, and secrets that are shown once."""

from __future__ import annotations

import json
import re
import signal
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
    browser.press(f"{here}/undo")
    assert browser.status == 200 and f"{here}/undo" not in browser.page.forms and f"{here}/disable" in browser.page.forms
    wait_until(lambda: system.deliver(fadder.referral("PROGRAMME-T"), fadder.Partner(partner.id, third)).status == 200, "it is taken again")
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
    browser.press(f"{path}/undo")
    assert browser.status == 200 and "What happens is told there." in browser.page.text and f"{path}/rotate_secret" in browser.page.forms
    browser.press(f"{path}/disable", reason="unused")


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


def test_of_many_deliveries_the_latest_are_shown(system, hooks):
    browser = admin(system)
    here = f"/partners/{system.partner.id}"
    browser.open(here).press(f"{here}/add_endpoint", url=f"http://127.0.0.1:{hooks.port}/ok")
    (path,) = [link for link in browser.page.links if link.startswith("/endpoints/")]
    for number in range(105):
        system.do(f"referrals/{system.refer(f'PROGRAMME-MANY-{number}')}/accept", token=system.token("coordinator"))
    told = wait_until(lambda: len(found := system.items("deliveries", system.token("admin"), endpoint=path.split("/")[-1])) >= 105 and found, "all are told")
    shown = [link.split("/")[-1] for link in browser.open(path).page.links if link.startswith("/deliveries/")]
    assert shown == sorted((one["id"] for one in told), reverse=True)[:100] and "only the latest is shown" in browser.page.text
    browser.press(f"{path}/disable", reason="unused")


@pytest.mark.parametrize("path", ["/partners", "/partners/{partner}", "/endpoints/{partner}", "/deliveries/{partner}", "/tokens", "/tokens/{partner}", "/people", "/people/new", "/people/{admin}", "/organisations", "/organisations/{owner}", "/programme"])
def test_it_is_the_admins_alone(system, path):
    path = path.format(partner=system.partner.id, admin=system.id("admin"), owner=system.id("owner"))
    for address in (COORDINATOR, MENTOR):
        browser = Browser(system).sign_in(address)
        assert browser.open(path).status == 403 and "/partners" not in browser.page.links
        for act in ("create", "rotate_secret", "disable", "add_endpoint", "revoke", "make_token", "grant_role", "confirm_clearance", "close", "change"):
            assert browser.send("POST", f"{path}/{act}", "name=x&reason=other").status in (403, 404, 405)
    assert system.get(f"/v1/partners/{system.partner.id}", system.token("admin")).json["state"] == "active"


def test_another_programmes_is_not_there(system):
    system.operator("programme", "add", "--slug", "another", "--name", "Another", "--country", "se")
    other = system.operator("partner", "add", "--programme", "another", "--name", "Grannens").stdout.split()[0]
    browser = admin(system)
    for path in (f"/partners/{other}", f"/endpoints/{other}", f"/deliveries/{other}", f"/tokens/{other}", f"/people/{other}", f"/organisations/{other}", f"/partners/{system.id('admin')}"):
        assert browser.open(path).status == 404, path
    assert "Grannens" not in browser.open("/partners").page.text
    body = browser.page.forms["/partners/create"] | {"reason": "other"}
    assert browser.send("POST", f"/partners/{other}/disable", urllib.parse.urlencode({"_key": body["_key"], "reason": "other"})).status in (403, 404, 422)
    assert not [event for event in system.events("registry") if event["type"] == "partner.disabled" and event["aggregate"] == other]


@pytest.fixture
def another_admin(system):
    """Somebody else who was made one by the operator."""
    system.operator("token", "add", "--role", "programme_admin", "--programme", fadder.PROGRAMME, "--person", system.id("coordinator"))
    return admin(system, COORDINATOR)


def test_an_access_key_is_shown_once_and_ends(system):
    browser = admin(system)
    here = f"/people/{system.id('mentor-1')}"
    browser.open(here)
    assert "Amina Warsame" in browser.page.text and "mentor" in browser.page.text
    browser.press(f"{here}/make_token", role="coordinator")
    assert browser.status == 422 and "fadder_" not in browser.page.text, "they do not take part as that"
    browser.open(here).press(f"{here}/make_token")
    assert browser.status == 422, "as what"
    browser.open(here).press(f"{here}/make_token", role="mentor")
    key = secret_in(browser, r"fadder_[0-9a-f]{64}")
    (path,) = [link for link in browser.page.links if link.startswith("/tokens/")]
    is_nowhere(system, key)
    assert system.get(f"/v1/persons/{system.id('mentor-1')}", key).status == 200
    browser.open("/tokens")
    assert path in browser.page.links and "Amina Warsame" in browser.page.text and key not in browser.page.html
    browser.open(path)
    assert "Astrid Sandell" in browser.page.text and "mentor" in browser.page.text and key not in browser.page.html, "who may have seen it"
    browser.press(f"{path}/revoke")
    assert browser.status == 422 and "It is good." in browser.page.text
    browser.press(f"{path}/revoke", reason="lost")
    assert browser.status == 200 and "no longer good" in browser.page.text and f"{path}/revoke" not in browser.page.forms
    assert path not in browser.open("/tokens").page.links
    wait_until(lambda: system.get(f"/v1/persons/{system.id('mentor-1')}", key).status == 401, "who shows it is not let in")


def test_an_agencys_system_has_an_access_key_too(system):
    browser = admin(system)
    partner = made_partner(system, browser, "Läser själv")
    here = f"/partners/{partner.id}"
    browser.open(here).press(f"{here}/make_token")
    key = secret_in(browser, r"fadder_[0-9a-f]{64}")
    assert system.get(f"/v1/partners/{partner.id}", key).json["name"] == "Läser själv"
    assert "Läser själv" in browser.open("/tokens").page.text


def test_somebody_new_takes_part_and_no_longer(system):
    browser = admin(system).open("/people/new")
    typed = {"details.given_name": "Nils", "details.family_name": "Nyanställd", "details.email": "nils@example.org", "language": "sv", "protection": "none"}
    body = browser.page.forms["/people/new"] | typed
    browser.send("POST", "/people/new", urllib.parse.urlencode(body | {"details.email": "ingenting"}))
    assert browser.status == 422 and 'value="Nils"' in browser.page.html and 'value="ingenting"' in browser.page.html
    browser.send("POST", "/people/new", urllib.parse.urlencode(body | {"part": "counsellor", "organisation": system.id("agency")})).follow()
    assert browser.status == 200 and "Nils Nyanställd" in browser.page.text and "counsellor" in browser.page.text
    here = browser.path.split("?")[0]
    assert here in browser.open("/people?name=nyanst%C3%84lld").page.links and "Karin" not in browser.page.text, "also behind those who were referred"
    browser.open(here).press(f"{here}/grant_role", organisation=system.id("owner"))
    assert browser.status == 422 and re.search(rf'value="{system.id("owner")}" selected', browser.page.html), "as what"
    browser.open(here).press(f"{here}/grant_role", part="coordinator", organisation=system.id("owner"))
    assert browser.status == 200 and "coordinator" in browser.page.text
    browser.press(f"{here}/end_role", part="counsellor", reason="finished")
    assert browser.status == 200
    roles = lambda: {role["part"] for role in system.get(f"/v1/persons/{here.split('/')[-1]}", system.token("admin")).json["roles"]}
    assert roles() == {"coordinator"}
    browser.open(here).press(f"{here}/undo")
    assert browser.status == 200 and roles() == {"coordinator", "counsellor"}


def test_it_takes_two_to_clear_somebody_and_to_hide_somebody_less(system, another_admin):
    one, other = admin(system), another_admin
    person = system.add_person("coordinator", system.id("club-visby"))
    here = f"/people/{person}"
    one.open(here)
    ticked = re.search(r'name="cleared" value="(\w+)"', one.page.html).group(1)
    one.press(f"{here}/grant_role", part="coordinator", organisation=system.id("club-visby"), cleared=ticked)
    assert "Somebody asks that they may know" in one.page.text
    assert f"{here}/confirm_clearance" not in one.page.forms
    body = urllib.parse.urlencode({"_key": one.page.forms[f"{here}/withdraw_clearance"]["_key"]})
    assert one.send("POST", f"{here}/confirm_clearance", body).status in (403, 422), "not who asked"
    assert "Waits for an answer." in row_of(other.open("/people"), here)
    assert "Waits for an answer." in row_of(other.open(f"/people?organisation={system.id('club-visby')}"), here)
    assert "Astrid" not in other.page.text, "who belongs to another"
    other.open(here)
    assert "Asked by Astrid Sandell" in other.page.text and f"{here}/withdraw_clearance" not in other.page.forms
    other.press(f"{here}/refuse_clearance")
    assert other.status == 422
    other.open(here).press(f"{here}/confirm_clearance")
    assert other.status == 200 and "also for people under protection" in other.page.text

    one.open(here).press(f"{here}/change_protection", protection="confidential")
    assert one.status == 200 and "How well they are hidden: confidential" in one.page.text
    one.open(here).press(f"{here}/change_protection", protection="none")
    assert "hidden only as: none" in one.page.text and f"{here}/confirm_lowering" not in one.page.forms
    other.open(here).press(f"{here}/refuse_lowering", reason="not_needed")
    assert other.status == 200 and f"{here}/confirm_lowering" not in other.page.forms
    assert system.get(f"/v1/persons/{person}", system.token("admin")).json["protection"] == "confidential"


def row_of(browser: Browser, words: str) -> str:
    """What the table's row says that says that, or leads there."""
    (row,) = [row for row in re.findall(r"<tr>.*?</tr>", browser.page.html, re.DOTALL) if words in row]
    return re.sub("<[^>]*>", "", row)


def test_an_organisation_comes_changes_and_goes_and_comes_back(system):
    browser = admin(system).open("/organisations")
    body = browser.page.forms["/organisations"] | {"kind": "school", "name": "Folkhögskolan", "language": "sv", "contact.email": "ingenting"}
    browser.send("POST", "/organisations", urllib.parse.urlencode(body))
    assert browser.status == 422 and 'value="Folkhögskolan"' in browser.page.html and 'value="ingenting"' in browser.page.html
    browser.send("POST", "/organisations", urllib.parse.urlencode(body | {"contact.email": "skolan@example.org", "municipality": "Laxå"})).follow()
    assert browser.status == 200 and "Folkhögskolan" in browser.page.text and "Laxå" in browser.page.text and "skolan@" not in browser.page.text
    here = browser.path.split("?")[0]
    assert "school" in row_of(browser.open("/organisations"), here)
    browser.open(here).press(f"{here}/change", name="")
    assert browser.status == 422 and f"{here}/change" in browser.page.forms
    browser.open(here).press(f"{here}/change", name="Folkhögskolan i Laxå", language="sv")
    assert browser.status == 200 and "Folkhögskolan i Laxå" in browser.page.text
    browser.press(f"{here}/change_mailbox", contact__email="kansli@example.org")
    assert browser.status == 200 and browser.path == f"{here}?done=change_mailbox"
    browser.open(here).press(f"{here}/close", reason="merged")
    assert browser.status == 200 and "It no longer takes part." in browser.page.text and f"{here}/change" not in browser.page.forms
    browser.press(f"{here}/undo")
    assert browser.status == 200 and "It takes part." in browser.page.text


def test_the_rules_of_a_programme_in_words_and_their_change(system):
    programme = lambda: system.items("programmes", system.token("admin"))[0]
    before = programme()
    browser = admin(system).open("/programme")
    assert f"{before['rules']['offer_days']} days" in row_of(browser, "Within which a mentor answers")
    stale = dict(browser.page.forms["/programme/change"])
    typed = {"rules.agency_reopens": "yes", "rules.lends_supervisors": "no", "rules.host_writes": "no"}
    for wrong in ("", "många", "-1", "99999"):
        browser.send("POST", "/programme/change", urllib.parse.urlencode(stale | typed | {"rules.offer_days": wrong}))
        assert browser.status == 422, wrong
        assert wrong == "" or f'value="{wrong}"' in browser.page.html, "what was typed stays"
    assert programme() == before
    browser.open("/programme").press("/programme/change", **{"rules.offer_days": 9, "rules.book_days": 21, "access_days": 3, **typed})
    assert browser.status == 200 and "9 days" in row_of(browser, "Within which a mentor answers") and "yes" in row_of(browser, "closed taken up again")
    after = programme()
    assert after["rules"] | {"offer_days": 0, "book_days": 0, "agency_reopens": 0} == before["rules"] | {"offer_days": 0, "book_days": 0, "agency_reopens": 0, "lends_supervisors": False, "host_writes": False}
    assert (after["rules"]["offer_days"], after["rules"]["book_days"], after["access_days"], after["rules"]["agency_reopens"]) == (9, 21, 3, True)
    browser.send("POST", "/programme/change", urllib.parse.urlencode(stale | typed | {"_key": before["id"], "rules.offer_days": "5"}))
    assert browser.status == 422 and programme()["rules"]["offer_days"] == 9, "it has changed meanwhile"
    browser.open("/programme").press("/programme/change_mailbox", contact__email="samordning@example.org")
    assert browser.status == 200


def test_what_was_noted_is_seen_by_whose_it_is(system):
    details = {"given_name": "Otto", "family_name": "Ombud", "email": "ombud@example.org"}
    officer = {"details": details, "language": "sv", "protection": "none", "part": "data_protection_officer"}
    system.say("person.register", officer, "--programme", fadder.PROGRAMME)
    person = system.add_person("coordinator", system.id("club-visby"))
    browser = admin(system)
    here = f"/people/{person}"
    browser.open(here).press(f"{here}/change_protection", protection="marked")
    browser.open("/audit")
    assert browser.status == 200 and "What concerns yourself." in browser.page.text and "protection changed" not in "".join(re.findall(r"<tbody>.*</tbody>", browser.page.html, re.DOTALL))

    watching = Browser(system).sign_in("ombud@example.org")
    shows = lambda: "protection changed" in "".join(re.findall(r"<tbody>.*</tbody>", watching.open("/audit").page.html, re.DOTALL))
    wait_until(shows, "it is noted")
    assert "person.protection_changed" in watching.page.text or "marked" in watching.page.text
    watching.open("/audit?kind=protected")
    kinds = set(re.findall(r'<th scope="row">.*?</th><td>(.*?)</td>', watching.page.html, re.DOTALL))
    assert kinds == {"protection changed"}
    assert "Nothing was noted" in watching.open("/audit?kind=exported").page.text
    watching.open("/audit?until=2026-01-01")
    assert "Nothing was noted on these days." in watching.page.text and "/audit?until=2026-01-31" in watching.page.links
    for _ in range(18):
        another = system.add_person("coordinator", system.id("club-visby"))
        for protection in ("marked", "confidential", "strictly"):
            system.do(f"persons/{another}/change_protection", {"protection": protection}, token=system.token("admin"))
    times = lambda: re.findall(r'<th scope="row"><time datetime="([^"]+)"', watching.page.html)
    wait_until(lambda: "/audit?until=" in "".join(link for link in watching.open("/audit?kind=protected").page.links if "page=2" in link), "there is more than a page")
    first = times()
    (older,) = [link for link in watching.page.links if "page=2" in link]
    assert len(first) == 50 and "kind=protected" in older
    second = watching.open(older) and times()
    assert len(second) >= 5 and first + second == sorted(first + second, reverse=True), "the latest first"
    for strange in ("until=x", "page=-1", "page=abc", "page=999999999999999999999", "kind=%00", "until=0001-01-01", "until=1970-01-02", "until=9999-12-31"):
        assert watching.open(f"/audit?{strange}").status == 200, strange
    for address in (COORDINATOR, MENTOR):
        assert Browser(system).sign_in(address).open("/audit").status == 403


def test_a_test_event_is_sent_there_and_nowhere_else(system, hooks):
    browser = admin(system)
    here = f"/partners/{system.partner.id}"
    paths = []
    for way in ("ok", "status/503"):
        browser.open(here).press(f"{here}/add_endpoint", url=f"http://127.0.0.1:{hooks.port}/{way}")
        paths += [link for link in browser.page.links if link.startswith("/endpoints/")]
    fine, failing = paths
    secret = browser.open(fine).press(f"{fine}/rotate_secret") and secret_in(browser)
    before = len(hooks.hooks())
    browser.open(fine).press(f"{fine}/test")
    assert browser.status == 200
    wait_until(lambda: "Test event: Taken." in browser.open(fine).page.text, "it was taken")
    (told,) = hooks.hooks()[before:]
    body, headers = json.loads(told["body"]), told["headers"]
    assert (body["type"], body["data"]) == ("endpoint.tested", {"endpoint": fine.split("/")[-1]})
    assert headers["webhook-signature"] == fadder.sign(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), told["body"].encode())
    browser.open(fine).press(f"{fine}/test")
    assert browser.status == 422 and "within the last minute" in browser.page.text
    answer = system.command(f"endpoints/{failing.split('/')[-1]}/test", token=system.token("admin"))
    assert answer.status == 200, answer
    wait_until(lambda: "Test event: Given up" in browser.open(failing).page.text or "(503)" in browser.page.text, "it was tried")
    (row,) = [row for row in system.items("deliveries", system.token("admin"), endpoint=failing.split("/")[-1])]
    assert (row["state"], row["attempts"], row["test"]) == ("given_up", 1, True)
    (delivery,) = [link for link in browser.page.links if link.startswith("/deliveries/")]
    assert "endpoint.tested" in browser.open(delivery).page.text
    assert system.command(f"endpoints/{failing.split('/')[-1]}/test", token=system.token("coordinator")).status in (403, 404)
    for path in paths:
        browser.open(path).press(f"{path}/disable", reason="unused")


def troubles(browser: Browser) -> dict[str, str]:
    """What is said to be late or stuck, by the pages that see to it."""
    browser.open("/health")
    assert browser.status == 200
    found = re.findall(r'<li><a href="([^"]+)">(.*?)</a>', browser.page.html.partition("<main")[2])
    return {path: re.sub("<[^>]*>", "", words) for path, words in found}


def test_what_is_late_or_stuck_is_said_of_ones_own_programme_alone(make_system, hooks):
    system = make_system().start()
    browser = admin(system)
    assert troubles(browser) == {}, "the association has a mailbox"
    assert "There is no mailbox" not in browser.open("/programme").page.text
    browser.open("/health")
    assert "Nothing is late, and nothing is stuck." in browser.page.text
    assert browser.page.text.count("It works.") == 4

    system.operator("programme", "add", "--slug", "other", "--name", "Other", "--country", "no")
    others = fadder.Partner(*system.operator("partner", "add", "--programme", "other", "--name", "Others' system").stdout.split())
    system.say("partner.disable", {"reason": "unused"}, "--on", others.id, "--programme", "other")
    assert troubles(browser) == {}, "another programme has no mailbox, and no system"

    partner = made_partner(system, browser, "Avstängt system")
    browser.open(f"/partners/{partner.id}").press(f"/partners/{partner.id}/disable", reason="unused")
    assert "Avstängt system" in troubles(browser)[f"/partners/{partner.id}"]
    here = f"/partners/{system.partner.id}"
    browser.open(here).press(f"{here}/add_endpoint", url=f"http://127.0.0.1:{hooks.port}/status/503")
    (failing,) = [link for link in browser.page.links if link.startswith("/endpoints/")]
    browser.open(here).press(f"{here}/add_endpoint", url=f"http://127.0.0.1:{hooks.port}/status/410")
    (gone,) = [link for link in browser.page.links if link.startswith("/endpoints/")]
    browser.open(failing).press(f"{failing}/test")
    wait_until(lambda: "(503)" in browser.open(failing).page.text, "the test was tried")
    assert not [path for path in troubles(browser) if path.startswith("/deliveries/")], "of a test nobody waits"
    referral = system.refer("HEALTH-1")
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    late = lambda: {words for path, words in troubles(browser).items() if path.startswith("/deliveries/")}
    wait_until(lambda: any("not taken something yet" in words for words in late()), "a webhook that waits")
    wait_until(lambda: gone in troubles(browser), "an address that wants nothing more")
    assert any("is not tried again" in words for words in late())

    for row in system.items("persons", system.token("admin")):
        if any(role["part"] == "coordinator" and role["cleared"] for role in row["roles"]):
            body = {"part": "coordinator", "organisation": row["organisation"]}
            system.say("person.grant_role", body, "--on", row["id"], "--programme", fadder.PROGRAMME)
    assert "/people" not in troubles(browser), "nobody is under protection"
    system.refer("HEALTH-2", person={"protection": "confidential"})
    wait_until(lambda: "no coordinator is cleared" in troubles(browser).get("/people", ""), "somebody has to be cleared")
    assert Browser(system).sign_in(COORDINATOR).open("/health").status == 403
    system.kill("placement-lifecycle", how=signal.SIGSTOP)
    try:
        wait_until(lambda: "It does not answer just now." in browser.open("/health").page.text, "one that does not answer")
        assert browser.page.text.count("It works.") == 3
    finally:
        system.kill("placement-lifecycle", how=signal.SIGCONT)
