"""The demonstration's own way in: links that `fadder up` says, for whoever is on this machine, as long as it runs."""

from __future__ import annotations

import os
import re
import subprocess

import fadder
import pytest
from browser import Browser, mails_to


def links_of(system: fadder.System) -> dict[str, str]:
    """The path that is said for each part."""
    said = re.findall(rf"^  (\w+) +http://{re.escape(system.pages)}(/demonstration/\S+)$", "".join(system.said), re.MULTILINE)
    return dict(said)


def test_a_link_for_each_part_signs_in_for_this_run_only(make_system):
    system = make_system(FADDER_PAGES_DEMONSTRATION="yes").start()
    links = links_of(system)
    assert links.keys() >= {"coordinator", "mentor", "supervisor", "counsellor", "decision_maker", "signatory"}

    for part, path in links.items():
        browser = Browser(system).open(path)
        assert browser.status == 200 and not browser.cookies.keys() - {"fadder_language"}, "looked at, it signs in nobody"
        browser.press(path)
        assert browser.status == 200 and browser.path == "/", part
        assert "Sign out" in browser.page.text, part
    coordinator = Browser(system).open(links["coordinator"]).press(links["coordinator"])
    coordinator.open(links["mentor"]).press(links["mentor"])
    assert coordinator.open("/referrals").status in (403, 404), "who goes on as a mentor is one"
    assert not mails_to(system, "amina.warsame@example.org"), "nobody is sent a code"

    path = links["mentor"]
    wrong = path[:-4] + ("AAAA" if path[-4:] != "AAAA" else "BBBB")
    for other in (wrong, "/demonstration/x", "/demonstration/" + "A" * 43, links["coordinator"][:-22] + path[-22:]):
        assert Browser(system).open(other).status == 404, other

    system.kill("pages")
    system.wait_ready()
    assert Browser(system).open(path).status == 200, "the pages may die and come again"

    system.stop()
    system.start()
    assert links_of(system)["mentor"] != path and Browser(system).open(path).status == 404, "another run has other links"
    system.stop()
    system.environment["FADDER_PAGES_DEMONSTRATION"] = "no"
    system.start()
    assert not links_of(system) and not (system.home / "run" / "demonstration.key").exists()
    assert Browser(system).open(path).status == 404


@pytest.mark.parametrize(
    "settings",
    [
        {"FADDER_PAGES": "0.0.0.0:0"},
        {"FADDER_PAGES": "[::]:0"},
        {"FADDER_PAGES_URL": "https://my.fadder.example.org"},
        {"FADDER_PAGES_URL": "http://my.fadder.example.org"},
        {"FADDER_PAGES_URL": "http://127.0.0.1.example.org"},
        {"FADDER_PAGES_URL": "http://[2001:db8::1]:8081"},
    ],
)
def test_it_is_refused_where_others_could_come(tmp_path, settings):
    environment = {**os.environ, "FADDER_HOME": str(tmp_path), "FADDER_PAGES": "127.0.0.1:0", "FADDER_PAGES_URL": "", "FADDER_PAGES_DEMONSTRATION": "yes", **settings}
    done = subprocess.run([fadder.BIN / "fadder-pages"], env=environment, capture_output=True, text=True, timeout=fadder.PATIENCE)
    assert done.returncode != 0 and "FADDER_PAGES_DEMONSTRATION" in done.stdout + done.stderr
