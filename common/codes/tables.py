#!/usr/bin/env python3
"""Turn lists of codes into C.

    tables.py FOLDER ISO_639_3 OUT NAMES

reads FOLDER/*.tsv and retention.json (README.md says what they are) and ISO_639_3, Debian's list of all languages (package iso-codes), and
writes OUT and NAMES, sources with what tables.h declares: NAMES what only who shows something to people needs. What does not fit together
stops it, with file and code.
"""

from __future__ import annotations

import collections
import datetime
import json
import pathlib
import sys
from typing import Any, Iterator, NoReturn

sys.dont_write_bytecode = True  # the source tree stays as it is

import retention

EPOCH = datetime.date(1970, 1, 1)
IN_FORCE = (datetime.date(9999, 12, 31) - EPOCH).days
SCHEMES = {"isco08": "ISCO", "ssyk2012": "SSYK", "styrk08": "STYRK"}  # by their order in enum occupation_scheme
ORDER = ["ssyk2012", "styrk08", "isco08"]
TONGUES = ["en", "nb", "nn", "sv"]  # in which things have names here
GROUP_SIZES = (2, 3)  # digits
RELATIONS_MAX = 8  # of one occupation or group (codes.h)
ISCO_MAX = 3  # unit groups of one concept of JobTech's (tables.h, less the end)


def stop(where: str, what: str) -> NoReturn:
    sys.exit(f"{where}: {what}")


