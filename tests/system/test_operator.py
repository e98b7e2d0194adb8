"""The operator's program against the running system: what it adds, shows, follows, checks and takes away."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor

import fadder
import pytest
import storm

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


# Adding


def test_a_partner_is_an_id_and_a_secret(system):
    lines = system.operator("partner", "add", "--programme", fadder.PROGRAMME, "--name", "One").stdout.splitlines()
    assert len(lines) == 2
    assert re.fullmatch(UUID, lines[0])
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]+=*", lines[1])


def test_a_token_is_the_last_line_and_opens_what_its_role_may(system):
    token = system.add_token("pa", "--person", system.id("admin"))
    assert system.get("/v1/organisations", token).status == 200
    assert system.get("/v1/organisations", token + "x").status == 401


def test_a_secret_is_nowhere_in_the_clear_but_where_the_demonstration_keeps_its_own(system):
    partner = system.add_partner("One with a secret")
    token = system.add_token("pa")
    words = ["endpoint", "add", "--partner", partner.id, "--url", "https://agency.example.org/"]
    endpoint = system.operator(*words).stdout.split()[1]
    assert system.get("/v1/organisations", token).status == 200
    system.deliver(fadder.referral("SECRET-1"), partner)
    for path in system.home.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            for secret in (partner.secret, token, endpoint):
                assert secret.encode() not in raw, path


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["partner", "add", "--programme", "nowhere", "--name", "X"], "no programme nowhere"),
        (
            ["partner", "add", "--programme", fadder.PROGRAMME, "--name", "X", "--organisation", "01939d4e-8c00-7abc-8def-0123456789ab"],
            "organisation",
        ),
        (["partner", "add", "--programme", fadder.PROGRAMME, "--name", ""], "name"),
        (["partner", "add", "--programme", fadder.PROGRAMME, "--name", "Y 850314-1239"], "national identity number"),
        (["programme", "add", "--slug", "numbered", "--name", "Y 850314-1239", "--country", "se"], "national identity number"),
        (["partner", "log", "01939d4e-8c00-7abc-8def-0123456789ab"], "no such partner"),
        (["endpoint", "add", "--partner", "01939d4e-8c00-7abc-8def-0123456789ab", "--url", "https://example.org/"], "no such partner"),
        (["token", "add", "--role", "me", "--programme", fadder.PROGRAMME, "--person", "01939d4e-8c00-7abc-8def-0123456789ab"], "person"),
        (["programme", "add", "--slug", fadder.PROGRAMME, "--name", "Again", "--country", "se"], "slug"),
        (["programme", "add", "--slug", "Not A Slug", "--name", "X", "--country", "se"], "slug"),
        (["programme", "show", "nowhere"], "no such programme"),
        (["say", "mentor.set_capacity", "--on", "01939d4e-8c00-7abc-8def-0123456789ab"], "capacity"),
        (["say", "mentor.set_capacity", "nowhere.json", "--on", "01939d4e-8c00-7abc-8def-0123456789ab"], "nowhere.json"),
    ],
)
def test_what_cannot_be_is_said_with_its_reason(system, words, says):
    done = system.operator(*words, check=False)
    assert done.returncode == 1 and done.stdout == "", done
    assert says.lower() in done.stderr.lower()


def test_an_endpoint_must_be_an_address_that_we_may_post_to(system):
    done = system.operator("endpoint", "add", "--partner", system.id("partner"), "--url", "ftp://x.example/", check=False)
    assert done.returncode == 2 and "--url" in done.stderr


def test_a_programme_is_added_and_shown(system):
    words = ["--slug", "landet-runt", "--name", "Landet runt", "--country", "se", "--mailbox", "post@landet.example.org"]
    id = system.operator("programme", "add", *words).stdout.strip()
    shown = system.operator("programme", "show").stdout
    assert fadder.PROGRAMME in shown and f"{id}  landet-runt" in shown
    assert len(system.operator("programme", "show", "landet-runt").stdout.splitlines()) == 1


def test_any_command_can_be_said(system):
    mentor = system.id("mentor-4")
    said = system.say("mentor.set_capacity", {"capacity": 5}, "--on", mentor)
    assert re.match(rf"{mentor} version \d+ batch \d+$", said)
    assert system.get(f"/v1/mentors/{mentor}").json["capacity"] == 5


def test_what_is_said_stands_in_a_file_or_comes_by_standard_input_and_never_in_an_argument(system, tmp_path):
    mentor, file = system.id("mentor-4"), tmp_path / "body.json"
    file.write_text('{"capacity": 4}\n')
    system.operator("say", "mentor.set_capacity", str(file), "--on", mentor)
    assert system.get(f"/v1/mentors/{mentor}").json["capacity"] == 4
    for body, says in (('{"capacity": 51}', "capacity"), ("{", "json"), ("", "json"), ("{} {}", "json"), ("x" * 2_000_000, "larger")):
        done = system.operator("say", "mentor.set_capacity", "-", "--on", mentor, input=body, check=False)
        assert done.returncode == 1 and done.stdout == "" and says in done.stderr.lower(), done
    done = system.operator("say", "mentor.set_capacity", '{"capacity": 3}', "--on", mentor, check=False)
    assert done.returncode == 2 and "standard input" in done.stderr and "capacity" not in done.stderr.split("\n", 1)[0].split("say:")[1], done
    assert system.get(f"/v1/mentors/{mentor}").json["capacity"] == 4


def test_a_partners_own_secret_is_not_one_that_can_be_guessed(system):
    def create(secret: str):
        body = {"name": "Its own", "secret": {"current": secret}}
        words = ("say", "partner.create", "-", "--programme", fadder.PROGRAMME)
        return system.operator(*words, input=json.dumps(body), check=False)

    assert create(fadder.made_secret()).returncode == 0
    done = create("whsec_" + "A" * 43 + "=")
    assert done.returncode == 1 and "guessed" in done.stderr and "AAAA" not in done.stderr


HOSTILE = "\x1b]0;title\x07 \u202egnp.exe\u2066 \x9b2J"


def harmless(text: str) -> None:
    assert not re.search("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]", text), repr(text)


def test_nothing_that_a_terminal_obeys_comes_out_whoever_wrote_it(system, tmp_path):
    for words in ([HOSTILE], ["say", HOSTILE], ["programme", "show", HOSTILE], ["load", HOSTILE], ["status", HOSTILE]):
        done = system.operator(*words, check=False)
        assert done.returncode in (1, 2), done
        harmless(done.stdout + done.stderr)
    assert "\\u{1b}]0;title\\u{07} \\u{202e}gnp.exe" in system.operator(HOSTILE, check=False).stderr

    body = {
        "host": system.id("djurgardslinjen"),
        "title": "Motorvagn",
        "occupation": {"scheme": "ssyk", "code": "7233"},
        "site": "Hallen",
        "object": {"museum_number": "1‮2", "kind": "tram", "condition": "complete", "task": f"before {HOSTILE} after"},
        "seats": 1,
        "from": "2026-11-01",
        "until": "2027-05-01",
        "supervisor": "any",
        "languages": ["sv"],
    }
    key = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    made = system.request("POST", "/v1/postings", json.dumps(body).encode(), key, token=system.token("signatory-djurgardslinjen"))
    assert made.status == 201, made
    lines = system.operator("follow", "placement-lifecycle", "--once").stdout
    harmless(lines)
    events = [json.loads(line) for line in lines.splitlines()]  # it is still JSON, and says the same
    assert [e for e in events if e["type"] == "posting.created" and e["data"]["details"]["object"]["museum_number"] == "1‮2"]


def test_operators_do_not_get_in_each_others_way(system):
    with ThreadPoolExecutor(8) as crowd:
        partners = list(crowd.map(lambda number: system.add_partner(f"Crowd {number}"), range(24)))
    assert len({partner.id for partner in partners}) == 24


# Loading


def load(system, tmp_path, text):
    path = tmp_path / "steps.json"
    path.write_text(text)
    return system.operator("load", str(path), "--into", "steps.loaded", check=False)


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ({"key": "a", "say": "person.fly"}, "no schema has a command person.fly"),
        ({"key": "a", "say": "person.end_role", "on": "@b", "body": {}}, "no step before it is called b"),
        ({"key": "a", "say": "person.end_role", "body": {"part": "mentor", "reason": "other"}}, '"on" must say'),
        ({"say": "person.erase"}, "key"),
        ({"key": "a", "say": "programme.create", "body": {"slug": "x"}}, "body.name"),
    ],
)
def test_a_step_that_cannot_be_is_named(system, tmp_path, step, says):
    done = load(system, tmp_path, json.dumps([step]))
    assert done.returncode == 1
    assert says in done.stderr, done.stderr


def test_a_key_that_was_anothers_is_named_with_what_to_do(system, tmp_path):
    step = json.loads(fadder.DEMO.read_text())[0]
    step["body"]["name"] = "Another programme"
    done = load(system, tmp_path, json.dumps([step]))
    assert done.returncode == 1
    assert f'The key "{step["key"]}" was carried out before' in done.stderr and "of their own" in done.stderr, done.stderr


# Following


def test_events_are_lines_of_json_with_their_envelope(system):
    events = system.events("registry")
    assert [event["batch"] for event in events] == sorted(event["batch"] for event in events)
    first = events[0]
    assert first["type"] == "programme.created" and first["data"]["slug"] == fadder.PROGRAMME
    for event in events:
        assert event["service"] == "registry" and event["sequence"] >= 1
        assert re.fullmatch(UUID, event["id"]) and re.fullmatch(UUID, event["aggregate"])


def test_following_begins_where_it_is_told_to(system):
    events = system.events("registry")
    middle = events[len(events) // 2]["batch"]
    assert system.events("registry", middle) == [event for event in events if event["batch"] >= middle]


def test_what_a_service_took_from_others_is_shown_when_asked_for(system):
    lines = system.operator("follow", "mentor-assignment", "--once", "--foreign").stdout.splitlines()
    assert {json.loads(line)["service"] for line in lines} == {"registry", "mentor-assignment"}
    assert {event["service"] for event in system.events("mentor-assignment")} == {"mentor-assignment"}


def test_following_goes_on_live_until_it_is_ended(system):
    begin = str(system.events("registry")[-1]["batch"] + 1)
    words = [fadder.BIN / "fadder", "follow", "registry", "--from", begin]
    with subprocess.Popen(
        words, env=system.environment, stdout=subprocess.PIPE, text=True, preexec_fn=fadder.end_with_us
    ) as following:
        try:
            for number in range(3):
                referral = system.refer(f"LIVE-{number}")
                seen = []
                while "referral.received" not in seen:
                    seen.append((event := json.loads(following.stdout.readline()))["type"])
                assert event["aggregate"] == referral
        finally:
            following.send_signal(signal.SIGINT)
        assert following.wait(fadder.PATIENCE) == -signal.SIGINT


def test_two_may_follow_at_once(system):
    words = [fadder.BIN / "fadder", "follow", "registry", "--once"]
    both = [subprocess.Popen(words, env=system.environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    one, other = [follower.communicate(timeout=fadder.PATIENCE)[0] for follower in both]
    assert one and (one.startswith(other) or other.startswith(one))  # one of them may have looked later


def test_where_a_protected_person_is_is_left_out_also_of_what_was_said_before(system):
    def places():
        return [
            event["data"]["municipality"]
            for event in system.events("registry")
            if event["aggregate"] == referral and "municipality" in event.get("data", {})
        ]

    referral = system.refer("PROTECTED-1", municipality="0980")
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    assert places() and set(places()) == {"0980"}
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    system.do(f"persons/{person}/change_protection", {"protection": "marked"}, system.token("admin"))
    assert places() == []


def test_everything_known_about_somebody_is_told_and_that_it_was_opened_is_a_reading(system):
    referral = system.refer("EXPORT-1", municipality="0980")
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    fadder.wait_until(lambda: system.get(f"/v1/mentees/{referral}").status == 200, "a mentor is looked for")
    told = json.loads(system.operator("export", person).stdout)
    assert told["person"] == person and told["details"]["given_name"]
    records = told["records"]
    assert [row["id"] for row in records["person"]] == [person]
    assert [row["external_id"] for row in records["referral"]] == ["EXPORT-1"]
    assert [row["person"] for row in records["mentee"]] == [person]
    readings = [(row["role"], row["purpose"]) for row in records["reading"] if row["purpose"] != "delivery"]  # mails
    assert readings == [("sys", "own")]
    assert all(person in row.values() for rows in records.values() for row in rows)
    done = system.operator("export", referral, check=False)
    assert done.returncode == 1 and "There is no such person" in done.stderr
    system.say("person.erase", {}, "--on", person)
    assert "details" not in json.loads(system.operator("export", person).stdout)


# Checking


def test_every_service_verifies(system):
    system.do(f"referrals/{system.refer('VERIFY-1')}/accept", token=system.token("coordinator"))
    for service in fadder.JOURNALS:
        done = system.operator("verify", service)
        assert "the chain holds" in done.stdout
    assert system.operator("verify").stdout.count("the chain holds") == len(fadder.JOURNALS)


def test_who_goes_through_a_list_may_ask_in_between(system):
    asking = fadder.BIN.parent / "tests/system_asking"
    done = subprocess.run([asking, fadder.PROGRAMME], env=system.environment, capture_output=True, text=True, timeout=fadder.PATIENCE)
    assert done.returncode == 0, done.stderr
    listed = {person["id"] for person in system.items("persons", token=system.token("admin"))}
    assert set(done.stdout.split()) == listed and len(listed) > 10


def test_status_shows_that_nobody_is_behind(system):
    def is_settled():
        lines = [line.split() for line in system.operator("status", check=False).stdout.splitlines()[1:]]
        assert [line[0] for line in lines] == fadder.SERVICES
        return all(line[5] == "yes" and line[4] in ("0", "-") for line in lines)

    fadder.wait_until(is_settled, "all have caught up")


def test_the_doctor_finds_what_somebody_has_to_look_at(make_system, tmp_path):
    system = make_system().start()
    well = system.operator("doctor")
    assert "look" not in well.stdout and well.stdout.count("fine") == 6 + len(fadder.SERVICES)
    (system.home / "keys").chmod(0o750)
    journal = system.home / "notification" / "journal" / "data.mdb"
    before = journal.stat()
    os.utime(journal, (before.st_atime, before.st_mtime + 86400))
    try:
        ill = system.operator("doctor", check=False)
        assert ill.returncode == 1 and ill.stdout.count("look  ") == 2
        assert "chmod go= keys" in ill.stdout and "notification/journal" in ill.stdout
    finally:
        (system.home / "keys").chmod(0o700)
        os.utime(journal, (before.st_atime, before.st_mtime))
    nowhere = subprocess.run(
        [fadder.BIN / "fadder", "doctor"], env={**system.environment, "FADDER_HOME": str(tmp_path)}, capture_output=True, text=True
    )
    assert nowhere.returncode == 1 and "nothing is running" in nowhere.stdout


def test_the_doctor_says_whom_a_programme_lacks(make_system):
    system = make_system().start()

    def said(word: str) -> list[str]:
        return [line for line in system.operator("doctor", check=False).stdout.splitlines() if line.startswith(f"{word}  programme ")]

    def appoint(person: str, **more: bool) -> None:
        system.say("person.grant_role", {"part": "coordinator", "organisation": system.id("owner"), **more}, "--on", person, "--programme", fadder.PROGRAMME)

    system.refer(person={"protection": "none"})
    for holder in ("data_protection_officer", "programme_admin", "programme_admin"):
        system.add_token(holder)
    assert (said("look"), said("hint"), len(said("fine"))) == ([], [], 1)

    officers = [one["id"] for one in system.items("persons") if "data_protection_officer" in [role["part"] for role in one["roles"]]]
    for officer in officers:
        body = {"part": "data_protection_officer", "reason": "no_time"}
        system.say("person.end_role", body, "--on", officer, "--programme", fadder.PROGRAMME)
    assert [line for line in said("hint") if "data protection officer" in line]

    cleared = [one["id"] for one in system.items("persons") if {"coordinator"} & {role["part"] for role in one["roles"] if role["cleared"]}]
    for one in cleared:
        appoint(one)
    assert [line for line in said("hint") if "may come under protection" in line] and not said("look")
    system.refer(person={"protection": "marked"})
    assert [line for line in said("look") if "no coordinator is cleared" in line]
    appoint(cleared[0], cleared=True)
    assert not said("look")

    tokens = [one["id"] for one in system.items("tokens", state="active") if one["role"] == "programme_admin"]
    for kept, token in enumerate(tokens):
        if kept > 0:
            system.say("token.revoke", {"reason": "lost"}, "--on", token, "--programme", fadder.PROGRAMME)
    assert [line for line in said("hint") if "no two admins" in line] and not said("look")
    system.say("token.revoke", {"reason": "lost"}, "--on", tokens[0], "--programme", fadder.PROGRAMME)
    assert [line for line in said("look") if "nobody can administrate it" in line]


def test_the_doctor_says_what_to_type_where_no_two_admins_could_confirm(make_system):
    system = make_system().start()
    tokens = [one["id"] for one in system.items("tokens", state="active") if one["role"] == "programme_admin"]
    for token in tokens:
        if token != system.id("token-admin"):
            system.say("token.revoke", {"reason": "lost"}, "--on", token, "--programme", fadder.PROGRAMME)
    body = {"details": {"given_name": "Bo"}, "language": "sv", "protection": "none", "part": "coordinator", "organisation": system.id("owner")}
    second = system.do("persons", body, system.token("admin")).json["id"]
    system.do("tokens", {"role": "programme_admin", "person": second}, system.token("admin"))  # of one who could answer themself
    before = {one["id"]: one["roles"] for one in system.items("persons") if one["id"] in (second, system.id("admin"))}

    def lines() -> list[str]:
        return system.operator("doctor", check=False).stdout.splitlines()

    typed = [line for line in lines() if line.startswith("        ")]
    assert [line for line in lines() if "no two admins" in line] and len(typed) == 4, lines()
    for line in typed:
        environment = {**system.environment, "PATH": f"{fadder.BIN}:{os.environ['PATH']}"}
        subprocess.run(["sh", "-ec", line], env=environment, check=True, capture_output=True)
    assert not [line for line in lines() if "no two admins" in line or line.startswith("        ")]
    assert before == {one["id"]: one["roles"] for one in system.items("persons") if one["id"] in before}


def test_one_that_is_away_does_not_keep_the_others_from_being_asked(system):
    away = ["registry", "notification"]
    try:
        system.kill(*away, how=signal.SIGSTOP)
        for words in (["clock", "confirm"], ["quarantine", "show"]):
            done = system.operator(*words, check=False)
            assert done.returncode == 1 and done.stdout == ""
            assert [line for line in away if f"{line} does not answer" in done.stderr] == away
            assert done.stderr.count("does not answer") == len(away)
    finally:
        system.kill(*away, how=signal.SIGCONT)
    system.wait_ready()
    assert "No service doubts the clock" in system.operator("clock", "confirm").stdout
    assert "Nothing is set aside" in system.operator("quarantine", "show").stdout


def test_what_runs_without_a_supervisor_is_looked_at_too(make_system):
    """As under docker-compose, where each service is a container's."""
    system = make_system(load=False)
    system.home.mkdir(mode=0o700)
    alone = subprocess.Popen(
        [fadder.BIN / "fadder-registry"], env=system.environment, stderr=subprocess.DEVNULL, preexec_fn=fadder.end_with_us
    )
    try:
        fadder.wait_until(lambda: "fine  registry" in system.operator("doctor", check=False).stdout, "the registry answers")
        doctor = system.operator("doctor", check=False)
        assert doctor.returncode == 1 and "nothing is running" not in doctor.stdout
        assert "look  notification: it does not answer; its log says why" in doctor.stdout
        assert "skip  gateway" in doctor.stdout
        status = system.operator("status", check=False)
        ready = {line.split()[0]: line.split()[1:] for line in status.stdout.splitlines()[1:]}
        assert status.returncode == 1 and sorted(ready) == sorted(fadder.JOURNALS)
        assert ready["registry"] == ["-", "-", "-", "0", "yes"] and ready["notification"][-1] == "no"
    finally:
        alone.terminate()
        alone.wait(fadder.PATIENCE)
    assert "nothing is running" in system.operator("doctor", check=False).stdout


