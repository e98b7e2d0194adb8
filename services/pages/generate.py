#!/usr/bin/env python3
"""Turn the templates of pages into C.

    generate.py FOLDER OUT CATALOGUE [STAMP]

reads FOLDER/**/*.html (README.md says how they are written), and writes OUT/pages/<name>.h, a struct for what each shows and the
function that shows it, OUT/pages/<name>.c, and OUT/pages/assets.c of what lies in FOLDER/web. CATALOGUE is en.po: every word that a
template says has to be there. What could not be escaped where it stands, and whatever else is wrong, stops it with file and line. A file
whose content has not changed is left alone, so that what depends on it is not built again.
"""

from __future__ import annotations

import gzip
import hashlib
import pathlib
import re
import sys
from typing import Iterator, NoReturn

sys.dont_write_bytecode = True  # the source tree stays as it is

# What a view holds: its C type, and the function that shows it between tags. None: only to be tested, or gone through.
TYPES = {
    "text": ("const char *", "show_text"),
    "said": ("const char *", "show_said"),  # by a service, in English
    "path": ("const char *", "show_path"),  # of ours: "/mentorships"
    "number": ("int64_t ", "show_number"),
    "flag": ("bool ", None),
    "date": ("struct date ", "show_date"),
    "instant": ("struct instant ", "show_instant"),
    "id": ("struct id ", "show_id"),
    "word": ("enum words_key ", "show_word"),
    "options": ("struct show_options ", None),
}
VOID = {"br", "hr", "img", "input", "link", "meta"}
# Where an address may lead to, whatever is put into it: here, into this page, to a telephone or a mailbox, or to the named host.
ADDRESS = re.compile(r"(/(?!/)|#|tel:|mailto:|https://[a-z0-9.-]+/)")
ADDRESSES = {"href", "action", "src", "formaction"}
TEXT_ONLY = {"title", "option", "textarea"}  # in which no element can stand
FIELD_KINDS = ("text", "email", "tel", "long", "number", "code", "date", "choice", "many", "flag", "select", "month", "file")
PIECE = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.S)
PLACE = re.compile(r"\{(\+?[a-z][a-z0-9_]*)\}")  # as catalogue.py has it
PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")


