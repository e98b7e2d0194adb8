"""Habits that machines keep: layout, comments that name what exists, sources that say what they are about, headers that
say units, lifetimes and threads, the house's words. Prints what is not as it should be, a line each; exit code 1 when
there is anything.

    tidy.py [BUILD] [--layout | --no-layout]      BUILD: a build's folder, for the names that are generated

The layout is clang-format 14's; where that is not there the exit code is 77 if it is asked for alone.
"""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import sys
import tokenize

ROOT = pathlib.Path(__file__).parents[1]
SKIPPED = 77  # as ctest is told
FOLDERS = ("common", "services", "ops", "tests", "schemas")

# Words of a comment that look like a name of ours and are somebody else's.
NOT_OURS = {
    "civil_from_days", "days_from_civil",  # of the calendar's algorithms
    "lower_case", "snake_case",
    "rand_a", "rand_b",  # RFC 9562
}  # fmt: skip

# A name in a comment: a variable or constant of several words, a type, a function. X_ stands for any aggregate.
NAMED = (
    r"(?<![\w.])(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w*…])"
    r"|\bstruct (?!X_)\w+|\b\w+\(\)"
)

# A file in a folder; OUT/… and the like are what a program is given.
PATH = r"(?<![\w/.])((?![A-Z]+/)(?:[\w-]+/)+[\w-]+\.(?:c|h|py|md|json|cmake))\b"

# Words that hinder, and the field's own: also as a part of a name, or with an s.
WORDS = {
    "kase": "loaded (the case that was loaded)",
    "take_off": "begin_flight, or whatever begins",
    "twin": "duplicate; of an edge: reverse",
    "usual": "default",
    "is_new_second": "a time that is named (LOOK_MS)",
    "crypto_erase": "erase",
}

# Those that hinder as a name alone, and are plain English elsewhere.
NAMES = {"asked": "upstream, request"}

# What readers of the field look for: each is said somewhere.
TERMS = (
    "crypto-shredding",
    "group commit",
    "poison message",
    "request smuggling",
    "SSRF",
    "token bucket",
    "default",
    "duplicate",
    "upstream",
)

# A declaration of numbers; what needs a unit in its name, and the units. Not here: since and until (positions have them
# too), capacity (of persons), length (of lists), size (bytes, always).
NUMBERS = (
    r"\b(?:char|short|int|long|unsigned|float|double|time_t|s?size_t|u?int\d+_t)"
    r" (\*?\w+(?:\[[^\]]*\])?(?:, \*?\w+(?:\[[^\]]*\])?)*)\s*[;,)=(:]"
)
QUANTITIES = set(
    "age backoff budget deadline delay due duration elapsed expired expires expiry grace idle interval lag latency"
    " lifetime limit memory pause period sleep timeout ttl wait waits".split()
)
UNITS = set("ns us ms s minutes hours days bytes kilobytes size count number permille".split())

# A function that returns a pointer; how a header says until when that lives; and the functions that end it.
RETURNS = r"^(?!static|typedef)[a-z][\w ]* \*+(\w+)\(([^;{}]*)\)[^;{}]*;.*$"
LIVES = r"(?i)\b(?:until|lives?|valid|belongs|frees?|destroys|forever|static|of the program)\b"
ENDS = {"create": "destroy", "open": "close", "begin": "abort"}


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


def comments_of(path: pathlib.Path) -> list[tuple[int, str]]:
    if path.suffix != ".py":
        return comments_and_code(path.read_text(encoding="utf-8"))[0]
    with path.open(encoding="utf-8") as file:
        return [
            (token.start[0], token.string)
            for token in tokenize.generate_tokens(file.readline)
            if token.type == tokenize.COMMENT or token.string.startswith('"""')
        ]


def prose(comment: str) -> str:
    """A comment on one line, without what begins its lines."""
    return re.sub(r"\s+(?:[*#] )?\s*", " ", comment).strip("/*# ")


def words_in(text: str) -> int:
    return len(re.findall(r"\w+", text))


def documents() -> list[pathlib.Path]:
    return [*sorted(ROOT.glob("*.md")), *sources(".md")]


def public_headers() -> list[pathlib.Path]:
    """Not those of tests, which nobody else calls."""
    return [path for path in sources(".h") if path.relative_to(ROOT).parts[0] != "tests"]


def is_there(file: str, named_in: pathlib.Path, build: pathlib.Path | None) -> bool:
    """A file, by its path from the top, from where layers lie, or from who names it."""
    near = (named_in.parent, named_in.parent.parent)
    folders = (ROOT, ROOT / "common", ROOT / "services", ROOT / "ops/fadder", *near)
    made = build.glob(f"generated/**/{file}") if build else ()
    return any((folder / file).exists() for folder in folders) or any(made)


