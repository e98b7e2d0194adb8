"""The gateway's HTTP, with the registry behind it and nothing else: what each request is answered with."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import uuid
from collections import Counter

import fadder
import pytest

NOBODY = "01939d4e-8c00-7abc-8def-0123456789ab"


class Pair(fadder.System):
    """Registry and gateway, started here and not by fadder up."""

    def __init__(self, home, **environment):
        super().__init__(home, load=False, **environment)
        (home / "log").mkdir(parents=True)
        self.programs: dict[str, subprocess.Popen] = {}
        self.tokens: dict[str, str] = {}
        self.agency: fadder.Partner

    def run(self, name: str) -> subprocess.Popen:
        with open(self.home / "log" / f"{name}.log", "ab") as log:
            self.programs[name] = subprocess.Popen(
                [fadder.BIN / f"fadder-{name}"], env=self.environment, stderr=log, preexec_fn=fadder.end_with_us
            )
        return self.programs[name]

    def is_listening(self) -> bool:
        try:
            return self.request("GET", "/healthz").status == 200
        except OSError:
            return False

    def start(self) -> Pair:
        self.run("registry")
        self.run("gateway")
        fadder.wait_until(self.is_listening, "the gateway listens")
        words = ["--slug", fadder.PROGRAMME, "--name", "Integration Works", "--country", "se"]
        self.operator("programme", "add", *words)
        self.agency = self.add_partner("Agency")
        for role in ("co", "pa", "cn"):
            self.tokens[role] = self.add_token(role)
        return self

    def end(self, name: str) -> int:
        program = self.programs.pop(name)
        program.send_signal(signal.SIGTERM)
        return program.wait(fadder.PATIENCE)

    def stop(self) -> None:
        for name in list(self.programs):
            assert self.end(name) == 0, self.last_words()
        self.check_logs()

    @property
    def partner(self) -> fadder.Partner:
        return self.agency

    def token(self, key: str) -> str:
        return self.tokens["pa" if key == "admin" else key]

    def log(self, partner: fadder.Partner | None = None) -> list[dict]:
        return self.get(f"/v1/partners/{(partner or self.agency).id}/log").json["items"]


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    running = Pair(tmp_path_factory.mktemp("gateway") / "home", FADDER_PARTNER_RATE="100000")
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def make_pair(tmp_path):
    """For tests that need another setting, or do not leave a pair as it was: make_pair(FADDER_…=…)."""
    made = []

    def make(**settings):
        made.append(Pair(tmp_path / f"home{len(made)}", **settings))
        return made[-1].start()

    yield make
    for one in made:
        one.stop()


def check_problem(answer: fadder.Answer, status: int, code: str | None = None) -> dict:
    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert problem["status"] == status and problem["title"] and problem["detail"]
    assert code is None or problem["code"] == code
    return problem


def pointers(problem: dict) -> list[str]:
    return [error["pointer"] for error in problem["errors"]]


# What partners send.


def test_a_signed_referral_is_taken_and_said_again_changes_nothing(pair):
    body = fadder.referral("G-1")
    first = pair.deliver(body, message="msg_g1")
    assert first.status == 200 and first.json["result"] == "accepted"
    assert first.headers["content-type"] == "application/json"
    again = pair.deliver(body, message="msg_g1")
    assert (again.status, again.json) == (200, first.json)
    check_problem(pair.deliver(fadder.referral("G-2"), message="msg_g1"), 422, "idempotency_mismatch")
    assert pair.deliver(fadder.referral("G-1")).json["result"] == "stale"


def test_the_same_delivery_from_many_sides_at_once_has_one_effect_and_one_answer(pair):
    raw = json.dumps(fadder.referral("G-many")).encode()
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(pair.deliver(raw, message="msg_many"))) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    assert answers[0].json["result"] == "accepted"


def test_all_that_is_not_signed_is_answered_alike_and_only_the_log_knows_why(pair):
    raw = json.dumps(fadder.referral("G-3")).encode()
    path, now = f"/v1/hooks/{pair.agency.id}", int(time.time())
    wrong = fadder.Partner(pair.agency.id, "whsec_" + "A" * 43 + "=")
    answers = {
        "bad_signature": pair.deliver(raw, wrong),
        "too_old": pair.deliver(raw, timestamp=now - 310),
        "too_new": pair.deliver(raw, timestamp=now + 3600),
        "missing_header": pair.request("POST", path, raw, {"Content-Type": "application/json"}),
        "malformed": pair.deliver(raw, message="a.b"),
    }
    strangers = [
        pair.deliver(raw, fadder.Partner(NOBODY, pair.agency.secret)),
        pair.deliver(raw, fadder.Partner("nobody", pair.agency.secret)),
    ]
    for answer in [*answers.values(), *strangers]:
        check_problem(answer, 401)
        assert answer.body == strangers[0].body
        assert sorted(answer.headers) == sorted(strangers[0].headers)
    assert [entry["code"] for entry in pair.log()[:5]] == list(reversed(answers))
    assert all(entry["status"] == 401 for entry in pair.log()[:5])


def test_a_body_that_cannot_be_taken_is_refused_with_every_fault(pair):
    check_problem(pair.deliver(b"{nope"), 400, "not_json")
    check_problem(pair.deliver(b""), 400, "not_json")
    check_problem(pair.deliver(b"\xff\xfe{}"), 400, "not_json")
    headers = pair.signed(b"{}") | {"Content-Type": "text/plain"}
    check_problem(pair.request("POST", f"/v1/hooks/{pair.agency.id}", b"{}", headers), 415, "media_type")

    data = fadder.referral("G-4", wants=["car"], languages=["so", "12"], person={"email": "none"})
    del data["data"]["sequence"]
    problem = check_problem(pair.deliver(data), 422, "invalid")
    found = set(pointers(problem))
    assert {"#/data/wants/0", "#/data/languages/1", "#/data/sequence"} <= found
    assert {error["field"] for error in problem["errors"]} >= {"wants[0]", "languages[1]", "sequence"}
    assert pair.log()[0]["status"] == 422 and "wants[0]" in pair.log()[0]["fields"]

    problem = check_problem(pair.deliver({"type": "car.sold", "timestamp": "yesterday", "data": {}}), 422)
    assert pointers(problem) == ["#/type", "#/timestamp"]
    problem = check_problem(pair.deliver(fadder.referral("G-5", programme="another")), 422)
    assert pointers(problem) == ["#/data/programme"]


def raw_request(pair: Pair, text: bytes) -> bytes:
    with socket.create_connection((pair.host, pair.port), timeout=fadder.PATIENCE) as client:
        client.sendall(text)
        said = b""
        while True:
            try:
                got = client.recv(65536)
            except ConnectionResetError:
                return said
            if not got:
                return said
            said += got


def test_what_a_proxy_could_read_differently_is_refused_as_a_problem(pair):
    start = f"POST /v1/hooks/{pair.agency.id} HTTP/1.1\r\nHost: here\r\nwebhook-id: msg_raw\r\n".encode()
    smuggled = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
    forms = {
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n": 411,
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n": 400,
        b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello": 400,
        b"X: a\n\r\n": 400,
        b"Content-Length: 100000000\r\n\r\n": 413,
    }
    told = Counter()
    for form, status in forms.items():
        said = raw_request(pair, start + form + smuggled)
        head, _, body = said.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 %d " % status) and said.count(b"HTTP/1.1 ") == 1, said
        if status == 400 and b"application/problem+json" not in head:
            assert b"Connection: close" in head  # newer versions of the library refuse some by themselves
            continue
        assert b"application/problem+json" in head and json.loads(body)["status"] == status
        told[status] += 1
    latest = lambda: Counter(entry["status"] for entry in pair.log()[: told.total()])
    fadder.wait_until(lambda: latest() == told, "the log has them")
    check_problem(pair.deliver(b"x" * 65537), 413)


def test_more_than_the_rate_is_refused_with_when_to_come_again(make_pair):
    pair = make_pair(FADDER_PARTNER_RATE="5")
    first = pair.deliver(fadder.referral("R-first"))
    assert first.status == 200 and first.headers["ratelimit-policy"] == '"partner";q=5;w=1'
    for answer in pair.deliver_too_often():
        if answer.status == 429:
            check_problem(answer, 429)
            assert answer.headers["retry-after"] == "1"
            assert re.fullmatch(r'"partner";r=\d+;t=1', answer.headers["ratelimit"])
    fadder.wait_until(lambda: pair.deliver(fadder.referral("R-later")).status == 200, "it may come again")
    other = pair.add_partner("Another agency")
    assert pair.deliver(fadder.referral("R-other"), other).status == 200


def test_a_new_secret_counts_at_once_and_the_old_one_until_it_is_dropped(pair):
    partner = pair.add_partner("Rotating")
    secrets = [partner.secret, *(fadder.made_secret() for _ in range(2))]
    assert pair.deliver(fadder.referral("S-1"), partner).status == 200

    def rotate(secret: dict) -> None:
        path = f"/partners/{partner.id}/rotate_secret"
        assert pair.command(path, {"secret": secret}, token=pair.token("pa")).status == 200

    def status_with(secret: str) -> int:
        return pair.deliver(fadder.referral(f"S-{uuid.uuid4()}"[:40]), fadder.Partner(partner.id, secret)).status

    rotate({"current": secrets[1], "previous": secrets[0]})
    fadder.wait_until(lambda: status_with(secrets[1]) == 200, "the new secret is good")
    assert status_with(secrets[0]) == 200
    rotate({"current": secrets[2]})
    fadder.wait_until(lambda: status_with(secrets[2]) == 200, "the newest secret is good")
    assert [status_with(secret) for secret in secrets[:2]] == [401, 401]

    reason = {"reason": "compromised"}
    assert pair.command(f"/partners/{partner.id}/disable", reason, token=pair.token("pa")).status == 200
    fadder.wait_until(lambda: status_with(secrets[2]) == 401, "the partner is out")
    assert pair.log(partner)[0]["code"] == "partner_disabled"


def test_a_registry_that_is_away_is_a_503_until_it_is_back(make_pair):
    pair, body = make_pair(FADDER_ANSWER_MS="3000"), fadder.referral("A-1")
    pair.programs["registry"].send_signal(signal.SIGSTOP)
    try:
        for answer in (pair.deliver(body, message="msg_away"), pair.get("/v1/referrals")):
            check_problem(answer, 503)
            assert int(answer.headers["retry-after"]) >= 1
    finally:
        pair.programs["registry"].send_signal(signal.SIGCONT)
    answers = []

    def is_back() -> bool:
        answers.append(pair.deliver(body, message="msg_away"))
        return answers[-1].status != 503

    fadder.wait_until(is_back, "the registry is back")
    assert answers[-1].status == 200 and answers[-1].json["result"] == "accepted"


# What people do.


def test_a_command_needs_its_headers_and_answers_with_the_new_version(pair):
    referral = pair.refer("C-1")
    path = f"/v1/referrals/{referral}/accept"
    headers = {"Idempotency-Key": "c-1", "If-Match": '"1"'}

    def post(drop: str = "", body: bytes | None = None, token: str = "co", **changes: str) -> fadder.Answer:
        sent = {k: v for k, v in {**headers, **changes}.items() if k != drop}
        return pair.request("POST", path, body, sent, pair.token(token))

    check_problem(pair.request("POST", path, None, headers), 401)
    check_problem(pair.request("POST", path, None, headers, token="fadder_nonsense"), 401)
    check_problem(post("Idempotency-Key"), 400)
    check_problem(post(**{"Idempotency-Key": "x" * 256}), 400)
    check_problem(post("If-Match"), 428)
    for version in ("*", "1", 'w/"1"', 'W/1', 'W/', '""', '"one"', '"1", "2"'):
        check_problem(post(**{"If-Match": version}), 400)
    check_problem(post(body=b"{}"), 415)
    check_problem(post(body=b"{", **{"Content-Type": "application/json"}), 400)
    for stale in ('"7"', 'W/"7"'):
        check_problem(post(**{"If-Match": stale}), 412, "conflict")
    assert check_problem(post(token="cn"), 403, "forbidden")["detail"] == "This is a coordinator's to do."

    done = post(**{"Idempotency-Key": '"c-1"'})
    assert (done.status, done.json) == (200, {"id": referral, "version": 2})
    assert done.headers["etag"] == '"2"' and int(done.headers["fadder-batch"]) > 0
    for weakened in ('"1"', 'W/"1"'):
        again = post(**{"If-Match": weakened})  # the key is the same without its quotes
        assert (again.status, again.json) == (200, done.json)
    check_problem(post(**{"If-Match": '"2"'}), 422, "idempotency_mismatch")
    check_problem(post(**{"Idempotency-Key": "c-2", "If-Match": '"2"'}), 409, "not_now")
    check_problem(pair.command("/referrals/x/accept", version=1, token=pair.token("co")), 404)


def test_a_creation_says_where_it_is(pair):
    body = {"kind": "club", "name": "Klubben (påhittad)", "municipality": "0180", "language": "sv"}
    body["contact"] = {"email": "klubben@example.org"}
    made = pair.command("/organisations", body, token=pair.token("pa"), key="o-1")
    assert made.status == 201, made
    assert made.headers["location"] == f"/v1/organisations/{made.json['id']}"
    assert pair.command("/organisations", body, token=pair.token("pa"), key="o-1").json == made.json
    problem = check_problem(pair.command("/organisations", {"kind": "zoo"}, token=pair.token("pa")), 422)
    assert {"#/kind", "#/name"} <= set(pointers(problem))
    odd = body | {"municipality": "180", "contact": {"email": "klubben (at) example.org"}}
    problem = check_problem(pair.command("/organisations", odd, token=pair.token("pa")), 422)
    assert {error["pointer"]: error["detail"] for error in problem["errors"]} == {
        "#/municipality": "It is not a municipality's four digits, perhaps with its country before them, such as 0180.",
        "#/contact/email": "It is not an address with one @, such as post@example.org.",
    }
    single = pair.get(made.headers["location"])
    assert single.headers["etag"] == made.headers["etag"] == '"1"'
    assert single.json["name"] == body["name"]
    assert "klubben@example.org" not in single.body.decode()


def test_a_field_that_there_is_not_is_refused_of_a_person_and_counted_of_a_partners_system(pair):
    details = {"given_name": "Ines", "family_name": "Påhittadsson", "emial": "ines@example.org"}
    body = {"details": details, "languge": "sv", "language": "sv", "protection": "none"}
    problem = check_problem(pair.command("/persons", body, token=pair.token("pa")), 422)
    assert [(error["pointer"], error["detail"]) for error in problem["errors"]] == [
        ("#/details/emial", "It is no field here; perhaps `email` is meant."),
        ("#/languge", "It is no field here; perhaps `language` is meant."),
    ]
    assert pair.deliver(fadder.referral("unknown-0")).status == 200
    said = fadder.referral("unknown-1", person={"nickname": "A"}, colour="red")
    assert pair.deliver(said, message="msg_unknown").status == 200
    assert pair.log()[0]["unknown_fields"] == 2
    assert "unknown_fields" not in pair.log()[1]
    shown = pair.operator("partner", "log", pair.agency.id).stdout.splitlines()[-1]
    assert shown.endswith("msg_unknown  2 unknown fields")
    stranger = fadder.Partner(pair.agency.id, "whsec_" + "A" * 43 + "=")
    assert pair.deliver(said, stranger, message="msg_strangers").status == 401
    [unread] = [item for item in pair.log() if item["webhook_id"] == "msg_strangers"]
    assert "unknown_fields" not in unread
    problem = check_problem(pair.get("/v1/referrals?stat=received", pair.token("co")), 400)
    assert problem["errors"][0]["detail"] == "It is no filter here; perhaps `state` is meant; there are state, external_id, organisation, person, responsible."
    for path, name, meant in (
        ("referrals", "participant", "person"),
        ("referrals", "colour", None),
        ("postings", "organisation", "host"),
        ("mentors", "club", "organisation"),
        ("mentees", "mentor", "person"),
    ):
        problem = check_problem(pair.get(f"/v1/{path}?{name}=x", pair.token("co")), 400)
        detail = problem["errors"][0]["detail"]
        assert "there are state" in detail
        assert f"perhaps `{meant}` is meant" in detail if meant else "perhaps" not in detail
    for path, name, where in (("referrals", "mentor", "GET /v1/mentorships?mentor="), ("questions", "mentorship", "GET /v1/questions/{id}")):
        detail = check_problem(pair.get(f"/v1/{path}?{name}=x", pair.token("co")), 400)["errors"][0]["detail"]
        assert where in detail and "perhaps" not in detail and "there are state" in detail


@pytest.fixture(scope="module")
def somebody(pair) -> str:
    """A coordinator."""
    return pair.add_person("coordinator")


def in_days(days: int) -> str:
    return f"{datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def fresh_token(person: str, **changes: str) -> dict[str, str]:
    return {"role": "coordinator", "person": person, "expires": in_days(365)[:10] + "T00:00:00Z", **changes}


def test_a_tokens_secret_is_made_here_and_shown_once(pair, somebody):
    admin = pair.token("pa")
    made = pair.command("/tokens", fresh_token(somebody), token=admin, key="t-1")
    assert made.status == 201 and set(made.json) == {"id", "version", "secret"}
    assert re.fullmatch("fadder_[0-9a-f]{64}", made.json["secret"])
    assert pair.get("/v1/referrals", made.json["secret"]).status == 200
    again = pair.command("/tokens", fresh_token(somebody), token=admin, key="t-1")
    assert (again.status, again.json) == (201, {"id": made.json["id"], "version": 1, "secret_shown_before": True})
    other = pair.command("/tokens", fresh_token(somebody), token=admin, key="t-2")
    assert other.json["id"] != made.json["id"] and other.json["secret"] != made.json["secret"]
    secrets = [made.json["secret"], other.json["secret"]]
    files = [path for path in pair.home.rglob("*") if path.is_file()]
    assert len(files) > 10
    for path in files:
        for secret in secrets:
            raw = secret.removeprefix("fadder_")
            assert not any(needle in path.read_bytes() for needle in (raw.encode(), bytes.fromhex(raw))), path


def test_the_same_token_asked_for_from_many_sides_at_once_is_shown_to_one(pair, somebody):
    answers: list[fadder.Answer] = []

    def ask() -> None:
        answers.append(pair.command("/tokens", fresh_token(somebody), token=pair.token("pa"), key="t-many"))

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(answer.status, answer.json["id"]) for answer in answers} == {(201, answers[0].json["id"])}
    shown = [answer.json["secret"] for answer in answers if "secret" in answer.json]
    assert len(shown) == 1 and sum("secret_shown_before" in answer.json for answer in answers) == 11
    assert pair.get("/v1/referrals", shown[0]).status == 200


def test_nobody_chooses_a_tokens_secret(pair, somebody):
    mine = "fadder_" + "5" * 64
    digest = base64.b64encode(hashlib.blake2b(mine.encode(), digest_size=32).digest()).decode()
    for chosen in (digest, "AAAA"):
        problem = check_problem(pair.command("/tokens", fresh_token(somebody, hash=chosen), token=pair.token("pa")), 422)
        assert pointers(problem) == ["#/hash"] and "leave it out" in problem["errors"][0]["detail"]
    assert pair.get("/v1/referrals", mine).status == 401


def test_a_token_names_a_person_whose_part_it_is(pair, somebody):
    mentor = pair.add_person("mentor")
    create = lambda body: pair.command("/tokens", body, token=pair.token("pa"))
    for body, code, field in (
        ({"role": "coordinator"}, "invalid", "person"),
        (fresh_token(NOBODY), "token.no_person", "person"),
        (fresh_token(mentor), "token.not_their_part", "person"),
        (fresh_token(somebody, role="programme_admin", organisation=NOBODY), "token.no_organisation", "organisation"),
        (fresh_token(somebody, role="agency_system"), "token.no_person", "person"),
    ):
        problem = check_problem(create(body), 422, code)
        assert pointers(problem) == [f"#/{field}"], problem
    made = create({"role": "mentor", "person": mentor})
    assert made.status == 201, made
    row = pair.get(f"/v1/tokens/{made.json['id']}", pair.token("pa")).json
    assert row["person"] == mentor and in_days(89) < row["expires"] < in_days(91)
    assert create(fresh_token(somebody, role="programme_admin")).status == 201  # an admin is one of the coordinators


def test_who_takes_the_part_for_another_organisation_is_soon_let_in_no_more(pair):
    admin = pair.token("pa")
    bodies = ({"kind": "club", "name": name, "language": "sv", "contact": {"email": "club@example.org"}} for name in "AB")
    first, second = (pair.command("/organisations", body, token=admin).json["id"] for body in bodies)
    mentor = pair.add_person("mentor", first)
    token = pair.command("/tokens", {"role": "mentor", "person": mentor}, token=admin).json
    assert pair.get(f"/v1/tokens/{token['id']}", admin).json["organisation"] == first
    other = pair.command("/tokens", {"role": "mentor", "person": mentor, "organisation": second}, token=admin)
    assert pointers(check_problem(other, 422, "token.not_for_it")) == ["#/organisation"]
    assert pair.get(f"/v1/persons/{mentor}", token["secret"]).status == 200
    assert pair.command(f"/persons/{mentor}/grant_role", {"part": "mentor", "organisation": second}, token=admin).status == 200
    fadder.wait_until(lambda: pair.get(f"/v1/persons/{mentor}", token["secret"]).status == 401, "it is no good")
    revoked = [e for e in pair.events("registry") if e["type"] == "token.revoked" and e["aggregate"] == token["id"]]
    assert [e["data"]["reason"] for e in revoked] == ["moved"]


def test_a_partners_and_an_endpoints_secret_are_made_here_and_shown_once(pair):
    admin = pair.token("pa")
    made = pair.command("/partners", {"name": "Without a secret"}, token=admin, key="p-1")
    assert made.status == 201 and re.fullmatch("whsec_[A-Za-z0-9+/]{43}=", made.json["secret"])
    again = pair.command("/partners", {"name": "Without a secret"}, token=admin, key="p-1").json
    assert again == {"id": made.json["id"], "version": 1, "secret_shown_before": True}
    secrets = [made.json["secret"]]

    def status_with(secret: str) -> int:
        said = fadder.referral(f"M-{uuid.uuid4()}"[:40])
        return pair.deliver(said, fadder.Partner(made.json["id"], secret)).status

    def rotate(path: str, body: dict | None, version: int) -> str:
        done = pair.command(f"{path}/rotate_secret", body, version, admin, f"rotate {path} {version}")
        assert done.status == 200, done
        again = pair.command(f"{path}/rotate_secret", body, version, admin, f"rotate {path} {version}").json
        assert again["secret_shown_before"] and "secret" not in again
        return done.json["secret"]

    assert status_with(secrets[0]) == 200
    secrets.append(rotate(f"/partners/{made.json['id']}", {"secret": {"previous": secrets[0]}}, 1))
    fadder.wait_until(lambda: status_with(secrets[1]) == 200, "the new secret is good")
    assert status_with(secrets[0]) == 200  # the one before was named
    secrets.append(rotate(f"/partners/{made.json['id']}", None, 2))
    fadder.wait_until(lambda: status_with(secrets[2]) == 200, "the newest secret is good")
    assert [status_with(secret) for secret in secrets[:2]] == [401, 401]
    secrets.append(rotate(f"/partners/{made.json['id']}", {"keeps": True}, 3))
    fadder.wait_until(lambda: status_with(secrets[3]) == 200, "the next secret is good")
    assert [status_with(secret) for secret in secrets[1:3]] == [401, 200]  # nobody had to know the one before

    body = {"partner": made.json["id"], "url": "https://agency.example.org/hooks"}
    endpoint = pair.command("/endpoints", body, token=admin)
    assert endpoint.status == 201, endpoint
    secrets += [endpoint.json["secret"], rotate(f"/endpoints/{endpoint.json['id']}", None, 1)]
    assert len(set(secrets)) == 6
    for path in [path for path in pair.home.rglob("*") if path.is_file()]:
        for secret in secrets:
            raw = secret.removeprefix("whsec_")
            assert not any(needle in path.read_bytes() for needle in (raw.encode(), base64.b64decode(raw))), path


def test_a_token_that_is_revoked_is_soon_no_good(pair):
    token = pair.add_token("co")
    assert pair.get("/v1/referrals", token).status == 200
    newest = max(item["id"] for item in pair.items("tokens", pair.token("pa"), state="active"))
    assert pair.command(f"/tokens/{newest}/revoke", {"reason": "lost"}, token=pair.token("pa")).status == 200
    fadder.wait_until(lambda: pair.get("/v1/referrals", token).status == 401, "it is no good")


def test_who_no_longer_takes_part_is_soon_let_in_no_more(pair):
    details = {"given_name": "Ines", "family_name": "Påhittadsson", "email": "ines@example.org"}
    body = {"details": details, "language": "sv", "protection": "none", "part": "coordinator"}
    person = pair.command("/persons", body, token=pair.token("pa")).json["id"]
    token = pair.add_token("coordinator", "--person", person)
    assert pair.get("/v1/referrals", token).status == 200
    ended = pair.command(f"/persons/{person}/end_role", {"part": "coordinator", "reason": "finished"}, token=pair.token("pa"))
    assert ended.status == 200
    fadder.wait_until(lambda: pair.get("/v1/referrals", token).status == 401, "it is no good")


# What there is to read.


def test_lists_have_pages_and_filters_and_name_what_is_wrong(pair):
    ids = {pair.refer(f"L-{i}") for i in range(5)}
    co = pair.token("co")
    found, after = [], None
    while True:
        page = pair.get("/v1/referrals?limit=2" + (f"&after={after}" if after else ""), co).json
        assert len(page["items"]) <= 2
        found += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(found) == len(set(found)) and ids <= set(found)
    assert found == sorted(found)
    assert ids <= {item["id"] for item in pair.items("referrals", co, state="received")}
    assert not ids & {item["id"] for item in pair.items("referrals", co, state="rejected")}
    for query in ("limit=0", "limit=501", "limit=-1", "limit=x", "after=1", "colour=red", "state=red", "limit=1&limit=2"):
        problem = check_problem(pair.get(f"/v1/referrals?{query}", co), 400)
        assert problem["errors"][0]["parameter"] == query.partition("=")[0]
    for query, says in (("state=red", "none of these: none, received, needs_info, "), ("person=red", "not a UUID")):
        assert says in check_problem(pair.get(f"/v1/referrals?{query}", co), 400)["errors"][0]["detail"]
    check_problem(pair.get("/v1/referrals?limit=%zz", co), 400)
    assert pair.get(f"/v1/tokens?hash={'A' * 43}=", pair.token("pa")).status == 400  # it is never shown
    assert all("hash" not in item for item in pair.items("tokens", pair.token("pa")))


def test_a_single_record_is_read_as_of_its_own_writing(pair):
    referral = pair.refer("L-own")
    done = pair.command(f"/referrals/{referral}/accept", version=1, token=pair.token("co"))
    batch = done.headers["fadder-batch"]
    read = pair.request("GET", f"/v1/referrals/{referral}", headers={"Fadder-At-Least": batch}, token=pair.token("co"))
    assert read.json["state"] == "accepted" and read.headers["etag"] == '"2"'
    assert int(read.headers["fadder-batch"]) >= int(batch)
    head = pair.request("HEAD", f"/v1/referrals/{referral}", token=pair.token("co"))
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", '"2"')
    check_problem(pair.get(f"/v1/referrals/{NOBODY}", pair.token("co")), 404)
    check_problem(pair.get("/v1/referrals/x", pair.token("co")), 404)
    odd = {"Fadder-At-Least": "x"}
    check_problem(pair.request("GET", f"/v1/referrals/{referral}", headers=odd, token=pair.token("co")), 400)


def test_who_reads_a_single_record_is_told_what_they_may_do_next(pair):
    referral = pair.refer("L-may")
    path = f"/v1/referrals/{referral}"
    may = pair.get(path, pair.token("co")).json["may"]
    assert {"accept", "reject", "ask_info"} <= set(may) and not {"waitlist", "complete", "remind"} & set(may)
    assert pair.get(path, pair.token("pa")).json["may"] == ["hand_over", "change_protection", "enter_in_error"]
    pair.command(f"/referrals/{referral}/accept", version=1, token=pair.token("co"))
    fadder.wait_until(lambda: pair.get(path, pair.token("co")).json["version"] == 2, "it is accepted")
    assert "accept" not in pair.get(path, pair.token("co")).json["may"]
    assert all("may" not in item for item in pair.items("referrals", pair.token("co")))
    described = pair.request("GET", "/openapi.json").json["paths"]["/v1/referrals/{id}"]["get"]["responses"]["200"]
    schema = described["content"]["application/json"]["schema"]["allOf"][1]["properties"]["may"]
    assert set(may) <= set(schema["items"]["enum"])


def test_a_partners_log_is_for_whoever_may_see_the_partner(pair):
    path = f"/v1/partners/{pair.agency.id}/log"
    pair.deliver(fadder.referral("log-1"), message="msg_for_the_log")
    answer = pair.get(path)
    assert answer.json["items"][0]["webhook_id"] == "msg_for_the_log"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", answer.json["items"][0]["at"])
    assert len(answer.json["items"]) <= 100 and "Ayaan" not in answer.body.decode()
    check_problem(pair.get(path, pair.token("co")), 404)
    check_problem(pair.request("GET", path), 401)


def test_nobody_pushes_a_partners_own_deliveries_out_of_its_log(pair):
    noisy = pair.add_partner("Noisy")
    for i in range(90):
        pair.deliver(fadder.referral(f"own-{i}"), partner=noisy)
    for _ in range(130):
        assert pair.request("POST", f"/v1/hooks/{noisy.id}", b"{}").status == 401
    statuses = [item["status"] for item in pair.log(noisy)]
    assert statuses == [401] * 20 + [200] * 80
    pair.deliver(fadder.referral("own-last"), partner=noisy)
    assert pair.log(noisy)[0]["code"] == "accepted"


def test_paths_and_methods_that_are_not_there(pair):
    check_problem(pair.get("/v1/cars"), 404)
    check_problem(pair.get("/v1/referrals/"), 404)
    for method, path, allowed in (
        ("GET", f"/v1/hooks/{pair.agency.id}", "POST"),
        ("PUT", "/v1/referrals", "GET, HEAD"),
        ("DELETE", "/healthz", "GET, HEAD"),
        ("OPTIONS", "/v1/tokens", None),
    ):
        answer = pair.request(method, path)
        check_problem(answer, 405)
        assert allowed is None or answer.headers["allow"] == allowed


# For whoever runs it.


def test_health_says_who_is_away_and_metrics_have_all(pair):
    assert pair.request("GET", "/healthz").body == b"ok\n"
    problem = check_problem(pair.request("GET", "/readyz"), 503)
    assert "notification" in problem["detail"] and "registry" not in problem["detail"]
    text = pair.request("GET", "/metrics").body.decode()
    names = []
    for line in text.splitlines():
        if line.startswith("# HELP "):
            names.append(line.split()[2])
        elif not line.startswith("#"):
            assert re.fullmatch(r'\w+\{program="[a-z-]+"(,\w+="[^"]*")*\} [-+.0-9eInfNa]+', line), line
    assert names == sorted(set(names))
    assert 'fadder_http_requests_total{program="gateway",status="200"}' in text
    assert 'fadder_commands_accepted_total{program="registry"}' in text
    document = pair.request("GET", "/openapi.json").json
    assert document["openapi"].startswith("3.1") and "/v1/hooks/{partner}" in document["paths"]
    assert "referral.accepted" in document["webhooks"]
    assert document["paths"]["/v1/referrals/{id}/accept"]["post"]["x-roles"] == ["coordinator"]
    told = pair.request("GET", "/asyncapi.json").json
    assert told["asyncapi"].startswith("3.") and "registry" in told["channels"]


def test_what_is_under_way_is_finished_at_the_end_and_the_log_outlives_it(make_pair):
    pair, answers = make_pair(), []
    pair.deliver(fadder.referral("E-0"))  # so that the partner is known
    registry, gateway = pair.programs["registry"], pair.programs["gateway"]
    registry.send_signal(signal.SIGSTOP)
    body = fadder.referral("E-1")
    sender = threading.Thread(target=lambda: answers.append(pair.deliver(body, message="msg_end")))
    sender.start()
    both = b'fadder_http_under_way{program="gateway"} 2\n'  # that, and the question for the metrics
    fadder.wait_until(lambda: both in pair.request("GET", "/metrics").body, "it is under way")
    gateway.send_signal(signal.SIGTERM)
    fadder.wait_until(lambda: not pair.is_listening(), "the gateway takes no more")
    assert gateway.poll() is None  # it waits for what is under way
    registry.send_signal(signal.SIGCONT)
    sender.join()
    assert answers[0].status == 200, answers
    assert gateway.wait(fadder.PATIENCE) == 0
    pair.run("gateway")
    fadder.wait_until(pair.is_listening, "the gateway is back")
    assert pair.log()[0]["webhook_id"] == "msg_end" and pair.log()[0]["status"] == 200


def test_there_is_one_gateway_for_each_home_and_any_free_port_will_do(make_pair, tmp_path):
    words = [fadder.BIN / "fadder-gateway"]
    second = subprocess.run(
        words, env=make_pair().environment, capture_output=True, text=True, timeout=fadder.PATIENCE
    )
    assert second.returncode == 1 and "running already" in second.stderr
    other = Pair(tmp_path / "other", FADDER_HTTP="127.0.0.1:0")
    other.host = "127.0.0.1"
    program = other.run("gateway")
    try:
        fadder.wait_until((other.home / "run" / "http.port").exists, "the port is told")
        other.port = int((other.home / "run" / "http.port").read_text())
        fadder.wait_until(other.is_listening, "it listens there")
    finally:
        program.terminate()
        assert program.wait(fadder.PATIENCE) == 0
    assert oct(os.stat(other.home / "gateway").st_mode)[-3:] == "700"
