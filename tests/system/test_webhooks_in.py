"""Signed webhooks as partners send them: what is accepted, and each way to be refused."""

import base64
import hashlib
import http.client
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import fadder
import pytest


@pytest.fixture(scope="module")
def partner(system):
    return system.add_partner("Another agency")


def the_referral(system, answer):
    assert answer.status == 200, answer
    return system.get(f"/v1/referrals/{answer.json['referral']}").json


def count(system):
    return len(system.items("referrals"))


def refused(system, act, status, code=None):
    """What act answers; it must be a problem document, and nothing has come of it."""
    before = count(system)
    answer = act()
    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert problem["status"] == status and problem["title"]
    if code:
        assert code in json.dumps(problem)
    assert count(system) == before
    return answer


# What is accepted


def test_a_referral_is_accepted_and_then_there(system, partner):
    answer = system.deliver(fadder.referral("AF-1"), partner)
    assert answer.status == 200
    assert sorted(answer.json) == ["referral", "result", "state"]
    assert (answer.json["result"], answer.json["state"]) == ("accepted", "received")
    record = the_referral(system, answer)
    assert record["external_id"] == "AF-1"
    assert record["sequence"] == 1 and record["state"] == "received" and record["version"] == 1


def test_a_higher_sequence_updates_and_a_lower_or_equal_one_is_stale(system, partner):
    first = system.deliver(fadder.referral("AF-2", sequence=5), partner)
    results = []
    for sequence in (5, 4, 6, 6):
        answer = system.deliver(fadder.referral("AF-2", sequence=sequence, municipality="0980"), partner)
        assert answer.status == 200 and answer.json["referral"] == first.json["referral"]
        results.append(answer.json["result"])
    assert results == ["stale", "stale", "updated", "stale"]
    record = the_referral(system, first)
    assert record["sequence"] == 6 and record["municipality"] == "0980"


def test_what_an_agency_repeats_leaves_what_was_changed_since_and_what_is_new_takes_effect(system, partner):
    """Its systems say all of a person every time, and know nothing of what somebody told us."""
    first = system.deliver(fadder.referral("AF-REPEATED", person={"email": "old@example.org"}), partner)
    person = the_referral(system, first)["person"]
    own, whole = system.add_token("participant", "--person", person), system.token("coordinator")
    record = lambda: system.get(f"/v1/persons/{person}", whole).json
    whose = lambda: system.do(f"persons/{person}/read", {"purpose": "coordination"}, whole).json
    says = lambda sequence, **says: system.deliver(fadder.referral("AF-REPEATED", sequence=sequence, **says), partner)

    moved = {"contact": {"phone": "+46701740699", "address": "Nya gatan 1"}, "language": "en"}
    assert system.command(f"persons/{person}/change_contact", moved, record()["version"], own).status == 200
    named = {"details": {"family_name": "Nygift"}, "language": "en"}
    assert system.command(f"persons/{person}/change", named, record()["version"], whole).status == 200
    assert says(2, person={"email": "old@example.org"}, wants=["mentor"]).json["result"] == "updated"
    now = whose()
    assert (now["phone"], now["address"], now["family_name"]) == ("+46701740699", "Nya gatan 1", "Nygift")
    assert now["email"] == "old@example.org" and record()["language"] == "en"
    assert "agency" not in now

    person_now = {"email": "new@example.org", "phone": "+46701740688", "language": "nb"}
    assert says(3, person=person_now).json["result"] == "updated"
    now = whose()
    assert (now["phone"], now["email"], now["family_name"]) == ("+46701740688", "new@example.org", "Nygift")
    assert record()["language"] == "nb"


def test_the_same_external_id_of_another_partner_is_another_referral(system, partner):
    one = system.deliver(fadder.referral("AF-3"), partner)
    other = system.deliver(fadder.referral("AF-3"))
    assert one.json["referral"] != other.json["referral"]


