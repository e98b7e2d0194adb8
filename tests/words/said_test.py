"""What services refuse with stands in the catalogue, word by word, so that pages can say it in their reader's language."""

from __future__ import annotations

import json
import pathlib
import sys
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "common/words"))
sys.dont_write_bytecode = True

from po import Catalogue  # noqa: E402

# What only deadlines, matchers and agencies' systems are answered, or who types at a terminal.
NOT_FOR_PEOPLE = {
    "mentee.explained_already", "mentorship.outdated", "posting.not_due", "person.nothing_to_lapse", "person.not_due",
    "person.restriction_goes_on", "person.nothing_to_remind", "person.nothing_to_hide", "person.nothing_to_announce",
    "person.nothing_to_thin", "person.nothing_to_take", "person.still_kept", "programme.nobody_looked_for",
    "programme.nothing_to_apply", "question.not_due", "referral.not_a_partner", "referral.wrong_programme", "referral.not_due",
    "session.not_due", "token.not_a_role", "token.hash_taken", "token.not_due",
}  # fmt: skip

# What programs and agencies' systems fill in, or who types at a terminal.
NOT_TYPED = {"bus.json", "journal.json", "audit.json", "message.json", "partner.json"}
NOT_TYPED_EITHER = {
    "letters, digits and . _ : / - without blanks",
    "a name of letters, digits, dots, hyphens and underscores",
}  # fmt: skip


def looks(value: object) -> set[str]:
    """What texts of a pattern look like, wherever they stand in it."""
    if isinstance(value, list):
        return {look for one in value for look in looks(one)}
    if not isinstance(value, dict):
        return set()
    return ({value["x-looks"]} if "x-looks" in value else set()) | looks(list(value.values()))


def refusals() -> dict[str, str]:
    found = {}
    for path in sorted((TOP / "schemas").rglob("*.json")):
        for name, said in json.loads(path.read_text()).get("refusals", {}).items():
            found[f"{path.stem}.{name}"] = said if isinstance(said, str) else said["text"]
    return found


class Said(unittest.TestCase):
    def test_every_refusal_that_somebody_can_read_is_in_the_catalogue(self):
        known = {text for key, entry in self.english().items() if key.startswith("refusal.") for text in entry.forms}
        missing = {name: text for name, text in refusals().items() if name not in NOT_FOR_PEOPLE and text not in known}
        self.assertEqual(missing, {})

    def test_what_the_catalogue_has_is_refused_somewhere(self):
        said = set(refusals().values())
        life = (TOP / "common/core/life.c").read_text()
        for key, entry in self.english().items():
            if key.startswith("refusal."):
                self.assertTrue(entry.forms[0] in said or entry.forms[0] in life, key)

    def test_what_is_said_of_fields_is_said_somewhere(self):
        sources = [path for part in ("common", "services") for path in sorted((TOP / part).rglob("*.c"))]
        said = "".join(path.read_text() for path in [*sources, *sorted((TOP / "schemas").rglob("*.json"))])
        for key, entry in self.english().items():
            if key.startswith("fault."):
                begin = entry.forms[0].split("{")[0].removesuffix("…").removeprefix("not ")[:20]
                self.assertIn(begin, said, key)

    def test_what_a_field_has_to_look_like_is_in_the_catalogue(self):
        known = {entry.forms[0].split(", such as {")[0] for key, entry in self.english().items() if key.startswith("fault.")}
        files = [path for path in sorted((TOP / "schemas").rglob("*.json")) if path.name not in NOT_TYPED]
        typed = {look for path in files for look in looks(json.loads(path.read_text()))}
        self.assertEqual(NOT_TYPED_EITHER - typed, set())
        self.assertEqual({look for look in typed - NOT_TYPED_EITHER if f"not {look}" not in known}, set())

    def test_what_is_for_no_person_is_one_that_there_is(self):
        self.assertEqual(NOT_FOR_PEOPLE - set(refusals()), set())

    @staticmethod
    def english() -> dict:
        return Catalogue(TOP / "common/words/en.po").entries


if __name__ == "__main__":
    unittest.main()
