"""How long is checked when it is built: what does not fit is refused with row and field."""

from __future__ import annotations

import json
import pathlib
import sys
import tempfile
import unittest

CODES = pathlib.Path(__file__).parents[2] / "common/codes"
sys.path.insert(0, str(CODES))
sys.dont_write_bytecode = True

import retention

OURS = json.loads((CODES / "retention.json").read_text(encoding="utf-8"))


class Retention(unittest.TestCase):
    def said(self, rows: object) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "retention.json")
            path.write_text(json.dumps(rows), encoding="utf-8")
            try:
                retention.Rows(path)
            except SystemExit as why:
                return str(why)
        return ""

    def changed(self, **fields: object) -> str:
        return self.said([OURS[0] | fields, *OURS[1:]])

    def test_ours_fits(self):
        self.assertEqual(self.said(OURS), "")

    def test_what_does_not_fit_is_refused_with_row_and_field(self):
        wrong = {
            "country": ("dk", None), "kind": ("guess", 1), "days": (0, 3661, "84", True, 1.5), "source": ("", None),
            "address": ("http://example.org", ""), "from": ("yesterday", None, 20000101), "until": ("1999-12-31", 7),
        }  # fmt: skip
        for field, values in wrong.items():
            for value in values:
                with self.subTest(field, value=value):
                    self.assertRegex(self.changed(**{field: value}), rf"^retention.json: row 1: {field}: ")
        self.assertRegex(self.said([OURS[0] | {"why": "x"}, *OURS[1:]]), "^retention.json: row 1: fields: ")
        self.assertEqual(self.said({}), "retention.json: not a list")

    def test_who_is_erased_is_told_before(self):
        at = next(i for i, row in enumerate(OURS) if row["kind"] == "participant")
        for notice in (0, "28", True, None, OURS[at]["days"]):
            with self.subTest(notice=notice):
                said = self.said([*OURS[:at], OURS[at] | {"notice": notice}, *OURS[at + 1 :]])
                self.assertRegex(said, rf"^retention.json: row {at + 1}: notice: ")
        without = {key: value for key, value in OURS[at].items() if key != "notice"}
        self.assertRegex(self.said([*OURS[:at], without, *OURS[at + 1 :]]), rf"^retention.json: row {at + 1}: fields: ")
        self.assertRegex(self.changed(notice=7), "^retention.json: row 1: fields: ")

    def test_on_each_day_one_holds(self):
        self.assertRegex(self.said(OURS[1:]), "access in se: nothing holds from 2000-01-01 on")
        self.assertRegex(self.changed(until="2026-06-30"), "access in se: nothing holds from 2026-07-01 on")
        self.assertRegex(self.said([*OURS, OURS[0]]), "row 9: from: ")
        first = OURS[0] | {"until": "2026-06-30"}
        for begins, refused in (("2026-07-01", False), ("2026-07-02", True), ("2026-06-30", True)):
            said = self.said([first, *OURS[1:], OURS[0] | {"from": begins}])
            self.assertEqual("row 9: from: " in said, refused, (begins, said))


if __name__ == "__main__":
    unittest.main()