def test_who_can_be_reached_is_kept_as_it_is_written_to_and_dialled(system, partner):
    person = {"phone": "070\N{NO-BREAK SPACE}174/06 06", "email": "Ayaan@räksmörgås.se"}
    record = the_referral(system, system.deliver(fadder.referral("REACH-1", person=person), partner))
    details = system.do(f"persons/{record['person']}/read", {"purpose": "coordination"}, system.token("coordinator"))
    assert details.json["phone"] == "+46701740606"
    assert details.json["email"] == "Ayaan@xn--rksmrgs-5wao1o.se"


@pytest.mark.parametrize(
    "person, field, word",
    [
        ({"email": "åsa@example.org"}, "email", "a to z"),
        ({"email": "ayaan@example"}, "email", "dot"),
        ({"email": "ayaan@example.org."}, "email", "dot"),
        ({"email": '"ayaan p"@example.org'}, "email", "quotation marks"),
        ({"phone": "22 86 44 00"}, "phone", "+46701234567"),
        ({"phone": "växeln"}, "phone", "+46701234567"),
    ],
)
def test_422_says_why_somebody_could_not_be_reached(system, partner, person, field, word):
    answer = refused(system, lambda: system.deliver(fadder.referral("REACH-2", person=person), partner), 422)
    (fault,) = answer.json["errors"]
    assert fault["pointer"] == f"#/data/person/{field}" and word in fault["detail"]


@pytest.mark.parametrize("case", ["AF-640823-3234", "2026/640823-3234", "20640823-3234"])
def test_a_case_number_that_only_looks_like_a_national_identity_number_is_taken(system, partner, case):
    assert system.deliver(fadder.referral(case), partner).status == 200


def test_the_same_webhook_id_again_gives_the_same_answer_and_no_second_effect(system, partner):
    message, body = "msg_same", fadder.referral("AF-4")
    first = system.deliver(body, partner, message)
    before = count(system)
    for _ in range(3):
        again = system.deliver(body, partner, message)
        assert (again.status, again.json) == (200, first.json)
    assert count(system) == before
    assert the_referral(system, first)["version"] == 1


def test_the_same_webhook_id_fifty_times_at_once_has_one_effect(system, partner):
    before, body, message = count(system), fadder.referral("AF-5"), "msg_fifty"
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda _: system.deliver(body, partner, message), range(50)))
    assert {answer.status for answer in answers} <= {200, 409, 503}
    good = [answer.json for answer in answers if answer.status == 200]
    assert good and all(one == good[0] for one in good)
    assert count(system) == before + 1


def test_the_same_webhook_id_with_another_body_is_refused(system, partner):
    system.deliver(fadder.referral("AF-6"), partner, "msg_other_body")
    refused(system, lambda: system.deliver(fadder.referral("AF-6", sequence=2), partner, "msg_other_body"), 422)


def test_the_same_webhook_id_of_another_partner_is_another_message(system, partner):
    one = system.deliver(fadder.referral("AF-7"), partner, "msg_shared")
    other = system.deliver(fadder.referral("AF-8"), message="msg_shared")
    assert one.status == other.status == 200
    assert one.json["referral"] != other.json["referral"]


def test_one_good_signature_among_several_is_enough(system, partner):
    body = fadder.referral("AF-9")
    good = system.signed(body, partner, "msg_several")["webhook-signature"]
    other = "v1," + base64.b64encode(bytes(32)).decode()
    for several in (f"{other} {good}", f"{good} {other}", f"v1a,abc= v2,xyz {good}"):
        answer = system.deliver(body, partner, "msg_several", signature=several)
        assert answer.status == 200, (several, answer)


@pytest.mark.parametrize("offset", [-240, 290])  # on its way it grows older
def test_a_timestamp_within_five_minutes_is_good(system, partner, offset):
    answer = system.deliver(fadder.referral(f"AF-10-{offset}"), partner, timestamp=int(time.time()) + offset)
    assert answer.status == 200


def test_unknown_fields_are_ignored(system, partner):
    body = fadder.referral("AF-11", shoe_size=43, person={"favourite_colour": "blue"})
    body["trace"] = {"a": [1, 2, {"b": None}]}
    assert system.deliver(body, partner).status == 200


def test_a_secret_of_an_operator_is_shown_once_and_works(system):
    partner = system.add_partner("A third agency", system.id("agency"))
    assert partner.secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(partner.secret.removeprefix("whsec_"))) <= 64
    assert system.deliver(fadder.referral("AF-12"), partner).status == 200


