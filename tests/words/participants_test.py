"""What participants read is there in every language that there is a catalogue of, and stands as well from right to left."""

from __future__ import annotations

import functools
import pathlib
import re
import sys
import unittest
from typing import Iterable

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "common/words"))

import catalogue

PAGES = ROOT / "services/pages"
WORDING = ROOT / "services/notification/wording.c"
# Said to nobody who takes part, though it stands by a page of theirs: why the matcher proposed somebody, to who decides.
# And to whoever sets a programme up, by the operator's link: they are nobody in it yet.
TO_OTHERS = {PAGES / "mentorships/explaining.c", *(PAGES / "beginning").iterdir()}
# Why something is refused, of whatever it is; what one service alone refuses is marked as English where a language lacks it.
# One word for one thing: what the English says, and how each language begins, ends or holds it, in whatever form.
NAMED = {
    r"mentors?": {"ar": "مرشد", "so": "hag[aeu]", "ti": "መኻ[ርሪ]", "uk": "наставни[кц]"},
    r"mentorship|mentoring": {"ar": "إرشاد", "so": "hagid", "ti": "ምኽሪ", "uk": "наставництв"},
    r"placements?": {"ar": "تدريب", "so": "tababar-shaq", "ti": "ልምምድ ስራሕ", "uk": "практи[кц]"},
    r"supervis(?:ors?|es)": {"ar": "شرف|إشراف", "so": "kormeer", "ti": "[ቖቆ]ጻ[ጸጻ]", "uk": "керівник|керу"},
    r"coordinator": {"ar": "منسق", "so": "isku-du", "ti": "ኣተሓባባሪ", "uk": "координатор"},
    r"participants?": {"ar": "مشارك", "so": "ka-qaybgal", "ti": "ተሳታ[ፍፊ]|ተሳተፍቲ", "uk": "учасник"},
    r"confidentiality": {"ar": "سرية", "so": "sirt", "ti": "ምስጢር", "uk": "конфіденційн"},
    r"assessment": {"ar": "تقييم", "so": "qiimayn", "ti": "ገምጋም", "uk": "оцінк"},
    r"day book": {"ar": "سجل", "so": "buugg", "ti": "መዝገብ", "uk": "щоденник"},
    r"erased?": {"ar": "محو", "so": "tirti", "ti": "ድም[ሰሳስ][ስሶ]", "uk": "вид[ая]л"},
}
# What is said to case officers and coordinators, and never to participants.
REFERRAL = {"ar": "إحالة", "en": "referral", "nb": "henvis", "nn": "tilvis|henvis", "so": "gudbin", "sv": "hänvis", "ti": "ምልኣኽ", "uk": "направлен"}
REFUSALS = {f"refusal.{code}" for code in ("not_now", "conflict", "forbidden", "guarded", "unknown")}


@functools.cache
def languages() -> tuple[list[catalogue.Language], catalogue.Language]:
    return catalogue.read(ROOT / "common/words")


