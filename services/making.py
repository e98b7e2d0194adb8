"""Files that are made of what programs print: whether they say what they should, and putting it there."""

from __future__ import annotations

import difflib
import pathlib

REMEDY = "To bring it up to date: cmake --build build/release --target lifecycles-readme"


def keep(path: pathlib.Path, right: str, name: str, made: str, *options: str) -> bool:
    """Whether a file says what is right; with --write it does from now on. Else the difference is printed, under those two names."""
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    if right == there:
        return True
    if "--write" in options:
        path.write_text(right, encoding="utf-8")
        return True
    print(*difflib.unified_diff(there.splitlines(), right.splitlines(), name, made, lineterm="", n=0), sep="\n")
    return False