# 400


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"nonsense", b"{}{}", b'{"type": "referral.received"', b"\xff\xfe{}", b"{'a': 1}", b'{"a": NaN}', b'{"a": 1,}'],
)
def test_400_what_is_not_json(system, partner, raw):
    refused(system, lambda: system.deliver(raw, partner), 400)


@pytest.mark.parametrize("raw", [b"[]", b'"x"', b"null", b"7", b'{"a": 1, "a": 2}', b"[" * 20000 + b"]" * 20000])
def test_422_json_that_is_no_object_or_two_readers_could_read_differently(system, partner, raw):
    refused(system, lambda: system.deliver(raw, partner), 422)


# 401: one answer for all, the log knows which


def bad_deliveries(system, partner):
    body = fadder.referral("AF-401")
    raw, now = json.dumps(body).encode(), int(time.time())
    nobody = fadder.Partner(str(uuid.uuid4()), partner.secret)
    garbled = fadder.Partner("not-an-id", partner.secret)
    wrong = fadder.Partner(partner.id, "whsec_" + base64.b64encode(bytes(32)).decode())
    return {
        "no such partner": lambda: system.deliver(body, nobody),
        "no id at all": lambda: system.deliver(body, garbled),
        "another secret": lambda: system.deliver(body, wrong),
        "too old": lambda: system.deliver(body, partner, timestamp=now - 360),
        "too new": lambda: system.deliver(body, partner, timestamp=now + 360),
        "no signature": lambda: system.request("POST", f"/v1/hooks/{partner.id}", raw, {"Content-Type": "application/json"}),
        "an empty signature": lambda: system.deliver(body, partner, signature=" "),
        "only a version that we do not know": lambda: system.deliver(
            body, partner, signature=system.signed(body, partner)["webhook-signature"].replace("v1,", "v9,")
        ),
        "a signature of something else": lambda: system.deliver(
            body, partner, "msg_a", signature=system.signed(body, partner, "msg_b")["webhook-signature"]
        ),
        "a body that was changed": lambda: system.request(
            "POST", f"/v1/hooks/{partner.id}", raw + b" ", system.signed(raw, partner)
        ),
    }


def test_401_is_the_same_answer_whatever_is_wrong(system, partner):
    answers = {}
    for what, act in bad_deliveries(system, partner).items():
        answers[what] = refused(system, act, 401).body
    assert len(set(answers.values())) == 1, answers


def test_the_log_of_a_partner_knows_which_it_was(system):
    partner = system.add_partner("One that errs")
    assert "Nothing has come" in system.operator("partner", "log", partner.id).stdout
    body = fadder.referral("AF-20")
    system.deliver(body, partner)
    system.deliver(body, partner, timestamp=int(time.time()) - 360)
    system.deliver(body, fadder.Partner(partner.id, "whsec_" + base64.b64encode(bytes(32)).decode()))
    system.deliver(fadder.referral("AF-21", municipality="x"), partner)
    lines = system.operator("partner", "log", partner.id).stdout.splitlines()
    assert [line.split()[1] for line in lines] == ["200", "401", "401", "422"]
    assert len({line.split()[2] for line in lines}) == 4, lines
    assert "municipality" in lines[3]
    assert partner.secret not in "".join(lines)
    for _, text in system.logs():
        assert partner.secret not in text


# 411, 413, 415


def raw_request(system, partner, headers, parts, length=None):
    """A request that http.client would not make."""
    connection = http.client.HTTPConnection(system.host, system.port, timeout=fadder.PATIENCE)
    try:
        connection.putrequest("POST", f"/v1/hooks/{partner.id}")
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        try:
            for part in parts:
                connection.send(part)
        except OSError:
            pass  # refused before it was whole
        answer = connection.getresponse()
        return fadder.Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def test_411_a_chunked_body(system, partner):
    raw = json.dumps(fadder.referral("AF-30")).encode()
    headers = {**system.signed(raw, partner), "Transfer-Encoding": "chunked"}
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(raw), raw)
    refused(system, lambda: raw_request(system, partner, headers, [chunk]), 411)