# Taking away and putting back


def test_a_running_system_is_not_backed_up(system, tmp_path):
    done = system.operator("backup", str(tmp_path / "copy"), check=False)
    assert done.returncode == 1 and "running" in done.stderr
    assert not (tmp_path / "copy").exists()


def test_a_service_that_runs_by_itself_is_not_backed_up_either(make_system, tmp_path):
    system = make_system(load=False)
    system.home.mkdir(mode=0o700)
    alone = subprocess.Popen(
        [fadder.BIN / "fadder-registry"], env=system.environment, stderr=subprocess.DEVNULL, preexec_fn=fadder.end_with_us
    )
    try:
        fadder.wait_until(lambda: (system.home / "run" / "registry.reads").exists(), "the registry runs")
        done = system.operator("backup", str(tmp_path / "copy"), check=False)
        assert done.returncode == 1 and "registry is running" in done.stderr
    finally:
        alone.terminate()
        assert alone.wait(fadder.PATIENCE) == 0


def test_a_backup_has_the_keys_apart_and_is_all_that_is_needed_to_go_on(make_system, tmp_path):
    system = make_system().start()
    referral = system.refer("BACKUP-1")
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    before = {service: system.events(service) for service in fadder.JOURNALS}
    system.stop()

    copy = tmp_path / "copy"
    system.operator("backup", str(copy))
    keys = tmp_path / "keys"
    system.operator("keys", "backup", str(keys))
    assert sorted(path.name for path in copy.iterdir()) == ["data", "ledger"]
    files = [path for path in [*copy.rglob("*"), *keys.rglob("*")] if path.is_file()]
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
    master = (system.home / "keys" / "master.key").read_bytes().strip()
    assert [path for path in files if master in path.read_bytes()] == [keys / "master.key"]
    assert not any("state" in path.parts for path in files)
    assert system.operator("backup", str(copy), check=False).returncode == 2  # never over another

    other = make_system()
    other.home.mkdir(mode=0o700)
    for path in (copy / "data").iterdir():
        shutil.copytree(path, other.home / path.name)
    other.operator("keys", "restore", str(keys))
    shutil.copy(system.home / "demo.json", other.home)
    other.start()
    for service in fadder.JOURNALS:
        assert other.events(service)[: len(before[service])] == before[service]
    assert other.get(f"/v1/referrals/{referral}").json["external_id"] == "BACKUP-1"
    read = other.do(f"persons/{person}/read", {"purpose": "coordination"}, other.token("coordinator"))
    assert read.json["given_name"] == "Ayaan"
    other.do(f"referrals/{referral}/accept", token=other.token("coordinator"))
    fadder.wait_until(lambda: other.items("mentorships"), "the others go on from there too")
    for service in fadder.JOURNALS:
        other.operator("verify", service)


