"""Mails and webhooks on their way out: to a real SMTP server, a real HTTP receiver, and the folder of mails."""

from __future__ import annotations

import contextlib
import datetime
import email
import email.policy
import json
import os
import signal
import time
import zoneinfo
from concurrent.futures import ThreadPoolExecutor

import fadder
import pytest
from fadder import wait_until
from test_guarded import Case


def mails_to(mails: list[bytes], address: str) -> list:
    read = [email.message_from_bytes(raw, policy=email.policy.default) for raw in mails]
    return [mail for mail in read if mail["To"].addresses[0].addr_spec == address]


def folder(system: fadder.System) -> list[bytes]:
    """One may be taken away while they are read."""
    found = []
    for path in sorted((system.home / "mail").glob("*.eml")):
        with contextlib.suppress(FileNotFoundError):
            found.append(path.read_bytes())
    return found


def accept(system: fadder.System, referral: str) -> None:
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))


def add_endpoint(system: fadder.System, url: str) -> tuple[str, str]:
    done = system.operator("endpoint", "add", "--partner", system.partner.id, "--url", url)
    identity, secret = done.stdout.split()[-2:]
    return identity, secret


def delivery_of(system: fadder.System, **like: str) -> list[dict]:
    return [d for d in system.items("deliveries") if all(d.get(k) == v for k, v in like.items())]


def test_what_an_agency_calls_somebody_protected_is_read_when_it_is_told(make_system, hooks):
    system = make_system().start()
    add_endpoint(system, f"http://127.0.0.1:{hooks.port}/ok")
    called = {"NOTE-HIDDEN": "confidential", "NOTE-RAISED": "none"}
    said = {name: system.refer(name, person={"protection": protection}) for name, protection in called.items()}
    raised = system.get(f"/v1/referrals/{said['NOTE-RAISED']}").json["person"]
    system.do(f"persons/{raised}/change_protection", {"protection": "marked"}, token=system.token("admin"))

    def is_hidden() -> bool:
        return all("external_id" not in system.get(f"/v1/referrals/{referral}").json for referral in said.values())

    wait_until(is_hidden, "no row tells it")
    for referral in said.values():
        accept(system, referral)
    wait_until(lambda: len(hooks.hooks()) == len(said), "both are told")
    told = [json.loads(hook["body"])["data"] for hook in hooks.hooks()]
    assert {data["external_id"]: data["referral"] for data in told} == said
    readings = [reading for reading in system.items("readings") if reading["person"] == raised]
    assert "delivery" in {reading["purpose"] for reading in readings}


def test_mails_and_webhooks_reach_real_servers(make_system, smtp, hooks):
    system, began = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{smtp.port}").start(), int(time.time())
    _, secret = add_endpoint(system, f"http://127.0.0.1:{hooks.port}/ok")
    referral = system.refer("NOTE-1", person={"email": "ayaan@example.org", "given_name": "Åsa"})
    accept(system, referral)

    wait_until(lambda: mails_to(smtp.mails(), "ayaan@example.org"), "the participant's mail")
    (mail,) = mails_to(smtp.mails(), "ayaan@example.org")
    assert mail["Subject"] == "Du är med" and mail["Content-Language"] == "sv"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain = mail.get_body(("plain",)).get_content()
    assert plain.startswith("Hej Åsa!") and "Integration Works" in plain and "Påhittadsson" not in plain
    coordinators = mails_to(smtp.mails(), "owner@example.org")[0]
    assert coordinators["Subject"] == "En ny hänvisning" and referral in coordinators.get_body(("plain",)).get_content()

    wait_until(lambda: hooks.hooks(), "the webhook")
    hook = hooks.hooks()[0]
    said, headers = json.loads(hook["body"]), hook["headers"]
    assert said["type"] == "referral.accepted" and set(said) == {"type", "timestamp", "data"}
    assert said["data"] == {"referral": referral, "external_id": "NOTE-1", "sequence": 1}
    document = system.request("GET", "/openapi.json").json
    described = document["webhooks"][said["type"]]["post"]
    assert {one["name"] for one in described["parameters"]} <= set(headers)
    data = document["components"]["schemas"]["message.hook"]
    assert set(data["required"]) <= set(said["data"]) <= set(data["properties"])
    timestamp = int(headers["webhook-timestamp"])
    assert began <= timestamp <= time.time()
    assert headers["webhook-signature"] == fadder.sign(secret, headers["webhook-id"], timestamp, hook["body"].encode())

    (delivery,) = wait_until(lambda: delivery_of(system, channel="webhook", state="delivered"), "it says so itself")
    assert delivery["id"] == headers["webhook-id"] and delivery["code"] == 204 and delivery["attempts"] == 1
    message = system.get(f"/v1/messages/{delivery['id']}").json
    assert message["kind"] == "referral_accepted" and message["audience"] == "partner" and message["about"] == referral
    wait_until(lambda: not delivery_of(system, state="queued"), "all are delivered")
    assert len({mail["Message-ID"] for raw in smtp.mails() for mail in [email.message_from_bytes(raw)]}) == len(smtp.mails())


def test_without_a_server_each_mail_is_a_file(system):
    referral = system.refer(person={"email": "fil@example.org", "language": "en", "given_name": "Omar"})
    accept(system, referral)
    wait_until(lambda: mails_to(folder(system), "fil@example.org"), "the mail")
    (mail,) = mails_to(folder(system), "fil@example.org")
    assert mail["Subject"] == "You are in" and "Hello Omar," in mail.get_body(("plain",)).get_content()
    assert (system.home / "mail" / f"{mail['Message-ID'].strip('<>')}.eml").exists()


def test_what_lies_in_files_for_who_is_hidden_or_erased_goes_at_once(make_system):
    """And nobody else's does; not even the mails that tell of them to who is not cleared, which have no name in them."""
    system, admin = make_system().start(), "admin"
    mailboxes = {name: f"{name}@example.org" for name in ("stays", "raised", "erased")}
    people = {}
    for name, mailbox in mailboxes.items():
        referral = system.refer(f"FILES-{name}", person={"email": mailbox, "given_name": "Fil"})
        accept(system, referral)
        people[name] = system.get(f"/v1/referrals/{referral}").json["person"]

    def there() -> set[str]:
        return {name for name, mailbox in mailboxes.items() if mails_to(folder(system), mailbox)}

    wait_until(lambda: there() == set(mailboxes), "the mails")
    system.do(f"persons/{people['raised']}/change_protection", {"protection": "marked"}, token=system.token(admin))
    system.do(f"persons/{people['erased']}/erase", token=system.token(admin))
    wait_until(lambda: there() == {"stays"}, "no mail of theirs lies there")
    system.do(f"persons/{people['stays']}/change_protection", {"protection": "marked"}, token=system.token(admin))
    wait_until(lambda: not there(), "nor of the third")


@pytest.mark.parametrize("language, hello", [("sv", "Hej"), ("nb", "Hei"), ("nn", "Hei"), ("en", "Hello")])
def test_who_has_one_name_is_greeted_by_it(system, language, hello):
    address = f"sukarno.{language}@example.org"
    body = fadder.referral(f"ONE-NAME-{language}", person={"email": address, "language": language, "given_name": "Sukarno"})
    del body["data"]["person"]["family_name"]
    referral = system.deliver(body).json["referral"]
    accept(system, referral)
    wait_until(lambda: mails_to(folder(system), address), "the mail")
    (mail,) = mails_to(folder(system), address)
    greeting = mail.get_body(("plain",)).get_content().splitlines()[0]
    assert greeting in (f"{hello} Sukarno!", f"{hello} Sukarno,")
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    details = system.do(f"persons/{person}/read", {"purpose": "coordination"}, system.token("coordinator")).json
    assert details["given_name"] == "Sukarno" and "family_name" not in details


def test_who_is_protected_is_told_only_that_there_is_a_message(make_system, smtp):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{smtp.port}").start()
    referral = system.refer(person={"email": "skyddad@example.org", "given_name": "Hemliga", "protection": "confidential"})
    accept(system, referral)
    wait_until(lambda: mails_to(smtp.mails(), "skyddad@example.org"), "the mail")
    (mail,) = mails_to(smtp.mails(), "skyddad@example.org")
    text = mail.as_string() + mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "Ett meddelande till dig"
    for hidden in ("Hemliga", "Integration", referral, "antagen"):
        assert hidden not in text


def test_nobody_without_an_address_is_written_to(system):
    body = fadder.referral("NO-MAIL")
    del body["data"]["person"]["email"]
    answer = system.deliver(body)
    assert answer.status == 200, answer
    accept(system, answer.json["referral"])
    wait_until(lambda: delivery_of(system, state="given_up", reason="no_address"), "it is given up")