def test_413_more_than_64_kib(system, partner):
    raw = json.dumps(fadder.referral("AF-31", padding="x" * 66000)).encode()
    refused(system, lambda: system.deliver(raw, partner), 413)


def test_64_kib_are_taken(system, partner):
    body = fadder.referral("AF-32", padding="")
    body["data"]["padding"] = "x" * (65536 - len(json.dumps(body)))
    raw = json.dumps(body).encode()
    assert len(raw) == 65536
    assert system.deliver(raw, partner).status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", None])
def test_415_what_is_not_said_to_be_json(system, partner, kind):
    raw = json.dumps(fadder.referral("AF-33")).encode()
    headers = system.signed(raw, partner)
    del headers["Content-Type"]
    if kind:
        headers["Content-Type"] = kind
    refused(system, lambda: system.request("POST", f"/v1/hooks/{partner.id}", raw, headers), 415)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_may_be_said_in_more_words(system, partner, kind):
    raw = json.dumps(fadder.referral(f"AF-34-{len(kind)}")).encode()
    headers = {**system.signed(raw, partner), "Content-Type": kind}
    assert system.request("POST", f"/v1/hooks/{partner.id}", raw, headers).status == 200


# 422: every fault, by its field


def fields(answer):
    return {error["pointer"] for error in answer.json["errors"]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"municipality": "Stockholm"}, "/data/municipality"),
        ({"municipality": 180}, "/data/municipality"),
        ({"wants": []}, "/data/wants"),
        ({"wants": ["mentor", "money"]}, "/data/wants/1"),
        ({"target_group": "tourist"}, "/data/target_group"),
        ({"languages": ["so", "Swedish"]}, "/data/languages/1"),
        ({"languages": ["so", "ar", "ti", "am", "fa", "ps", "ku", "uk", "ru"]}, "/data/languages"),
        ({"occupations": [{"scheme": "made-up", "code": "1"}]}, "/data/occupations/0/scheme"),
        ({"occupations": [{"scheme": "ssyk"}]}, "/data/occupations/0/code"),
        ({"sequence": -1}, "/data/sequence"),
        ({"sequence": 1.5}, "/data/sequence"),
        ({"external_id": ""}, "/data/external_id"),
        ({"external_id": "x" * 65}, "/data/external_id"),
        ({"programme": "no-such-programme"}, "/data/programme"),
        ({"person": {"given_name": None}}, "/data/person/given_name"),
        ({"person": {"family_name": "x" * 81}}, "/data/person/family_name"),
        ({"person": {"email": "nobody"}}, "/data/person/email"),
        ({"person": {"birth_date": "1994-02-30"}}, "/data/person/birth_date"),
        ({"person": {"protection": "secret"}}, "/data/person/protection"),
        ({"person": {"family_name": "19940501-1231"}}, "/data/person/family_name"),
        ({"person": {"address": "c/o 640823\N{EN DASH}3234"}}, "/data/person/address"),
        ({"person": {"address": "fnr. 301082 99939"}}, "/data/person/address"),
        ({"external_id": "640823-3234"}, "/data/external_id"),
    ],
)
def test_422_names_the_field_at_fault(system, partner, changes, field):
    answer = refused(system, lambda: system.deliver(fadder.referral("AF-40", **changes), partner), 422)
    assert fields(answer) == {"#" + field}
    value = json.dumps(list(changes.values())[0])
    assert len(value) < 12 or value.strip('"[]{}') not in answer.body.decode()  # what was sent is not repeated


def test_null_and_empty_texts_are_no_values(system, partner):
    nothing = {"family_name": " \N{NO-BREAK SPACE}", "email": "", "phone": None, "birth_date": "", "address": None}
    answer = system.deliver(fadder.referral("AF-46", municipality=None, person=nothing), partner)
    assert answer.status == 200, answer.body
    assert "municipality" not in system.get(f"/v1/referrals/{answer.json['referral']}").json


def test_422_null_is_no_element_of_a_list_nor_what_is_asked_for(system, partner):
    body = fadder.referral("AF-47", languages=["so", None], target_group=None, person={"given_name": None})
    answer = refused(system, lambda: system.deliver(body, partner), 422)
    assert fields(answer) == {"#/data/languages/1", "#/data/target_group", "#/data/person/given_name"}


