#!/usr/bin/env python3
"""The data map in PRIVACY.md, as the schemas say it.

    datamap.py FILE [--write]

What stands between the two marks in FILE must be what the schemas beside this program say of personal data: by aggregate
what for, by what right, whose time it is kept for and who is shown it, and each field that is sealed, tells where somebody
is, or is in words of people's own. Says where it is not; with --write, puts it there.
"""

from __future__ import annotations

import difflib
import pathlib
import re
import sys
from typing import Iterator

sys.dont_write_bytecode = True  # the source tree stays as it is

import subset
from subset import Field, Folder, Message, Schema

MARKS = re.compile(r"(?<=<!-- generated: data map -->\n)(.*?)(?=<!-- end -->\n)", re.DOTALL)
REMEDY = "To bring it up to date: cmake --build build/release --target data-map"
KINDS = (("FIELD_PERSONAL", "sealed"), ("FIELD_PLACE", "place"), ("FIELD_FREE_TEXT", "own words"))


def listed(words: list[str] | set[str]) -> str:
    return ", ".join(dict.fromkeys(words)) or "–"


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def shown(s: Schema) -> list[str]:
    """The roles that may see rows of it over HTTP, each perhaps some only."""
    return [role for record in s.records if record.route for role, _, _ in record.readers]


def hearers(folder: Folder, s: Schema) -> list[str]:
    """The other services that follow its events."""
    return [o.service for o in folder.aggregates if o.service != s.service and any(m.schema is s for m in o.subscribed)]


def partners(folder: Folder, s: Schema) -> list[str]:
    told = any(m.schema is s for o in folder.aggregates for record in o.records for m in record.tells)
    return ["*the agency's webhooks*"] if told else []


def kind_of(field: Field) -> str | None:
    flags = field.flags | ({"FIELD_FREE_TEXT"} if subset.is_written(field.type) else set())
    return next((said for flag, said in KINDS if flag in flags), None)


def leaves(field: Field, path: tuple[str, ...] = (), how: str | None = None) -> Iterator[tuple[str, str]]:
    """The fields in it that are personal, by name and how; of what is sealed every part is."""
    here, inside, how = (*path, field.name), list(subset.within(field.type)), how or kind_of(field)
    if how and not inside:
        yield ".".join(here), how
    for part in inside:
        yield from leaves(part, here, how)


def where(m: Message) -> str:
    return f"record `{m.wire}`" if m.part == "records" else f"`{m.wire}`"


def fields(s: Schema) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for m in s.messages:
        for f in m.fields:
            for key in leaves(f):
                found.setdefault(key, []).append(where(m))
    return found


def kept(folder: Folder) -> Iterator[str]:
    yield row("service", "what", "for", "by right of", "kept as", "shown to (some rows each)", "followed by")
    yield row(*["---"] * 7)
    for s in folder.aggregates:
        if s.why:
            said = [listed(s.why[keyword]) for keyword in subset.WHY]
            yield row(s.service, f"`{s.name}`", *said, listed(shown(s)), listed(hearers(folder, s) + partners(folder, s)))


def named(folder: Folder) -> Iterator[str]:
    yield row("what", "field", "how", "comes in, or stands, in")
    yield row(*["---"] * 4)
    for s in folder.aggregates:
        for (name, kind), places in fields(s).items():
            yield row(f"`{s.name}`", f"`{name}`", kind, listed(places))


def printed(folder: Folder) -> str:
    nothing = listed([f"`{s.name}`" for s in folder.aggregates if not s.why])
    lines = [*kept(folder), "", f"Nothing of people is in {nothing}.", "", *named(folder)]
    return "\n".join(["", *lines, "", ""])


def main(file: str, *options: str) -> int:
    path = pathlib.Path(file)
    text = path.read_text(encoding="utf-8")
    if not MARKS.search(text):
        sys.exit(f"{file} has no two marks for its data map")
    made = printed(Folder(pathlib.Path(__file__).parent))
    right = MARKS.sub(lambda _: made, text)
    if right == text:
        return 0
    if "--write" in options:
        path.write_text(right, encoding="utf-8")
        return 0
    print(*difflib.unified_diff(text.splitlines(), right.splitlines(), file, "the schemas", lineterm="", n=0), sep="\n")
    print(REMEDY)
    return 1


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
