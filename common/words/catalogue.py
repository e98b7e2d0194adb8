#!/usr/bin/env python3
"""Turn catalogues into C.

    catalogue.py FOLDER OUT [STAMP]

reads FOLDER/*.po (po.py; README.md says what they must hold), and writes OUT/words/catalogue.h, which names every key,
and OUT/words/catalogue.c, which says it in every language. What is wrong stops it, with file, line and key. A file
whose content has not changed is left alone, so that what depends on it is not built again.
"""

from __future__ import annotations

import collections
import pathlib
import re
import sys
import unicodedata
from typing import Iterator

sys.dont_write_bytecode = True  # the source tree stays as it is

from plural import Plural, Wrong
from po import Catalogue, Entry

FIRST = "en"  # what it has, all have; and what a language that is not whole falls back to
WHOLE = ("en", "nb", "nn", "sv")  # these must be
FALLS_BACK = "X-Fadder-Falls-Back-To"
TEXT_MAX = 1000  # bytes
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
PLACE = re.compile(r"\{(\+?[a-z][a-z0-9_]*)\}")
NUMBERS = {"n", "+n"}  # what a counted text counts, and the same with its sign


def places(text: str) -> set[str]:
    return set(PLACE.findall(text))


def listed(names: set[str]) -> str:
    return " ".join(f"{{{name}}}" for name in sorted(names))


class Language(Catalogue):
    """A catalogue that can be taken as it is, or falls back to another where it has nothing."""

    def __init__(self, path: pathlib.Path):
        super().__init__(path)
        if not re.fullmatch("[a-z]{2,3}", self.code):
            self.stop(1, f"{self.code} is not a language's code (ISO 639)")
        try:
            self.plural = Plural(self.header.get("Plural-Forms", ""))
        except Wrong as why:
            self.stop(self.header_line, f"the header's Plural-Forms {why}")
        self.falls_back_to = self.header.get(FALLS_BACK)
        if self.falls_back_to is not None and (self.code in WHOLE or self.falls_back_to not in WHOLE):
            self.stop(self.header_line, f"{FALLS_BACK} is for others than {', '.join(WHOLE)}, and names one of them")
        for entry in self.entries.values():
            self.check(entry)

    @property
    def direction(self) -> str:
        """In which most of its letters are read."""
        letters = collections.Counter(unicodedata.bidirectional(c) for entry in self.entries.values() for text in entry.forms for c in PLACE.sub("", text))
        return "rtl" if letters["R"] + letters["AL"] > letters["L"] else "ltr"

    def check(self, entry: Entry) -> None:
        if not KEY.fullmatch(entry.key):
            self.stop(entry.line, f"{entry.key}: is not a key like mail.hello")
        if entry.plural not in (None, entry.key):
            self.stop(entry.line, f"{entry.key}: msgid_plural is not the key again")
        if entry.plural is not None and len(entry.forms) != self.plural.count:
            self.stop(entry.line, f"{entry.key}: has {len(entry.forms)} forms, and its language {self.plural.count}")
        for text in entry.forms:
            if len(text.encode()) > TEXT_MAX:
                self.stop(entry.line, f"{entry.key}: is longer than {TEXT_MAX} bytes")
            if any(ord(c) < 32 or ord(c) == 127 for c in text):
                self.stop(entry.line, f"{entry.key}: is more than one line, or has another control character")
            if "{" in (rest := PLACE.sub("", text)) or "}" in rest:
                self.stop(entry.line, f"{entry.key}: has a brace that is none of a {{name}}")
            if entry.plural is None and (counted := places(text) & NUMBERS):
                self.stop(entry.line, f"{entry.key}: has {listed(counted)}, but no msgid_plural")

    def check_against(self, first: Language) -> None:
        """That it says what the first one says, and nothing else."""
        for entry in self.entries.values():
            if entry.key not in first.entries:
                self.stop(entry.line, f"{entry.key}: is not in {first.path.name}")
            if entry.is_translated:
                self.compare(entry, first.entries[entry.key])
        for key, model in first.entries.items():
            if self.falls_back_to is None and not ((entry := self.entries.get(key)) and entry.is_translated):
                self.stop_at_missing(key, model)

    def stop_at_missing(self, key: str, model: Entry) -> None:
        entry = self.entries.get(key)
        if entry:
            self.stop(entry.line, f"{key}: is {'fuzzy' if entry.is_fuzzy else 'empty'}")
        if key in self.obsolete:
            self.stop(self.obsolete[key], f"{key}: is obsolete here")
        self.stop(len(self.lines), f"{key}: is missing; {FIRST}.po has it in line {model.line}")

    def compare(self, entry: Entry, model: Entry) -> None:
        if (entry.plural is None) != (model.plural is None):
            self.stop(entry.line, f"{entry.key}: is counted (msgid_plural) in one language and not in the other")
        wanted = set().union(*map(places, model.forms))
        if entry.plural is not None and len(wanted & NUMBERS) != 1:
            self.stop(entry.line, f"{entry.key}: is counted, and has neither {{n}} nor {{+n}}, or both")
        for i, text in enumerate(entry.forms):
            more, less = places(text) - wanted, wanted - places(text)
            if less <= NUMBERS and entry.plural is not None and len(self.plural.numbers[i]) <= 1:
                less = set()  # "a pair": of one number only
            if more or less:
                what = [f"{word} {listed(names)}" for word, names in (("has", more), ("lacks", less)) if names]
                self.stop(entry.line, f"{entry.key}: {' and '.join(what)}, other than {FIRST}.po: {text}")


