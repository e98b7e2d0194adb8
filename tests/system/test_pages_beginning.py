"""From nothing to the first referral in a browser alone: the operator's link, who becomes the first admin by it, and what is still needed."""

from __future__ import annotations

import base64
import hashlib
import re
import urllib.parse
import uuid

import fadder
import pytest
from browser import Browser
from fadder import wait_until

PROGRAMME = {"name": "Landet runt", "slug": "landet-runt", "countries[0]": "se", "languages[0]": "sv", "contact.email": "samordnare@landet.example.org"}
SELF = {
    "association.name": "Föreningen Landet runt",
    "association.contact.email": "kontoret@landet.example.org",
    "person.details.given_name": "Ada",
    "person.details.family_name": "Åkerlind",
    "person.details.email": "ada@landet.example.org",
    "person.language": "sv",
}
DAY_MS = 24 * 60 * 60 * 1000


@pytest.fixture
def empty(make_system):
    """Without any programme, as after `ops/up --empty`."""
    return make_system(load=False).start()


def link_of(system: fadder.System) -> str:
    """The path that `fadder up` has said."""
    (path,) = re.findall(rf"^  http://{re.escape(system.pages)}(/begin/\S+)$", "".join(system.said), re.MULTILINE)
    return path


def send(browser: Browser, action: str, fields: dict[str, str]) -> Browser:
    return browser.send("POST", action, urllib.parse.urlencode(browser.page.forms[action] | fields))


def begun(system: fadder.System, link: str) -> Browser:
    """The programme is set up, and whoever has the link is its admin."""
    browser = send(Browser(system).open(link), f"{link}/programme", PROGRAMME).follow()
    assert browser.status == 200 and "Landet runt" in browser.page.text, browser.page.text
    send(browser, f"{link}/admin", SELF).follow()
    assert (browser.status, browser.path) == (200, "/begin"), browser.page.text
    return browser


def needed(browser: Browser) -> list[str]:
    """What is still to do, by the pages that see to it."""
    browser.open("/begin")
    assert browser.status == 200
    return re.findall(r'<li><a href="([^"]+)">[^<]*</a>\s*<p class="due">', browser.page.html)


def made_link(system: fadder.System, at_ms: int, purpose: str = "begin", swapped: bool = False) -> str:
    """One of a time of the test's own, marked with what the operator and the pages have in common."""
    from ctypes import CDLL, create_string_buffer

    sodium = CDLL("libsodium.so.23")
    secret = base64.b64decode((system.home / "keys" / "bus.operator.secret").read_text())
    public = base64.b64decode((system.home / "keys" / "bus" / "pages.public").read_text())
    key = create_string_buffer(32)
    assert sodium.crypto_box_beforenm(key, public, secret) == 0
    mark = lambda by, said: hashlib.blake2b(said, digest_size=16, key=by).digest()
    id = at_ms.to_bytes(6, "big") + uuid.uuid4().bytes[6:]
    bytes = id + mark(mark(key.raw, purpose.encode() + b"\0"), id)
    return "/begin/" + base64.urlsafe_b64encode(bytes).decode().rstrip("=")