def test_an_endpoint_that_is_gone_is_left_alone_and_says_so(make_system, hooks):
    system = make_system().start()
    gone, _ = add_endpoint(system, f"http://127.0.0.1:{hooks.port}/status/410")
    began = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=1)
    accept(system, system.refer())
    wait_until(lambda: delivery_of(system, to=gone, state="given_up"), "it is given up")
    assert delivery_of(system, to=gone)[0]["code"] == 410
    referral = system.refer()
    accept(system, referral)
    told = lambda: [m for m in system.items("messages") if (m["about"], m["kind"]) == (referral, "referral_accepted")]
    wait_until(told, "others are told of it")
    assert len(delivery_of(system, to=gone)) == 1 and len(hooks.hooks()) == 1

    endpoint = wait_until(lambda: [e for e in system.items("endpoints", state="gone") if e["id"] == gone], "it says so")[0]
    assert endpoint["disabled_reason"] == "gone"
    assert began <= datetime.datetime.fromisoformat(endpoint["disabled_at"]) <= datetime.datetime.now(datetime.timezone.utc)
    retried = system.operator("delivery", "retry", delivery_of(system, to=gone)[0]["id"], check=False)
    assert retried.returncode == 1 and "rotate_secret" in retried.stderr

    fresh = {"secret": {"current": fadder.made_secret()}}
    system.do(f"endpoints/{gone}/rotate_secret", fresh, token=system.token("admin"))
    endpoint = system.get(f"/v1/endpoints/{gone}").json
    assert endpoint["state"] == "active" and "disabled_reason" not in endpoint and "disabled_at" not in endpoint
    system.do(f"deliveries/{delivery_of(system, to=gone)[0]['id']}/retry", token=system.token("coordinator"))
    wait_until(lambda: len(hooks.hooks()) == 2, "it is sent again")


def test_what_is_about_somebody_protected_waits_where_nobody_cleared_chose_the_secret(make_system, hooks):
    """An admin who is not cleared chose where the webhooks go, when nobody was looked for yet."""
    system = make_system().start()
    admin = system.add_token("programme_admin", "--person", system.add_person("coordinator", system.id("owner")))
    body = {"partner": system.partner.id, "url": f"http://127.0.0.1:{hooks.port}/ok"}
    endpoint = system.do("endpoints", body, token=admin).json["id"]
    assert system.get(f"/v1/endpoints/{endpoint}").json["cleared"] is False
    hidden, other = system.refer("HIDDEN-1"), system.refer("OPEN-1")
    system.do(f"referrals/{hidden}/change_protection", {"protection": "marked"}, token=system.token("counsellor"))
    for referral in (hidden, other):
        accept(system, referral)
    (waiting,) = wait_until(lambda: delivery_of(system, to=endpoint, reason="not_cleared"), "it waits")
    wait_until(lambda: hooks.hooks(), "what is about others goes on")
    assert {json.loads(hook["body"])["data"]["referral"] for hook in hooks.hooks()} == {other} and waiting["state"] == "queued"

    refused = system.command(f"endpoints/{endpoint}/rotate_secret", {}, token=admin)
    assert (refused.status, refused.json["code"]) == (403, "guarded")
    system.do(f"endpoints/{endpoint}/rotate_secret", {}, token=system.token("admin"))
    assert system.get(f"/v1/endpoints/{endpoint}").json["cleared"] is True
    wait_until(lambda: hidden in {json.loads(hook["body"])["data"]["referral"] for hook in hooks.hooks()}, "it goes there now")


def test_what_was_given_up_or_lost_is_sent_again_under_its_own_id(make_system, hooks):
    system = make_system().start()
    agency = system.add_token("agency_system", "--person", system.partner.id)
    other = system.add_token("agency_system", "--person", system.add_partner("Another system").id)
    taken, _ = add_endpoint(system, f"http://127.0.0.1:{hooks.port}/ok")
    silent, _ = add_endpoint(system, f"http://127.0.0.1:{hooks.port}/status/500")
    accept(system, system.refer())
    wait_until(lambda: delivery_of(system, to=taken, state="delivered"), "one is taken")
    wait_until(lambda: delivery_of(system, to=silent, attempts=1), "the other is tried")

    # theirs, by endpoint and by state, and nobody else's
    assert {d["to"] for d in system.items("deliveries", token=agency)} == {taken, silent}
    assert {d["to"] for d in system.items("deliveries", token=agency, endpoint=taken)} == {taken}
    assert {d["to"] for d in system.items("deliveries", token=agency, state="delivered")} == {taken}
    assert system.items("deliveries", token=other) == []
    (delivery,) = delivery_of(system, to=taken)
    assert delivery["partner"] == system.partner.id and delivery["endpoint"] == taken
    assert system.get(f"/v1/deliveries/{delivery['id']}", token=other).status == 404
    foreign = system.command(f"deliveries/{delivery['id']}/retry", version=delivery["version"], token=other)
    assert (foreign.status, foreign.json["code"]) == (404, "not_found")

    under_way = system.command(f"deliveries/{delivery_of(system, to=silent)[0]['id']}/retry", token=agency)
    assert (under_way.status, under_way.json["code"]) == (409, "not_now")

    def sent() -> list[str]:
        return [hook["headers"]["webhook-id"] for hook in hooks.hooks() if hook["path"] == "/ok"]

    for count in range(2, 7):
        system.do(f"deliveries/{delivery['id']}/retry", token=agency)
        wait_until(lambda: delivery_of(system, to=taken, state="delivered", attempts=count), "it is taken again")
    assert sent() == 6 * [delivery["id"]]
    often = system.command(f"deliveries/{delivery['id']}/retry", token=agency)
    assert (often.status, often.json["code"]) == (409, "delivery.too_often")


def test_the_operator_has_a_mail_sent_again_that_was_given_up(make_system):
    system = make_system().start()
    body = fadder.referral("LATER-MAIL")
    del body["data"]["person"]["email"]
    referral = system.deliver(body).json["referral"]
    accept(system, referral)
    (delivery,) = wait_until(lambda: delivery_of(system, state="given_up", reason="no_address"), "it is given up")
    assert delivery["id"] in system.operator("delivery", "show").stdout
    assert system.operator("delivery", "show", "--state", "sent", check=False).returncode == 2

    person = system.get(f"/v1/referrals/{referral}").json["person"]
    details = {k: v for k, v in fadder.referral("X")["data"]["person"].items() if k in ("given_name", "family_name")}
    system.do(f"persons/{person}/change", {"details": {**details, "email": "spaeter@example.org"}, "language": "sv"}, token=system.token("coordinator"))
    system.operator("delivery", "retry", delivery["id"])
    wait_until(lambda: mails_to(folder(system), "spaeter@example.org"), "the mail")
    again = wait_until(lambda: delivery_of(system, id=delivery["id"], state="delivered"), "it says so")[0]
    assert again["retries"] == 1 and again["attempts"] == 2
    done = system.operator("delivery", "retry", delivery["id"], check=False)
    assert done.returncode == 1 and "not sent again" in done.stderr


def test_what_would_never_be_delivered_is_refused_when_it_is_added(make_system):
    system = make_system(FADDER_WEBHOOK_ALLOW="").start()
    secret = {"current": fadder.made_secret()}
    for url, code in (
        ("http://hooks.example.org/", "not_https"),
        ("https://10.0.0.1/", "our_network"),
        ("https://localhost:8443/", "our_network"),
        ("https://2130706433/", "our_network"),
        ("https://[::1]/", "our_network"),
        ("https://hooks.example.org:0/", "no_port"),
        ("https://user:word@hooks.example.org/", "no_secrets"),
        ("https://hooks..example.org/", "no_address"),
        ("https://256.1.1.1/", "no_name"),
        ("https://metadata/", "leads_nowhere"),
    ):
        body = {"partner": system.partner.id, "url": url, "secret": secret}
        answer = system.command("endpoints", body, token=system.token("admin"))
        assert (answer.status, answer.json["code"]) == (422, f"endpoint.{code}"), url
        done = system.operator("endpoint", "add", "--partner", system.partner.id, "--url", url, check=False)
        assert done.returncode == 1 and answer.json["detail"] in done.stderr and not done.stdout, url
    for url in ("https://räksmörgås.se/h", "https://hooks.example.org/a b", "https://hooks.example.org/\u200b"):
        done = system.operator("endpoint", "add", "--partner", system.partner.id, "--url", url, check=False)
        assert done.returncode == 1 and "in ASCII without blanks" in done.stderr and not done.stdout, url
        assert "  at fault: url" in done.stderr.splitlines() and "packed" not in done.stderr, done.stderr
    assert system.items("endpoints") == []


