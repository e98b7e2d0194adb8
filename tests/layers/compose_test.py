"""docker-compose.yml runs every service of the list, each with a volume of its own; the image holds every program."""

from __future__ import annotations

import os
import pathlib
import re
import unittest

import house

ROOT = house.ROOT
BUILD = pathlib.Path(os.environ.get("BUILD_DIR", ""))


def blocks(section: str) -> dict[str, str]:
    """The blocks of a top-level section of docker-compose.yml, by name."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    part = re.search(rf"^{section}:\n((?:(?: .*|)\n)*)", text, re.MULTILINE)
    found = re.findall(r"^  ([a-z-]+):(.*\n(?:(?:    .*|)\n)*)", part.group(1), re.MULTILINE)
    return dict(found)


class Compose(unittest.TestCase):
    def test_every_service_has_a_block_and_a_volume(self):
        here, volumes = blocks("services"), blocks("volumes")
        for service in house.services(BUILD):
            with self.subTest(service):
                self.assertIn(service, here, "no block")
                self.assertIn(f"command: fadder-{service}\n", here[service])
                self.assertRegex(here[service], rf'volumes: \["run:/fadder/run", "{service}:/fadder"')
                self.assertIn(service, volumes, "no volume")

    def test_each_is_a_user_of_its_own_and_may_nothing(self):
        here = blocks("services")
        users = {}
        for service in house.services(BUILD):
            with self.subTest(service):
                found = re.findall(r'^    user: "(\d+):10001"$', here[service], re.MULTILINE)
                self.assertEqual(len(found), 1, "no user, or not of the group")
                self.assertNotIn(found[0], users)
                users[found[0]] = service
        text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
        shared = re.search(r"^x-service: &service\n((?:  .*\n)*)", text, re.MULTILINE).group(1)
        for line in ("read_only: true", "cap_drop: [ALL]", 'security_opt: ["no-new-privileges:true"]'):
            self.assertIn(f"\n  {line}", shared)
        self.assertRegex(text, r'\nx-key: &key\n  <<: \*service\n  restart: "no"\n')
        for block in here.values():
            self.assertRegex(block, r"    <<: \*(service|key)\n")
        for word in ("privileged: true", "cap_add", "unconfined", "network_mode: host", "pid: host"):
            self.assertNotIn(word, text)

    def test_nothing_else_runs_but_what_is_once(self):
        services = house.services(BUILD).keys()
        others = blocks("services").keys() - services
        self.assertEqual(others, {"load", "demo", "operator"} | {f"{service}-key" for service in services})

    def test_no_service_says_who_is_let_in_on_the_bus(self):
        """What makes its key, and ends, writes there; and the operator's program, as who loads."""
        here = blocks("services")
        for service in house.services(BUILD):
            with self.subTest(service):
                maker = here[f"{service}-key"]
                self.assertRegex(here[service], r'"peers:/fadder/keys/bus:ro"')
                self.assertNotRegex(here[service], r'"peers:/fadder/keys/bus"')
                self.assertIn(f"    depends_on: [{service}-key]\n", here[service])
                self.assertIn(f"    <<: *key\n", maker)
                self.assertIn(f"    command: fadder peers {service}\n", maker)
                self.assertIn(f'"{service}:/fadder"', maker)
                user = re.compile(r'^    user: "(.*)"$', re.MULTILINE)
                self.assertEqual(user.findall(maker), user.findall(here[service]))
                self.assertNotIn("run:/fadder/run", maker)

    def test_the_demonstration_is_loaded_into_all_that_keep_a_journal(self):
        names = re.search(r"^    depends_on: \[(.*)\]$", blocks("services")["load"], re.MULTILINE).group(1)
        journaled = [service for service, keeps_one in house.services(BUILD).items() if keeps_one]
        self.assertEqual(sorted(names.split(", ")), sorted(journaled))

    def test_the_image_builds_and_copies_every_program(self):
        text = (ROOT / "ops/Dockerfile").read_text(encoding="utf-8")
        self.assertIn("--target programs", text)
        self.assertIn("bin/fadder-* /usr/local/bin/", text)


if __name__ == "__main__":
    unittest.main()