class Template:
    """One file: what its view holds, and the C that shows it."""

    def __init__(self, path: pathlib.Path, words: dict[str, set[str]]):
        self.path, self.words = path, words
        self.name = path.stem
        self.line = 1
        self.view: list[tuple[str, str]] = []  # name, type; a list's type is "list"
        self.items: dict[str, list[tuple[str, str]]] = {}
        self.scopes: list[tuple[str, str, str]] = []  # in a for: variable, list, index
        self.blocks: list[list] = []  # what is open: kind, line, where the text stood as it began, tags then
        self.code: list[str] = []
        self.literal: list[str] = []
        self.tags: list[str] = []
        self.state, self.attribute, self.value, self.tag = "text", "", "", ""
        self.has_body = False
        self.texts = 0
        self.read(path.read_text(encoding="utf-8"))

    def stop(self, what: str) -> NoReturn:
        sys.exit(f"{self.path}:{self.line}: {what}")

    # The file.

    def read(self, text: str) -> None:
        at = 0
        for piece in PIECE.finditer(text):
            self.take(text[at:piece.start()])
            if piece[1] is not None:
                self.show(piece[1].strip())
            else:
                self.say(piece[2].strip())
            self.line += piece[0].count("\n")
            at = piece.end()
        self.take(text[at:])
        if self.blocks:
            self.stop(f"the {self.blocks[-1][0]} of line {self.blocks[-1][1]} has no end")
        if self.tags or self.state != "text":
            self.stop(f"ends within <{(self.tags or [self.tag])[-1]}>")
        self.flush()

    # What is as it is: where in it we are decides what may be put there.

    def take(self, text: str) -> None:
        if "{{" in text or "{%" in text:
            self.stop("something begins with a brace and has no end")
        for c in text:
            self.step(c)
            self.literal.append(c)
            self.line += c == "\n"

    def step(self, c: str) -> None:
        if self.state == "text":
            if c == "<":
                self.state, self.tag = "name", ""
            elif self.runs() and not c.isspace():
                self.stop(f"what <{self.tags[-1]}> says belongs into web/")
        elif self.state == "name":
            if re.match(r"[a-z0-9/!-]", c, re.I):
                self.tag += c
            else:
                self.state = "tag"
                self.step(c)
        elif self.state == "tag":
            if c == ">":
                self.close()
            elif c == "=":
                self.state, self.value = "equals", ""
            elif c.isspace():
                self.attribute = ""
            else:
                self.attribute += c
        elif self.state == "equals":
            if c != '"':
                self.stop(f"the value of {self.attribute} is not in double quotes")
            self.state = "value"
        elif self.state == "value":
            if c == '"':
                self.state, self.attribute = "tag", ""
            else:
                self.value += c

    def runs(self) -> bool:
        return self.tags[-1:] in (["script"], ["style"])

    def close(self) -> None:
        name, self.state, self.attribute = self.tag.lower(), "text", ""
        if name.startswith("!"):
            return
        if name.startswith("/"):
            if not self.tags or self.tags[-1] != name[1:]:
                self.stop(f"<{name}> closes {f'<{self.tags[-1]}>' if self.tags else 'nothing'}")
            self.tags.pop()
        elif name not in VOID:
            self.tags.append(name)

    def flush(self) -> None:
        text = re.sub(r"\s*\n\s*", "\n", "".join(self.literal))
        self.literal = []
        if not self.code:
            text = text.lstrip()
        if text:
            self.emit(f'show_raw(shown, {quoted(text)}, {len(text.encode())});')

    def emit(self, line: str) -> None:
        self.code.append("    " * (1 + len(self.blocks)) + line)

    # Values.

    def find(self, path: str) -> tuple[str, str]:
        """What C calls it, and its type."""
        if not PATH.fullmatch(path):
            self.stop(f"{path}: is not a name")
        first, _, rest = path.partition(".")
        for variable, of, index in self.scopes:
            if variable == first:
                kind = dict(self.items[of]).get(rest)
                if kind is None:
                    self.stop(f"{path}: {of} has no {rest or 'value of its own'}")
                return f"view->{of}.at[{index}].{rest}", kind
        kind = dict(self.view).get(path)
        if kind is None:
            self.stop(f"{path}: is not in the view")
        return f"view->{path}", kind

    def values(self, pairs: list[str]) -> str:
        """As words_say takes them; texts that have to be made first are."""
        said = []
        for pair in pairs:
            name, _, path = pair.partition("=")
            at, kind = self.find(path)
            if kind == "text":
                said.append(f'words_text("{name}", {at})')
            elif kind == "number":
                said.append(f'words_number("{name}", {at})')
            elif kind in ("date", "instant", "word"):
                room = f"text{self.texts}"
                self.texts += 1
                self.emit(f"char {room}[SHOW_TEXT_SIZE];")
                self.emit(f"show_write_{kind}(shown, {at}, {room});")
                said.append(f'words_text("{name}", {room})')
            else:
                self.stop(f"{path}: a {kind} cannot stand in a text")
        return f"WORDS({', '.join(said)})" if said else "NULL"

    def word(self, quoted_key: str) -> str:
        key = quoted_key.strip("'")
        if key not in self.words:
            self.stop(f"{key}: is not in the catalogue")
        return f"WORDS_{key.upper().replace('.', '_')}"

    def show(self, what: str) -> None:
        is_text = self.state == "text"
        may_be_marked = is_text and not set(self.tags) & TEXT_ONLY
        if self.runs() or (not is_text and self.state != "value"):
            self.stop("a value can only stand between tags and within a quoted attribute")
        name = self.attribute.lower()
        if not is_text and (name.startswith("on") or name in ("style", "srcdoc")):
            self.stop(f"a value cannot stand in {name}")
        is_address = not is_text and name in ADDRESSES
        is_path = is_address and self.value == "" and not what.startswith("'") and self.find(what.partition("|")[0])[1] == "path"
        if is_address and not is_path and not ADDRESS.match(self.value):
            self.stop(f"{name} has to begin with where it leads to: /, #, tel:, mailto: or https://host/, or to be a path")
        self.flush()
        if what.startswith("'"):
            if is_address:
                self.stop("words cannot stand in an address")
            self.show_words(what, "" if may_be_marked else "_plain")
            return
        path, _, how = what.partition("|")
        at, kind = self.find(path)
        if is_address and kind == "text" and how != "url":
            self.stop(f"{path}: a text in an address is {path}|url")
        if how == "url" and is_address and kind == "text":
            self.emit(f"show_url(shown, {at});")
        elif how == "iso" and kind in ("date", "instant"):
            self.emit(f"show_iso_{kind}(shown, {at});")
        elif how:
            self.stop(f"{what}: {how} is nothing that can be done to a {kind}")
        elif TYPES.get(kind, ("", None))[1] is None:
            self.stop(f"{path}: a {kind} cannot be shown")
        elif kind == "said" and not may_be_marked:
            self.stop(f"{path}: what is said stands between tags, as it may be marked as English")
        else:
            self.emit(f"{TYPES[kind][1]}{'' if may_be_marked or kind in ('id', 'number', 'path') else '_plain'}(shown, {at});")

    def show_words(self, what: str, how: str) -> None:
        key, *pairs = what.split()
        word = self.word(key)
        if missing := self.words[key.strip("'")] - {pair.partition("=")[0] for pair in pairs}:
            self.stop(f"{key.strip(chr(39))}: has a place for {' and '.join(sorted(missing))}")
        self.emit("{")
        values = self.values(pairs)
        self.emit(f"show_words{how}(shown, {word}, {values});")
        self.emit("}")

    # What is done.

    def say(self, what: str) -> None:
        word, _, rest = what.partition(" ")
        what_to_do = {"view": self.declare, "if": self.begin_if, "for": self.begin_for, "else": self.otherwise, "end": self.end,
                      "field": self.field, "body": self.body, "form": self.form, "open": self.opened}.get(word.strip())
        if what_to_do is None and word.split("\n")[0] == "view":
            what_to_do, rest = self.declare, what[4:]
        if what_to_do is None:
            self.stop(f"{word}: is nothing that can be done")
        what_to_do(rest)

    def declare(self, rest: str) -> None:
        of = None
        for line in rest.split("\n"):
            if not line.strip():
                continue
            match = re.fullmatch(r"( *)([a-z][a-z0-9_]*): ([a-z]+)", line.rstrip())
            if not match or (match[3] not in TYPES and match[3] != "list"):
                self.stop(f"{line.strip()}: is not a line like `name: text`, of {', '.join(TYPES)} or list")
            if match[1]:
                if of is None or match[3] == "list":
                    self.stop(f"{line.strip()}: is of no list")
                self.items[of].append((match[2], match[3]))
                continue
            self.view.append((match[2], match[3]))
            of = match[2] if match[3] == "list" else None
            if of:
                self.items[of] = []

    def open_block(self, kind: str) -> None:
        self.blocks.append([kind, self.line, (self.state, self.attribute), list(self.tags)])

    def begin_if(self, rest: str) -> None:
        self.flush()
        is_not = rest.startswith("not ")
        at, kind = self.find(rest.removeprefix("not ").strip())
        test = {"flag": at, "text": f"{at} != NULL", "said": f"{at} != NULL", "path": f"{at} != NULL", "list": f"{at}.count > 0", "options": f"{at}.count > 0", "number": f"{at} != 0",
                "word": f"{at} != WORDS_KEYS", "instant": f"{at}.ms != 0", "date": f"{at}.day != 0"}.get(kind)
        if test is None:
            self.stop(f"{rest}: there always is one")
        self.emit(f"if ({f'!({test})' if is_not else test}) {{")
        self.open_block("if")

    def begin_for(self, rest: str) -> None:
        self.flush()
        match = re.fullmatch(r"([a-z_]+) in ([a-z_]+)", rest.strip())
        if not match or dict(self.view).get(match[2]) != "list":
            self.stop(f"for {rest}: is not like `for row in rows`, of a list")
        index = f"i{len(self.scopes)}"
        self.emit(f"for (size_t {index} = 0; {index} < view->{match[2]}.count; {index}++) {{")
        self.scopes.append((match[1], match[2], index))
        self.open_block("for")

    def check_block(self) -> list:
        if not self.blocks:
            self.stop("there is nothing open here")
        kind, line, where, tags = self.blocks[-1]
        if where != (self.state, self.attribute) or tags != self.tags:
            self.stop(f"the {kind} of line {line} ends elsewhere in the page than it began")
        return self.blocks[-1]

    def otherwise(self, _: str) -> None:
        self.flush()
        if self.check_block()[0] != "if":
            self.stop("only an if has an else")
        block = self.blocks.pop()
        self.emit("} else {")
        self.blocks.append(block)

    def end(self, _: str) -> None:
        self.flush()
        kind = self.check_block()[0]
        self.blocks.pop()
        self.emit("}")
        if kind == "for":
            self.scopes.pop()

    def body(self, _: str) -> None:
        """Of a frame: what stands around comes before and after."""
        if self.blocks or self.has_body:
            self.stop("a frame has one body, within nothing")
        self.flush()
        self.has_body = True
        self.code.append(None)

    def form(self, rest: str) -> None:
        """Which it is, and what makes it one command, however often it is sent."""
        if self.tags[-1:] != ["form"] or self.state != "text" or not re.fullmatch("[a-z_]+", rest):
            self.stop("a form's name is the first thing in it")
        self.flush()
        self.emit(f'show_form(shown, "{rest}");')

    def opened(self, rest: str) -> None:
        """Of <details>: open where the form in it was sent and not taken."""
        if self.state not in ("name", "tag") or self.tag != "details":
            self.stop("only <details> is open")
        self.flush()
        self.emit(f'show_open(shown, "{rest}");')

    def field(self, rest: str) -> None:
        name, label, kind, *more = rest.split()
        within = None
        if self.state != "text" or "form" not in self.tags:
            self.stop("a field stands in a form")
        if kind not in FIELD_KINDS:
            self.stop(f"{kind}: is not one of {', '.join(FIELD_KINDS)}")
        self.flush()
        said = [f'.name = "{name}"', f".label = {self.word(label)}", f".kind = SHOW_FIELD_{kind.upper()}", ".hint = WORDS_KEYS"]
        for word in more:
            key, _, value = word.partition("=")
            if key == "required":
                said.append(".is_required = true")
            elif key == "hint":
                said[3] = f".hint = {self.word(value)}"
            elif key == "within":
                within = self.find(value)[0]
            elif key == "autocomplete":
                said.append(f'.autocomplete = "{value}"')
            elif key == "value":
                said.append(f".value = {self.find(value)[0]}")
            elif key == "options":
                said.append(f".options = &{self.find(value)[0]}")
            else:
                self.stop(f"{word}: is nothing of a field")
        if within is None:
            self.emit(f"show_field(shown, &(struct show_field){{{', '.join(said)}}});")
            return
        said[0] = ".name = name"
        self.emit("{")
        self.emit("char name[SHOW_NAME_SIZE];")
        self.emit(f'show_name({within}, "{name}", name);')
        self.emit(f"show_field(shown, &(struct show_field){{{', '.join(said)}}});")
        self.emit("}")

    # C.

    def header(self) -> Iterator[str]:
        yield f"/* Generated from {self.path.name}: what it shows. */\n#pragma once\n"
        yield '#include "show.h"\n'
        for of, items in self.items.items():
            yield f"struct {self.name}_{of} {{\n{members(items)}}};\n"
        yield f"struct {self.name}_view {{"
        for name, kind in self.view:
            if kind == "list":
                yield f"    struct {{\n        size_t count;\n        struct {self.name}_{name} *at;\n    }} {name};"
            else:
                yield f"    {TYPES[kind][0]}{name};"
        if not self.view:
            yield "    char nothing; /* it says the same to everybody */"
        yield "};\n"
        yield f"/* what: a struct {self.name}_view. */"
        for function in self.functions():
            yield f"{function};"

    def functions(self) -> list[str]:
        arguments = "struct shown *shown, const void *what"
        parts = ("begin", "end") if self.has_body else ("show",)
        return [f"void {self.name}_{part}({arguments})" for part in parts]

    def source(self) -> Iterator[str]:
        yield f'/* Generated from {self.path.name}. */\n#include "pages/{self.name}.h"\n'
        bodies: list[list[str]] = [[]]
        for line in self.code:
            if line is None:
                bodies.append([])
            else:
                bodies[-1].append(line)
        for function, lines in zip(self.functions(), bodies):
            yield f"{function}\n{{\n    const struct {self.name}_view *view = what;\n\n    (void)view;"
            yield from lines
            yield "}\n"