def test_what_goes_wrong_is_tried_again_with_the_same_id(make_system, hooks):
    system = make_system().start()
    slow, _ = add_endpoint(system, f"http://127.0.0.1:{hooks.port}/status/500")
    accept(system, system.refer())
    wait_until(lambda: len(hooks.hooks()) >= 2, "the second attempt")  # after 4 to 6 seconds
    first, second, *_ = (hook["headers"] for hook in hooks.hooks())
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert first["webhook-signature"] != second["webhook-signature"]
    wait_until(lambda: delivery_of(system, to=slow)[0]["attempts"] == 2, "both are counted")
    (delivery,) = delivery_of(system, to=slow)
    assert (delivery["state"], delivery["reason"], delivery["code"]) == ("queued", "http", 500)


def test_our_own_networks_are_not_posted_to_unless_admitted(make_system, hooks):
    system = make_system().start()
    ours, _ = add_endpoint(system, f"https://localhost:{hooks.port}/ok")
    system.stop()
    system.environment["FADDER_WEBHOOK_ALLOW"] = ""  # what was admitted is no longer
    system.start()
    accept(system, system.refer())
    wait_until(lambda: delivery_of(system, to=ours, state="given_up"), "it is given up")
    assert delivery_of(system, to=ours)[0]["reason"] == "address_forbidden"
    assert not hooks.hooks()


def test_what_holds_for_a_reader_when_it_is_sent_holds_for_what_was_queued_before(make_system, smtp):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{smtp.port}").start()
    hidden, erased = (system.refer(person={"email": f"{name}@example.org"}) for name in ("dold", "raderad"))
    system.kill("notification", how=signal.SIGSTOP)
    for referral in (hidden, erased):
        accept(system, referral)
    persons = [system.get(f"/v1/referrals/{referral}").json["person"] for referral in (hidden, erased)]
    system.do(f"persons/{persons[0]}/change_protection", {"protection": "marked"}, token=system.token("admin"))
    system.do(f"persons/{persons[1]}/erase", token=system.token("admin"))
    system.kill("notification", how=signal.SIGCONT)

    wait_until(lambda: mails_to(smtp.mails(), "dold@example.org"), "the mail")
    assert mails_to(smtp.mails(), "dold@example.org")[0]["Subject"] == "Ett meddelande till dig"
    (delivery,) = wait_until(lambda: delivery_of(system, to=persons[1], state="given_up"), "it is given up")
    assert delivery["reason"] == "no_reader" and not mails_to(smtp.mails(), "raderad@example.org")


def restart(system: fadder.System, **settings: str | None) -> dict[str, str | None]:
    """Stop it and start it with other settings (None: not set); what they were."""
    system.stop()
    before = {name: system.environment.pop(name, None) for name in settings}
    system.environment.update({name: value for name, value in settings.items() if value is not None})
    system.start()
    return before


def test_of_who_is_protected_nobody_is_mailed_but_themself_and_who_is_cleared(make_system, smtp):
    """Neither what came later nor what was queued before, and nobody who is not cleared finds it in the lists of mails."""
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{smtp.port}").start()
    change_programme(system, contact={"email": "samordning@example.org"})
    case = Case(system)
    wait_until(lambda: not delivery_of(system, state="queued") and mails_to(smtp.mails(), "samordning@example.org"), "all are delivered")
    details = {"given_name": "Nils", "email": "nils@example.org"}
    part = {"organisation": system.id("owner"), "part": "coordinator", "language": "sv", "protection": "none"}
    uncleared = system.add_token("coordinator", "--person", system.do("persons", part | {"details": details}, token=system.token("admin")).json["id"])
    seen = lambda token: [one for path in ("messages", "deliveries") for one in system.items(path, token)]
    told = {one["id"] for one in system.items("messages", uncleared) if one.get("referral") == case.referral and one["audience"] in ("mentor", "supervisor")}
    assert told and told <= {one["id"] for one in system.items("deliveries", uncleared)}
    before = len(smtp.mails())
    for person in (case.mentor_id, system.id("supervisor-djurgardslinjen")):  # in another part than they are written to in
        system.say("person.grant_role", {"part": "guide", "cleared": True}, "--on", person, "--programme", fadder.PROGRAMME)

    way = restart(system, FADDER_SMTP=None, FADDER_MAIL_FILES="no")  # so that what is queued waits
    day = next(one["id"] for one in system.items("days", case.own) if one["placement"] == case.placement)
    system.do(f"placements/{case.placement}/interrupt", {"reason": "ill", "until": str(fadder.today() + datetime.timedelta(days=9))}, token=case.own)
    interrupted = lambda: {one["audience"] for one in system.items("messages", kind="placement_interrupted")}
    wait_until(lambda: {"coordinator", "host"} <= interrupted(), "they are to be told")
    system.do(f"referrals/{case.referral}/change_protection", {"protection": "marked"}, token=system.token("counsellor"))
    wait_until(lambda: system.get(f"/v1/mentees/{case.referral}").json["protection"] == "marked", "the raise is heard of")
    wait_until(lambda: "external_id" not in system.get(f"/v1/referrals/{case.referral}").json, "it is in the vault")
    restart(system, **way)
    wait_until(lambda: delivery_of(system, state="given_up", reason="not_cleared"), "what was queued before is dropped")
    assert not [one for one in seen(uncleared) if one.get("referral") == case.referral or one["id"] in told]

    system.do(f"placements/{case.placement}/dispute_day", {"day": day}, token=case.own)
    system.do(f"mentorships/{case.mentorship}/end", {"reason": "moved"}, token=case.cleared)
    whole = {"karin.bergvall@example.org", "astrid.sandell@example.org"}
    wait_until(lambda: all(any(case.mentorship in mail.as_string() for mail in mails_to(smtp.mails()[before:], one)) for one in whole), "who is cleared hears of it")
    wait_until(lambda: not delivery_of(system, state="queued"), "all are reported")
    sent = [email.message_from_bytes(raw, policy=email.policy.default) for raw in smtp.mails()[before:]]
    readers = lambda is_farewell: sorted(
        one["To"].addresses[0].addr_spec for one in sent if (one["Subject"] in ("Någon annan tar över", "Noen andre tar over")) == is_farewell
    )
    assert set(readers(False)) == whole | {"ayaan.pahittadsson@example.org"}, readers(False)
    farewells = readers(True)
    assert len(farewells) == len(set(farewells)), farewells  # one each
    mailbox_of = lambda person: system.do(f"persons/{person}/read", {"purpose": "coordination"}, token=system.token("admin")).json["email"]
    uncleared_ones = {mailbox_of(one) for one in (case.mentor_id, system.id("supervisor-djurgardslinjen"))} | {"samordning@example.org"}
    assert uncleared_ones <= set(farewells) and not whole & set(farewells), farewells
    assert not [one for one in sent if one["Subject"] == "Någon annan tar över" and ("Ayaan" in one.as_string() or "Alkärr" in one.as_string())]
    dropped = delivery_of(system, state="given_up", reason="not_cleared")
    audiences = {system.get(f"/v1/messages/{one['id']}", case.cleared).json["audience"] for one in dropped}
    assert {"coordinator", "host", "mentor", "supervisor"} <= audiences, audiences
    assert not [one for one in system.items("messages", case.cleared) if one["kind"] in ("recipient_missed", "recipient_lost")]
    assert {one["id"] for one in dropped}.isdisjoint(one["id"] for one in seen(uncleared))
    assert system.get(f"/v1/messages/{dropped[0]['id']}", uncleared).status == 403


def test_coordinators_see_what_came_of_it_and_others_do_not(system):
    accept(system, system.refer())
    wait_until(lambda: delivery_of(system, state="delivered"), "something is delivered")
    assert system.items("deliveries", token=system.token("coordinator"))
    assert system.items("messages", token=system.token("coordinator"))
    assert system.get("/v1/deliveries?limit=500", token=system.token("mentor-1")).status == 403


def queue_mails(system: fadder.System, count: int) -> None:
    """Mails to p0@ to p<count - 1>@, queued and not yet sent: notification stands still."""
    referrals = [system.refer(person={"email": f"p{n}@example.org"}) for n in range(count)]
    system.kill("notification", how=signal.SIGSTOP)
    with ThreadPoolExecutor(8) as crowd:  # at once: who has stood still for long asks anew for what is under way to it
        list(crowd.map(lambda referral: accept(system, referral), referrals))


