"""The supervisor: one for each home, restarts what dies, ends everything, leaves nobody behind."""

import itertools
import os
import pathlib
import re
import signal
import subprocess
import time

import fadder
import pytest

NOBODY = "01939d4e-8c00-7abc-8def-0123456789ab"


def is_alive(pid: int) -> bool:
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def bare(make_system):
    """Without the demonstration: nothing but the programs."""
    return make_system(load=False).start()


def test_a_second_one_on_the_same_home_says_that_one_is_running(bare):
    second = bare.operator("up", check=False)
    assert second.returncode == 1
    assert f"running in {bare.home} already" in second.stderr
    assert str(bare.process.pid) in second.stderr


def test_a_service_that_dies_is_started_again_at_once(bare):
    pids = {service: bare.pid(service) for service in fadder.SERVICES}
    for service in fadder.SERVICES:
        bare.kill(service)
    for service in fadder.SERVICES:
        fadder.wait_until(lambda: bare.pid(service) not in (0, pids[service]), f"{service} comes back")
    bare.wait_ready()
    for line in bare.operator("status").stdout.splitlines()[1:]:
        assert line.split()[3] == "1", line  # restarts


TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (error|warning|info|debug) "


def test_every_line_of_every_log_has_the_time(make_system):
    system = make_system(load=False, FADDER_LOG="debug", FADDER_PARTNER_RAT="1")
    system.operator("up", "--detach")
    try:
        for service, how in zip(fadder.SERVICES, itertools.cycle([signal.SIGABRT, signal.SIGKILL])):
            pid = system.pid(service)
            os.kill(pid, how)
            fadder.wait_until(lambda: system.pid(service) not in (0, pid), f"{service} comes back")
        system.wait_ready()
        system.request("GET", "/nowhere")
    finally:
        system.operator("down")
    logs = {path.name: path.read_text().splitlines() for path in (system.home / "log").iterdir()}
    assert logs.keys() == {f"{name}.log" for name in [*fadder.SERVICES, "fadder"]}
    for name, lines in logs.items():
        assert lines and not [line for line in lines if not re.match(TIME, line)], name
    assert sum(" service_died " in line for line in logs["fadder.log"]) == len(fadder.SERVICES)


def deaths_of(system: fadder.System, service: str) -> list[tuple[float, float]]:
    """For each of its deaths how long it had been up and how long it is kept waiting, as the supervisor says, in s."""
    said = rf" fadder service_died service={service} signal=.* up_s=(.*) again_in_s=(.*)\n"
    return [(float(up), float(pause)) for up, pause in re.findall(said, system.complaints.read_text())]


def test_one_that_dies_again_and_again_is_given_growing_pauses(bare):
    pause_after = {0: 0.1, 0.1: 0.2, 0.2: 0.4, 0.4: 0.8, 0.8: 1.6, 1.6: 2.0, 2.0: 2.0}
    expected = 0.0
    for deaths in range(1, 9):
        pid = bare.pid("notification")
        began = time.monotonic()
        bare.kill("notification")
        fadder.wait_until(lambda: bare.pid("notification") not in (0, pid), "it is started again")
        spent = time.monotonic() - began
        said = deaths_of(bare, "notification")
        up, pause = said[-1]
        assert len(said) == deaths
        assert pause == (0 if up >= 5 else expected), said  # a slow machine may take so long: then it begins anew
        assert spent > pause - 0.01, said  # its clock counts whole milliseconds
        expected = pause_after[pause]
    bare.wait_ready()


def test_status_is_good_only_when_all_are_ready(bare):
    bare.wait_ready()
    bare.kill("notification", how=signal.SIGSTOP)

    def only_one_is_away():
        status = bare.operator("status", check=False)
        ready = {line.split()[0]: line.split()[-1] for line in status.stdout.splitlines()[1:]}
        assert status.returncode == 1 and ready.pop("notification") == "no", status
        ready.pop("gateway")  # which says no when anybody is away
        return set(ready.values()) == {"yes"}

    try:
        fadder.wait_until(only_one_is_away, "the others are ready")
    finally:
        bare.kill("notification", how=signal.SIGCONT)
    bare.wait_ready()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_everything_in_good_time(make_system, sent):
    system = make_system(load=False).start()
    pids = [system.pid(service) for service in fadder.SERVICES]
    system.process.send_signal(sent)
    assert system.process.wait(fadder.PATIENCE) == 0
    system.process = None
    assert not any(map(is_alive, pids))
    assert "service_killed" not in system.complaints.read_text()
    system.check_logs()


def test_a_supervisor_that_is_killed_leaves_nobody_behind(make_system):
    system = make_system(load=False).start()
    pids = [system.pid(service) for service in fadder.SERVICES]
    system.process.kill()
    system.process.wait(fadder.PATIENCE)
    fadder.wait_until(lambda: not any(map(is_alive, pids)), "the services end")
    system.start()  # and the home is free


