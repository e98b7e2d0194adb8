"""Who may open which page and press what there: access.tsv, made of the pages and of the life-cycles' tables.

    access.py LISTING LIFECYCLES [--write]

LISTING is listing.c, LIFECYCLES is services/lifecycles.c. Says where the file is not as they say; with --write, makes it so. By tabs:

    page  PATH  RECORD  ROLES              who may open it; `*`: also who is not signed in. What stands in braces has to be theirs
    form  PATH  ACT     COMMAND  ROLES     who may send it, by themselves or for another; ACT -: to the page itself

A form is in the page where the service says that who looks may give the command next, of this very thing.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import making  # noqa: E402

DATA = HERE / "access.tsv"


def lines(*words: str) -> list[list[str]]:
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return [line.split("\t") for line in printed.splitlines()]


def givers(program: str) -> dict[str, set[str]]:
    """Of each command who gives it, or writes it down for whom it is."""
    said = [line[0].split() for line in lines(program, "--roles")]
    return {name: {role.partition(":")[0] for role in who} for name, *who in said}


def made(listing: str, lifecycles: str) -> str:
    may, who_opens, found = givers(lifecycles), {}, []
    for kind, path, *rest in lines(listing):
        if kind == "page":
            who_opens[path] = rest[1].split()
            found.append([kind, path, *rest])
            continue
        act, command = rest
        opens = who_opens.get(path, ["*"])
        roles = opens if opens == ["*"] else [role for role in opens if command == "-" or role in may[command]]
        if not roles:
            sys.exit(f"{path} has a form for {command}, which nobody gives who may open it")
        found.append([kind, path, act, command, " ".join(roles)])
    return "".join("\t".join(line) + "\n" for line in found)


def main(listing: str, lifecycles: str, *options: str) -> int:
    if making.keep(DATA, made(listing, lifecycles), DATA.name, "as made", *options):
        return 0
    print(making.REMEDY)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