def each_once(system: fadder.System, count: int) -> None:
    wait_until(lambda: all(mails_to(folder(system), f"p{n}@example.org") for n in range(count)), "all mails")
    wait_until(lambda: not delivery_of(system, state="queued"), "all are reported")
    assert {d["attempts"] for d in delivery_of(system, channel="email")} == {1}
    assert all(len(mails_to(folder(system), f"p{n}@example.org")) == 1 for n in range(count))


def test_the_same_of_several_things_is_one_mail_to_one_reader(make_system, smtp):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{smtp.port}").start()
    change_programme(system, contact={"email": "samordning@example.org"})
    wait_until(lambda: nobody_is_behind(system), "the mailbox is known")
    system.kill("notification", how=signal.SIGSTOP)
    referrals = [system.refer(person={"email": f"j{n}@example.org"}) for n in range(5)]
    system.kill("notification", how=signal.SIGCONT)
    wait_until(lambda: len(delivery_of(system, channel="email", state="delivered")) >= 5, "all are reported")
    mails = [mail for mail in mails_to(smtp.mails(), "samordning@example.org") if "hänvisning" in mail["Subject"]]
    plain = [mail.get_body(("plain",)).get_content() for mail in mails]
    assert all(sum(referral in text for text in plain) == 1 for referral in referrals), "each is said once"
    assert len(mails) < len(referrals) and max(text.count("/") for text in plain) > 1, plain
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)
    assert all(mail["Reply-To"] is None for mail in mails), "nobody answers themself"
    accept(system, referrals[0])
    wait_until(lambda: mails_to(smtp.mails(), "j0@example.org") or mails_to(smtp.mails(), "j1@example.org"), "the participant's")
    told = [mail for n in range(5) for mail in mails_to(smtp.mails(), f"j{n}@example.org")]
    assert [mail["Reply-To"] for mail in told] == ["samordning@example.org"]


def test_what_one_agency_is_asked_about_several_referrals_is_one_mail(make_system, smtp):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{smtp.port}").start()
    referrals = [system.refer() for _ in range(4)]
    wait_until(lambda: nobody_is_behind(system), "all are known")
    system.kill("notification", how=signal.SIGSTOP)
    for referral in referrals:
        system.do(f"referrals/{referral}/ask_info", {"asks": ["goals"]}, token=system.token("coordinator"))
    system.kill("notification", how=signal.SIGCONT)

    def told() -> list[str]:
        mails = mails_to(smtp.mails(), "agency@example.org")
        return [mail.get_body(("plain",)).get_content() for mail in mails]

    wait_until(lambda: all(any(referral in text for text in told()) for referral in referrals), "the agency is asked")
    assert all(sum(referral in text for text in told()) == 1 for referral in referrals), "about each once"
    assert len(told()) < len(referrals), told()


def heard(scripted: fadder.Receiver, word: str) -> int:
    path = scripted.place / "heard"
    return path.read_text().split().count(word) if path.exists() else 0


def test_what_was_tried_as_a_mail_of_its_own_is_tried_so_again(make_system, scripted):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{scripted.port}").start()
    change_programme(system, contact={"email": "samordning@example.org"})
    wait_until(lambda: nobody_is_behind(system), "the mailbox is known")
    mails = lambda: delivery_of(system, channel="email")
    scripted.script("MESSAGE HANGUP")  # it may have been taken: nobody knows
    for n in range(6):
        system.refer(person={"email": f"t{n}@example.org"})
        wait_until(lambda: len(mails()) > n and all(d["attempts"] for d in mails()), "it was tried before the next")
    scripted.script()
    wait_until(lambda: all(d["state"] == "delivered" for d in mails()), "all are taken")
    assert heard(scripted, "DATA") >= sum(d["attempts"] for d in mails())


def test_what_can_wait_comes_as_one_mail_in_the_morning(make_system):
    system = make_system().start()
    (programme,) = system.items("programmes")
    change_programme(system, rules=programme["rules"] | {"mails_at_once": None}, contact={"email": "samordning@example.org"})
    wait_until(lambda: nobody_is_behind(system), "it is known everywhere")
    accept(system, system.refer(languages=["sv", "so"]))
    (proposed,) = wait_until(lambda: to_coordinators(system, "mentorship_proposed"), "a mentor is proposed")
    system.do(f"mentorships/{proposed['about']}/offer", token=system.token("coordinator"))
    whose = system.get(f"/v1/mentorships/{proposed['about']}").json["mentor"]
    mentor = next(system.token(key) for key in system.demo if key.startswith("mentor-") and system.id(key) == whose)
    system.do(f"mentorships/{proposed['about']}/accept", token=mentor)
    (accepted,) = wait_until(lambda: to_coordinators(system, "mentorship_accepted"), "it is to be said")
    morning = datetime.datetime.fromisoformat(accepted["due"]).astimezone(zoneinfo.ZoneInfo("Europe/Stockholm"))
    assert (morning.hour, morning.minute) == (7, 0) and "due" not in proposed
    delivery = system.get(f"/v1/deliveries/{accepted['id']}").json
    assert (delivery["state"], delivery["due"]) == ("queued", accepted["due"])


def test_while_the_registry_does_not_answer_mails_wait_and_it_is_no_attempt(make_system):
    system = make_system().start()
    queue_mails(system, 20)
    system.kill("registry", how=signal.SIGSTOP)
    system.kill("notification", how=signal.SIGCONT)
    log = system.home / "log" / "notification.log"
    wait_until(lambda: " put_off " in log.read_text(), "it has waited for an answer")
    assert not any(mails_to(folder(system), f"p{n}@example.org") for n in range(20))
    system.kill("registry", how=signal.SIGCONT)
    each_once(system, 20)


def test_killed_at_any_moment_no_mail_is_lost_and_none_is_there_twice(make_system):
    system = make_system(FADDER_MAIL_RATE="20").start()
    queue_mails(system, 60)
    for _ in range(3):
        had = len(folder(system))
        system.kill("notification", how=signal.SIGCONT)
        wait_until(lambda: len(folder(system)) > had, "more are sent")
        system.kill("notification", "registry")
        system.wait_ready()
    wait_until(lambda: not delivery_of(system, state="queued"), "all are reported")
    each_once(system, 60)
    system.operator("verify", "notification")


def faults(system: fadder.System, word: str = "mail_fault") -> list[str]:
    lines = (system.home / "log" / "notification.log").read_text().splitlines()
    return [line for line in lines if f" {word} " in line]


def test_what_no_mail_gets_past_is_said_once_until_it_is_over_and_nothing_is_lost(make_system, scripted):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{scripted.port}").start()
    assert system.request("GET", "/readyz").body == b"ready\n"
    scripted.script("MAIL 550 5.1.8 no such domain")
    for _ in range(4):
        accept(system, system.refer())
    failed = lambda: [d for d in delivery_of(system, channel="email", cause="sender") if d["code"] == 550]
    wait_until(lambda: len(failed()) >= 8, "all are refused")  # four to coordinators, four to participants
    assert not delivery_of(system, state="given_up")

    ready = system.request("GET", "/readyz")
    assert ready.status == 200 and ready.body == b"ready\nMails do not go out: sender (`fadder status`)\n"
    said = system.operator("status").stdout
    assert said.count("Mails wait. Its server refuses whom mails are from: FADDER_MAIL_FROM") == 1 and "It answered 550." in said
    doctor = system.operator("doctor", check=False)
    assert doctor.returncode == 1 and "look  notification:" in doctor.stdout
    assert len(faults(system)) == 1 and "cause=sender" in faults(system)[0] and "code=550" in faults(system)[0]

    scripted.script()
    accept(system, system.refer())
    wait_until(lambda: faults(system, "mail_fault_over"), "a mail has got past it")
    assert not delivery_of(system, state="given_up")
    wait_until(lambda: system.request("GET", "/readyz").body == b"ready\n", "it is not told of any more")
    assert "Mails wait" not in system.operator("status").stdout
    assert len(faults(system)) == 1 and len(faults(system, "mail_fault_over")) == 1


def test_without_a_server_mails_wait_and_that_is_said(make_system, scripted):
    system = make_system(FADDER_MAIL_FILES="no").start()
    accept(system, system.refer())
    wait_until(lambda: delivery_of(system, channel="email"), "there are mails")
    assert system.request("GET", "/readyz").body == b"ready\nMails do not go out: no_server (`fadder status`)\n"
    assert "Mails wait. FADDER_SMTP names no server" in system.operator("status").stdout
    assert "look  notification:" in system.operator("doctor", check=False).stdout
    assert len(faults(system)) == 1 and "cause=no_server" in faults(system)[0]
    waiting = delivery_of(system, channel="email")
    assert {(d["state"], d["attempts"]) for d in waiting} == {("queued", 0)} and not (system.home / "mail").exists()

    system.stop()
    system.environment["FADDER_SMTP"] = f"smtp://127.0.0.1:{scripted.port}"
    system.start()
    wait_until(lambda: not delivery_of(system, channel="email", state="queued"), "they go out")
    assert system.request("GET", "/readyz").body == b"ready\n" and "Mails wait" not in system.operator("status").stdout


