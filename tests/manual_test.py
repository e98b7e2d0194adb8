"""The manual page says what --help says: every command, option and setting; and it is well-formed."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import unittest

BUILD = pathlib.Path(os.environ.get("BUILD_DIR", ""))
FADDER = BUILD / "bin/fadder"
PAGE = BUILD / "share/man/man1/fadder.1"


def said(*words: object) -> str:
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True).stdout


def plain() -> str:
    """The page as a reader sees it, one long line."""
    text = said("mandoc", "-T", "utf8", "-O", "width=200", PAGE)
    return " ".join(re.sub(r".\x08", "", text).split())


class Manual(unittest.TestCase):
    def test_every_command_and_option_is_there(self):
        page = plain()
        commands = re.findall(r"^  (\w+(?: \w+)?)  +\S", said(FADDER, "--help"), re.MULTILINE)
        self.assertGreater(len(commands), 15)
        for command in commands:
            text = said(FADDER, *command.split(), "--help")
            with self.subTest(command):
                self.assertIn(" ".join(text.splitlines()[0].split()), page)
                for sentence in re.findall(r"^  \S+(?: \S+)?  +(\S.*)$", text, re.MULTILINE):
                    self.assertIn(" ".join(sentence.split()), page)

    def test_every_setting_is_there(self):
        page = plain()
        for name in re.findall(r"^(FADDER_\S+)", said(FADDER, "settings"), re.MULTILINE):
            self.assertIn(name, page)

    def test_it_is_well_formed(self):
        said("mandoc", "-T", "lint", "-W", "error", PAGE)


if __name__ == "__main__":
    unittest.main()