def test_without_its_own_keys_a_backup_does_not_start_and_erases_nobody(make_system, tmp_path):
    system = make_system().start()
    referral = system.refer("BACKUP-2")
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    system.stop()
    system.operator("backup", str(tmp_path / "copy"))
    system.operator("keys", "backup", str(tmp_path / "keys"))

    other = make_system()
    other.home.mkdir(mode=0o700)
    for path in (tmp_path / "copy" / "data").iterdir():
        shutil.copytree(path, other.home / path.name)
    shutil.copy(system.home / "demo.json", other.home)
    other.load = False
    assert other.operator("up", check=False).returncode == 1
    log = (other.home / "log" / "registry.log").read_text()
    assert "vault.ring_missing" in log and " print_key_lost file=keys/print.registry " in log

    stranger = make_system().start()
    stranger.stop()
    shutil.copytree(stranger.home / "keys", other.home / "keys", dirs_exist_ok=True)
    assert other.operator("up", check=False).returncode == 1
    assert "vault.ring_other" in (other.home / "log" / "registry.log").read_text()

    there = other.operator("keys", "restore", str(tmp_path / "keys"), check=False)
    assert there.returncode == 1 and "keys/ring is there" in there.stderr
    (other.home / "keys").rename(tmp_path / "strangers")
    other.operator("keys", "restore", str(tmp_path / "keys"))
    other.start()
    read = other.do(f"persons/{person}/read", {"purpose": "coordination"}, other.token("coordinator"))
    assert read.json["given_name"] == "Ayaan"


