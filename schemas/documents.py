#!/usr/bin/env python3
"""Turn schemas into documents.

    documents.py SCHEMAS OUT [ROLES [STAMP]]

writes OUT/openapi.json (openapi.py) and OUT/asyncapi.json (asyncapi.py), and both as C for the gateway to serve. ROLES says
on each line which command which roles may give, as `lifecycles --roles` prints it from the tables that decide: that is
known only when the contracts have been compiled, so documents are made after them (services/CMakeLists.txt).
"""

from __future__ import annotations

import json
import pathlib
import sys
from typing import Iterator

sys.dont_write_bytecode = True  # the source tree stays as it is

import asyncapi
import contract
import openapi
import subset
from generate import write

OURS = {"tm", "sys"}  # nobody shows a token for these


def read_roles(path: str | None) -> dict[str, list[str]]:
    """By command the roles of those who may give it; `coordinator:mentor` may write it down for a mentor."""
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines() if path else []
    return {command: [role for role in roles if role not in OURS] for command, *roles in map(str.split, lines)}


def texts(folder: subset.Folder, roles: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Every file by its path, and what is to stand in it."""
    for name, described in (("openapi", openapi.document(folder, roles)), ("asyncapi", asyncapi.document(folder))):
        yield f"{name}.json", json.dumps(described, indent=2, ensure_ascii=False) + "\n"
        served = json.dumps(described, separators=(",", ":")) + "\n"
        for file, pieces in contract.embedded(name, served):
            yield file, "\n".join(pieces) + "\n"


def main(schemas: str, out: str, roles: str | None = None, stamp: str | None = None) -> None:
    for name, text in texts(subset.Folder(pathlib.Path(schemas)), read_roles(roles)):
        write(pathlib.Path(out) / name, text)
    if stamp:
        pathlib.Path(stamp).touch()


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