def test_files_of_mails_are_taken_away_and_there_are_none_of_who_is_protected(make_system):
    system = make_system().start()
    accept(system, system.refer())
    accept(system, system.refer(person={"protection": "marked", "email": "hidden@example.org"}))
    wait_until(lambda: folder(system) and faults(system, "mail_not_kept"), "some are sent, and one is kept by nobody")
    wait_until(lambda: not delivery_of(system, channel="email", state="queued"), "all are sent")
    assert not mails_to(folder(system), "hidden@example.org")
    for path in (system.home / "mail").iterdir():
        os.utime(path, (time.time() - 3700,) * 2)
    wait_until(lambda: not folder(system), "they are taken away")


def test_one_recipient_that_is_refused_by_a_policy_is_no_fault_and_many_in_a_row_are(make_system, scripted):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{scripted.port}").start()
    scripted.script("RCPT 554 5.7.1 relay access denied")
    first = system.refer()
    wait_until(lambda: delivery_of(system, cause="policy"), "one is refused")
    assert not faults(system)  # that may be its own
    accept(system, first)
    wait_until(lambda: faults(system), "it is said")  # with the third in a row
    assert "cause=policy" in faults(system)[0]


def test_a_server_that_refuses_everybody_without_saying_why_loses_nobody(make_system, scripted):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{scripted.port}").start()
    scripted.script("RCPT 550 relay not permitted")
    accept(system, system.refer())
    wait_until(lambda: faults(system), "it is said")
    assert "cause=policy" in faults(system)[0] and "code=550" in faults(system)[0]
    assert system.request("GET", "/readyz").body == b"ready\nMails do not go out: policy (`fadder status`)\n"
    assert system.operator("status").stdout.count("Its server lets no mail through, by rules of its own. It answered 550.") == 1
    assert not delivery_of(system, state="given_up") and not system.items("recipients")
    assert "reader_refused" in str(system.events("notification"))  # whom else it took mails for will tell

    scripted.script()
    accept(system, system.refer())
    wait_until(lambda: faults(system, "mail_fault_over"), "a mail has got past it")
    assert len(faults(system)) == 1 and not system.items("recipients")


def to_coordinators(system: fadder.System, kind: str) -> list[dict]:
    return [m for m in system.items("messages") if (m["kind"], m["audience"]) == (kind, "coordinator")]


def change_programme(system: fadder.System, **changes: object) -> None:
    (programme,) = system.items("programmes")
    keep = ("name", "countries", "from", "until", "funders", "languages", "rules", "access_days")
    body = {name: programme[name] for name in keep if name in programme} | changes
    system.do(f"programmes/{programme['id']}/change", body, token=system.token("admin"))


def nobody_is_behind(system: fadder.System) -> bool:
    lines = [line.split() for line in system.operator("status", check=False).stdout.splitlines()]
    at = lines[0].index("behind")
    return all(line[at] == "0" for line in lines[1:5])


def test_coordinators_are_written_to_at_the_programmes_own_mailbox_and_the_clubs(make_system):
    system = make_system().start()
    (programme,) = system.items("programmes")
    assert programme["mailbox"] is False
    change_programme(system, contact={"email": "samordning@example.org"}, languages=["nb"])
    change_programme(system, languages=["nb"])  # leaves the mailbox as it is
    assert system.items("programmes")[0]["mailbox"] is True and "samordning" not in str(system.items("programmes"))
    read = system.command(f"programmes/{programme['id']}/read", {"purpose": "coordination"}, token=system.token("coordinator"))
    assert read.status == 200 and b'"email":"samordning@example.org"' in read.body, read

    wait_until(lambda: nobody_is_behind(system), "whose the mentors are is known everywhere")
    accept(system, system.refer(languages=["sv", "so"]))
    wait_until(lambda: [mail for mail in mails_to(folder(system), "samordning@example.org") if "henvisning" in mail["Subject"]], "the mail")
    assert not mails_to(folder(system), "owner@example.org")
    (proposed,) = wait_until(lambda: to_coordinators(system, "mentorship_proposed"), "a mentor is proposed")
    mentor = system.get(f"/v1/mentorships/{proposed['about']}").json["mentor"]
    club = system.get(f"/v1/persons/{mentor}").json["organisation"]
    (told,) = [m for m in system.items("messages") if (m["audience"], m["about"]) == ("club", proposed["about"])]
    assert told["to"] == club
    wait_until(lambda: delivery_of(system, id=told["id"], state="delivered"), "the club is written to")
    name = next(key for key in system.demo if key.startswith("club-") and system.id(key) == club)
    assert mails_to(folder(system), f"{name}@example.org")


def test_an_agency_gives_what_it_is_asked_for_bit_by_bit(make_system, hooks):
    system = make_system().start()
    clerk, asks = system.token("counsellor"), ["birth_date", "languages", "goals"]
    add_endpoint(system, f"http://127.0.0.1:{hooks.port}/ok")
    referral = system.refer("AF-ASK", person={"phone": "+46701740777", "address": "Storgatan 1"})
    system.do(f"referrals/{referral}/ask_info", {"asks": asks}, system.token("coordinator"))
    record = system.get(f"/v1/referrals/{referral}", clerk).json
    assert (record["asks"], record["missing"], record["asked_by"]) == (asks, asks, system.id("coordinator"))
    wait_until(lambda: hooks.hooks(), "the partner is told")
    said = json.loads(hooks.hooks()[0]["body"])
    assert (said["type"], said["data"]["asks"]) == ("referral.info_asked", asks)
    mail = wait_until(lambda: [m for m in mails_to(folder(system), "agency@example.org") if "hänvisning" in m["Subject"]], "the mail")[0]
    plain = mail.get_body(("plain",)).get_content()
    assert "- födelsedatum" in plain and "- vad personen hoppas på" in plain

    again = system.refer("AF-ASK", sequence=2, person={"phone": "+46701740777", "address": "Storgatan 1"})
    record = system.get(f"/v1/referrals/{again}", clerk).json  # the agency says the same once more
    assert (again, record["state"], record["missing"]) == (referral, "needs_info", asks)
    system.do(f"referrals/{referral}/give_info", {"languages": ["ti"]}, clerk)
    record = system.get(f"/v1/referrals/{referral}", clerk).json
    assert (record["state"], record["missing"], record["languages"]) == ("needs_info", ["birth_date", "goals"], ["ti"])

    before = system.command(f"persons/{record['person']}/read", {"purpose": "casework"}, token=clerk).json
    said = {"birth_date": "1990-05", "address": None}
    system.do(f"referrals/{referral}/give_info", {"person": said, "given": ["goals"]}, clerk)
    record = system.get(f"/v1/referrals/{referral}", clerk).json
    assert record["state"] == "received" and "missing" not in record and record["asks"] == asks
    known = system.command(f"persons/{record['person']}/read", {"purpose": "casework"}, token=clerk).json
    assert known["birth_date"] == "1990-05" and known["phone"] == "+46701740777" and "address" not in known
    assert known["given_name"] == before["given_name"] and known["email"] == before["email"]


def test_an_agency_that_was_asked_by_mistake_hears_that_no_answer_is_needed(make_system, hooks):
    system = make_system().start()
    add_endpoint(system, f"http://127.0.0.1:{hooks.port}/ok")
    referral, coordinator = system.refer("AF-ASKED"), system.token("coordinator")
    subjects = lambda: [mail["Subject"] for mail in mails_to(folder(system), "agency@example.org")]
    system.do(f"referrals/{referral}/ask_info", {"asks": ["languages"]}, coordinator)
    wait_until(subjects, "people are asked")
    system.do(f"referrals/{referral}/undo", token=coordinator)
    said = lambda: [json.loads(hook["body"]) for hook in hooks.hooks()]
    told = wait_until(lambda: len(said()) == 2 and {one["type"]: one["data"] for one in said()}, "its system is told of both")
    question, undone = told["referral.info_asked"], told["referral.undone"]
    assert undone["reason"] == "ask_info" and undone["sequence"] == question["sequence"] + 1 and "due" not in undone
    wait_until(lambda: "Ni behöver inte svara längre" in subjects(), "people are told")