def test_who_was_erased_since_a_backup_stays_erased_when_it_is_restored(make_system, tmp_path):
    system = make_system().start()
    coordinator, admin = system.token("coordinator"), system.token("admin")
    referrals = [system.refer(f"BACKUP-3{i}") for i in range(3)]
    gone, hidden, kept = (system.get(f"/v1/referrals/{one}").json["person"] for one in referrals)
    for one in referrals:
        system.do(f"referrals/{one}/accept", token=coordinator)
    fadder.wait_until(lambda: len(system.items("trainees")) == 3, "the others have heard of them")
    system.stop()
    system.operator("backup", str(tmp_path / "copy"))
    system.operator("keys", "backup", str(tmp_path / "keys"))
    system.start()
    system.do(f"persons/{gone}/erase", token=admin)
    system.do(f"persons/{hidden}/change_protection", {"protection": "confidential"}, admin)
    shutil.copytree(system.home / "ledger", tmp_path / "ledger")  # while all is running
    system.stop()

    other = make_system()
    other.home.mkdir(mode=0o700)
    for path in (tmp_path / "copy" / "data").iterdir():
        shutil.copytree(path, other.home / path.name)
    other.operator("keys", "restore", str(tmp_path / "keys"))
    shutil.copytree(tmp_path / "ledger", other.home / "ledger")  # newer than the rest
    shutil.copy(system.home / "demo.json", other.home)
    other.start()
    state = lambda person: other.get(f"/v1/persons/{person}").json
    assert state(gone)["state"] == "erased" and state(hidden)["protection"] == "confidential"
    assert state(kept)["state"] == "active" and state(kept)["protection"] == "none"
    trainee = lambda referral: other.get(f"/v1/trainees/{referral}").json
    is_dropped = lambda: not trainee(referrals[0]).get("languages") and "municipality" not in trainee(referrals[1])
    fadder.wait_until(is_dropped, "the others drop what they hold")
    assert trainee(referrals[2])["languages"] and "municipality" in trainee(referrals[2])
    (said,) = [event for event in other.events("registry") if event["type"] == "person.erased"]
    assert said["role"] == "sys" and said["aggregate"] == gone
    log = (other.home / "log" / "registry.log").read_text()
    assert f" said_again event=person.erased of={gone}" in log
    read = other.do(f"persons/{kept}/read", {"purpose": "coordination"}, coordinator)
    assert read.json["given_name"] == "Ayaan"
    for service in fadder.JOURNALS:
        other.operator("verify", service)


