"""Habits that machines keep: layout, comments that name what exists, sources that say what they are about, the house's
words. Prints what is not as it should be, a line each; exit code 1 when there is anything.

    tidy.py [BUILD]      BUILD: a build's folder, for the names that are generated
"""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[1]
FOLDERS = ("common", "services", "ops", "tests", "schemas")

# Words of a comment that look like a name of ours and are somebody else's.
NOT_OURS = {
    "civil_from_days", "days_from_civil",  # of the calendar's algorithms
    "lower_case", "snake_case",
    "rand_a", "rand_b",  # RFC 9562
}  # fmt: skip

# Words that hinder, and the field's own.
WORDS = {
    "kase": "loaded (the case that was loaded)",
    "take_off": "begin_flight, or whatever begins",
    "twin": "duplicate; of an edge: reverse",
    "struct asked": "upstream, request",
    "usual": "default",
    "is_new_second": "a time that is named (LOOK_MS)",
    "crypto_erase": "erase",
}

# Kinds of time that need a unit in their name.
TIMES = r"(?:timeout|delay|interval|period|elapsed|backoff)"
UNITS = r"_(?:ns|us|ms|s|days|minutes|hours)\b"


def sources(*endings: str) -> list[pathlib.Path]:
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in endings]
    return sorted(path for path in found if "golden" not in path.parts and "node_modules" not in path.parts)


def comments_and_code(text: str) -> tuple[list[tuple[int, str]], str]:
    """Comments with the lines that they begin on, and what is left without them and without texts."""
    comments = []

    def blank(match: re.Match[str]) -> str:
        token = match.group(0)
        if token.startswith("/*"):
            comments.append((text.count("\n", 0, match.start()) + 1, token))
        return " " if token.startswith("/*") else '""'

    code = re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.DOTALL)
    return comments, code