def test_what_waits_for_an_endpoint_outlasts_that_it_was_disabled_by_mistake(make_system, hooks):
    system = make_system().start()
    endpoint, _ = add_endpoint(system, f"http://127.0.0.1:{hooks.port}/ok")
    admin, coordinator, partner = system.token("admin"), system.token("coordinator"), system.partner.id
    hooks.stop()
    referral = system.refer()
    accept(system, referral)
    waiting = lambda: delivery_of(system, channel="webhook", state="queued")
    wait_until(lambda: [one for one in waiting() if one["attempts"] > 0], "it is tried in vain")
    system.do(f"endpoints/{endpoint}/disable", {"reason": "unused"}, admin)
    system.do(f"referrals/{referral}/waitlist", token=coordinator)
    wait_until(lambda: len(waiting()) == 2, "what happens meanwhile waits too")
    hooks.start()
    other = system.refer()  # of no partner's endpoint that is open, but that one's
    system.do(f"referrals/{other}/reject", {"reason": "other"}, coordinator)
    wait_until(lambda: len(waiting()) == 3, "and of another")
    system.do(f"endpoints/{endpoint}/undo", token=admin)
    said = lambda: [json.loads(hook["body"])["type"] for hook in hooks.hooks()]
    wait_until(lambda: sorted(said()) == ["referral.accepted", "referral.rejected", "referral.waitlisted"], f"all is heard: {said()}")
    wait_until(lambda: not waiting() and not delivery_of(system, state="given_up"), "nothing was given up")

    system.do(f"partners/{partner}/disable", {"reason": "other"}, admin)
    wait_until(lambda: system.get(f"/v1/endpoints/{endpoint}", admin).json["state"] == "disabled", "its endpoint with it")
    system.do(f"referrals/{referral}/cancel", {"reason": "other"}, coordinator)
    wait_until(lambda: len(waiting()) == 1, "it waits")
    system.do(f"partners/{partner}/undo", token=admin)
    wait_until(lambda: "referral.cancelled" in said(), "and goes")


def to_read(system: fadder.System, kind: str, audience: str) -> list[str]:
    found = [m for m in system.items("messages") if (m["kind"], m["audience"]) == (kind, audience)]
    return [m["about"] for m in found]


def test_a_mentor_asks_in_words_and_the_coordinator_answers(make_system):
    system = make_system().start()
    clerk, words = system.token("coordinator"), "Vilka kvällar har deltagaren tid?"
    accept(system, system.refer(languages=["sv", "so"]))
    (offer,) = wait_until(lambda: to_read(system, "mentorship_proposed", "coordinator"), "a mentor is proposed")
    system.do(f"mentorships/{offer}/offer", token=clerk)
    offered = system.get(f"/v1/mentorships/{offer}").json
    mentor = next(system.token(key) for key in system.demo if key.startswith("mentor-") and system.id(key) == offered["mentor"])

    system.do(f"questions/{offer}/ask", {"topic": "time", "said": {"words": words}}, mentor)
    wait_until(lambda: to_read(system, "mentorship_info_asked", "coordinator") == [offer], "the coordinator is told")
    assert system.items("questions", clerk, state="waiting")[0]["id"] == offer
    assert "asked_at" in system.get(f"/v1/mentorships/{offer}").json
    read = lambda what, who: system.command(f"questions/{offer}/read", {"what": what}, token=who).json
    assert read("question", clerk)["words"] == words
    assert read("answer", mentor)["code"] == "question.no_words"

    system.do(f"questions/{offer}/answer", {"said": {"words": "Tisdagar och torsdagar."}}, clerk)
    wait_until(lambda: to_read(system, "mentorship_info_given", "mentor") == [offer], "the mentor is told")
    assert read("answer", mentor)["words"] == "Tisdagar och torsdagar."
    answered = system.get(f"/v1/mentorships/{offer}").json
    assert "asked_at" not in answered and answered["due"] == offered["due"]  # of this very day
    for service in ("registry", "mentor-assignment", "notification"):
        assert "kvällar" not in str(system.events(service)) and "torsdagar" not in str(system.events(service))


def test_a_referral_that_was_closed_is_taken_up_again_by_coordinator_and_agency(make_system):
    system = make_system().start()
    accept(system, referral := system.refer("AF-REOPEN"))
    wait_until(lambda: to_coordinators(system, "mentorship_proposed"), "a mentor is proposed")
    system.do(f"referrals/{referral}/cancel", {"reason": "data_error"}, system.token("coordinator"))
    waiting = system.get(f"/v1/referrals/{referral}").json["waiting_since"]
    system.do(f"referrals/{referral}/reopen", {"reason": "mistake"}, system.token("coordinator"))
    record = system.get(f"/v1/referrals/{referral}").json
    assert (record["state"], record["waiting_since"]) == ("accepted", waiting)
    wait_until(lambda: len(to_coordinators(system, "mentorship_proposed")) == 2, "a mentor is proposed again")

    system.do(f"referrals/{referral}/cancel", {"reason": "data_error"}, system.token("coordinator"))
    more = fadder.referral("AF-REOPEN", sequence=2)
    assert system.deliver(more).json["code"] == "referral.closed"
    rules = system.items("programmes")[0]["rules"]
    change_programme(system, rules=rules | {"agency_reopens": True})
    answer = system.deliver(more)
    assert answer.status == 200 and answer.json["state"] == "received", answer
    wait_until(lambda: len(to_coordinators(system, "referral_reopened")) == 2, "coordinators are told each time")
    assert [m["audience"] for m in system.items("messages") if m["kind"] == "referral_reopened"].count("participant") == 1


def test_a_programme_without_a_mailbox_is_told_of_and_keeps_its_mails(make_system):
    system = make_system(load=False).start()
    done = system.operator("programme", "add", "--slug", "one", "--name", "One", "--country", "se")
    assert "It has no mailbox" in done.stderr
    programme = done.stdout.strip()
    wait_until(lambda: b"programmes whose coordinators no mail reaches: 1" in system.request("GET", "/readyz").body, "/readyz tells")
    assert system.request("GET", "/readyz").status == 200
    assert "Programmes whose coordinators no mail reaches" in system.operator("status").stdout
    assert system.operator("doctor", check=False).returncode == 1
    assert len(faults(system, "programme_unreached")) == 1 and programme in faults(system, "programme_unreached")[0]
    assert "(no mailbox of its own)" in system.operator("programme", "show").stdout
    assert "It has no mailbox" not in system.operator(
        "programme", "add", "--slug", "two", "--name", "Two", "--country", "no", "--mailbox", "two@example.org"
    ).stderr
    wrong = system.operator("programme", "add", "--slug", "three", "--name", "X", "--country", "se", "--mailbox", "x", check=False)
    assert wrong.returncode == 2 and "--mailbox" in wrong.stderr


def test_another_mailbox_of_who_is_protected_that_an_agency_says_waits_for_a_word(system):
    """It is not lost, and nothing goes there; who is cleared reads it, and says it or the former."""
    name, former, other = "HELD-1", "forra@example.org", "ny@example.org"
    hidden = {"email": former, "protection": "marked"}
    referral = system.refer(name, person=hidden)
    again = lambda number, email: system.deliver(fadder.referral(name, sequence=number, person=hidden | {"email": email}))
    assert again(2, other).json["result"] == "updated"
    person = system.get(f"/v1/referrals/{referral}").json["person"]

    def mailbox() -> tuple[str, str | None]:
        opened = system.do(f"persons/{person}/read", {"purpose": "coordination"}, token=system.token("coordinator")).json
        return opened["email"], opened.get("email_next")

    assert mailbox() == (former, other)
    told = lambda: {one["audience"] for one in system.items("messages", system.token("coordinator"), kind="referral_mailbox_held")}
    wait_until(lambda: told() == {"cleared", "agency"}, "who is cleared hears of it, and the agency")
    count = len(system.items("messages", system.token("coordinator"), kind="referral_mailbox_held"))
    assert again(3, other).json["result"] == "updated" and mailbox() == (former, other)

    system.do(f"persons/{person}/change", {"details": {"email": other}}, token=system.token("coordinator"))
    assert mailbox() == (former, other) and "mailbox_due" in system.get(f"/v1/persons/{person}").json  # they are told before
    system.do(f"persons/{person}/change", {"details": {"email": former}}, token=system.token("coordinator"))
    assert mailbox() == (former, None) and "mailbox_due" not in system.get(f"/v1/persons/{person}").json
    assert len(system.items("messages", system.token("coordinator"), kind="referral_mailbox_held")) == count