def test_from_nothing_to_the_first_referral_without_the_command_line(empty, hooks):
    admin = begun(empty, link_of(empty))
    assert "Sign out" in admin.page.text
    assert needed(admin) == ["/programme", "/programme", "/mentors", "/organisations", "/partners", "/partners", "/referrals"]
    admin.open("/")
    assert "/begin" in admin.page.links, "Today leads there"

    admin.open("/programme")
    for what in ("rules", "texts"):
        send(admin, "/programme/look_over", {"what": what}).follow()
        assert admin.status == 200, admin.page.text
    assert needed(admin) == ["/mentors", "/organisations", "/partners", "/partners", "/referrals"]

    send(admin.open("/organisations"), "/organisations", {"kind": "agency", "name": "Arbetsmarknadsenheten", "language": "sv", "contact.email": "ame@example.org"}).follow()
    agency = admin.path.split("/")[-1].split("?")[0]
    assert "/organisations" not in needed(admin)
    admin.open("/partners").press("/partners/create", name="Enhetens system", organisation=agency)
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", admin.page.html.replace("&#43;", "+").replace("&#61;", "=").replace("&#47;", "/"))
    (partner,) = [link for link in admin.page.links if link.startswith("/partners/")]
    assert needed(admin) == ["/mentors", "/partners", "/referrals"]
    admin.open(partner).press(f"{partner}/add_endpoint", url=f"http://127.0.0.1:{hooks.port}/ok")
    assert needed(admin) == ["/mentors", "/referrals"]
    send(admin.open("/people/new"), "/people/new", {"details.given_name": "Dag", "language": "sv", "part": "decision_maker", "organisation": agency, "protection": "none"}).follow()
    send(admin.open("/organisations"), "/organisations", {"kind": "museum_association", "name": "Museibanan", "language": "sv", "contact.email": "banan@example.org"}).follow()
    assert needed(admin) == ["/mentors", "/referrals"] and "Somebody at the agency decides" in admin.page.text

    coordinator = Browser(empty)
    coordinator.cookies = admin.cookies
    coordinator.open("/").press("/act-as", role="coordinator")
    assert coordinator.open("/begin").status == 403, "it is the admin's"
    (club,) = re.findall(r'<option value="([^"]+)"[^>]*>Föreningen Landet runt', coordinator.open("/mentors/new").page.html)
    send(coordinator, "/mentors/new", {"details.given_name": "Nils", "language": "sv", "organisation": club, "languages[0]": "svenska", "details.email": "nils@example.org"}).follow()
    mentor = wait_until(lambda: [link for link in coordinator.open("/mentors").page.links if re.fullmatch(r"/mentors/[0-9a-f-]{36}", link)], "the mentor")[0]
    send(coordinator.open(mentor), f"{mentor}/set_capacity", {"capacity": "0"}).follow()
    assert "/mentors" in needed(coordinator.press("/act-as", role="programme_admin")), "who has no place is nobody's mentor"
    coordinator.press("/act-as", role="coordinator")
    send(coordinator.open(mentor), f"{mentor}/set_capacity", {"capacity": "2"}).follow()
    assert coordinator.status == 200, coordinator.page.text
    assert "Nobody has been referred" not in coordinator.open("/").page.text, "it is said to the admin"

    body = fadder.referral("FIRST-1", programme="landet-runt", wants=["mentor"])
    assert empty.deliver(body, fadder.Partner(partner.split("/")[-1], secret)).status == 200
    wait_until(lambda: "A referral has come in" in coordinator.open("/").page.text, "it waits")
    (referral,) = {link for link in coordinator.page.links if link.startswith("/referrals/")}
    coordinator.open(referral).press(f"{referral}/accept")
    assert "Accepted." in coordinator.page.text
    wait_until(lambda: [hook for hook in hooks.hooks() if "referral.accepted" in hook["body"]], "the agency hears of it")
    coordinator.press("/act-as", role="programme_admin")
    assert needed(coordinator) == [] and "Everything is in place." in coordinator.page.text
    assert "/begin" not in coordinator.open("/").page.links

    again = Browser(empty).sign_in("ada@landet.example.org")
    assert again.press("/act-as", role="programme_admin").open("/programme").status == 200, "later they sign in as everybody does"


def test_the_link_lets_one_device_in_and_then_nobody(empty):
    link = link_of(empty)
    looking = Browser(empty)
    for _ in range(3):
        assert looking.open(link).status == 200 and not looking.cookies
    browser = begun(empty, link)
    for other in (link, empty.operator("begin").stdout.strip().removeprefix(f"http://{empty.pages}")):
        late = Browser(empty).open(other)
        assert late.status == 410 and not late.cookies and "/sign-in" in late.page.links, late.page.text
        for act in ("programme", "admin"):
            late.send("POST", f"{other}/{act}", urllib.parse.urlencode({**PROGRAMME, **SELF, "_key": str(uuid.uuid4())}))
            assert late.status == 410 and not late.cookies, act
    assert browser.open("/begin").status == 200
    events = [event["type"] for event in empty.events("registry")]
    assert (events.count("programme.created"), events.count("token.created"), events.count("session.opened")) == (1, 1, 1)
    assert [event["data"]["by_link"] for event in empty.events("registry") if event["type"] == "programme.created"] == [True]


def test_the_same_form_again_lets_the_same_device_in(empty):
    link = link_of(empty)
    browser = send(Browser(empty).open(link), f"{link}/programme", PROGRAMME).follow()
    body = urllib.parse.urlencode(browser.page.forms[f"{link}/admin"] | SELF)
    other = urllib.parse.urlencode(Browser(empty).open(link).page.forms[f"{link}/admin"] | SELF)
    browser.send("POST", f"{link}/admin", body)
    assert browser.status == 303 and browser.cookies
    again = Browser(empty).send("POST", f"{link}/admin", body)
    assert again.status == 303 and again.cookies == browser.cookies, "as where the first answer was lost"
    late = Browser(empty).send("POST", f"{link}/admin", other)
    assert late.status == 410 and not late.cookies
    events = [event["type"] for event in empty.events("registry")]
    assert (events.count("person.registered"), events.count("token.created"), events.count("session.opened")) == (1, 1, 1)