def place(path: pathlib.Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def check_layout(_: pathlib.Path | None) -> list[str]:
    """clang-format 14's: others differ."""
    for name in ("clang-format-14", "clang-format"):
        program = shutil.which(name)
        if program and " 14." in subprocess.run([program, "--version"], capture_output=True, text=True).stdout:
            break
    else:
        print("tidy: clang-format 14 is not here; the layout was not looked at")
        raise SystemExit(SKIPPED)
    files = [str(path) for path in sources(".c", ".h")]
    done = subprocess.run([program, "--dry-run", *files], capture_output=True, text=True, cwd=ROOT)
    faults = re.findall(r"^(\S+?:\d+):\d+: warning: code should be clang-formatted", done.stderr, re.MULTILINE)
    places = sorted({fault.removeprefix(f"{ROOT}/") for fault in faults})
    return [f"{place}: clang-format -i {place.rpartition(':')[0]}" for place in places]


def names_of(build: pathlib.Path | None) -> set[str]:
    """Every name in code, schemas and scripts, and in what a build generates."""
    names: set[str] = set()
    for path in sources(".c", ".h", ".cc"):
        _, code = comments_and_code(path.read_text(encoding="utf-8"))
        names.update(re.findall(r"\bstruct \w+", code))
        names.update(re.findall(r"\w+", code))
        for text in re.findall(r'"((?:\\.|[^"\\\n])*)"', path.read_text(encoding="utf-8")):
            names.update(re.findall(r"\w+", text))
    for path in sources(".py", ".json", ".txt", ".cmake", ".sh", ".po"):
        names.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    for path in build.glob("generated/**/*.[ch]") if build else ():
        names.update(re.findall(r"\bstruct \w+", path.read_text(encoding="utf-8")))
        names.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return names


def files_of(build: pathlib.Path) -> set[str]:
    """The name of every file, without its folder, and of every one that a build generates."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    return {path.name for path in [*found, *ROOT.iterdir(), *build.glob("generated/**/*")]}


def check_names(build: pathlib.Path | None) -> list[str]:
    """What a comment names is there: files, and in C types, functions and constants too."""
    if build is None:
        return []
    names, files, faults = names_of(build) | NOT_OURS, files_of(build), []
    for path in sources(".c", ".h", ".py"):
        for line, comment in comments_of(path):
            named = [] if path.suffix == ".py" else re.findall(NAMED, comment)
            faults += [f"{place(path, line)}: there is no {name}" for name in named if name.removesuffix("()") not in names]
            for file in re.findall(PATH, comment):
                if not is_there(file, path, build):
                    faults.append(f"{place(path, line)}: there is no file {file}")
            for file in re.findall(r"(?<![\w/.-])([\w-]+\.(?:c|h|md))\b", comment):
                if file not in files:
                    faults.append(f"{place(path, line)}: there is no file {file}")
    for path in scripts():
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for file in re.findall(PATH, text.partition("#")[2]):
                if not re.search(r"[A-Z]{2}", file) and not is_there(file, path, build):
                    faults.append(f"{place(path, line)}: there is no file {file}")
    return faults


def scripts() -> list[pathlib.Path]:
    """What is neither C nor Python, with comments behind #."""
    shell = [path for path in (ROOT / "ops").rglob("*") if path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env bash")]
    lists = [path for path in [ROOT / "CMakeLists.txt", *sources(".txt")] if path.name == "CMakeLists.txt"]
    return [*lists, *sources(".cmake", ".sh"), *shell, *sorted(ROOT.glob("*.yml"))]


def check_openings(_: pathlib.Path | None) -> list[str]:
    """A source of more than 100 lines, and every header, opens with what it is about; the source in five words."""
    faults = []
    for path in sources(".c", ".h"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\A(?:#define _\w+.*\n)+", "", text)  # what has to stand before anything else
        opening = re.match(r"/\*(.*?)\*/", text, re.DOTALL)
        least = 1 if path.suffix == ".h" else 5 if text.count("\n") > 100 else 0
        if least > (words_in(opening.group(1)) if opening else 0):
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


def says_threads(text: str) -> bool:
    """In a sentence: a word alone says nothing."""
    sentences = re.split(r"\.(?:\s|$)", text)
    return any(re.search(r"\b[Tt]hreads?\b", sentence) and words_in(sentence) >= 3 for sentence in sentences)


def check_threads(_: pathlib.Path | None) -> list[str]:
    """A header says whose thread calls it, or the README above it for all its headers, in a line 'Threads: …'."""
    faults = []
    for path in public_headers():
        comments, code = comments_and_code(path.read_text(encoding="utf-8"))
        if not re.search(r"^\w[^;{}]*\([^;{}]*\)[^;{}]*[;{]", code, re.MULTILINE):
            continue  # declares no function
        readme = next(folder / "README.md" for folder in path.parents if (folder / "README.md").exists())
        line = re.search(r"^Threads: ((?:.+\n)+)", readme.read_text(encoding="utf-8"), re.MULTILINE)
        if not any(says_threads(prose(comment)) for _, comment in comments):
            if not line or words_in(line.group(1)) < 3:
                faults.append(f"{place(path, 1)}: on which thread? Say it here, or in {readme.relative_to(ROOT)}")
    return faults


def check_units(_: pathlib.Path | None) -> list[str]:
    """Times and sizes in headers have their unit in their name."""
    faults = []
    for path in sources(".h"):
        _, code = comments_and_code(path.read_text(encoding="utf-8"))
        for declared in re.findall(NUMBERS, code):
            for name in re.findall(r"\w+", re.sub(r"\[[^\]]*\]", "", declared)):
                parts = name.removeprefix(f"{path.stem}_").split("_")  # limit_left is of limit.h
                if QUANTITIES.intersection(parts) and parts[-1] not in UNITS:
                    faults.append(f"{place(path, 1)}: {name} says no unit")
    return faults


def check_lifetimes(_: pathlib.Path | None) -> list[str]:
    """Of what a function returns a pointer to: what ends it stands beside it, or a comment says until when it lives."""
    faults = []
    for path in public_headers():
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(RETURNS, text, re.MULTILINE):
            name, above = found.group(1), text[: found.start()].rpartition("\n\n")[2]
            if re.fullmatch(r"void \*\w+", found.group(2)):
                continue  # what a thread runs
            begins = re.fullmatch(r"(\w+)_(create|open|begin)(?:_\w+)?", name)
            if begins and f"{begins.group(1)}_{ENDS[begins.group(2)]}(" in text:
                continue
            comments = re.findall(r"Each returns [^.]*", prose(text.partition("*/")[0]))
            comments += re.findall(r"^/\*.*?\*/", above, re.MULTILINE | re.DOTALL)[-1:]
            comments += re.findall(r"/\*.*?\*/", found.group(0))
            if not any(re.search(LIVES, comment) for comment in comments):
                line = text.count("\n", 0, found.start()) + 1
                faults.append(f"{place(path, line)}: until when does what {name} returns live?")
    return faults


def check_words(_: pathlib.Path | None) -> list[str]:
    """Names and prose alike; this file has to name them."""
    faults = []
    for path in [*documents(), *sources(".c", ".h", ".cc", ".py")]:
        text = path.read_text(encoding="utf-8")
        code = "" if path.suffix == ".md" else code_of(path)
        rules = [(rf"(?i)(?<![a-z]){word}s?(?![a-z])", text, word, better) for word, better in WORDS.items()]
        rules += [(rf"\b{name}\b", code, name, better) for name, better in NAMES.items()]
        for pattern, where, word, better in rules:
            if path != pathlib.Path(__file__).resolve() and (found := re.search(pattern, where)):
                line = where.count("\n", 0, found.start()) + 1 if where is text else 1
                faults.append(f"{place(path, line)}: {word} is called {better} here")
    return faults


def code_of(path: pathlib.Path) -> str:
    """A source's names, without comments and texts."""
    if path.suffix != ".py":
        return comments_and_code(path.read_text(encoding="utf-8"))[1]
    with path.open(encoding="utf-8") as file:
        tokens = list(tokenize.generate_tokens(file.readline))
    names = [token.string for token in tokens if token.type in (tokenize.NAME, tokenize.OP)]
    return " ".join(names).replace(" . ", ".")


def check_terms(_: pathlib.Path | None) -> list[str]:
    """The field's own terms are said in a comment or a document, so that who knows them finds the place."""
    said = [prose(comment) for path in sources(".c", ".h") for _, comment in comments_of(path)]
    said += [" ".join(path.read_text(encoding="utf-8").split()) for path in documents()]
    missing = [term for term in TERMS if not any(re.search(rf"(?i)\b{term}", text) for text in said)]
    return [f"no comment and no document says {term}" for term in missing]


def check_documents(build: pathlib.Path | None) -> list[str]:
    """Files that documents name, and links between them, are there."""
    faults = []
    for path in documents():
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|mailto:)([^)#]+)", text):
            if not (path.parent / target).exists():
                faults.append(f"{path.relative_to(ROOT)}: no {target}")
        for name in re.findall(r"`((?:common|services|schemas|ops|tests)/[\w./-]+)`", text):
            if not (ROOT / name).exists():
                faults.append(f"{path.relative_to(ROOT)}: no {name}")
        for name in re.findall(r"`((?:[\w-]+/)+[\w.-]+\.(?:c|h|cc|py|md|json|po|cmake|sh|txt))`", text):
            if build is not None and not is_there(name, path, build):
                faults.append(f"{path.relative_to(ROOT)}: no {name}")
    return sorted(set(faults))


CHECKS = (
    check_names,
    check_openings,
    check_sections,
    check_threads,
    check_units,
    check_lifetimes,
    check_words,
    check_terms,
    check_documents,
)


def main(words: list[str]) -> int:
    checks = (check_layout,) if "--layout" in words else CHECKS if "--no-layout" in words else (*CHECKS, check_layout)
    build = next((pathlib.Path(word) for word in words if not word.startswith("--")), None)
    faults = [fault for check in checks for fault in check(build)]
    print("\n".join(faults) if faults else f"tidy: {len(sources('.c', '.h'))} sources and headers are as they should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
