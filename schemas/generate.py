#!/usr/bin/env python3
"""Turn schemas into contracts.

    generate.py SCHEMAS OUT [STAMP]

reads SCHEMAS/common.json and SCHEMAS/*/*.json (subset.py says what they may be) and writes OUT/contract/*.h and *.c
(contract.py). A file whose content has not changed is left alone, so that what depends on it is not built again.
"""

from __future__ import annotations

import pathlib
import sys
from typing import Iterator

sys.dont_write_bytecode = True  # the source tree stays as it is

import contract
import subset


def texts(folder: subset.Folder) -> Iterator[tuple[str, str]]:
    """Every file by its path, and what is to stand in it."""
    for name, pieces in contract.files(folder):
        yield name, "\n".join(pieces) + "\n"


def write(path: pathlib.Path, text: str) -> None:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main(schemas: str, out: str, stamp: str | None = None) -> None:
    for name, text in texts(subset.Folder(pathlib.Path(schemas))):
        write(pathlib.Path(out) / name, text)
    if stamp:
        pathlib.Path(stamp).touch()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