def test_a_backup_of_keys_has_a_stated_life_and_is_made_while_all_is_running(make_system, tmp_path):
    system = make_system().start()
    keys = tmp_path / "keys"
    system.operator("keys", "backup", str(keys))
    assert {"ring", "master.key", "made"} <= {path.name for path in keys.iterdir()}
    assert list((system.home / "keys").glob("bus.*")) and not list(keys.glob("bus.*"))
    again = system.operator("keys", "backup", str(keys), check=False)
    assert again.returncode == 2 and "already" in again.stderr
    running = system.operator("keys", "restore", str(keys), check=False)
    assert running.returncode == 1 and "running" in running.stderr
    system.stop()
    (system.home / "keys").rename(tmp_path / "away")
    now = (keys / "made").read_text()
    for made, why in (("2026-01-01T00:00:00.000Z\n", "are of 2026-01-01, older than 35 days"), ("once\n", "does not say when")):
        (keys / "made").write_text(made)
        old = system.operator("keys", "restore", str(keys), check=False)
        assert old.returncode == 1 and why in old.stderr and "--old" in old.stderr
        assert not (system.home / "keys" / "ring").exists()
    system.operator("keys", "restore", str(keys), "--old")
    (system.home / "keys" / "ring").unlink()
    (system.home / "keys" / "master.key").unlink()
    (keys / "made").write_text(now)
    system.operator("keys", "restore", str(keys))
    assert not (system.home / "keys" / "made").exists()
    assert (system.home / "keys" / "ring").stat().st_mode & 0o777 == 0o600
    system.start()
    system.refer("KEYS-1")


