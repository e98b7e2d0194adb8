"""gettext's .po files, read strictly: what is not understood is refused, naming file and line."""

from __future__ import annotations

import dataclasses
import pathlib
import re
import sys
from typing import NoReturn

LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr)(?:\[([0-9])\])?\s+)?"((?:[^"\\]|\\.)*)"')
ESCAPES = {"n": "\n", '"': '"', "\\": "\\"}


def stop(path: pathlib.Path, line: int, what: str) -> NoReturn:
    sys.exit(f"{path}:{line}: {what}")


@dataclasses.dataclass
class Entry:
    """A key and its text, in each form that a number can ask for."""

    line: int
    key: str = ""
    plural: str | None = None  # msgid_plural
    forms: list[str] = dataclasses.field(default_factory=list)
    is_fuzzy: bool = False

    @property
    def is_translated(self) -> bool:
        return not self.is_fuzzy and all(self.forms)


class Catalogue:
    """One file: its header, its entries by key, and the lines of keys that are obsolete in it."""

    def __init__(self, path: pathlib.Path):
        self.path, self.code = path, path.stem
        self.entries: dict[str, Entry] = {}
        self.obsolete: dict[str, int] = {}
        try:
            self.lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as why:
            stop(path, 1, str(why))
        for entry in self.read():
            self.take(entry)
        self.header = self.read_header()

    def stop(self, line: int, what: str) -> NoReturn:
        stop(self.path, line, what)

    def read(self) -> list[Entry]:
        found: list[Entry] = []
        is_fuzzy, add = False, ""
        for number, line in enumerate((line.strip() for line in self.lines), 1):
            if obsolete := re.fullmatch(r'#~\s*msgid\s+"(.*)"', line):
                self.obsolete[obsolete[1]] = number
            if line.startswith("#,"):
                is_fuzzy |= "fuzzy" in re.split(r"[,\s]+", line)
            if not line or line.startswith("#"):
                continue
            said = LINE.fullmatch(line) or self.stop(number, f"not a line of a catalogue: {line}")
            word, index, text = said[1], said[2], self.plain(number, said[3])
            if word == "msgid":
                found.append(Entry(number, is_fuzzy=is_fuzzy))
                is_fuzzy = False
            if word:
                add = self.checked_place(number, found, word, index)
            match add:
                case "msgid":
                    found[-1].key += text
                case "msgid_plural":
                    found[-1].plural = (found[-1].plural or "") + text
                case "msgstr":
                    found[-1].forms[-1] += text
                case _:
                    self.stop(number, "a text that belongs to nothing")
        return found

    def checked_place(self, number: int, found: list[Entry], word: str, index: str | None) -> str:
        """That such a line may stand here; where its text goes."""
        entry = found[-1] if found else self.stop(number, f"{word} before the first msgid")
        if word == "msgstr":
            if index != (None if entry.plural is None else str(len(entry.forms))) or index is None and entry.forms:
                self.stop(number, f"{entry.key}: msgstr with another number than the next, or none")
            entry.forms.append("")
        elif index is not None or word == "msgid_plural" and (entry.forms or entry.plural is not None):
            self.stop(number, f"{entry.key}: {word} does not belong here")
        return word

    def plain(self, number: int, text: str) -> str:
        def one(escape: re.Match) -> str:
            return ESCAPES.get(escape[1]) or self.stop(number, f"{escape[0]} is not an escape that is known here")

        return re.sub(r"\\(.)", one, text)

    def take(self, entry: Entry) -> None:
        if entry.key in self.entries:
            self.stop(entry.line, f"{entry.key}: is here twice; first in line {self.entries[entry.key].line}")
        if not entry.forms:
            self.stop(entry.line, f"{entry.key}: has no msgstr")
        self.entries[entry.key] = entry

    def read_header(self) -> dict[str, str]:
        first = self.entries.pop("", None) or self.stop(1, "no header (msgid \"\")")
        says = dict(re.findall(r"^([^:]+):\s*(.*?)\s*$", first.forms[0], re.MULTILINE))
        if "charset=utf-8" not in says.get("Content-Type", "").lower():
            self.stop(first.line, "the header's Content-Type is not UTF-8")
        if says.get("Language") != self.code:
            self.stop(first.line, f"the header's Language is not {self.code}, as the file is called")
        self.header_line = first.line
        return says