def test_where_nobody_is_cleared_for_who_is_protected_the_admins_and_the_operator_are_told(make_system):
    system = make_system(load=False).start()
    programme = system.operator("programme", "add", "--slug", "one", "--name", "One", "--country", "se", "--mailbox", "one@example.org").stdout.strip()
    partner = fadder.Partner(*system.operator("partner", "add", "--programme", "one", "--name", "P").stdout.split())
    referral = fadder.referral("AF-1", programme="one", person={"given_name": "Hemliga", "family_name": "X", "email": "dold@example.org", "protection": "marked"})
    assert system.deliver(referral, partner).status in (200, 201)

    wait_until(lambda: mails_to(folder(system), "one@example.org"), "the mailbox is told")
    to_be_cleared = lambda: [one for one in mails_to(folder(system), "one@example.org") if one["Subject"] == "Någon behöver behörighet för skyddade personer"]
    (mail,) = wait_until(to_be_cleared, "that somebody has to be cleared")
    token = system.add_token("programme_admin", programme="one")
    person = next(one["person"] for one in system.items("referrals", token))
    assert person in mail.as_string() and "Hemliga" not in mail.as_string()
    assert len(wait_until(lambda: faults(system, "programme_uncleared"), "the log names it")) == 1 and programme in faults(system, "programme_uncleared")[0]
    assert b"programmes with somebody protected, nobody cleared: 1" in system.request("GET", "/readyz").body
    assert "nobody is cleared to coordinate" in system.operator("status").stdout
    assert system.operator("doctor", check=False).returncode == 1

    body = {"details": {"given_name": "Kim", "email": "kim@example.org"}, "language": "sv", "protection": "none", "part": "coordinator", "cleared": True}
    system.say("person.register", body, "--programme", "one")
    wait_until(lambda: "nobody is cleared to coordinate" not in system.operator("status").stdout, "it is over")


def test_what_waited_for_a_mailbox_does_not_go_to_whoever_has_one_first(make_system):
    system = make_system(load=False).start()
    system.operator("programme", "add", "--slug", "one", "--name", "One", "--country", "se")
    partner = fadder.Partner(*system.operator("partner", "add", "--programme", "one", "--name", "P").stdout.split())
    token = system.add_token("programme_admin", programme="one")

    def refer(external_id: str) -> str:
        answer = system.deliver(fadder.referral(external_id, programme="one"), partner)
        assert answer.status == 200, answer
        (message,) = wait_until(
            lambda: [m for m in system.items("messages", token) if m["about"] == answer.json["referral"]], "it is to be said"
        )
        return message["id"]

    def delivery(message: str) -> dict:
        return system.get(f"/v1/deliveries/{message}", token).json

    early = refer("EARLY-1")
    wait_until(lambda: delivery(early).get("reason") == "no_reader", "there is nobody to be told")
    body = {"kind": "association", "name": "Any", "language": "sv", "contact": {"email": "any@example.org"}}
    any_ = system.say("organisation.create", body, "--programme", "one").split()[0]
    late = refer("LATE-1")
    wait_until(lambda: delivery(late)["state"] == "delivered", "the association is told of what is new")
    wait_until(lambda: delivery(early)["attempts"] > 1, "what is older was tried again")
    assert len(mails_to(folder(system), "any@example.org")) == 1 and delivery(early)["state"] == "queued"

    system.say("organisation.close", {"reason": "other"}, "--on", any_, "--programme", "one")
    wait_until(lambda: b"no mail reaches: 1" in system.request("GET", "/readyz").body, "there is none again")
    closed = refer("CLOSED-1")
    wait_until(lambda: delivery(closed).get("reason") == "no_reader", "it waits too")
    (programme,) = system.items("programmes", token)
    keep = ("name", "countries", "from", "languages", "rules")
    stated = {name: programme[name] for name in keep} | {"contact": {"email": "own@example.org"}}
    system.do(f"programmes/{programme['id']}/change", stated, token=token)
    wait_until(lambda: delivery(closed)["state"] == "delivered", "the programme has a mailbox")
    assert len(mails_to(folder(system), "own@example.org")) == 1
    wait_until(lambda: system.request("GET", "/readyz").body == b"ready\n", "all is well")


def told_of_losses(system: fadder.System, whose: str) -> list[dict]:
    return [m for m in system.items("messages") if (m["kind"], m["about"]) == ("recipient_lost", whose)]


def is_unreached(system: fadder.System, person: str) -> bool:
    return "unreached_since" in system.get(f"/v1/persons/{person}").json


def test_who_cannot_be_reached_shows_on_the_record_and_the_coordinators_are_told_whose(make_system, scripted):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{scripted.port}").start()
    scripted.script("RCPT 550 5.1.1 nobody of that name")
    hidden, plain = (system.refer(person={"email": f"borta{n}@example.org", "protection": p}) for n, p in enumerate(("marked", "none")))
    people = [system.get(f"/v1/referrals/{referral}").json["person"] for referral in (hidden, plain)]
    for referral in (hidden, plain):
        accept(system, referral)
    for person in people:
        wait_until(lambda: is_unreached(system, person), "it shows on the record")
        assert len(told_of_losses(system, person)) == 1
        (lost,) = [r for r in system.items("recipients", state="lost") if r["id"] == person]
        given_up = system.get(f"/v1/deliveries/{lost['delivery']}").json
        assert (given_up["state"], given_up["cause"], given_up["code"], given_up["attempts"]) == ("given_up", "recipient", 550, 1)
    programme = system.items("programmes")[0]["id"]
    wait_until(lambda: b"no mail reaches: 1" in system.request("GET", "/readyz").body, "nor are the coordinators reached")
    assert "unreached_since" in system.items("programmes")[0] and not told_of_losses(system, programme)

    scripted.script()
    details = {"given_name": "Ayaan", "family_name": "Påhittadsson", "email": "ny@example.org"}
    system.do(f"persons/{people[1]}/change", {"details": details, "language": "sv"}, token=system.token("admin"))
    assert not is_unreached(system, people[1])
    system.do(f"persons/{people[0]}/erase", token=system.token("admin"))
    forgotten = lambda: system.get(f"/v1/recipients/{people[0]}").json
    wait_until(lambda: forgotten()["state"] == "forgotten", "nothing of them stays")
    assert not {"delivery", "at"} & set(forgotten()) and not is_unreached(system, people[0])
    accept(system, system.refer(person={"email": "annan@example.org"}))
    wait_until(lambda: system.request("GET", "/readyz").body == b"ready\n", "the coordinators are reached again")
    for service in fadder.JOURNALS:
        assert "borta" not in str(system.events(service))
    assert not any("borta" in text for _, text in system.logs())


def test_whoever_is_unreachable_stays_so_until_there_is_another_mailbox(system):
    """What an agency repeats, and what is said of a telephone, is no address."""
    body = fadder.referral("NO-MAIL-AGAIN")
    del body["data"]["person"]["email"]
    referral = system.deliver(body).json["referral"]
    accept(system, referral)
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    wait_until(lambda: is_unreached(system, person), "it shows on the record")
    state = lambda: system.get(f"/v1/recipients/{person}").json["state"]

    def stays_lost():
        later = system.refer()
        wait_until(lambda: [m for m in system.items("messages") if m["about"] == later], "what came after it is heard")
        return is_unreached(system, person) and state() == "lost"

    body["data"]["sequence"] = 2
    assert system.deliver(body).json["result"] == "updated" and stays_lost()
    details = {"family_name": "Nygift", "phone": "+46701740699"}
    system.do(f"persons/{person}/change", {"details": details}, token=system.token("admin"))
    assert stays_lost()
    own = system.add_token("participant", "--person", person)
    readers = {name: system.token(name) for name in ("admin", "coordinator", "counsellor", "agency-system")} | {"themself": own}
    seen = {name: system.get(f"/v1/persons/{person}", token) for name, token in readers.items()}
    assert all(answer.status == 200 for answer in seen.values())
    assert {name for name, answer in seen.items() if "unreached_since" in answer.json} == {"admin", "coordinator", "themself"}
    system.do(f"persons/{person}/change_contact", {"contact": {"phone": "+46701740606"}}, token=own)
    assert stays_lost()
    system.do(f"persons/{person}/change_contact", {"contact": {"email": "ny@example.org"}}, token=own)
    assert not is_unreached(system, person)
    wait_until(lambda: state() == "found", "there is an address")


