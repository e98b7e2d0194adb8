"""What a state is folded with, as one hash: a state that was folded with anything else is folded anew.

    fold_id.py ROOT HEADER LIST PATTERN…

Hashes every file under ROOT that one of the patterns names (their paths and their bytes, in order of
their paths; for names:PATTERN only the paths), and writes HEADER (`#define FOLD_ID "…"`) and LIST (the
paths, a line each), which tests/layers/fold_test.py compares with what evolve and tables really call. A
header that came out the same keeps its time.
"""

import hashlib
import pathlib
import sys


def files(root: pathlib.Path, patterns: list[str]) -> dict[pathlib.Path, bytes]:
    """What is hashed, in order: each path, and its bytes."""
    found = {}
    for pattern in patterns:
        named = [path for path in root.glob(pattern.removeprefix("names:")) if path.is_file()]
        if not named:
            raise SystemExit(f"fold_id.py: {pattern} names no file")
        found |= {path: b"" if pattern.startswith("names:") else path.read_bytes() for path in named}
    return dict(sorted(found.items()))


def fold_id(root: pathlib.Path, found: dict[pathlib.Path, bytes]) -> str:
    whole = hashlib.sha256()
    for path, content in found.items():
        name = str(path.relative_to(root)).encode()
        whole.update(b"%d %d " % (len(name), len(content)) + name + content)
    return whole.hexdigest()


def write(path: pathlib.Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main(root: str, header: str, listing: str, *patterns: str) -> None:
    base = pathlib.Path(root)
    found = files(base, list(patterns))
    write(pathlib.Path(header), f'#pragma once\n\n#define FOLD_ID "{fold_id(base, found)}"\n')
    write(pathlib.Path(listing), "".join(f"{path.relative_to(base)}\n" for path in found))


if __name__ == "__main__":
    main(*sys.argv[1:])
