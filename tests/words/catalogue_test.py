"""Catalogues: what comes out of them, and what stops the build, naming file, line and key."""

from __future__ import annotations

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
WORDS = ROOT / "common/words"
sys.path.insert(0, str(WORDS))

import catalogue

HEADER = """msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
{more}
"""
ENGLISH = """
msgid "mail.hello"
msgstr "Hello {name}, {pairs}"

msgid "count.pairs"
msgid_plural "count.pairs"
msgstr[0] "{n} pair"
msgstr[1] "{n} pairs"
"""
SWEDISH = """
msgid "count.pairs"
msgid_plural "count.pairs"
msgstr[0] "ett par"
msgstr[1] "{n} "
"par"

# A greeting.
msgid "mail.hello"
msgstr "{pairs}, hej {name}!"
"""
FALLS_BACK = '"X-Fadder-Falls-Back-To: sv\\n"\n'


def po(code: str, text: str, more: str = "") -> str:
    return HEADER.format(code=code, more=more) + text


class Made:
    """What the generator says of some catalogues, and what it writes."""

    def __init__(self, files: dict[str, str | bytes]):
        with tempfile.TemporaryDirectory() as temporary:
            folder, out = pathlib.Path(temporary, "words"), pathlib.Path(temporary, "out")
            folder.mkdir()
            for name, text in files.items():
                (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
            try:
                catalogue.main(str(folder), str(out))
                self.says = ""
            except SystemExit as why:
                self.says = str(why).replace(f"{folder}/", "")
            self.files = {path.name: path.read_text() for path in out.rglob("*.*")}


class Wanted(unittest.TestCase):
    def test_two_languages_become_one_enum_and_two_tables(self):
        made = Made({"en.po": po("en", ENGLISH), "sv.po": po("sv", SWEDISH)})
        self.assertEqual(made.says, "")
        header, source = made.files["catalogue.h"], made.files["catalogue.c"]
        self.assertIn("    WORDS_MAIL_HELLO, /* {name} {pairs} */\n    WORDS_COUNT_PAIRS, /* {n} */", header)
        self.assertIn('WORDS_LANGUAGE_CODES "en or sv"', header)
        self.assertIn('[LANGUAGE_SV] = {form_sv, 2, LANGUAGE_SV, "ltr", {', source)
        self.assertIn('[WORDS_COUNT_PAIRS] = (const char *const[]){"ett par", "{n} par", NULL}', source)

    def test_a_language_that_falls_back_may_lack_what_it_likes(self):
        fuzzy = '#, fuzzy\nmsgid "mail.hello"\nmsgstr "{pairs}{name}"\n#~ msgid "old.key"\n#~ msgstr "x"\n'
        pairs = 'msgid "count.pairs"\nmsgid_plural "count.pairs"\nmsgstr[0] "{n} pari"\nmsgstr[1] ""\n'
        files = {"en.po": po("en", ENGLISH), "sv.po": po("sv", SWEDISH)}
        made = Made(files | {"fi.po": po("fi", fuzzy + pairs, FALLS_BACK)})
        self.assertEqual(made.says, "")
        self.assertIn('[LANGUAGE_FI] = {form_fi, 2, LANGUAGE_SV, "ltr", {\n        NULL}},', made.files["catalogue.c"])
        made = Made(files | {"fi.po": po("fi", fuzzy + pairs.replace('""', '"{n} paria"'), FALLS_BACK)})
        self.assertIn('form_fi, 2, LANGUAGE_SV, "ltr", {\n        [WORDS_COUNT_PAIRS] = ', made.files["catalogue.c"])

    def test_text_is_a_string_in_c_whatever_is_in_it(self):
        text = 'msgid "a.b"\nmsgstr "\\"\\\\ ??/ %s åäö العربية"\n'
        made = Made({"en.po": po("en", text)})
        self.assertIn(r'{"\"\\ \?\?/ %s åäö العربية", NULL}', made.files["catalogue.c"])

    def test_what_has_not_changed_is_left_alone(self):
        with tempfile.TemporaryDirectory() as temporary:
            command = [sys.executable, "-B", WORDS / "catalogue.py", WORDS, temporary, temporary + "/stamp"]
            subprocess.run(command, check=True)
            before = {path: path.stat().st_mtime_ns for path in pathlib.Path(temporary, "words").iterdir()}
            pathlib.Path(temporary, "words/catalogue.c").write_text("damaged")
            subprocess.run(command, check=True)
            changed = [path.name for path, then in before.items() if path.stat().st_mtime_ns != then]
            self.assertEqual((changed, len(before)), (["catalogue.c"], 2))
            self.assertTrue(pathlib.Path(temporary, "stamp").exists())


class Refused(unittest.TestCase):
    def check(self, says: str, swedish: str = SWEDISH, english: str = ENGLISH, **files: str | bytes) -> None:
        given = {"en.po": po("en", english), "sv.po": po("sv", swedish)}
        made = Made(given | {name.replace("_", "."): text for name, text in files.items()})
        self.assertIn(says, made.says)
        self.assertRegex(made.says, r"^\w+\.po:[0-9]+: .+$")
        self.assertEqual(made.files, {})

    def change(self, old: str, new: str, says: str) -> None:
        self.assertIn(old, SWEDISH)
        self.check(says, SWEDISH.replace(old, new))

    def test_the_example_itself_is_not(self):
        self.assertEqual(Made({"en.po": po("en", ENGLISH), "sv.po": po("sv", SWEDISH)}).says, "")

    def test_a_key_that_is_not_translated(self):
        hello = SWEDISH[SWEDISH.index("# A greeting") :]
        self.change(hello, "", "sv.po:13: mail.hello: is missing; en.po has it in line 8")
        self.change('"{pairs}, hej {name}!"', '""', "sv.po:15: mail.hello: is empty")
        self.change('"ett par"', '""', "sv.po:8: count.pairs: is empty")
        self.change("# A greeting.", "#, c-format, fuzzy", "sv.po:15: mail.hello: is fuzzy")
        obsolete = "".join(f"#~ {line}\n" for line in hello.splitlines()[1:])
        self.change(hello, obsolete, "sv.po:14: mail.hello: is obsolete here")

    def test_a_key_that_nobody_else_has(self):
        self.change("# A greeting.", 'msgid "mail.bye"\nmsgstr "Hej då"\n', "sv.po:14: mail.bye: is not in en.po")
        made = po("fi", 'msgid "mail.bye"\nmsgstr "Heippa"\n', FALLS_BACK)
        self.check("fi.po:8: mail.bye: is not in en.po", fi_po=made)

    def test_a_key_twice(self):
        again = '\nmsgid "mail.hello"\nmsgstr ""\n'
        self.check("sv.po:18: mail.hello: is here twice; first in line 15", SWEDISH + again)

    def test_other_places(self):
        self.change("{name}!", "{namn}!", "sv.po:15: mail.hello: has {namn} and lacks {name}, other than en.po")
        self.change("{pairs}, ", "", "sv.po:15: mail.hello: lacks {pairs}, other than en.po")
        self.change("{name}!", "{name} {date}!", "sv.po:15: mail.hello: has {date}, other than en.po")
        for text in ("{", "}", "{}", "{Name}", "{{name}}", "{ name }"):
            self.change("{name}!", "{name}" + text, "sv.po:15: mail.hello: has a brace that is none of a {name}")
        made = po("fi", 'msgid "mail.hello"\nmsgstr "Hei {name}"\n', FALLS_BACK)
        self.check("fi.po:8: mail.hello: lacks {pairs}", fi_po=made)

    def test_numbers_that_are_not_counted_and_counts_without_a_number(self):
        self.change("{name}!", "{name} {n}!", "sv.po:15: mail.hello: has {n}, but no msgid_plural")
        self.change('"{n} "', '"flera "', "sv.po:8: count.pairs: lacks {n}, other than en.po: flera par")
        self.change('"{n} "', '"{+n} "', "sv.po:8: count.pairs: has {+n} and lacks {n}")
        english = ENGLISH.replace("{n} pair", "pair").replace('"{n}', '"')
        self.check("en.po:11: count.pairs: is counted, and has neither {n} nor {+n}", english=english)
        plain = 'msgid "count.pairs"\nmsgstr "par"\n'
        counted = SWEDISH[: SWEDISH.index("\n# A greeting")]
        self.change(counted, plain, "count.pairs: is counted (msgid_plural) in one language and not in the other")

    def test_too_few_or_too_many_forms(self):
        self.change('msgstr[1] "{n} "\n"par"\n', "", "sv.po:8: count.pairs: has 1 forms, and its language 2")
        self.change('"par"\n', '"par"\nmsgstr[2] "{n} par"\n', "sv.po:8: count.pairs: has 3 forms")
        self.change("msgstr[1]", "msgstr[2]", "sv.po:11: count.pairs: msgstr with another number than the next")
        self.change("msgstr[0]", "msgstr", "sv.po:10: count.pairs: msgstr with another number")
        self.change('msgid_plural "count.pairs"', 'msgid_plural "count.couples"', "msgid_plural is not the key again")

    def test_headers_that_say_nothing(self):
        for old, new, says in (
            ("Language: sv", "Language: en", "Language is not sv, as the file is called"),
            ("UTF-8", "ISO-8859-1", "Content-Type is not UTF-8"),
            ("(n != 1)", "n %", "Plural-Forms is not understood at its end"),
            ("(n != 1)", "n % 3", "Plural-Forms gives form 2 when n is 2, and there are 2"),
            ("Plural-Forms", "Forms", "Plural-Forms is not like nplurals=2"),
        ):
            self.check(f"sv.po:1: the header's {says}", sv_po=po("sv", SWEDISH).replace(old, new))
        self.check("sv.po:1: no header", sv_po=SWEDISH)
        self.check("se2.po:1: se2 is not a language's code", se2_po=po("se2", SWEDISH))

    def test_falling_back_where_there_is_nothing_to_fall_on(self):
        says = "X-Fadder-Falls-Back-To is for others than en, nb, nn, sv, and names one of them"
        self.check(f"sv.po:1: {says}", sv_po=po("sv", SWEDISH, FALLS_BACK))
        self.check(f"fi.po:1: {says}", fi_po=po("fi", "", FALLS_BACK.replace("sv", "ar")))
        self.check("fi.po:6: mail.hello: is missing", fi_po=po("fi", ""))

    def test_lines_that_are_none_of_a_catalogue(self):
        for old, new, says in (
            ('msgstr "{pairs}', "msgstr {pairs}", "sv.po:16: not a line of a catalogue"),
            ("# A greeting.", 'msgctxt "x"', "sv.po:14: not a line of a catalogue"),
            ("# A greeting.", "A greeting.", "sv.po:14: not a line of a catalogue"),
            ("hej", r"\hej", r"sv.po:16: \h is not an escape"),
            ('msgstr "{pairs}, hej {name}!"\n', "", "sv.po:15: mail.hello: has no msgstr"),
            ('msgid_plural "count.pairs"\n', "", "sv.po:9: count.pairs: msgstr with another number"),
            ('o"\nmsgstr', 'o"\nmsgid_plural ""\nmsgid_plural ""\nmsgstr', "sv.po:17: mail.hello: msgid_plural"),
        ):
            self.change(old, new, says)
        self.check("sv.po:1: ", sv_po=po("sv", SWEDISH).encode("utf-16"))
        self.check("sv.po:1: msgstr before the first msgid", sv_po='msgstr "x"')
        self.check("sv.po:1: a text that belongs to nothing", sv_po='"x"')

    def test_keys_and_texts_that_cannot_be(self):
        for key in ("hello", "Mail.hello", "mail.", "mail-hello.x", "mail..hello"):
            english = ENGLISH + f'\nmsgid "{key}"\nmsgstr ""\n'
            self.check(f"en.po:16: {key}: is not a key like mail.hello", english=english)
        doubled = ENGLISH + '\nmsgid "mail.he.llo"\nmsgstr "x"\nmsgid "mail.he_llo"\nmsgstr "x"\n'
        self.check("en.po:18: mail.he_llo: is one name with mail.he.llo in C", english=doubled)
        self.change("hej", r"hej\n", "sv.po:15: mail.hello: is more than one line")
        self.change("hej", "å" * 500, "sv.po:15: mail.hello: is longer than 1000 bytes")

    def test_no_english(self):
        self.assertIn("there is no en.po", Made({"sv.po": po("sv", SWEDISH)}).says)


class Ours(unittest.TestCase):
    files = sorted(WORDS.glob("*.po"))

    def test_gettext_takes_them(self):
        self.assertGreaterEqual({path.stem for path in self.files}, {"en", "nb", "nn", "sv"})
        for path in self.files:
            with self.subTest(path.name):
                command = ["msgfmt", "--check", "--output-file=/dev/null", path]
                done = subprocess.run(command, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_nothing_is_there_that_nobody_says(self):
        """Every key is named in C, whole or as what a mail's subject and text have in common. said_test.py has those that are found by their
        English."""
        sources = [path for part in ("common", "services", "ops") for path in (ROOT / part).rglob("*.c")]
        names = set(re.findall(r"\w+", "".join(path.read_text(encoding="utf-8") for path in sources)))
        for path in (ROOT / "services").rglob("*.html"):
            names |= {catalogue.constant(key) for key in re.findall(r"[a-z_]+(?:\.[a-z_]+)+", path.read_text(encoding="utf-8"))}
        for entry in catalogue.Language(WORDS / "en.po").entries:
            if entry.startswith(("refusal.", "fault.")):
                continue
            constant = catalogue.constant(entry)
            stem = re.sub("^WORDS_MAIL_(.*)_(SUBJECT|TEXT)$", r"\1", constant)
            self.assertTrue({constant, stem} & names, f"{entry}: is said nowhere")


class OneMore(unittest.TestCase):
    """One more language (qaa: ISO 639 keeps it for local use) is its file; what speaks compiles as it is."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.temporary.name)
        cls.made = cls.root / "made"
        for folder in ("common/words", "schemas"):
            shutil.copytree(ROOT / folder, cls.root / folder)
        text = 'msgid "count.pairs"\nmsgid_plural "count.pairs"\nmsgstr[0] "{n} pari"\nmsgstr[1] "{n} paria"\n'
        (cls.root / "common/words/qaa.po").write_text(po("qaa", text, FALLS_BACK.replace("sv", "en")))
        for script in ("schemas/generate.py", "schemas/documents.py", "common/words/catalogue.py"):
            subprocess.run([sys.executable, "-B", cls.root / script, (cls.root / script).parent, cls.made], check=True)
        pages = ROOT / "services/pages"
        subprocess.run([sys.executable, "-B", pages / "generate.py", pages, cls.made, cls.root / "common/words/en.po"], check=True)
        (cls.made / "services").mkdir()
        (cls.made / "services/list.h").write_text('#define SERVICES_JOURNALED "registry"\nenum { SERVICES_COUNT = 1 };\n')

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_the_schemas_have_it(self):
        codes = sorted([path.stem for path in WORDS.glob("*.po")] + ["qaa"])
        described = json.loads((self.made / "openapi.json").read_text())["components"]["schemas"]
        self.assertEqual(described["common.language"]["enum"], codes)
        told = json.loads((self.made / "asyncapi.json").read_text())["components"]["schemas"]
        self.assertEqual(told["common.language"]["enum"], codes)
        constants = "".join(f"    LANGUAGE_{code.upper()},\n" for code in codes)
        self.assertIn(f"enum language {{\n{constants}}};", (self.made / "contract/common.h").read_text())

    def test_the_words_have_it(self):
        source = (self.made / "words/catalogue.c").read_text()
        self.assertIn('[WORDS_COUNT_PAIRS] = (const char *const[]){"{n} pari", "{n} paria", NULL}', source)
        self.assertIn('[LANGUAGE_QAA] = {form_qaa, 2, LANGUAGE_EN, "ltr", {', source)

    def test_what_speaks_compiles_as_it_is(self):
        what = re.compile(r'enum language|language_words|\bLANGUAGE_[A-Z]+\b|"(words/words|match/tell).h"')
        files = [path for part in ("common", "services", "ops") for path in sorted((ROOT / part).rglob("*.c"))]
        speaking = [path for path in files if what.search(path.read_text(encoding="utf-8"))]
        self.assertGreater(len(speaking), 5)
        folders = ("common", "ops/fadder", "services/mentor-assignment", "services/gateway")
        includes = [f"-I{self.made}", *(f"-I{ROOT / folder}" for folder in folders)]
        flags = "-std=c17 -D_DEFAULT_SOURCE -fsyntax-only -Wall -Wextra -Wpedantic -Wswitch-enum -Werror".split()
        for path in (self.made / "words/catalogue.c", self.made / "contract/common.c", *speaking):
            with self.subTest(path.name):
                services = [f"-I{folder}" for folder in path.parents if folder.parent == ROOT / "services"]
                subprocess.run(["cc", *flags, *services, *includes, path], check=True)


if __name__ == "__main__":
    unittest.main()
