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

# Parts of names that hinder, and the field's own words.
WORDS = {
    "kase": "loaded (the case that was loaded)",
    "take_off": "begin_flight, or whatever begins",
    "twin": "duplicate; of an edge: reverse",
    "usual": "default",
    "is_new_second": "a time that is named (LOOK_MS)",
    "crypto_erase": "erase",
}

# The field's terms: who looks for one finds where it is meant.
TERMS = ("poison message", "group commit", "crypto-shredding", "request smuggling", "SSRF", "token bucket")

# Kinds of time that need a unit in their name.
TIMES = r"(?<![a-z])(?:timeout|delay|interval|period|elapsed|backoff|wait|pause|age|duration)(?![a-z])"
LIFETIMES = r"\b(?:until|lives?|valid|belongs?|frees?|literal|static|as long as|owned|owns|constant)\b|the caller"
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
    faults = sorted({fault.removeprefix(f"{ROOT}/") for fault in faults})
    return [f"{fault}: clang-format -i {fault.rpartition(':')[0]}" for fault in faults]


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


INCLUDED = re.compile(r'^#include [<"]([^>"]+)', re.MULTILINE)


def check_names(build: pathlib.Path | None) -> list[str]:
    """What a comment names is there."""
    if build is None:
        return []
    names, faults = names_of(build) | NOT_OURS, []
    files = {path.name for path in sources(".c", ".h", ".py")} | {path.name for path in build.glob("generated/**/*.[ch]")}
    files |= {pathlib.Path(name).name for path in sources(".c", ".h") for name in INCLUDED.findall(path.read_text(encoding="utf-8"))}
    for path in sources(".c", ".h"):
        for line, comment in comments_and_code(path.read_text(encoding="utf-8"))[0]:
            for name in re.findall(r"(?<![\w.])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w*…])", comment):
                if name not in names:
                    faults.append(f"{place(path, line)}: there is no {name}")
            for name in re.findall(r"(\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b(?![*…]))|\bstruct (?!X_)(\w+)|\b([a-z]\w+)\(\)", comment):
                if any(name) and not names.intersection(name):
                    faults.append(f"{place(path, line)}: there is no {''.join(name)}")
            for name in re.findall(r"(?<![\w./-])([A-Za-z]\w*\.[ch])\b", comment):
                if name not in files:
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
        opening = re.match(r"/\*(.*?)\*/", text, re.DOTALL)
        is_said = opening is not None and len(re.findall(r"\w{2,}", opening.group(1))) >= 3
        if (path.suffix == ".h" or text.count("\n") > 100) and not is_said:
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
    """A header says in which thread one may be, or that it does not matter; or a README above it does for all of its folder."""
    faults = []
    for path in sources(".h"):
        if "tests" in path.parts:
            continue
        comments, code = comments_and_code(path.read_text(encoding="utf-8"))
        declares = re.search(r"^\w[^;{}/]*\([^;{}]*\)[^;{}]*;", code, re.MULTILINE)
        is_said = any(re.search(r"\w+\W+[Tt]hreads?\b|\b[Tt]hreads?\W+\w+|\bPure\.", comment) for _, comment in comments)
        readmes = [folder / "README.md" for folder in path.parents if ROOT in folder.parents]
        if path.parents[1] == ROOT / "services":  # whose README speaks of aggregates
            readmes = readmes[:1]
        texts = [readme.read_text(encoding="utf-8") for readme in readmes if readme.exists()]
        is_said = is_said or any(re.search(r"^Threads: \w+", text, re.MULTILINE) for text in texts)
        if declares and not is_said:
            faults.append(f"{place(path, 1)}: in which thread?")
    return faults


def check_lifetimes(_: pathlib.Path | None) -> list[str]:
    """A header whose functions return what is pointed to says how long that lives; what is made has what ends it."""
    faults = []
    for path in sources(".h"):
        text = path.read_text(encoding="utf-8")
        ends = re.search(r"_(?:destroy|close|stop|end|abort|commit)\(", text)
        for name in re.findall(r"^(?:const )?(?:struct \w+|\w+) \*+(\w+)\(", text, re.MULTILINE):
            is_made = re.search(r"_(?:create|open|start|begin\w*)$", name) and ends
            if not is_made and not re.search(LIFETIMES, text) and "tests" not in path.parts:
                faults.append(f"{place(path, 1)}: how long does what {name} returns live?")
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
            if re.search(rf"(?<![a-z]){word}(?![a-z])", code):
                faults.append(f"{place(path, 1)}: {word} is called {better} here")
    for path in sources(".py"):
        text = "" if path == pathlib.Path(__file__) else path.read_text(encoding="utf-8")
        for word, better in WORDS.items():
            if re.search(rf"(?<![a-z]){word}(?![a-z])", text):
                faults.append(f"{place(path, 1)}: {word} is called {better} here")
    return faults


def check_terms(_: pathlib.Path | None) -> list[str]:
    whole = " ".join(re.sub(r"\s+(?:\* )?", " ", path.read_text(encoding="utf-8")) for path in sources(".c", ".h", ".md"))
    return [f"nothing says: {term}" for term in TERMS if term.lower() not in whole.lower()]


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
        for name in re.findall(r"`([a-z-]+/[\w/-]+\.[ch])`", text):
            folders = [ROOT / "common", ROOT / "services", *path.parents]
            if not name.startswith("contract/") and not any((folder / name).exists() for folder in folders):
                faults.append(f"{path.relative_to(ROOT)}: no {name}")
    return faults


CHECKS = (
    check_layout,
    check_names,
    check_openings,
    check_sections,
    check_threads,
    check_lifetimes,
    check_units,
    check_words,
    check_terms,
    check_documents,
)


def main(build: pathlib.Path | None) -> int:
    faults = [fault for check in CHECKS for fault in check(build)]
    print("\n".join(faults) if faults else f"tidy: {len(sources('.c', '.h'))} sources and headers are as they should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None))