def test_nobody_gets_in_without_the_operators_link(empty):
    link = link_of(empty)
    now_ms = int(fadder.time.time() * 1000)
    good = made_link(empty, now_ms)
    assert Browser(empty).open(good).status == 200, "the test makes them as the operator's program does"
    flipped = lambda at: link[:at] + ("A" if link[at] != "A" else "B") + link[at + 1 :]
    bad = ["/begin/x", "/begin/" + "A" * 43, flipped(9), flipped(20), flipped(-4), made_link(empty, now_ms, "link"), made_link(empty, now_ms, "demonstration")]
    for path in bad:
        browser = Browser(empty)
        assert browser.open(path).status == 404, path
        for act in ("programme", "admin"):
            browser.send("POST", f"{path}/{act}", urllib.parse.urlencode({**PROGRAMME, **SELF, "_key": str(uuid.uuid4())}))
            assert browser.status == 404 and not browser.cookies, path
    old = Browser(empty).open(made_link(empty, now_ms - DAY_MS - 60_000))
    assert old.status == 410 and "fadder begin" in old.page.text
    old.send("POST", f"{old.path}/programme", urllib.parse.urlencode({**PROGRAMME, "_key": str(uuid.uuid4())}))
    assert old.status == 410
    assert Browser(empty).open("/begin").path.startswith("/sign-in"), "what is still needed is for who is signed in"
    evil = Browser(empty, Origin="https://evil.example").open(link)
    assert send(evil, f"{link}/programme", PROGRAMME).status == 403
    assert not [event for event in empty.events("registry") if event["type"] == "programme.created"]
    for name, text in empty.logs():
        assert link.split("/")[-1] not in text, name
    for path in empty.home.rglob("*"):
        assert not path.is_file() or link.split("/")[-1].encode() not in path.read_bytes(), path


def test_where_the_operator_has_set_up_a_programme_there_is_no_link(empty):
    link = link_of(empty)
    browser = Browser(empty).open(link)
    empty.operator("programme", "add", "--slug", "ours", "--name", "Ours", "--country", "no")
    assert send(browser, f"{link}/programme", PROGRAMME).status == 410
    assert Browser(empty).open(link).status == 410
    done = empty.operator("begin", check=False)
    assert done.returncode == 1 and "there is a programme already" in done.stderr and not done.stdout
    empty.stop()
    empty.start()
    assert "/begin/" not in "".join(empty.said)


def test_it_goes_on_from_where_it_was_when_something_died(empty):
    link = link_of(empty)
    browser = send(Browser(empty).open(link), f"{link}/programme", PROGRAMME).follow()
    programme = next(event["aggregate"] for event in empty.events("registry") if event["type"] == "programme.created")
    send(browser, f"{link}/admin", {**SELF, "person.details.email": "ada utan adress"})
    assert browser.status == 422 and 'value="ada utan adress"' in browser.page.html and "person.details.email" in browser.page.html
    browser.open(link)
    assert "association.name" not in browser.page.html, "that is there by then"
    empty.kill("pages", "registry")
    empty.wait_ready()
    association = next(event["aggregate"] for event in empty.events("registry") if event["type"] == "organisation.created")
    person = {"details": {"given_name": "Ada", "email": "ada@landet.example.org"}, "language": "sv", "protection": "none", "part": "coordinator", "organisation": association}
    empty.say("person.register", person, "--programme", "landet-runt")
    browser.open(link)
    assert f"{link}/admin" in browser.page.forms and "person.details" not in browser.page.html, "who they are is known"
    browser.press(f"{link}/admin")
    assert (browser.status, browser.path) == (200, "/begin")
    assert [event["programme"] for event in empty.events("registry") if event["type"] == "session.opened"] == [programme]


def test_what_was_typed_wrong_stays_and_is_said_where_it_is(empty):
    link = link_of(empty)
    browser = Browser(empty).open(link)
    send(browser, f"{link}/programme", {**PROGRAMME, "slug": "Landet Runt"})
    assert browser.status == 422 and 'value="Landet Runt"' in browser.page.html and 'value="Landet runt"' in browser.page.html
    send(browser, f"{link}/programme", {**PROGRAMME, "name": ""})
    assert browser.status == 422
    send(browser.open(link), f"{link}/programme", PROGRAMME).follow()
    send(browser, f"{link}/admin", {**SELF, "person.details.email": ""})
    assert browser.status == 422 and 'value="Ada"' in browser.page.html, "nobody could sign in again without"
    assert not [event for event in empty.events("registry") if event["type"] == "organisation.created"]
    swedish = Browser(empty, "sv").open(link)
    assert "Sätt upp programmet" in swedish.page.text
    swedish.press("/language", language="nn")
    assert swedish.path == link and swedish.page.language == "nn", "the link stays where another language is chosen"
