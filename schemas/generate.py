#!/usr/bin/env python3
"""Turn schemas into contracts.

    generate.py SCHEMAS OUT [STAMP]

reads SCHEMAS/common.json and SCHEMAS/*/*.json (subset.py says what they may be) and writes OUT/contract/*.h and *.c
(contract.py). A file whose content has not changed is left alone, so that what depends on it is not built again.
"""

from __future__ import annotations

import pathlib
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is

import contract
import subset


def write(path: pathlib.Path, text: str) -> None:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main(schemas: str, out: str, stamp: str | None = None) -> None:
    folder = subset.Folder(pathlib.Path(schemas))
    for name, pieces in contract.files(folder):
        write(pathlib.Path(out) / name, "\n".join(pieces) + "\n")
    if stamp:
        pathlib.Path(stamp).touch()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
