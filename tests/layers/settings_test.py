"""Settings stand in one table: every FADDER_ name that is read or written about is in it, and nothing else reads the
environment."""

from __future__ import annotations

import re
import unittest

import house

TABLE = house.ROOT / "common/base/settings_table.c"
# Names that the build makes, not the environment.
BUILT = {"FADDER_VERSION"}
READERS = {"common/base/settings.c", "common/bus/peer.c"}  # peer.c: FADDER_ENDPOINT_*, whose names are made


def texts() -> dict[str, str]:
    patterns = ("common/**/*.[ch]", "services/**/*.[ch]", "ops/**/*.[ch]", "**/*.md", "ops/*", "ops/lib/*", "*.yml")
    paths = {path for pattern in patterns for path in house.ROOT.glob(pattern) if path.is_file()}
    hidden = {"build", "var", "node_modules"}
    return {
        str(path.relative_to(house.ROOT)): path.read_text(encoding="utf-8")
        for path in sorted(paths)
        if not hidden & set(path.relative_to(house.ROOT).parts) and path.suffix not in (".svg", ".png")
    }


class Settings(unittest.TestCase):
    names = re.findall(r'^    \{"(FADDER_[A-Z_]+\*?)"', TABLE.read_text(encoding="utf-8"), re.MULTILINE)

    def is_known(self, name: str) -> bool:
        return name in BUILT or any(
            name == known or (known.endswith("*") and (name + "_").startswith(known[:-1])) for known in self.names
        )

    def test_every_name_is_in_the_table(self):
        self.assertGreater(len(self.names), 10)
        for path, text in texts().items():
            for name in set(re.findall(r"\bFADDER_[A-Z_]*[A-Z]\b", text)):
                with self.subTest(path, name=name):
                    self.assertTrue(self.is_known(name) or path.endswith("CMakeLists.txt"))

    def test_what_tests_are_told_by_their_environment_is_in_the_table_or_no_setting(self):
        told = re.compile(r'environ(?:\.get\(|\[)"(FADDER_[A-Z_]+)|["; ](FADDER_[A-Z_]+)=\$')
        for path in [*house.ROOT.glob("tests/**/*.py"), *house.ROOT.glob("tests/**/CMakeLists.txt")]:
            for names in told.findall(path.read_text(encoding="utf-8")):
                with self.subTest(path, names=names):
                    self.assertTrue(self.is_known("".join(names)))

    def test_containers_are_given_what_can_be_set(self):
        compose = (house.ROOT / "docker-compose.yml").read_text(encoding="utf-8")
        rows = re.compile(r'^    \{"(FADDER_[A-Z_]+)", [^\n]*"([^"]+)",$', re.MULTILINE)
        for name, programs in rows.findall(TABLE.read_text(encoding="utf-8")):
            if name in ("FADDER_HOME", "FADDER_PAGES_DEMONSTRATION") or programs.startswith("ops/"):
                continue  # the image's own; refused in a container; of scripts that run elsewhere
            with self.subTest(name):
                self.assertIn(name, compose)

    def test_nothing_else_reads_the_environment(self):
        for path, text in texts().items():
            if path.endswith((".c", ".h")) and "getenv(" in text:
                with self.subTest(path):
                    self.assertIn(path, READERS)


if __name__ == "__main__":
    unittest.main()
