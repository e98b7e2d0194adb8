"""Fixtures of the system tests; see fadder.py."""

from __future__ import annotations

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import fadder
from chromium import DESK, Chromium


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    """A running system with the demonstration programme, for all tests of a file."""
    running = fadder.System(tmp_path_factory.mktemp("fadder") / "home")
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def make_system(tmp_path):
    """For tests that do not leave a system as it was: make_system(load=False, FADDER_SMTP=…), not yet started."""
    made = []

    def make(**settings):
        made.append(fadder.System(tmp_path / f"home{len(made)}", **settings))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def hooks(tmp_path):
    """A real HTTP server that keeps the webhooks it is sent."""
    receiver = fadder.Receiver("hooks.py", tmp_path / "hooks.jsonl").start()
    yield receiver
    receiver.stop()


@pytest.fixture
def smtp(tmp_path):
    """A real SMTP server that keeps the mails it is given."""
    receiver = fadder.Receiver("smtp.py", tmp_path / "mails").start()
    yield receiver
    receiver.stop()


@pytest.fixture
def scripted(tmp_path):
    """An SMTP server that answers as scripted.script(…) last said."""
    receiver = fadder.Receiver("scripted.py", tmp_path / "scripted").start()
    yield receiver
    receiver.stop()


@pytest.fixture
def chromium(system, tmp_path):
    """chromium(size, script): each with a profile of its own."""
    made = []

    def make(size=DESK, script=True) -> Chromium:
        place = tmp_path / f"browser{len(made)}"
        place.mkdir()
        made.append(Chromium(system, place, size, script))
        return made[-1]

    yield make
    for one in made:
        one.close()
