"""The plan of the house, read from what is there: folders and their READMEs, sources, and what `nm` says of objects.

A layer is a folder with a README that has a line "May use: core, base." and a table with a row for each file and
folder in it; it has the folder's name. What the schemas are turned into is the layer `contract`, and jansson's reader
and writer are `json`, a library of its own in common/core, whose README has a line for it. `every domain` is each
service that decides.
"""

from __future__ import annotations

import dataclasses
import functools
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
JSON = ("json.c", "form.c", "form.h", "json.h", "json_write.c")


@dataclasses.dataclass
class Layer:
    name: str
    folder: pathlib.Path
    may_use: set[str]
    listed: set[str]  # files and folders that the README's tables have: `clock` (.c and .h), `po.py`, `link/`


def layers(root: pathlib.Path = ROOT) -> dict[str, Layer]:
    found = {}
    domains = {path.parents[1].name for path in root.glob("services/*/*/decide.c")}
    for pattern in ("common/*", "services", "services/*", "services/*/matching", "ops/fadder", "ops/fadder/*"):
        for folder in sorted(root.glob(pattern)):
            if not any(folder.glob("*.[ch]")):
                continue
            readme = folder / "README.md"
            text = readme.read_text(encoding="utf-8") if readme.exists() else ""
            uses = re.findall(r"^(?:May|`(\w+)` may) use: ([^.]*)\.", text, re.MULTILINE)
            if not uses:
                raise AssertionError(f"{readme.relative_to(root)} has no line \"May use: …\"")
            for part, words in uses:
                names = set(re.split(r",\s*", words.strip()))
                if "every domain" in names:
                    names = names - {"every domain"} | domains
                name = part or folder.name
                found[name] = Layer(name, folder, names, listed(text))
    return found


def services(build: pathlib.Path) -> dict[str, bool]:
    """The one list, as services/CMakeLists.txt gave it to the build, and whether each keeps a journal."""
    lines = (build / "services.txt").read_text(encoding="utf-8").splitlines()
    return {line.split()[0]: line.endswith(" journal") for line in lines}


def listed(text: str) -> set[str]:
    """What the first column of a README's tables of files and services names."""
    tables = re.findall(r"^\| (?:file|path|service) \|.*\n((?:\|.*\n)*)", text, re.MULTILINE)
    cells = re.findall(r"^\|([^|]*)\|", "".join(tables), re.MULTILINE)
    files = {re.sub(r"\.[ch]$", "", name) for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    return files | {name + "/" for cell in cells for name in re.findall(r"\]\(([^/)]+)/README\.md\)", cell)}


def contents(folder: pathlib.Path) -> set[str]:
    """What a README's tables have to name."""
    found = set()
    for path in folder.iterdir():
        if path.name in ("README.md", "CMakeLists.txt", "__pycache__"):
            continue
        name = path.stem if path.suffix in (".c", ".h") else "*.po" if path.suffix == ".po" else path.name
        found.add(path.name + "/" if path.is_dir() else name)  # a catalogue for each language, and nothing else
    return found


def layer_of(path: pathlib.Path, found: dict[str, Layer]) -> str | None:
    """Whose a source or header is: that of the deepest folder that is a layer."""
    if path.name in JSON and path.parent.name == "core":
        return "json"
    for folder in path.parents:
        for layer in found.values():
            if layer.folder == folder:
                return layer.name
    return None


def sources(root: pathlib.Path = ROOT) -> list[pathlib.Path]:
    return [path for part in ("common", "services", "ops") for path in sorted((root / part).rglob("*.[ch]"))]


def includes(path: pathlib.Path) -> list[str]:
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)', path.read_text(encoding="utf-8"), re.MULTILINE)


def find_header(name: str, of: pathlib.Path, root: pathlib.Path = ROOT) -> pathlib.Path | None:
    """Where an include leads: beside who includes it, up to the top, then common/, then others; or to none of ours."""
    beside = [folder for folder in of.parents if folder == root or root in folder.parents]
    others = (root / "common", root / "ops/fadder", root / "services", *sorted((root / "services").glob("*")))
    for folder in (*beside, *others):
        if (folder / name).is_file():
            return (folder / name).resolve()
    return None


@dataclasses.dataclass
class Object:
    source: pathlib.Path
    defines: dict[str, str]  # symbol -> its section; a common symbol's is *COM*
    calls: set[str]
    shown: set[str]  # of those defined: what others can call


@functools.cache
def objects(build: pathlib.Path, root: pathlib.Path = ROOT) -> list[Object]:
    """Every object of ours in a build: those of sources in common/, services/ and ops/."""
    paths = {}
    for path in sorted(build.rglob("*.o")):
        relative = re.sub(r"CMakeFiles/[^/]*\.dir/", "", str(path.relative_to(build)))
        source = root / relative.removesuffix(".o")
        if relative.split("/")[0] in ("common", "services", "ops") and source.exists():
            paths.setdefault(source, path)
    return read_objects(paths)


@functools.cache
def generated(build: pathlib.Path) -> list[Object]:
    """Those of what the build generates."""
    paths = {}
    for path in sorted(build.rglob("*.o")):
        source = build / "generated" / str(path).rpartition("/generated/")[2].removesuffix(".o")
        if "/generated/" in str(path) and source.exists():
            paths.setdefault(source, path)
    return read_objects(paths)


def name_of(source: pathlib.Path) -> str:
    """From the top of the tree, or what it is called in a build."""
    return str(source.relative_to(ROOT)) if "/generated/" not in str(source) else "generated/" + str(source).rpartition("/generated/")[2]


def read_objects(paths: dict[pathlib.Path, pathlib.Path]) -> list[Object]:
    """By source, where its object is."""
    found = {path: Object(source, {}, set(), set()) for source, path in paths.items()}
    listing = subprocess.run(["nm", "-A", "-f", "sysv", *found], capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        if line.count("|") != 6:
            continue
        first, _, letter, _, _, _, section = (cell.strip() for cell in line.split("|"))
        path, _, name = first.rpartition(":")
        one = found[pathlib.Path(path)]
        if section == "*UND*":
            one.calls.add(name)
            continue
        one.defines[name] = section
        if letter.isupper():
            one.shown.add(name)
    return list(found.values())


def definers(all_objects: list[Object]) -> dict[str, Object]:
    return {name: one for one in all_objects for name in one.shown}
