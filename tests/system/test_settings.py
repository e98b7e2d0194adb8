"""What the environment says: shown as it is in force, and a name that is none is named."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess

import fadder

OPS = pathlib.Path(__file__).parents[2] / "ops"


def test_every_program_tells_what_it_is(tmp_path):
    for name in ["fadder", "bench-load", "bench-follow", *(f"fadder-{service}" for service in fadder.SERVICES)]:
        version = subprocess.run([fadder.BIN / name, "--version"], capture_output=True, text=True, cwd=tmp_path)
        assert (version.returncode, version.stderr) == (0, ""), name
        assert re.fullmatch(rf"{name} \d+\.\d+\n", version.stdout)
        help_ = subprocess.run([fadder.BIN / name, "--help"], capture_output=True, text=True, cwd=tmp_path)
        assert help_.returncode == 0 and len(help_.stdout.splitlines()) > 5, name
        wrong = subprocess.run([fadder.BIN / name, "--halp"], capture_output=True, text=True, cwd=tmp_path)
        assert wrong.returncode == 2 and "--halp" in wrong.stderr, name
    assert list(tmp_path.iterdir()) == []  # asking starts nothing


def test_help_names_the_settings_of_the_program_and_no_other(tmp_path):
    def settings_of(name: str) -> set[str]:
        text = subprocess.run([fadder.BIN / name, "--help"], capture_output=True, text=True, cwd=tmp_path).stdout
        return set(re.findall(r"^  (FADDER_[A-Z_]+)", text, re.MULTILINE))

    assert {"FADDER_SMTP", "FADDER_DISK_MIN", "FADDER_HOME"} <= settings_of("fadder-notification")
    assert {"FADDER_HTTP", "FADDER_HOME"} <= settings_of("fadder-gateway")
    assert not {"FADDER_SMTP", "FADDER_DISK_MIN"} & settings_of("fadder-gateway")
    assert "FADDER_HTTP" not in settings_of("fadder-registry")


def test_what_is_in_force_is_what_the_running_programs_were_started_with(make_system):
    system = make_system(load=False, FADDER_MAIL_RATE="7", FADDER_SMTP="smtp://user:secret@127.0.0.1:9", FADDER_HTP="x")
    system.start()
    shown = system.operator("settings").stdout
    assert re.search(r"^FADDER_MAIL_RATE +7 mails/s +\(default: 200\) +in the running notification$", shown, re.MULTILINE)
    assert re.search(r"^FADDER_HTTP_PER_ADDRESS +200 connections +\(the default\) +in the running gateway$", shown, re.MULTILINE)
    assert "secret" not in shown and re.search(r"^FADDER_SMTP +\(set; not shown\)", shown, re.MULTILINE)
    for service in fadder.SERVICES:
        log = (system.home / "log" / f"{service}.log").read_text()
        assert "unknown_setting name=FADDER_HTP nearest=FADDER_HTTP" in log, service
        assert log.count("unknown_setting") == 1, log  # and nothing else that the tests set


def test_an_endpoint_is_of_a_service_and_a_door(tmp_path):
    good, long = "FADDER_ENDPOINT_MENTOR_ASSIGNMENT_READS", "FADDER_ENDPOINT_REGISTRY_COMMANDS"
    environment = {**os.environ, "FADDER_HOME": str(tmp_path), good: "ipc://run/there", "FADDER_ENDPOINT_REGISTY_READS": "x"}
    done = subprocess.run([fadder.BIN / "fadder", "settings"], capture_output=True, text=True, env=environment)
    assert re.search(rf"^{good} +ipc://run/there$", done.stdout, re.MULTILINE)
    assert done.stderr == "fadder: there is no setting FADDER_ENDPOINT_REGISTY_READS\n"
    environment[long] = "ipc://" + 122 * "x"
    refused = subprocess.run([fadder.BIN / "fadder-registry"], capture_output=True, text=True, env=environment)
    assert refused.returncode == 1 and f"{long} is longer than 127 bytes" in refused.stderr.splitlines()[-1]
    assert all(re.match(r"\d{4}-.*Z \w+ registry ", line) for line in refused.stderr.splitlines()), refused.stderr


def test_scripts_say_what_they_are_before_they_do_anything():
    version = subprocess.run([fadder.BIN / "fadder", "--version"], capture_output=True, text=True).stdout
    for script in ("up", "down", "test"):
        said = subprocess.run([OPS / script, "--version"], capture_output=True, text=True)
        assert (said.returncode, said.stdout) == (0, version), script
    for script in ("up", "down"):
        refused = subprocess.run([OPS / script, "--halp"], capture_output=True, text=True)
        assert refused.returncode == 2 and "--halp" in refused.stderr and not refused.stdout, script
    refused = subprocess.run([OPS / "up", "--detach", "--empty", "--halp"], capture_output=True, text=True)
    assert refused.returncode == 2 and "--halp" in refused.stderr and not refused.stdout
    said = subprocess.run([OPS / "up", "--help"], capture_output=True, text=True).stdout
    assert all(word in said for word in ("--detach", "--empty", "--without-keys")) and "set -" not in said


def test_the_operators_program_names_what_is_no_setting(tmp_path):
    environment = {**os.environ, "FADDER_HOME": str(tmp_path), "FADDER_PARTNER_RAT": "1", "FADDER_QWERTY": "1"}
    done = subprocess.run([fadder.BIN / "fadder", "settings"], capture_output=True, text=True, env=environment)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "fadder: there is no setting FADDER_PARTNER_RAT; is it FADDER_PARTNER_RATE?",
        "fadder: there is no setting FADDER_QWERTY",
    ]