def rows(folder: pathlib.Path, name: str) -> list[dict[str, str]]:
    lines = (folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def table(declaration: str, entries: list[str]) -> Iterator[str]:
    yield f"const {declaration}[] = {{"
    yield from (f"    {{{entry}}}," for entry in entries)
    yield "};\n"


def count(name: str, table: str) -> str:
    return f"const size_t {name} = sizeof {table} / sizeof {table}[0];\n"


class Municipalities:
    def __init__(self, folder: pathlib.Path):
        self.all = {(row["country"], row["code"]): row for row in rows(folder, "municipalities")}

    def in_force(self, country: str, code: str, seen: tuple[str, ...] = ()) -> Iterator[str]:
        """What it became, and what that became: codes in force now."""
        row = self.all.get((country, code)) or stop("municipalities.tsv", f"{country} {code} is a successor, and not there")
        if code in seen:
            stop("municipalities.tsv", f"{country} {code} succeeds itself")
        if not row["valid_until"]:
            yield code
        for next_code in row["successors"].split():
            yield from self.in_force(country, next_code, (*seen, code))

    def successors(self, country: str, row: dict[str, str]) -> str:
        if not row["valid_until"]:
            return ""
        codes = sorted(set(self.in_force(country, row["code"]))) or stop("municipalities.tsv", f"{row['code']} became nothing")
        return ", ".join(f"{code} {self.all[country, code]['name']}" for code in codes)

    def source(self) -> Iterator[str]:
        entries = []
        for (country, code), row in sorted(self.all.items(), key=lambda item: (item[0][0] != "se", item[0][1])):
            until = (datetime.date.fromisoformat(row["valid_until"]) - EPOCH).days if row["valid_until"] else IN_FORCE
            says = (quoted(code), quoted(row["name"]), f"{{{until}}}", quoted(self.successors(country, row)))
            entries.append(f"COUNTRY_{country.upper()}, {', '.join(says)}")
        yield from table("struct codes_municipality codes_municipalities", entries)
        yield count("codes_municipality_count", "codes_municipalities")


class Languages:
    """By ISO 639-3 code: all codes of each, and what it is spoken of as."""

    def __init__(self, folder: pathlib.Path, iso: pathlib.Path):
        self.short: dict[str, str] = {}
        self.codes: dict[str, str] = {}  # any code: that of ISO 639-3
        for entry in json.loads(iso.read_text(encoding="utf-8"))["639-3"]:
            three = entry["alpha_3"]
            self.short[three] = entry.get("alpha_2", three)
            for code in {three, entry.get("alpha_2"), entry.get("bibliographic")} - {None}:
                self.codes[code] = three
        self.macro: dict[str, str] = {}
        for row in rows(folder, "macrolanguages"):
            for member in row["members"].split():
                if member not in self.short or row["iso639_3"] not in self.short:
                    stop("macrolanguages.tsv", f"{row['iso639_3']} or {member} is not of ISO 639-3")
                self.macro[member] = row["iso639_3"]
        for row in rows(folder, "languages"):
            self.take_aliases(row)

    def take_aliases(self, row: dict[str, str]) -> None:
        """Codes of once, and those of a language that one means when one says no more than the common name."""
        for alias in row["aliases"].split():
            if alias not in self.codes or self.macro.get(alias) == row["iso639_3"]:
                self.codes[alias.lower()] = row["iso639_3"]

    def source(self) -> Iterator[str]:
        threes = sorted(set(self.codes.values()), key=lambda three: self.short[three])
        at = {three: i for i, three in enumerate(threes)}
        yield from table(
            "struct language_code codes_language_codes",
            [f"{quoted(code)}, {at[self.codes[code]]}" for code in sorted(self.codes)],
        )
        yield count("codes_language_code_count", "codes_language_codes")
        macro = {three: self.codes[self.macro.get(three, three)] for three in threes}
        yield from table(
            "struct language_row codes_languages", [f"{quoted(self.short[three])}, {at[macro[three]]}" for three in threes]
        )


class Occupations:
    def __init__(self, folder: pathlib.Path):
        self.all = [(row["scheme"], row["code"]) for row in rows(folder, "occupations")]
        published = {(row["scheme_a"], row["code_a"], row["code_b"]) for row in rows(folder, "occupation_relations")}
        groups = {(scheme, code[:size], isco[:size]) for scheme, code, isco in published for size in GROUP_SIZES}
        self.relations = published | groups  # a group lies to those that its occupations lie to
        self.concepts = rows(folder, "jobtech_occupations")

    def source(self) -> Iterator[str]:
        by = lambda row: (ORDER.index(row[0]), *row[1:])
        entries = [f"OCCUPATION_SCHEME_{SCHEMES[scheme]}, {quoted(code)}" for scheme, code in sorted(self.all, key=by)]
        yield from table("struct occupation_row codes_occupations", entries)
        yield count("codes_occupation_count", "codes_occupations")
        for (scheme, code), many in collections.Counter(row[:2] for row in self.relations).items():
            if many > RELATIONS_MAX:
                stop("occupation_relations.tsv", f"{scheme} {code} has more than {RELATIONS_MAX} groups of ISCO-08")
        entries = [
            f"OCCUPATION_SCHEME_{SCHEMES[a]}, {quoted(code)}, {quoted(isco)}" for a, code, isco in sorted(self.relations, key=by)
        ]
        yield from table("struct relation codes_relations", entries)
        yield count("codes_relation_count", "codes_relations")
        yield from table("struct jobtech_concept codes_concepts", sorted(map(self.concept, self.concepts)))
        yield count("codes_concept_count", "codes_concepts")

    def concept(self, row: dict[str, str]) -> str:
        isco = row["isco08"].split()
        if len(isco) > ISCO_MAX:
            stop("jobtech_occupations.tsv", f"{row['concept_id']} has more than {ISCO_MAX} groups of ISCO-08")
        return f"{quoted(row['concept_id'])}, {quoted(row['ssyk2012'])}, {{{', '.join([*map(quoted, isco), 'NULL'])}}}"


def in_tongues(row: dict[str, str], what: str) -> str:
    return ", ".join(f"[LANGUAGE_{tongue.upper()}] = {quoted(row[f'{what}_{tongue}'])}" for tongue in TONGUES)


class Names:
    """What languages and occupations are called."""

    def __init__(self, folder: pathlib.Path):
        self.languages = rows(folder, "languages")
        self.occupations = rows(folder, "occupations")
        self.concepts = rows(folder, "jobtech_occupations")

    def source(self) -> Iterator[str]:
        names = {row["iso639_1"] or row["iso639_3"]: row for row in self.languages}
        entries = [
            f"{quoted(code)}, {{{in_tongues(names[code], 'name')}}}, {quoted(names[code]['name_own'])}"
            for code in sorted(names)
        ]
        yield from table("struct language_name codes_language_names", entries)
        yield count("codes_language_name_count", "codes_language_names")
        by = lambda row: (ORDER.index(row["scheme"]), row["code"])
        entries = [
            f"OCCUPATION_SCHEME_{SCHEMES[row['scheme']]}, {quoted(row['code'])}, "
            f"{{{in_tongues(row, 'label')}}}"
            for row in sorted(self.occupations, key=by)
        ]
        entries += [
            f"OCCUPATION_SCHEME_JOBTECH, {quoted(row['concept_id'])}, {{[LANGUAGE_SV] = {quoted(row['label_sv'])}}}"
            for row in sorted(self.concepts, key=lambda row: row["concept_id"])
        ]
        yield from table("struct occupation_name codes_occupation_names", entries)
        yield count("codes_occupation_name_count", "codes_occupation_names")


def write(out: str, *kinds: Any) -> None:
    text = ['/* Generated from common/codes. */\n#include "codes/tables.h"\n']
    for kind in kinds:
        text += kind.source()
    pathlib.Path(out).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(out).write_text("\n".join(text), encoding="utf-8")


def main(folder: str, iso: str, out: str, names: str) -> None:
    lists = pathlib.Path(folder)
    write(out, Municipalities(lists), Languages(lists, pathlib.Path(iso)), Occupations(lists), retention.Rows(lists / "retention.json"))
    write(names, Names(lists))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