def members(items: list[tuple[str, str]]) -> str:
    return "".join(f"    {TYPES[kind][0]}{name};\n" for name, kind in items)


def quoted(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")  # \?: no trigraphs
    lines = text.split("\n")
    return "\n        ".join(f'"{line}{chr(92) + "n" if i + 1 < len(lines) else ""}"' for i, line in enumerate(lines) if line or i + 1 < len(lines))


# What lies in web/.

KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def squeezed(path: pathlib.Path) -> bytes:
    """Without what only people read, where that is easily told apart."""
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".css", ".js"):
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        text = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    return text.encode()


def c_bytes(data: bytes) -> str:
    return ", ".join(str(byte) for byte in data)


def assets(folder: pathlib.Path) -> Iterator[str]:
    yield '/* Generated from web/: what pages load, as it is and packed. Its address changes when it does. */\n#include "assets.h"\n'
    rows, prints = [], []
    for path in sorted((folder / "web").iterdir()):
        if path.suffix not in KINDS:
            sys.exit(f"{path}: is none of {', '.join(KINDS)}")
        name, plain = path.name.replace(".", "_").replace("-", "_"), squeezed(path)
        packed = gzip.compress(plain, 9, mtime=0)
        address = f"/web/{hashlib.blake2b(plain, digest_size=6).hexdigest()}/{path.name}"
        yield f"static const unsigned char {name}[] = {{{c_bytes(plain)}}};"
        yield f"static const unsigned char {name}_gz[] = {{{c_bytes(packed)}}};"
        rows.append(f'    {{"{path.name}", "{address}", "{KINDS[path.suffix]}", {name}, {name}_gz, sizeof {name}, sizeof {name}_gz}},')
    yield "\nconst struct asset assets[] = {"
    yield from rows
    yield "    {NULL, NULL, NULL, NULL, NULL, 0, 0},\n};"


# All of it.

def write(path: pathlib.Path, text: str) -> None:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def read_words(path: pathlib.Path) -> dict[str, set[str]]:
    """Every key of the catalogue, and what it has places for."""
    sys.path.insert(0, str(path.parent))
    from po import Catalogue  # beside it

    return {entry.key: {name.lstrip("+") for form in entry.forms for name in PLACE.findall(form)} for entry in Catalogue(path).entries.values()}


def main(folder: str, out: str, catalogue: str, stamp: str | None = None) -> None:
    words = read_words(pathlib.Path(catalogue))
    names: set[str] = set()
    for path in sorted(pathlib.Path(folder).rglob("*.html")):
        template = Template(path, words)
        if template.name in names:
            template.stop("another page has that name")
        names.add(template.name)
        write(pathlib.Path(out, "pages", f"{template.name}.h"), "\n".join(template.header()) + "\n")
        write(pathlib.Path(out, "pages", f"{template.name}.c"), "\n".join(template.source()) + "\n")
    write(pathlib.Path(out, "pages", "assets.c"), "\n".join(assets(pathlib.Path(folder))) + "\n")
    if stamp:
        pathlib.Path(stamp).touch()


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    main(*sys.argv[1:])
