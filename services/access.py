"""Who may read and do what, of whose: services/access.tsv, made of the readers in the schemas and of the life-cycles' tables.

    access.py PROGRAM [--write]

PROGRAM is lifecycles.c. Says where the file is not as they say; with --write, makes it so. The lines, by tabs:

    record   NAME            ROLE  WHOSE  -       NEAR  who reads one
    command  AGGREGATE.NAME  ROLE  WHOSE  VOICES  NEAR  who gives one, and whose words they may write down with it (behalf)

WHOSE is what has to be so of the record, any of them: its field is what the actor is or acts for (`mentor=id`, `agency=organisation`,
`programme=programme`), `whole`: the actor acts for the whole programme, `known`: as the aggregate's `knows` says (of an organisation: it looks after somebody with the actor's), `own`: their
organisation's, or anybody's for the programme's, but no other coordinator. `mentor=id-draft`: and it is no draft (`x-draft`).
A command is about what its actor may read, or about less where `x-acts` says so; `-`: about a record that there is not yet.
NEAR is what becomes of it where somebody whom the record is about is under protection, for who is not near them
(common/core/near.h): it is `hidden`, or `masked`, the fields that tell where they are, or the command is refused, `guarded`. Of what is
hidden a participant sees theirs, without such fields.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from typing import Iterator

import making

HERE = pathlib.Path(__file__).parent
DATA = HERE / "access.tsv"
OURS = {"tm", "sys"}  # deadlines and rules: nobody has a token for these
# About people, and guarded by them; and what of those anybody does, or who is refused in words of its own.
GUARDED = {"mentee", "mentor", "mentorship", "person", "placement", "question", "referral"}
OPEN = {
    "person.change_protection", "person.refuse_lowering", "person.withdraw_lowering", "person.confirm_clearance", "person.refuse_clearance",
    "person.withdraw_clearance", "person.read", "person.read_name", "question.read", "referral.change_protection", "referral.hand_over",
}  # fmt: skip


def whose(relations: str | list[str], is_drafted: bool = False) -> str:
    return " ".join(one + ("-draft" if is_drafted else "") for one in ([relations] if isinstance(relations, str) else relations))


def readers_of(record: dict) -> dict[str, str]:
    not_for = record.get("x-draft", {}).get("not_for", [])
    return {role: whose(how, role in not_for) for role, how in (record.get("readers") or {}).items()}


def inside(schema: dict, reference: dict) -> dict:
    """The fields of the object that is referred to, or of what a list has of these; only of the schema's own."""
    kind = schema.get("$defs", {}).get(reference.get("$ref", "").removeprefix("#/$defs/"), {})
    return inside(schema, kind["items"]) if "items" in kind else kind.get("properties", {})


def places(schema: dict, fields: dict) -> set[str]:
    """Those of a record's fields that tell where somebody is, and those that have one inside that does."""
    found = {name for name, field in fields.items() if field.get("x-place")}
    return found | {f"{name}.{inner}" for name, field in fields.items() for inner in places(schema, inside(schema, field))}


def nearness_of(schema: dict, record: dict) -> str:
    masked = sorted(places(schema, record["properties"]))
    return " ".join((["hidden"] if record.get("x-guarded") else ["masked"] if masked else []) + masked)


def roles(program: str) -> dict[str, list[str]]:
    printed = subprocess.run([program, "--roles"], capture_output=True, text=True, check=True).stdout
    return {name: who for name, *who in map(str.split, printed.splitlines())}


def commands(schema: dict, name: str, may: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    record = schema.get("records", {}).get(name, {})
    readers = readers_of(record) | record.get("x-acts", {})
    for command, said in schema.get("commands", {}).items():
        if "route" not in said:
            continue
        own = [role for role in may[f"{name}.{command}"] if ":" not in role]
        behalf = [role.partition(":")[::2] for role in may[f"{name}.{command}"] if ":" in role]
        for role in sorted({*own, *(scribe for scribe, _ in behalf)} - OURS):
            acts = said.get("x-acts", {})
            about = whose(acts.get(role) or acts.get("*") or readers.get(role, "-")) if "{id}" in said["route"] else "-"
            voices = " ".join(voice for scribe, voice in behalf if scribe == role)
            near = "guarded" if name in GUARDED and about != "-" and f"{name}.{command}" not in OPEN else ""
            near = "" if role == "agency_system" else near  # it says what it knows of whom it referred
            yield "command", f"{name}.{command}", role, about, voices if role in own else f"only {voices}", near


def table(service: str) -> str:
    """Who reads the service's records, for its README."""
    lines = []
    for path in sorted(HERE.parent.glob(f"schemas/{service}/*.json")):
        for name, record in json.loads(path.read_text(encoding="utf-8")).get("records", {}).items():
            by: dict[str, list[str]] = {}
            for role, how in sorted(readers_of(record).items()):
                by.setdefault(how, []).append(role)
            lines += [f"| {name} | `{how}` | {', '.join(who)} |\n" for how, who in by.items()]
    head = "### Who reads what\n\nOf whose: [`access.py`](../access.py) has the words.\n\n| record | of whose | by whom |\n|---|---|---|\n"
    return "\n" + head + "".join(lines) if lines else ""


def made(program: str) -> str:
    may, lines = roles(program), []
    for path in sorted(HERE.parent.glob("schemas/*/*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        for name, record in schema.get("records", {}).items():
            near = nearness_of(schema, record)
            lines += [("record", name, role, how, "-" if near else "", near) for role, how in sorted(readers_of(record).items())]
        lines += commands(schema, path.stem, may)
    return "".join("\t".join(line).rstrip() + "\n" for line in lines)


def main(program: str, *options: str) -> int:
    if making.keep(DATA, made(program), DATA.name, "as made", *options):
        return 0
    print(making.REMEDY)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