def test_detached_it_returns_when_all_are_ready_and_down_ends_it(make_system):
    system = make_system(load=False)
    try:
        up = system.operator("up", "--detach")
        assert f"http://{system.host}:{system.port}/openapi.json" in up.stdout
        assert system.request("GET", "/readyz").status == 200
        pids = [system.pid(service) for service in fadder.SERVICES]
        assert system.operator("up", check=False).returncode == 1
    finally:
        down = system.operator("down")
    assert "has ended" in down.stdout
    assert not any(map(is_alive, pids))
    assert "Nothing is running" in system.operator("down").stdout
    system.check_logs()


def test_what_cannot_start_is_said_with_the_reason(make_system, bare):
    taken = make_system(load=False, FADDER_HTTP=f"{bare.host}:{bare.port}")
    up = taken.operator("up", check=False)
    assert up.returncode == 1
    assert "cannot_start service=gateway" in up.stderr
    assert all(re.match(TIME, line) for line in up.stderr.splitlines()), up.stderr
    assert not (taken.home / "run" / "up.status").exists()


def test_nobody_else_may_look_into_the_home(bare):
    for folder, folders, files in os.walk(bare.home):
        for name in [".", *folders, *files]:
            path = pathlib.Path(folder, name)
            is_public = path.is_relative_to(bare.home / "keys" / "bus")
            assert path.lstat().st_mode & 0o077 == 0 or path.is_socket() or is_public, path


def test_every_subcommand_has_help():
    names = subprocess.run([fadder.BIN / "fadder", "--help"], capture_output=True, text=True, check=True).stdout
    lines = [line[2:].split("  ")[0].split() for line in names.splitlines() if line.startswith("  ")]
    assert len(lines) >= 12
    for words in lines:
        done = subprocess.run([fadder.BIN / "fadder", *words, "--help"], capture_output=True, text=True)
        assert done.returncode == 0 and done.stdout.startswith(f"fadder {' '.join(words)}"), words


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["token", "add"], "--role is missing"),
        (["token", "add", "--role", "king", "--person", NOBODY], "roles are coordinator, programme_admin"),
        (["token", "add", "--role"], "--role needs a value"),
        (["token", "add", "--role", "me", "--person", "x"], "--person x is not right"),
        (["token", "add", "--role", "me"], "--person is missing"),
        (["token", "add", "--role", "me", "--person", NOBODY, "--days", "0"], "--days 0 is not right"),
        (["token", "add", "--role", "me", "--person", NOBODY, "--days", "367"], "a number of days from 1 to 366"),
        (["partner", "add", "--name", "N"], "--programme is missing"),
        (["endpoint", "add", "--partner", "7", "--url", "https://example.org/"], "--partner 7 is not right"),
        (["endpoint", "add", "--partner", NOBODY, "--url", "ftp://x/"], "--url ftp://x/ is not right"),
        (["follow", "gateway"], "services with a journal are"),
        (["follow", "registry", "--from", "0"], "--from 0 is not right"),
        (["say", "mentor.fly"], "no schema has that command"),
        (["up", "--deatch"], "--deatch is not known here"),
        (["fly"], "there is no command"),
        (["quarantine"], "say `quarantine show` or `quarantine replay`"),
        ([], "fadder COMMAND"),
    ],
)
def test_what_is_not_understood_is_said_by_the_flag(tmp_path, words, says):
    environment = {**os.environ, "FADDER_HOME": str(tmp_path)}
    done = subprocess.run([fadder.BIN / "fadder", *words], env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert says in done.stderr


def test_roles_go_by_the_words_of_the_domain_and_the_only_programme_needs_no_name(make_system):
    system = make_system(load=False).start()
    add = lambda role, person, **more: system.operator("token", "add", "--role", role, "--person", person, **more)
    none = add("coordinator", NOBODY, check=False)
    assert "There is no programme." in none.stderr
    system.operator("programme", "add", "--slug", "one", "--name", "One", "--country", "se")
    partner = system.operator("partner", "add", "--programme", "one", "--name", "P").stdout.split()[0]
    coordinator, host = system.add_person("coordinator", programme="one"), system.add_person("signatory", programme="one")
    for role, short, who in (("coordinator", "CO", coordinator), ("agency_system", "ag", partner), ("host", "ho", host)):
        for word in (role, short):
            assert add(word, who).stdout.splitlines()[-1].startswith("fadder_")
    assert "They do not take part as that today" in add("host", coordinator, check=False).stderr
    made = [e for e in system.events("registry") if e["type"] == "token.created"]
    assert [e["data"]["role"] for e in made] == ["coordinator"] * 2 + ["agency_system"] * 2 + ["host"] * 2
    for word in ("tm", "sys", "COORDINATOR", "c"):
        assert "roles are coordinator" in add(word, coordinator, check=False).stderr
    system.operator("programme", "add", "--slug", "two", "--name", "Two", "--country", "no")
    made = [e for e in system.events("registry") if e["type"] == "programme.created"]
    assert [(e["programme"] == e["aggregate"], e["country"]) for e in made] == [(True, "se"), (True, "no")]
    several = add("coordinator", coordinator, check=False)
    assert several.returncode == 1 and "more than one programme" in several.stderr