def place(path: pathlib.Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def check_layout(_: pathlib.Path | None) -> list[str]:
    """clang-format 14's; where only another version is, nothing is said: they differ."""
    for name in ("clang-format-14", "clang-format"):
        program = shutil.which(name)
        if program and " 14." in subprocess.run([program, "--version"], capture_output=True, text=True).stdout:
            break
    else:
        print("tidy: clang-format 14 is not here; the layout was not looked at")
        return []
    files = [str(path) for path in sources(".c", ".h")]
    done = subprocess.run([program, "--dry-run", *files], capture_output=True, text=True, cwd=ROOT)
    faults = re.findall(r"^(\S+?:\d+):\d+: warning: code should be clang-formatted", done.stderr, re.MULTILINE)
    return [f"{fault.removeprefix(str(ROOT) + '/')}: clang-format -i" for fault in sorted(set(faults))]


def names_of(build: pathlib.Path | None) -> set[str]:
    """Every name in code, schemas and scripts, and in what a build generates."""
    names: set[str] = set()
    for path in sources(".c", ".h", ".cc"):
        _, code = comments_and_code(path.read_text(encoding="utf-8"))
        names.update(re.findall(r"\w+", code))
        for text in re.findall(r'"((?:\\.|[^"\\\n])*)"', path.read_text(encoding="utf-8")):
            names.update(re.findall(r"\w+", text))
    for path in sources(".py", ".json", ".txt", ".cmake", ".sh", ".po"):
        names.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    for path in build.glob("generated/**/*.[ch]") if build else ():
        names.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return names


def check_names(build: pathlib.Path | None) -> list[str]:
    """What a comment names is there."""
    if build is None:
        return []
    names, faults = names_of(build) | NOT_OURS, []
    for path in sources(".c", ".h"):
        for line, comment in comments_and_code(path.read_text(encoding="utf-8"))[0]:
            for name in re.findall(r"(?<![\w.])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w*…])", comment):
                if name not in names:
                    faults.append(f"{place(path, line)}: there is no {name}")
            for file in re.findall(r"(?<![\w/.])((?:[\w-]+/)+[\w-]+\.(?:c|h|py|md|json|cmake))\b", comment):
                folders = (ROOT, ROOT / "common", path.parent, path.parent.parent, ROOT / "services")
                made = build.glob(f"generated/{file}")
                if not any((folder / file).exists() for folder in folders) and not any(made):
                    faults.append(f"{place(path, line)}: there is no file {file}")
            for document in re.findall(r"(?<![\w/.])([\w-]+\.md)\b", comment):
                if not any(ROOT.glob(document)) and not (path.parent / document).exists():
                    faults.append(f"{place(path, line)}: there is no document {document}")
    return faults


def check_openings(_: pathlib.Path | None) -> list[str]:
    """A source of more than 100 lines, and every header, opens with what it is about."""
    faults = []
    for path in sources(".c", ".h"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\A(?:#define _\w+.*\n)+", "", text)  # what has to stand before anything else
        if (path.suffix == ".h" or text.count("\n") > 100) and not text.startswith("/*"):
            faults.append(f"{place(path, 1)}: say what it is about before anything else")
    return faults


def check_sections(_: pathlib.Path | None) -> list[str]:
    """Sections begin with a line like `/* Rows. */`: no rules, no boxes."""
    faults = []
    for path in sources(".c", ".h"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.match(r"\s*/\*+ ?[-=*#]{2}|\s*//", line):
                faults.append(f"{place(path, number)}: a section begins like /* Rows. */")
    return faults


def check_threads(_: pathlib.Path | None) -> list[str]:
    """Headers of layers (core is pure) say on which thread one may be, or that it does not matter."""
    faults = []
    for path in sorted(ROOT.glob("common/*/*.h")):
        text = path.read_text(encoding="utf-8")
        declares = re.search(r"^\w[^;{}/]*\([^;{}]*\)[^;{}]*;", text, re.MULTILINE)
        if path.parent.name != "core" and declares and not re.search(r"\b[Tt]hreads?\b|\b[Pp]ure\b", text):
            faults.append(f"{place(path, 1)}: on which thread?")
    return faults


def check_units(_: pathlib.Path | None) -> list[str]:
    """Times in headers have their unit in their name."""
    faults = []
    for path in sources(".h"):
        _, code = comments_and_code(path.read_text(encoding="utf-8"))
        for name in re.findall(rf"\b(?:int|long|unsigned|u?int\d+_t|size_t) \*?(\w*{TIMES}\w*)", code):
            if not re.search(UNITS, name):
                faults.append(f"{place(path, 1)}: {name} says no unit")
    return faults


def check_words(_: pathlib.Path | None) -> list[str]:
    faults = []
    for path in sources(".c", ".h"):
        _, code = comments_and_code(path.read_text(encoding="utf-8"))
        for word, better in WORDS.items():
            if re.search(rf"\b{word}\b", code):
                faults.append(f"{place(path, 1)}: {word} is called {better} here")
    return faults


def check_documents(_: pathlib.Path | None) -> list[str]:
    """Files that documents name, and links between them, are there."""
    faults = []
    for path in [*ROOT.glob("*.md"), *sources(".md")]:
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|mailto:)([^)#]+)", text):
            if not (path.parent / target).exists():
                faults.append(f"{path.relative_to(ROOT)}: no {target}")
        for name in re.findall(r"`((?:common|services|schemas|ops|tests)/[\w./-]+)`", text):
            if not (ROOT / name).exists():
                faults.append(f"{path.relative_to(ROOT)}: no {name}")
    return faults


CHECKS = (
    check_layout,
    check_names,
    check_openings,
    check_sections,
    check_threads,
    check_units,
    check_words,
    check_documents,
)


def main(build: pathlib.Path | None) -> int:
    faults = [fault for check in CHECKS for fault in check(build)]
    print("\n".join(faults) if faults else f"tidy: {len(sources('.c', '.h'))} sources and headers are as they should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None))