def keys_in(text: str) -> set[str]:
    """Of C, and of a template."""
    keys = languages()[1].entries
    constants = {catalogue.constant(key): key for key in keys}
    return {constants[name] for name in re.findall(r"\bWORDS_[A-Z0-9_]+", text) if name in constants} | set(re.findall(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+", text)) & set(keys)


def roles_of(expression: str, defined: dict[str, str]) -> str:
    """As it is said, whatever it names put in its place."""
    while named := next((name for name in re.findall(r"[A-Z_]+", expression) if name in defined), None):
        expression = re.sub(rf"\b{named}\b", f"({defined[named]})", expression)
    return expression


def reads(expression: str) -> bool:
    """Whether participants are among such roles: ROLE_PT, all (~0u) or all but some; 0 is everybody."""
    return "ROLE_PT" in expression if "~" not in expression else "ROLE_PT" not in expression


def defined_roles(sources: Iterable[str]) -> dict[str, str]:
    """Several roles that have a name: a macro, or one of an enum."""
    named = r"(?:#define ([A-Z_]+)\s+|^\s*([A-Z_]+) = )(\(?ROLE_[A-Z_| ()]+)"
    return {macro or constant: roles for text in sources for macro, constant, roles in re.findall(named, text, re.MULTILINE)}


def pages() -> list[tuple[pathlib.Path, bool]]:
    """The file of each page, and whether participants come to it."""
    sources = {path: path.read_text(encoding="utf-8") for path in PAGES.rglob("*.[ch]")}
    defined = defined_roles(sources.values())
    found = []
    for path, text in sources.items():
        for body in re.findall(r"^const struct page \w+ = \{(.*?)\};", text, re.MULTILINE | re.DOTALL):
            roles = re.search(r"\.roles\s*=\s*([^,}]+)", body)
            found.append((path, reads(roles_of(roles[1], defined)) if roles else True))
    return found


def pages_say() -> set[str]:
    folders = {path.parent for path, is_theirs in pages() if is_theirs} | {PAGES}
    files = [path for folder in folders for path in folder.glob("*.*") if path.suffix in (".c", ".h", ".html") and path not in TO_OTHERS]
    said = {path: keys_in(path.read_text(encoding="utf-8")) for path in files}
    navigation = PAGES / "navigation.c"
    defined = defined_roles([(PAGES / "placements/placements.h").read_text(encoding="utf-8")])
    for row in re.findall(r"\{\"/[^}]*\}", navigation.read_text(encoding="utf-8")):
        if not reads(roles_of(row, defined)):
            said[navigation] -= keys_in(row)
    return set().union(*said.values())


def mails_say() -> set[str]:
    """All but the rows of the table that are for others."""
    found = set()
    for row in WORDING.read_text(encoding="utf-8").splitlines():
        if told := re.match(r"\s*\{MESSAGE_KIND_\w+, ([A-Z]{2}(?: \| [A-Z]{2})*), ", row):
            if not {"PT", "PN"} & set(told[1].split(" | ")):
                continue
            row = re.sub(r"SAYS\((\w+)\)", r"WORDS_MAIL_\1_SUBJECT WORDS_MAIL_\1_TEXT", row)
        found |= keys_in(row)
    return found


class Participants(unittest.TestCase):
    def lacking(self, wanted: set[str]) -> list[str]:
        return [
            f"{language.path.name}: {key}"
            for language in languages()[0]
            for key in sorted(wanted)
            if not ((entry := language.entries.get(key)) and entry.is_translated)
        ]

    def test_the_rule_finds_what_it_is_about(self):
        theirs = {path.name for path, is_theirs in pages() if is_theirs}
        others = {path.name for path, is_theirs in pages() if not is_theirs}
        self.assertLessEqual({"sign_in.c", "code.c", "link.c", "today.c", "me.c", "one.c", "day_book.c"}, theirs)
        self.assertLessEqual({"people.c", "tokens.c", "audit.c", "new.c"}, others)
        said = pages_say()
        self.assertLessEqual({"page.sign_in.lead", "page.mentorship.confidentiality_text", "date.monday", "page.nav.today", "page.day_book.agree", "page.problem.over_text"}, said)
        self.assertFalse({"page.nav.tokens", "page.nav.referrals", "explain.runner_up"} & said)
        said = mails_say()
        self.assertLessEqual({"mail.hello_name", "mail.mentorship_accepted.participant.text", "mail.session_requested.person.text", "mail.placement_recorded_for.said.agree_day"}, said)
        self.assertNotIn("mail.mentorship_accepted.coordinator.text", said)

    def test_every_page_that_they_come_to_is_in_every_language(self):
        self.assertEqual(self.lacking(pages_say()), [])

    def test_every_mail_to_them_is_in_every_language(self):
        self.assertEqual(self.lacking(mails_say()), [])

    def test_what_is_wrong_with_a_field_is_in_every_language(self):
        faults = {key for key in languages()[1].entries if key.startswith("fault.")}
        self.assertGreater(len(faults), 20)
        self.assertEqual(self.lacking(faults | REFUSALS | {"language.name"}), [])

    def test_what_is_written_from_left_to_right_keeps_its_order_in_arabic(self):
        """A day in digits, an id, a name: each apart from the words around it in a mail (Unicode's bidirectional algorithm); a page sets values apart itself, and
        shows such signs."""
        (arabic,) = (language for language in languages()[0] if language.code == "ar")
        signs = {"date": "\u2066", "id": "\u2066", "name": "\u2068", "programme": "\u2068"}  # to the right; as it is itself written
        found = set()
        for key, entry in arabic.entries.items():
            for before, place, after in re.findall(r"(.?)\{(\w+)\}(.?)", " ".join(entry.forms)):
                if key.startswith("mail.") and place in signs:
                    self.assertEqual((before, after), (signs[place], "\u2069"), key)
                    found.add(place)
        self.assertEqual(found, set(signs))
        for key, entry in arabic.entries.items():
            self.assertTrue(key.startswith("mail.") or not re.search("[\u2066-\u2069]", "".join(entry.forms)), key)


class Terms(unittest.TestCase):
    def test_one_thing_has_one_word(self):
        for word, ways in NAMED.items():
            said = [key for key, entry in languages()[1].entries.items() if re.search(rf"\b(?:{word})\b", entry.forms[0], re.IGNORECASE)]
            for language in languages()[0]:
                theirs = [entry for key in said if (entry := language.entries.get(key)) and entry.is_translated] if language.code in ways else []
                self.assertEqual(len(theirs) > 2, language.code in ways, word)
                for entry in theirs:
                    for form in entry.forms:
                        self.assertRegex(form.lower(), ways[language.code], f"{language.path.name}: {word}")

    def test_no_mail_to_them_is_of_a_referral(self):
        for language in languages()[0]:
            anywhere = {key for key, entry in language.entries.items() if any(re.search(REFERRAL[language.code], form.lower()) for form in entry.forms)}
            self.assertTrue(anywhere, language.code)
            self.assertEqual(anywhere & mails_say(), set(), language.code)


class Sides(unittest.TestCase):
    def test_nothing_is_left_or_right(self):
        """Of the stylesheet: lengths of four sides that are not the same to the left and to the right, and sides that are named."""
        style = (PAGES / "web/fadder.css").read_text(encoding="utf-8")
        style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
        self.assertEqual(re.findall(r"[-: ](?:left|right)\b", style), [])
        for value in re.findall(r"(?:padding|margin|inset|border-radius):([^;}]*)", style):
            sides = value.split()
            self.assertTrue(len(sides) < 4 or sides[1] == sides[3], value)


if __name__ == "__main__":
    unittest.main()