def test_another_master_key_wraps_the_keys_of_a_system_that_runs_and_of_one_that_does_not(make_system, tmp_path):
    system = make_system().start()
    person = system.get(f"/v1/referrals/{system.refer('KEYS-2')}").json["person"]
    master = system.home / "keys" / "master.key"
    coordinator = system.token("coordinator")

    def name():
        return system.do(f"persons/{person}/read", {"purpose": "coordination"}, coordinator).json["given_name"]

    first = master.read_text()
    old = tmp_path / "old"
    system.operator("keys", "backup", str(old))
    system.operator("keys", "rotate")
    second = master.read_text()
    assert second != first and name() == "Ayaan"
    system.refer("KEYS-3")
    system.stop()
    done = system.operator("keys", "rotate")
    assert "keys are wrapped by another master key" in done.stdout
    assert master.read_text() not in (first, second)
    assert not [path.name for path in (system.home / "keys").iterdir() if "next" in path.name or "part" in path.name]
    system.start()
    assert name() == "Ayaan"
    system.operator("verify", "registry")
    system.stop()
    master.write_text(first)  # of the ring before
    up = system.operator("up", check=False)
    assert up.returncode == 1 and "keys/master.key is not the one that keys/ring was made with" in up.stderr


def test_the_programme_in_the_readme_can_be_loaded_as_it_stands(make_system, tmp_path):
    readme = (fadder.TOP / "README.md").read_text()
    (steps,) = re.findall(r"```json\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "programme.json").write_text(steps)
    (load,) = re.findall(r"bin/fadder (load .*)", readme)
    words = load.replace("programme.json", str(tmp_path / "programme.json"), 1).split()
    system = make_system(load=False).start()
    system.operator(*words)
    came = json.loads((system.home / "programme.json").read_text())
    assert came.keys() == {step["key"] for step in json.loads(steps)}
    system.operator(*words)  # again is nothing
    assert json.loads((system.home / "programme.json").read_text()) == came
    token = came["token-admin"]["secret"]
    assert len(system.items("organisations", token=token)) == 2 and len(system.items("persons", token=token)) == 1
    body = fadder.referral("FIRST-1", programme="our-programme")
    answer = system.deliver(body, partner=fadder.Partner(came["partner"]["id"], came["partner"]["secret"]))
    assert answer.status == 200, answer
    mails = lambda: [path.read_text() for path in (system.home / "mail").glob("*.eml")]
    fadder.wait_until(lambda: any("coordinators@example.org" in mail for mail in mails()), "the coordinators hear of it")


def answers_to_strangers(system, person, change):
    """What those hear who may not change somebody: another programme's coordinator, a club's, a mentor."""
    system.operator("programme", "add", "--slug", "elsewhere", "--name", "Elsewhere", "--country", "se", check=False)
    somebody = system.add_person("coordinator", programme="elsewhere")
    elsewhere = system.add_token("coordinator", "--person", somebody, programme="elsewhere")
    club = system.add_token("coordinator", "--organisation", system.id("djurgardslinjen"))
    version = system.get(f"/v1/persons/{person}").json["version"]
    for token in (elsewhere, club, system.token("mentor-1")):
        answer = system.command(f"persons/{person}/change", change, version, token)
        yield answer.status, answer.json["code"]


def test_keys_that_are_lost_are_named_and_an_operator_can_go_on_knowingly(make_system):
    system = make_system().start()
    referral = system.refer("LOST-1")
    person = system.get(f"/v1/referrals/{referral}").json["person"]
    lost, erased = person, system.get(f"/v1/referrals/{system.refer('LOST-2')}").json["person"]
    before = system.events("registry")
    assert system.demo
    system.stop()
    (system.home / "keys" / "master.key").unlink()
    up = system.operator("up", check=False)
    assert up.returncode == 1 and "keys/master.key" in up.stderr and "--without-keys" in up.stderr
    (system.home / "keys" / "ring").rename(system.home / "kept")
    up = system.operator("up", check=False)
    assert up.returncode == 1 and "keys/ring is not there: bring it and keys/master.key back" in up.stderr
    (system.home / "kept").rename(system.home / "keys" / "ring")

    system.load, system.words = False, ["--without-keys"]
    system.start()
    assert system.events("registry")[: len(before)] == before  # and nobody is erased
    assert system.get(f"/v1/persons/{lost}").json["state"] == "active"
    log = (system.home / "log" / "registry.log").read_text()
    assert " goes_without_keys code=vault.master_missing" in log and f" key_lost owner={lost}" in log
    assert [path.name for path in (system.home / "keys").glob("*.lost.*")] == ["ring.lost.1"]
    for said in (system.operator("status").stdout, system.operator("doctor", check=False).stdout):
        assert "are lost: what was sealed of them" in said and "rotate_secret" in said
    assert system.operator("doctor", check=False).returncode == 1

    # what is theirs is neither read nor sealed, and can be erased
    coordinator, admin = system.token("coordinator"), system.token("admin")
    change = {"details": {"given_name": "Ayaan", "family_name": "Ny"}, "language": "sv"}
    for answer in (
        system.command(f"persons/{lost}/read", {"purpose": "coordination"}, token=coordinator),
        system.command(f"persons/{lost}/change", change, token=coordinator),
    ):
        assert (answer.status, answer.json["code"]) == (409, "key_lost"), answer
    hidden = (404, "not_found")
    assert list(answers_to_strangers(system, lost, change)) == [hidden, hidden, (403, "forbidden")]
    system.do(f"persons/{erased}/erase", token=admin)
    assert list(answers_to_strangers(system, erased, change)) == [hidden, hidden, (403, "forbidden")]

    # what is said whole is sealed under another key: nobody needs a new agency
    own = system.partner
    lost_hook = system.deliver(fadder.referral("LOST-4"))
    assert (lost_hook.status, lost_hook.json["code"]) == (401, "unauthorized"), lost_hook
    assert "401  key_lost" in system.operator("partner", "log", own.id).stdout
    club = system.id("club-visby")
    read = system.command(f"organisations/{club}/read", {"purpose": "coordination"}, token=admin)
    assert (read.status, read.json["code"]) == (409, "key_lost") and "said again" in read.json["detail"], read
    system.do(f"organisations/{club}/change", {"name": "Visby", "language": "sv", "contact": {"email": "ny@example.org"}}, admin)
    assert system.do(f"organisations/{club}/read", {"purpose": "coordination"}, admin).json["email"] == "ny@example.org"
    secret = fadder.made_secret()
    system.do(f"partners/{own.id}/rotate_secret", {"secret": {"current": secret}, "keeps": True}, admin)
    agency = fadder.Partner(own.id, secret)
    fadder.wait_until(lambda: system.deliver(fadder.referral("LOST-4"), agency).status == 200, "the agency is known again")

    # others are sealed under the new keys
    agency = system.add_partner("The agency's new system")
    answer = system.deliver(fadder.referral("LOST-3"), partner=agency)
    assert answer.status == 200, answer
    person = system.get(f"/v1/referrals/{answer.json['referral']}").json["person"]
    read = system.do(f"persons/{person}/read", {"purpose": "coordination"}, coordinator)
    assert read.json["given_name"] == "Ayaan"
    system.stop()

    system.words = []  # the journal names the new keys: from now on it starts as ever
    system.start()
    read = system.do(f"persons/{person}/read", {"purpose": "coordination"}, coordinator)
    assert read.json["given_name"] == "Ayaan"
    assert (system.home / "log" / "registry.log").read_text().count(" goes_without_keys ") == 1
    system.operator("verify", "registry")


def restore_alone(system: fadder.System, copy: pathlib.Path, service: str) -> None:
    shutil.rmtree(system.home / service)
    shutil.copytree(copy / "data" / service, system.home / service)


def test_who_followed_a_journal_that_was_restored_alone_stops_says_so_and_goes_on_from_where_an_operator_says(
    make_system, tmp_path
):
    system = make_system().start()
    system.stop()
    system.operator("backup", str(tmp_path / "copy"))
    system.start()
    lost = system.refer("ALONE-1")
    system.do(f"referrals/{lost}/accept", token=system.token("coordinator"))
    fadder.wait_until(lambda: system.items("mentorships"), "the others have heard of it")
    system.stop()
    restore_alone(system, tmp_path / "copy", "registry")
    system.start()
    followers = [service for service in fadder.JOURNALS if "registry" in storm.followed(service)]

    def is_said():
        said = system.operator("status", check=False)
        return said.returncode == 1 and said.stdout.count("It follows registry no further") == len(followers)

    fadder.wait_until(is_said, "status says who follows it no further")
    ready = system.request("GET", "/readyz")
    assert ready.status == 503 and ready.json["code"] == "waits" and "mentor-assignment" in ready.json["detail"]
    stopped = storm.gauges(system, "fadder_follow_stopped")
    assert len(stopped) == len(followers) and all('from="registry"' in labels and "why=" in labels for labels in stopped)
    wrong = system.operator("resume", followers[0], "registry", "--from", "here", check=False)
    assert wrong.returncode == 2 and "fork, end or start" in wrong.stderr
    for follower in followers:
        system.operator("resume", follower, "registry")
    system.wait_ready()
    assert system.request("GET", "/readyz").status == 200
    again = system.operator("resume", followers[0], "registry", check=False)
    assert again.returncode == 1 and "has not parted" in again.stderr

    assert system.command(f"referrals/{lost}/accept", token=system.token("coordinator")).status == 404
    known = len(system.items("mentorships"))
    referral = system.refer("ALONE-2")
    system.do(f"referrals/{referral}/accept", token=system.token("coordinator"))
    fadder.wait_until(lambda: len(system.items("mentorships")) > known, "the others hear of what is new")
    for service in fadder.JOURNALS:
        system.operator("verify", service)


# What is damaged


def cut(path: pathlib.Path) -> None:
    os.truncate(path, path.stat().st_size // 8192 * 4096)


def test_a_state_that_is_cut_off_is_made_anew(make_system):
    system = make_system().start()
    referral = system.refer("CUT-1")
    system.stop()
    cut(system.home / "registry" / "state" / "data.mdb")
    system.start()
    assert system.get(f"/v1/referrals/{referral}").json["external_id"] == "CUT-1"
    assert "the chain holds" in system.operator("verify", "registry").stdout


def test_a_journal_that_is_cut_off_is_said_in_a_sentence_and_no_input_is_blamed(make_system):
    system = make_system().start()
    referral = system.refer("CUT-2")
    system.stop()
    journal = system.home / "registry" / "journal" / "data.mdb"
    whole = journal.read_bytes()
    cut(journal)
    assert system.operator("up", check=False).returncode == 1
    log = (system.home / "log" / "registry.log").read_text()
    assert "file_damaged" in log and "put back a backup" in log and "died_of_an_input" not in log
    journal.write_bytes(whole)
    system.start()
    assert system.get(f"/v1/referrals/{referral}").json["external_id"] == "CUT-2"
    assert system.operator("quarantine", "show").stdout == "Nothing is set aside.\n"