def test_what_coordinators_are_told_of_somebody_is_an_id_and_no_address(system):
    body = fadder.referral("NO-MAIL-2", person={"given_name": "Hemliga", "protection": "confidential"})
    del body["data"]["person"]["email"]
    referral = system.deliver(body).json["referral"]
    accept(system, referral)
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    about = lambda: [m for m in mails_to(folder(system), "owner@example.org") if person in m.get_body(("plain",)).get_content()]
    wait_until(lambda: [mail for mail in about() if mail["Subject"] == "Någon kan inte nås med e-post"], "the coordinators are told")
    for mail in about():  # also that they are under protection
        for hidden in ("Hemliga", "Påhittadsson", "+4670", referral):
            assert hidden not in mail.as_string() + mail.get_body(("plain",)).get_content()


# Tokens


def test_who_shows_a_token_hears_two_weeks_before_it_ends(system):
    mentor, admin = system.id("mentor-4"), system.token("admin")  # whose language is English
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=14, seconds=3)
    made = system.command("tokens", {"role": "mentor", "person": mentor, "expires": soon.isoformat()}, token=admin)
    assert made.status == 201, made
    about = lambda: system.items("messages", about=made.json["id"])
    (message,) = wait_until(about, "it is said")
    assert (message["kind"], message["audience"], message["to"]) == ("token_reminded", "person", mentor)
    mail = wait_until(
        lambda: [m for m in mails_to(folder(system), "david.tesfay@example.org") if "access" in m["Subject"]], "the mail"
    )[0]
    assert made.json["id"] in mail.get_body(("plain",)).get_content()
    row = system.get(f"/v1/tokens/{made.json['id']}").json
    assert row["state"] == "active" and "remind" not in row and len(about()) == 1


@pytest.mark.parametrize("stands_still", [False, True])
def test_nobody_is_reminded_of_what_is_over_before_the_mail_goes(make_system, scripted, stands_still):
    system = make_system(FADDER_SMTP=f"smtp://127.0.0.1:{scripted.port}").start()
    scripted.script("MESSAGE HANGUP")
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=14, seconds=3)
    ask = {"role": "mentor", "person": system.id("mentor-4"), "expires": soon.isoformat()}
    made = system.command("tokens", ask, token=system.token("admin")).json["id"]
    (message,) = wait_until(lambda: system.items("messages", about=made), "it is said")
    delivery = lambda: system.get(f"/v1/deliveries/{message['id']}").json
    wait_until(lambda: delivery()["attempts"], "it was tried in vain")
    due = datetime.datetime.fromisoformat(delivery()["due"])
    if stands_still:  # longer than until it is due again: it has to hear first what it has missed
        system.kill("notification", how=signal.SIGSTOP)
    system.do(f"tokens/{made}/revoke", {"reason": "lost"}, token=system.token("admin"))
    scripted.script()
    if stands_still:
        wait_until(lambda: datetime.datetime.now(datetime.timezone.utc) > due + datetime.timedelta(seconds=6), "the time is over")
        system.kill("notification", how=signal.SIGCONT)
    wait_until(lambda: delivery()["state"] != "queued", "it was to go again")
    assert (delivery()["state"], delivery()["reason"]) == ("given_up", "overtaken")


# Wanting to be erased


def test_who_referred_somebody_is_told_to_forget_them_and_that_they_heard_is_recorded(make_system, hooks):
    system = make_system().start()
    ours, _ = add_endpoint(system, f"http://127.0.0.1:{hooks.port}/ok")
    referral = system.refer("FORGET-1")
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    system.do(f"persons/{person}/erase", token=system.token("admin"))
    said = lambda: [one for one in (json.loads(hook["body"]) for hook in hooks.hooks()) if one["type"] == "person.erased"]
    (told,) = wait_until(said, "the webhook")
    assert told["data"]["referral"] == referral and set(told["data"]) == {"referral", "sequence"}
    assert told["type"] in system.request("GET", "/openapi.json").json["webhooks"]
    (message,) = [one for one in system.items("messages", about=person) if one["kind"] == "person_erased"]
    wait_until(lambda: [d for d in delivery_of(system, to=ours, state="delivered") if d["id"] == message["id"]], "it is recorded")
    assert not any(person in hook["body"] or "FORGET-1" in hook["body"] for hook in hooks.hooks() if "person.erased" in hook["body"])


def erasure(system: fadder.System, person: str, step: str, body: dict | None = None, token: str | None = None) -> dict:
    system.do(f"persons/{person}/{step}_erasure", body or {}, token=token)
    return system.get(f"/v1/persons/{person}").json


def kinds_about(system: fadder.System, person: str) -> list[tuple[str, str]]:
    """What was said of somebody and to whom, without the clubs."""
    said = system.items("messages", about=person)
    return sorted((one["kind"].removeprefix("person_"), one["audience"]) for one in said if one["audience"] != "club")


def test_who_asks_to_be_erased_is_answered_in_their_language_and_coordinators_hear_of_it(system):
    referral = system.refer(person={"email": "utplanad@example.org", "language": "nn"})
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    own, admin = system.add_token("participant", "--person", person), system.token("admin")
    row = erasure(system, person, "ask", token=own)
    assert row["erasure_asked_at"] < row["erasure_remind"] < row["erasure_due"] and "erasure_told" not in row
    again = system.command(f"persons/{person}/ask_erasure", {}, token=own)
    assert (again.status, again.json["code"]) == (409, "person.erasure_asked_already")
    assert system.command(f"persons/{person}/refuse_erasure", {"reason": "other"}, token=own).status == 403

    assert not [key for key in erasure(system, person, "refuse", {"reason": "legal_claims"}, admin) if "erasure" in key]
    wait_until(lambda: len(kinds_about(system, person)) == 2, "both have heard")
    assert kinds_about(system, person) == [("erasure_asked", "coordinator"), ("erasure_refused", "person")]
    mail = wait_until(lambda: [m for m in mails_to(folder(system), "utplanad@example.org") if "sletta" in m["Subject"]], "the mail")[0]
    text = mail.get_body(("plain",)).get_content()
    assert "rettskrav" in text and "Datatilsynet" in text

    erasure(system, person, "ask", token=own)
    erasure(system, person, "withdraw", token=own)
    wait_until(lambda: ("erasure_withdrawn", "coordinator") in kinds_about(system, person), "coordinators hear of it")
    erasure(system, person, "ask", token=own)
    system.do(f"persons/{person}/erase", token=admin)
    row = system.get(f"/v1/persons/{person}").json
    assert row["state"] == "erased" and not [key for key in row if "erasure" in key]


def test_who_told_a_coordinator_weeks_ago_has_waited_since_and_hears_what_was_written_down(system):
    mentor, coordinator = system.id("mentor-3"), system.token("coordinator")
    on = fadder.today() - datetime.timedelta(days=28)
    behalf = {"behalf": {"of": "mentor", "told": "telephone", "on": str(on)}}
    other = system.command(f"persons/{mentor}/ask_erasure", {}, token=system.token("coordinator"))
    assert (other.status, other.json["code"]) == (403, "person.not_oneself")
    assert erasure(system, mentor, "ask", behalf, coordinator)["erasure_told"] == "telephone"
    expected = [("erasure_asked", "coordinator"), ("erasure_reminded", "coordinator"), ("recorded_for", "person")]
    wait_until(lambda: kinds_about(system, mentor) == expected, "a week before the month is over, at once")
    assert "erasure_remind" not in system.get(f"/v1/persons/{mentor}").json
    row = erasure(system, mentor, "withdraw", {"behalf": {"of": "mentor", "told": "letter"}}, system.token("admin"))
    assert not [key for key in row if "erasure" in key]


def test_who_is_responsible_hears_what_becomes_of_their_participant(make_system):
    system = make_system().start()
    club, coordinator = system.id("club-visby"), system.token("coordinator")
    referral = system.refer(wants=["placement"])
    accept(system, referral)
    system.do(f"referrals/{referral}/hand_over", {"to": club, "reason": "moved_away"}, token=coordinator)
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    own = system.add_token("participant", "--person", person)
    system.do(f"persons/{person}/ask_erasure", {}, token=own)
    system.do(f"referrals/{referral}/cancel", {"reason": "moved_away"}, token=coordinator)

    def told() -> set[str]:
        return {one["kind"] for one in system.items("messages") if (one["audience"], one["to"]) == ("club", club)}

    wait_until(lambda: told() == {"referral_handed_over", "person_erasure_asked", "referral_cancelled"}, "the club hears of it")
    of_club = [one for one in system.items("messages") if one["audience"] == "club"]
    assert len(of_club) == 3  # each once, and the association nothing besides
    wait_until(lambda: len(mails_to(folder(system), "club-visby@example.org")) == 3, "the club is written to")
    found = system.items("referrals", coordinator, responsible=club)
    assert [one["id"] for one in found] == [referral]
