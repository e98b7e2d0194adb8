"""Life-cycles in the services' READMEs, as their own tables say them.

    lifecycles.py PROGRAM [--write]

What stands between the two marks in services/*/README.md must be what PROGRAM (lifecycles.c) prints of that service, and who reads
its records (access.py). Says where it is not; with --write, puts it there.
"""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys

import access
import making

HERE = pathlib.Path(__file__).parent
MARKS = re.compile(r"(?<=<!-- generated: life-cycles -->\n)(.*?)(?=<!-- end -->\n)", re.DOTALL)


def printed(program: str, *arguments: str) -> str:
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def filled_in(text: str, made: str) -> str:
    return MARKS.sub(lambda _: f"\n{made}\n", text)


def main(program: str, *options: str) -> int:
    stale = 0
    for service in printed(program).split():
        readme = HERE / service / "README.md"
        text = readme.read_text(encoding="utf-8")
        if not MARKS.search(text):
            sys.exit(f"{service}/README.md has no two marks for its life-cycles")
        right = filled_in(text, printed(program, service) + access.table(service))
        stale += not making.keep(readme, right, f"services/{service}/README.md", "its tables", *options)
    if stale:
        print(making.REMEDY)
    return min(stale, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