def test_422_names_every_field_at_fault(system, partner):
    body = fadder.referral("AF-41", municipality="x", wants=["money"], person={"email": "x", "birth_date": "x"})
    del body["data"]["target_group"]
    answer = refused(system, lambda: system.deliver(body, partner), 422)
    assert fields(answer) == {
        "#/data/municipality",
        "#/data/wants/0",
        "#/data/person/email",
        "#/data/person/birth_date",
        "#/data/target_group",
    }


def test_422_names_up_to_32_faults(system, partner):
    occupations = [{"scheme": f"x{number}", "code": ""} for number in range(8)]
    body = fadder.referral("AF-42", occupations=occupations, languages=[f"?{number}" for number in range(8)])
    body["data"]["person"] = {"given_name": "", "family_name": 1, "email": 1, "phone": 1, "birth_date": 1, "address": 1, "language": "", "protection": ""}
    answer = refused(system, lambda: system.deliver(body, partner), 422)
    assert 30 <= len(answer.json["errors"]) <= 32


@pytest.mark.parametrize("kind", ["referral.rejected", "nonsense", "", None, 7])
def test_422_a_type_that_is_no_webhook_of_ours(system, partner, kind):
    body = fadder.referral("AF-43")
    body["type"] = kind
    answer = refused(system, lambda: system.deliver(body, partner), 422)
    assert "#/type" in fields(answer)


@pytest.mark.parametrize("timestamp", ["yesterday", "", None, 7, "2026-13-01T00:00:00Z"])
def test_422_a_timestamp_that_is_none(system, partner, timestamp):
    body = fadder.referral("AF-44")
    body["timestamp"] = timestamp
    answer = refused(system, lambda: system.deliver(body, partner), 422)
    assert "#/timestamp" in fields(answer)


def test_a_refused_webhook_may_come_again_put_right(system, partner):
    refused(system, lambda: system.deliver(fadder.referral("AF-45", municipality="x"), partner, "msg_put_right"), 422)
    assert system.deliver(fadder.referral("AF-45"), partner, "msg_put_right").status == 200


# 404, 405


def test_404_and_405_where_there_is_nothing(system, partner):
    assert system.request("GET", "/v1/nothing").status == 404
    assert system.request("POST", "/").status == 404
    answer = system.request("GET", f"/v1/hooks/{partner.id}")
    assert answer.status == 405 and "POST" in answer.headers["allow"]


# 429, 503


def test_429_more_often_than_a_partner_may(make_system):
    system = make_system(FADDER_PARTNER_RATE="5").start()
    late = next(answer for answer in system.deliver_too_often() if answer.status == 429)
    assert late.headers["content-type"] == "application/problem+json"
    assert int(late.headers["retry-after"]) >= 1
    fadder.wait_until(lambda: system.deliver(fadder.referral("AF-51")).status == 200, "it may come again")


def test_503_while_the_registry_is_away_and_nothing_is_lost_or_doubled(make_system):
    system = make_system(FADDER_ANSWER_MS="3000").start()
    system.deliver(fadder.referral("AF-60"))
    system.kill("registry", how=19)  # SIGSTOP
    try:
        answer = system.deliver(fadder.referral("AF-61"), message="msg_away")
        assert answer.status == 503, answer
        assert int(answer.headers["retry-after"]) >= 1
        assert system.request("GET", "/readyz").status == 503
        assert system.request("GET", "/healthz").status == 200
    finally:
        system.kill("registry", how=18)  # SIGCONT
    again = fadder.wait_until(
        lambda: (lambda a: a if a.status == 200 else None)(system.deliver(fadder.referral("AF-61"), message="msg_away")),
        "the registry takes it",
    )
    assert again.json["result"] == "accepted"
    assert [one["external_id"] for one in system.items("referrals")].count("AF-61") == 1


# The bounds of the specification's own example


def test_the_vector_of_the_specification():
    secret, message, timestamp = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
    signature = fadder.sign(secret, message, timestamp, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert hashlib.sha256(b"").digest_size == 32
