"""What SECURITY.md, PRIVACY.md, THREATS.md and ASVS.md name as shown by a test is there: file, folder, and test by its name.
Each row of the tables of threats and of ASVS names one, or says that it is open or that there is nothing to ask for."""

from __future__ import annotations

import re
import unittest

import house

DOCUMENTS = ("SECURITY.md", "PRIVACY.md", "THREATS.md", "ASVS.md")
QUOTED = re.compile(r"`([^`]+)`")
FILE = re.compile(r"(?:tests/)?[\w./-]*?(?:_test\.(?:c|py)|test_\w+\.py|\.test\.mjs|\.cmake)$")
TEST = re.compile(r"[a-z0-9_]{12,}$")


def rows(document: str) -> list[str]:
    lines = (house.ROOT / document).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("|") and not re.match(r"\|[\s:|-]+\|$", line)]


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


class Claims(unittest.TestCase):
    def test_every_file_and_folder_that_is_named_is_there(self):
        known = {path.name for path in house.ROOT.glob("tests/**/*")}
        count = 0
        for document in DOCUMENTS:
            for quoted in QUOTED.findall((house.ROOT / document).read_text(encoding="utf-8")):
                if quoted.startswith("tests/"):
                    self.assertTrue((house.ROOT / quoted).exists(), f"{document}: {quoted}")
                elif FILE.match(quoted):
                    self.assertIn(quoted, known, document)
                else:
                    continue
                count += 1
        self.assertGreater(count, 100)

    def test_every_test_that_is_named_is_in_the_file_before_it(self):
        count = 0
        for document in ("THREATS.md", "ASVS.md"):
            for row in rows(document):
                file = None
                for quoted in QUOTED.findall(cells(row)[-1]):
                    if quoted.startswith("tests/"):
                        file = house.ROOT / quoted
                    elif file is not None and TEST.match(quoted):
                        text = file.read_text(encoding="utf-8")
                        self.assertRegex(text, rf"\b{quoted}\(", f"{document}: {file.name}")
                        count += 1
        self.assertGreater(count, 50)

    def test_every_row_names_one_or_says_why_not(self):
        for row in rows("THREATS.md"):
            if re.match(r"\| [stride] \|", row):
                self.assertRegex(row, r"`tests/|\*open\*: \w", row)
        for row in rows("ASVS.md"):
            if re.match(r"\| \d", row):
                self.assertRegex(row, r"`tests/|open: \w|none: \w", row)

    def test_every_chapter_is_there(self):
        said = {int(number) for row in rows("ASVS.md") for number in re.findall(r"^\| \*\*V(\d+)\*\*", row)}
        self.assertEqual(said, set(range(1, 15)))


if __name__ == "__main__":
    unittest.main()
