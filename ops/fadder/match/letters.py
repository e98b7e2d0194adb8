#!/usr/bin/env python3
"""What letters are made of, as C.

    letters.py OUT

writes the header OUT with what the Unicode Character Database says of canonical decomposition and composition, of the
order of combining marks, and of small letters. Composition is stable: what one version composes, every later one does.
"""

from __future__ import annotations

import pathlib
import sys
import unicodedata
from typing import Iterable

ALL = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
Row = tuple[int, ...]


def parts(letter: str) -> list[int]:
    """Its canonical decomposition, one step of it; Hangul has a rule instead."""
    text = unicodedata.decomposition(letter)
    return [] if text.startswith("<") else [int(code, 16) for code in text.split()]


def decompositions() -> Iterable[Row]:
    for letter in ALL:
        if made_of := parts(letter):
            yield ord(letter), made_of[0], made_of[1] if len(made_of) == 2 else 0


def compositions() -> Iterable[Row]:
    """But for those that are excluded: they are not put together again."""
    for letter, first, second in decompositions():
        if second and unicodedata.normalize("NFC", chr(letter)) == chr(letter):
            yield first, second, letter


def orders() -> Iterable[Row]:
    return ((ord(letter), unicodedata.combining(letter)) for letter in ALL if unicodedata.combining(letter))


def small_letters() -> Iterable[Row]:
    for letter in ALL:
        for small in (letter.casefold(), letter.lower()):
            if len(small) == 1 and small != letter:
                yield ord(letter), ord(small)
                break


def table(kind: str, name: str, rows: Iterable[Row]) -> str:
    lines = "".join(f"    {{{', '.join(hex(number) for number in row)}}},\n" for row in sorted(rows))
    return f"static const struct {kind} {name}[] = {{\n{lines}}};\n"


def main() -> None:
    text = "/* Made by letters.py of Unicode " + unicodedata.unidata_version + ". */\n"
    text += table("letters_three", "decompositions", decompositions())
    text += table("letters_three", "compositions", compositions())
    text += table("letters_two", "orders", orders())
    text += table("letters_two", "small_letters", small_letters())
    out = pathlib.Path(sys.argv[1])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="ascii")


main()
