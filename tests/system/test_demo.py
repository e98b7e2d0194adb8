"""The day of the README, as a user plays it: ops/demo against a running system."""

import email
import email.policy
import importlib.machinery
import importlib.util
import json
import os
import re
import subprocess
import uuid

import fadder
import pytest
from browser import Browser


def play(system, **environment):
    return subprocess.run(
        [fadder.TOP / "ops" / "demo"],
        env={**system.environment, "FADDER_BIN": str(fadder.BIN), **environment},
        capture_output=True,
        text=True,
        timeout=4 * fadder.PATIENCE,
    )


STEPS = [
    "1. The agency's system posts",
    "2. The registry has taken custody",
    "3. The coordinator accepts",
    "referral is accepted",
    "The mentor accepts.",
    "referral is matched",
    "mentorship is active",
    "referral is in_progress",
    "posting is published",
    "placement is ready",
    "placement is completed",
    "a job at the host",
    "mentorship is completed",
    "referral is completed",
    "That was the day",
]


def assert_story(done):
    assert done.returncode == 0, done.stdout + done.stderr
    at = 0
    for step in STEPS:
        found = done.stdout.find(step, at)
        assert found >= 0, f"{step!r} is missing, or out of order:\n{done.stdout}"
        at = found


def test_the_day_is_played_twice_with_mail_in_a_folder(system):
    done = play(system)
    assert_story(done)
    browser = Browser(system).sign_in("karin.bergvall@example.org")
    pages = re.findall(rf"^      page     http://{re.escape(system.pages)}(/\S+) ", done.stdout, re.MULTILINE)
    assert len(pages) >= 4
    for path in pages:
        assert browser.open(path).status == 200, path
    assert_story(play(system))
    mails = list((system.home / "mail").glob("*.eml"))
    assert len(mails) > 40  # each day waits for its own
    for path in mails:
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert letter["Message-ID"] and letter["To"] and letter["Subject"]


def test_every_event_says_whose_it_is_who_acted_and_what_caused_it(system):
    assert_story(play(system))
    for service in fadder.SERVICES[:4]:
        events = system.events(service)
        assert events
        for event in events:
            assert event["programme"] == system.id("integration-works"), event
            assert event["country"] == "se" and event["cause"] and event["id"] and event["at"], event
            assert event["role"] in ("sys", "tm") or event["actor"], event


def test_what_came_of_a_request_names_its_trace_in_every_service(system):
    trace, body = uuid.uuid4().hex, json.dumps(fadder.referral(f"T-{uuid.uuid4().hex}")).encode()
    headers = system.signed(body, system.partner) | {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    referral = system.request("POST", f"/v1/hooks/{system.partner.id}", body, headers).json["referral"]
    untraced = system.refer()
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))

    def told(service, trace):
        return {event["type"] for event in system.events(service) if event.get("trace") == str(uuid.UUID(trace))}

    assert "referral.received" in told("registry", trace) and "referral.accepted" not in told("registry", trace)
    fadder.wait_until(lambda: "message.queued" in told("notification", trace), "the news goes out")
    received = [e for e in system.events("registry") if e["aggregate"] == untraced and e["type"] == "referral.received"]
    assert [event["trace"] for event in received] == [event["cause"] for event in received]


def test_the_day_is_played_with_a_real_mail_server(make_system):
    pytest.importorskip("aiosmtpd")
    smtp = "smtp://{}:{}".format(*fadder.own_address())
    system = make_system(FADDER_SMTP=smtp).start()
    done = play(system, FADDER_SMTP=smtp)
    assert_story(done)
    assert "a mail server of our own listens" in done.stdout
    assert done.stdout.count("\n      mail  ") > 20, done.stdout
    assert not (system.home / "mail").exists()


def test_without_a_system_it_says_what_to_do(tmp_path):
    done = subprocess.run(
        [fadder.TOP / "ops" / "demo"],
        env={**os.environ, "FADDER_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=fadder.PATIENCE,
    )
    assert done.returncode == 1
    assert "Start ops/up first" in done.stdout


def test_a_system_that_is_down_is_said_to_be(make_system):
    system = make_system().start()
    system.stop()
    done = play(system)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("demo: ")


def test_loading_the_programme_again_changes_nothing(system):
    before = {service: len(system.events(service)) for service in fadder.JOURNALS}
    system.operator("load", str(fadder.DEMO))
    assert {service: len(system.events(service)) for service in fadder.JOURNALS} == before


def test_loading_it_without_what_is_remembered_of_it_makes_no_second_one(system):
    demo, count = system.home / "demo.json", len(system.items("organisations"))
    was = demo.read_bytes()
    try:
        demo.unlink()
        system.operator("load", str(fadder.DEMO))
        assert len(system.items("organisations")) == count
        assert len(system.items("mentors")) == 8
    finally:
        demo.write_bytes(was)


def test_what_others_wrote_does_nothing_to_a_terminal():
    """As `fadder` shows it (tests/core/text_test.c)."""
    loader = importlib.machinery.SourceFileLoader("demo", str(fadder.TOP / "ops" / "demo"))
    demo = importlib.util.module_from_spec(importlib.util.spec_from_loader("demo", loader))
    loader.exec_module(demo)
    assert demo.shown("Åsa\n 小 \u00a0x") == "Åsa\n 小 \u00a0x"
    assert demo.shown("a\x1b[2Jb\u202ec\u2066d\x9be\r") == "a\\u{1b}[2Jb\\u{202e}c\\u{2066}d\\u{9b}e\\u{d}"