def constant(key: str) -> str:
    return f"WORDS_{key.upper().replace('.', '_')}"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?") + '"'  # \?: no trigraphs


def any_of(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def header(languages: list[Language], first: Language) -> Iterator[str]:
    yield "/* Generated from the catalogues in common/words: every key, and the values that it has places for. */"
    yield f'#pragma once\n\n#include "contract/common.h"\n\nenum {{ WORDS_TEXT_MAX = {TEXT_MAX} }}; /* bytes */\n'
    yield f"enum {{ WORDS_LANGUAGES = {len(languages)} }}; /* as many as there are of enum language */"
    codes = any_of([language.code for language in languages])
    yield f"#define WORDS_LANGUAGE_CODES {quoted(codes)}\n\nenum words_key {{"
    for entry in first.entries.values():
        names = listed(set().union(*map(places, entry.forms)))
        yield f"    {constant(entry.key)},{f' /* {names} */' if names else ''}"
    yield "    WORDS_KEYS,\n};"


def form(language: Language) -> Iterator[str]:
    yield f"static unsigned form_{language.code}(unsigned long long n)\n{{"
    expression = language.plural.c()
    if "n" not in expression:
        yield "    (void)n;"
    yield f"    return (unsigned){expression};\n}}\n"


def entries(language: Language) -> Iterator[str]:
    code = f"LANGUAGE_{language.code.upper()}"
    otherwise = f"LANGUAGE_{(language.falls_back_to or language.code).upper()}"
    yield f"    [{code}] = {{form_{language.code}, {language.plural.count}, {otherwise}, {quoted(language.direction)}, {{"
    said = [entry for entry in language.entries.values() if entry.is_translated]
    for entry in said:
        yield f"        [{constant(entry.key)}] = (const char *const[]){{{', '.join(map(quoted, entry.forms))}, NULL}},"
    yield "    }}," if said else "        NULL}},"


def source(languages: list[Language], first: Language) -> Iterator[str]:
    yield "/* Generated from the catalogues in common/words. */"
    yield '#include "words/texts.h"\n\n#include <stddef.h>\n'
    yield '#pragma GCC diagnostic ignored "-Wtype-limits" /* n >= 0 in somebody\'s Plural-Forms */\n'
    for language in languages:
        yield from form(language)
    yield "const struct words_texts words_texts[WORDS_LANGUAGES] = {"
    for language in languages:
        yield from entries(language)
    yield "};\n\nconst char *const words_keys[WORDS_KEYS] = {"
    yield from (f"    {quoted(key)}," for key in first.entries)
    yield "};"


def read(folder: pathlib.Path) -> tuple[list[Language], Language]:
    languages = [Language(path) for path in sorted(folder.glob("*.po"))]
    first = next((language for language in languages if language.code == FIRST), None)
    if first is None:
        sys.exit(f"{folder}: there is no {FIRST}.po")
    names: dict[str, str] = {}
    for entry in first.entries.values():
        if (other := names.setdefault(constant(entry.key), entry.key)) != entry.key:
            first.stop(entry.line, f"{entry.key}: is one name with {other} in C")
    for language in [first] + languages:
        language.check_against(first)
    return languages, first


def write(path: pathlib.Path, text: str) -> None:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main(folder: str, out: str, stamp: str | None = None) -> None:
    languages, first = read(pathlib.Path(folder))
    for name, pieces in (("catalogue.h", header), ("catalogue.c", source)):
        write(pathlib.Path(out, "words", name), "\n".join(pieces(languages, first)) + "\n")
    if stamp:
        pathlib.Path(stamp).touch()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
