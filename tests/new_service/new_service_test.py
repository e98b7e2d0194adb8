"""Adding a service touches its folder, its schemas, the list in services/CMakeLists.txt and docker-compose.yml: done here in
a copy of the tree, built, and run.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from typing import Any, Callable

HERE = pathlib.Path(__file__).parent
SOURCE = HERE.parents[1]
PATIENCE = 3000  # seconds; only there so that what is broken ends
JOBS = os.environ.get("BUILD_JOBS", "2")
PARTS = ("CMakeLists.txt", "common", "services", "schemas", "ops", "tests", "docker-compose.yml", *(path.name for path in SOURCE.glob("*.md")), "LICENSE")


def run(*words: object, **environment: str) -> str:
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, env={**os.environ, **environment}, timeout=PATIENCE
    )
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def soon(look: Callable[[], Any]) -> Any:
    """What look returns, as soon as it does not object: what has just been done may be seen a moment later."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return look()
        except (AssertionError, urllib.error.HTTPError):
            if time.monotonic() > end:
                raise
        time.sleep(0.1)


def read(url: str, token: str = "") -> str:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.read().decode()


def replace(path: pathlib.Path, pattern: str, by: str) -> None:
    text = path.read_text(encoding="utf-8")
    changed, count = re.subn(pattern, by, text, count=1, flags=re.MULTILINE)
    assert count == 1, f"{path} has no {pattern}"
    path.write_text(changed, encoding="utf-8")


def add_service(tree: pathlib.Path) -> None:
    """All there is to it."""
    shutil.copytree(HERE / "library", tree / "services/library")
    (tree / "schemas/library").mkdir()
    shutil.copy(HERE / "book.json", tree / "schemas/library")
    replace(tree / "services/CMakeLists.txt", r"^(set\(FADDER_JOURNALED .*)\)$", r"\1 library)")
    block = (HERE / "compose.yml").read_text(encoding="utf-8")
    replace(tree / "docker-compose.yml", r"^  gateway:$", block + "  gateway:")
    replace(tree / "docker-compose.yml", r"^volumes:$", "volumes:\n  library:")
    replace(tree / "docker-compose.yml", r"^(    depends_on: \[registry, .*)\]$", r"\1, library]")


class NewService(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.tree = pathlib.Path(cls.folder.name, "tree")
        cls.tree.mkdir()
        hidden = shutil.ignore_patterns("__pycache__")
        for part in PARTS:
            if (SOURCE / part).is_dir():
                shutil.copytree(SOURCE / part, cls.tree / part, ignore=hidden)
            else:
                shutil.copy(SOURCE / part, cls.tree / part)
        add_service(cls.tree)
        cls.build = cls.tree / "build"
        run("cmake", "-S", cls.tree, "-B", cls.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug")
        run("cmake", "--build", cls.build, "--target", "programs", "--", "-j", JOBS)
        cls.fadder = cls.build / "bin/fadder"

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_compose_knows_it(self):
        run(sys.executable, "-B", self.tree / "tests/layers/compose_test.py", BUILD_DIR=str(self.build))

    def test_the_gateway_serves_it_and_nothing_hostile_harms_it(self):
        run("cmake", "--build", self.build, "--target", "gateway_gateway_test", "service_hostile_test", "--", "-j", JOBS)
        run(self.build / "tests/gateway_gateway_test")
        run(self.build / "tests/service_hostile_test")

    def test_its_life_cycle_holds_and_is_written_down(self):
        run("cmake", "--build", self.build, "--target", "lifecycles-readme", "domain_lives_test")
        self.assertIn("| – | `add` | here |", (self.tree / "services/library/README.md").read_text(encoding="utf-8"))
        run(self.build / "tests/domain_lives_test")

    def test_its_habits_are_the_houses(self):
        run(sys.executable, "-B", self.tree / "tests/tidy.py", self.build, "--no-layout")

    def test_its_readme_and_its_layers_hold(self):
        run(sys.executable, "-B", self.tree / "tests/layers/layers_test.py", BUILD_DIR=str(self.build))
        run(
            sys.executable, "-B", self.tree / "tests/layers/fold_test.py",
            BUILD_DIR=str(self.build), JOURNALED="library",
        )

    def test_it_runs_and_is_seen_everywhere(self):
        home = pathlib.Path(self.folder.name, "home")
        settings = {"FADDER_HOME": str(home), "FADDER_HTTP": "127.0.0.1:0", "FADDER_PAGES": "127.0.0.1:0", "FADDER_WEBHOOK_ALLOW": "127.0.0.0/8"}
        load = self.tree / "ops/demo-data/integration-works.json"
        run(self.fadder, "up", "--detach", "--load", load, **settings)
        try:
            self.look_at_it(home, settings)
        finally:
            run(self.fadder, "down", **settings)

    def look_at_it(self, home: pathlib.Path, settings: dict[str, str]) -> None:
        known = json.loads((home / "demo.json").read_text())
        soon(lambda: self.assertRegex(run(self.fadder, "status", **settings), r"(?m)^library .* yes$"))
        body = home / "body.json"
        body.write_text('{"title": "Bröderna Lejonhjärta"}', encoding="utf-8")
        said = run(self.fadder, "say", "book.add", body,
                   "--programme", "integration-works", **settings)
        book = said.split()[0]

        at = f"http://127.0.0.1:{(home / 'run/http.port').read_text().strip()}"
        shown = soon(lambda: read(f"{at}/v1/books/{book}", known["token-admin"]["secret"]))
        self.assertEqual(json.loads(shown)["title"], "Bröderna Lejonhjärta")
        self.assertIn("/v1/books/{id}", json.loads(read(f"{at}/openapi.json"))["paths"])
        following = 'fadder_following{program="library",from="registry",to="library"}'
        soon(lambda: self.assertIn(following, read(f"{at}/metrics")))

        events = [json.loads(line) for line in run(self.fadder, "follow", "library", "--once", **settings).splitlines()]
        self.assertEqual([event["type"] for event in events], ["book.added"])
        self.assertIn("library", run(self.fadder, "verify", "library", **settings))


if __name__ == "__main__":
    unittest.main()
