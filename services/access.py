"""Who may read and do what, of whose: services/access.tsv, made of the readers in the schemas and of the life-cycles' tables.

    access.py PROGRAM [--write]

PROGRAM is lifecycles.c. Says where the file is not as they say; with --write, makes it so. The lines, by tabs:

    record   NAME            ROLE  WHOSE          who reads one
    command  AGGREGATE.NAME  ROLE  WHOSE  VOICES  who gives one, and whose words they may write down with it (behalf)

WHOSE is what has to be so of the record, any of them: its field is what the actor is or acts for (`mentor=id`, `agency=organisation`,
`programme=programme`), `whole`: the actor acts for the whole programme, `known`: as the aggregate's `knows` says, `own`: their
organisation's, or anybody's for the programme's, but no other coordinator. `mentor=id-draft`: and it is no draft (`x-draft`).
A command is about what its actor may read, or about less where `x-acts` says so; `-`: about a record that there is not yet.
"""

from __future__ import annotations

import difflib
import json
import pathlib
import subprocess
import sys
from typing import Iterator

HERE = pathlib.Path(__file__).parent
DATA = HERE / "access.tsv"
OURS = {"tm", "sys"}  # deadlines and rules: nobody has a token for these
REMEDY = "To bring it up to date: cmake --build build/release --target lifecycles-readme"


def whose(relations: str | list[str], is_drafted: bool = False) -> str:
    return " ".join(one + ("-draft" if is_drafted else "") for one in ([relations] if isinstance(relations, str) else relations))


def readers_of(record: dict) -> dict[str, str]:
    not_for = record.get("x-draft", {}).get("not_for", [])
    return {role: whose(how, role in not_for) for role, how in (record.get("readers") or {}).items()}


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
            yield "command", f"{name}.{command}", role, about, voices if role in own else f"only {voices}"


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
            lines += [("record", name, role, how, "") for role, how in sorted(readers_of(record).items())]
        lines += commands(schema, path.stem, may)
    return "".join("\t".join(line).rstrip() + "\n" for line in lines)


def main(program: str, *options: str) -> int:
    right, there = made(program), DATA.read_text(encoding="utf-8") if DATA.exists() else ""
    if "--write" in options:
        DATA.write_text(right, encoding="utf-8")
    elif right != there:
        print(*difflib.unified_diff(there.splitlines(), right.splitlines(), DATA.name, "as made", lineterm="", n=0), sep="\n")
        print(REMEDY)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
