"""The subset of JSON Schema 2020-12 that schemas may be written in, read and checked. See README.md.

Everything outside it is refused, naming file and place. What comes out is a Folder of Schemas: definitions resolved to
types, messages to fields, all names qualified and unique in C.
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
from typing import Any, Iterator, NoReturn

import pattern as patterns

TOP = {"$schema", "title", "description", "$defs", "commands", "subscribes", "whose", "events", "refusals", "records"}
WHY = {"x-purpose": "kept_for", "x-basis": "legal_basis", "x-retention": "retention"}  # what is said of personal data, in whose words
PARTS = {  # what a message of each part may say besides description, properties and required
    "commands": {"route", "hook", "answer", "opens", "creates", "x-patch", "x-acts"},
    "events": {"x-persons", "x-strikes"},
    "records": {"route", "readers", "filters", "opens", "found-by", "tells", "x-guarded", "x-draft", "x-acts"},
}
FORMS = {  # what a value of a definition goes through on its way in (common/intake), by what it says it with and of which kind
    "TEXT": ("x-form", {"name", "mailbox", "url", "phone", "municipality", "language", "secret"}),
    "OBJECT": ("x-form", {"occupation"}),
    "WORD": ("x-form", {"part"}),
    "DATE": ("x-range", {"past", "plan"}),
    "PARTIAL_DATE": ("x-range", {"birth", "participant"}),
    "INSTANT": ("x-range", {"past", "plan"}),
    "LIST": ("x-set", {True}),
}
FLAGS = {"x-personal": "FIELD_PERSONAL", "x-place": "FIELD_PLACE", "x-internal": "FIELD_INTERNAL", "x-made": "FIELD_MADE"}
TRAITS = ("place", "external_id", "language", "occupation", "wish", "alias", "absence")  # what is told of somebody and may be struck (core/trait.h)
KINDS = ("refused", "conflict", "forbidden", "anothers", "invalid", "not_found", "busy", "broken")
ACTOR = {name: f"READER_{name.upper()}" for name in ("id", "organisation", "programme", "whole", "known")}
KEYWORDS = set(
    """auto bool break case char const continue default do double else enum extern false float for goto if
    inline int long register return short signed sizeof static struct switch true typedef union unsigned void volatile
    while NULL""".split()
)
YEAR_9999 = 253402300799999  # its last millisecond, since 1970
DAY_FIRST, DAY_LAST = -719162, 2932896  # 0001-01-01 and 9999-12-31, since 1970
DEPTH_MAX, FIELDS_MAX = 8, 64  # of values in one another (core/pack.h); in one message
OF_MAX = 2  # kinds of things that an id can be of (core/descriptor.h)
TEXT_MAX = 255  # bytes of a sentence in an error, and of a fault in it (core/error.h): what is longer would be cut off
OURS_MAX = 64  # words, a bit each in core/descriptor.h
LOOKS_MAX = 110  # letters of words and example: "not …, such as …" goes into a fault (core/error.h)


class Type:
    """A definition, resolved: what a value of it is in C and what its descriptor says."""

    def __init__(self, schema: Schema, label: str, spec: dict):
        self.schema, self.label, self.spec, self.place = schema, label, spec, f"$defs.{label}"
        self.description = schema.checked(spec, None, self.place)
        self.c = schema.prefix + schema.checked_name(label, "$defs")
        self.min, self.max, self.flags, self.pattern, self.looks, self.depth = 0, 0, set(), None, None, 1
        self.words: list[str] = []
        self.also: dict[str, str] = {}
        self.ours: list[str] = []
        self.struck: tuple[str, list[str]] | None = None
        self.fields: list[Field] = []
        self.item: Type | None = None
        forms = {keyword for keyword, _ in FORMS.values()}
        self.kind = self.resolve({key: value for key, value in spec.items() if key not in {"description", *forms}})
        self.form = self.checked_form({keyword: spec[keyword] for keyword in forms & set(spec)})

    def resolve(self, spec: dict) -> str:
        match spec:
            case {"enum": [_, *_] as words, **rest}:
                self.refuse_rest(rest, {"x-ours", "x-struck"})
                kind = self.take_words(words)
                self.ours = self.checked_ours(rest.get("x-ours", []))
                self.struck = self.checked_struck(rest["x-struck"]) if "x-struck" in rest else None
                return kind
            case {"x-enum-of": str(files), **rest}:
                self.refuse_rest(rest, {"x-also"})
                kind = self.take_words(self.names_of(files))
                self.also = self.checked_also(rest.get("x-also", {}))
                return kind
            case {"type": "string", "format": "uuid", **rest} if not rest:
                return "ID"
            case {"type": "string", "format": "date-time", **rest} if not rest:
                self.max = YEAR_9999
                return "INSTANT"
            case {"type": "string", "format": "date", **rest} if not rest:
                self.min, self.max = DAY_FIRST, DAY_LAST
                return "DATE"
            case {"type": "string", "format": "partial-date", **rest} if not rest:
                self.min, self.max = DAY_FIRST, DAY_LAST
                return "PARTIAL_DATE"
            case {"type": "boolean", **rest} if not rest:
                return "BOOL"
            case {"type": "integer", "minimum": int(low), "maximum": int(high), **rest} if not rest:
                self.limits(low, high, -(2**63), 2**63 - 1)
                return "INT"
            case {"type": "string", "contentEncoding": "base64", "maxLength": int(longest), **rest}:
                self.refuse_rest(rest, {"minLength"})
                self.limits(rest.get("minLength", 0), longest, 0, 1 << 20)
                return "BYTES"
            case {"type": "string", "maxLength": int(longest), **rest}:
                self.refuse_rest(rest, {"minLength", "pattern", "x-looks", "examples", "x-free-text"})
                self.limits(rest.get("minLength", 0), longest, 0, 1 << 16)
                self.pattern = self.checked_pattern(rest.get("pattern"))
                self.looks = self.checked_looks(rest.get("x-looks"), rest.get("examples"))
                if rest.get("x-free-text", False) is True:
                    self.flags.add("FIELD_FREE_TEXT")
                return "TEXT"
            case {"type": "array", "items": dict(items), "maxItems": int(most), **rest}:
                self.refuse_rest(rest, {"minItems"})
                self.limits(rest.get("minItems", 0), most, 0, 4096)
                if set(items) != {"$ref"}:
                    self.refuse("items that are not a reference")
                self.item = self.schema.resolve(items["$ref"], f"{self.place}.items")
                if "x-personal" in self.item.flags_inside():
                    self.refuse("items of which a part is x-personal: the whole list must be")
                self.depth = 1 + self.item.depth
                return "LIST"
            case {"x-patch-of": {"$ref": str(whole), **more}, **rest} if not more and not rest:
                base = self.schema.resolve(whole, self.place)
                if base.kind != "OBJECT":
                    self.refuse(f"x-patch-of {whole!r}, which is no object")
                self.fields = patched(fields(base.schema, self.place, base.spec, {"x-personal", "x-place", "x-internal"}))
                self.depth = base.depth
                return "OBJECT"
            case {"type": "object", "properties": {**properties}, **rest} if properties:
                self.refuse_rest(rest, {"required", "x-patch"})
                self.fields = fields(self.schema, self.place, spec, {"x-personal", "x-place", "x-internal", "x-made"})
                self.depth = 1 + max(f.type.depth for f in self.fields)
                return "OBJECT"
        self.refuse(f"not in the subset: {json.dumps(spec)}")

    def checked_form(self, said: dict[str, Any]) -> str | None:
        """The constant in C, FORM_SET."""
        if not said:
            return None
        keyword, words = FORMS.get(self.kind, (None, set()))
        if set(said) != {keyword} or said[keyword] not in words:
            allowed = f"{keyword}: {', '.join(sorted(map(json.dumps, words)))}" if keyword else "none"
            self.refuse(f"{', '.join(sorted(said))}: a {self.kind.lower()} has {allowed}")
        return "FORM_SET" if keyword == "x-set" else f"FORM_{said[keyword].upper()}"

    def refuse(self, what: str) -> NoReturn:
        self.schema.fail(self.place, what)

    def refuse_rest(self, rest: dict, allowed: set[str]) -> None:
        if more := set(rest) - allowed:
            self.refuse(f"not in the subset: {', '.join(sorted(more))}")

    def take_words(self, words: list) -> str:
        self.words = [self.schema.checked_name(word, self.place) for word in words]
        if len(set(words)) < len(words):
            self.refuse("a word twice")
        self.max = len(words)
        return "WORD"

    def checked_also(self, also: Any) -> dict[str, str]:
        """What is understood for which word."""
        if not isinstance(also, dict) or set(also) & set(self.words):
            self.refuse("x-also is not what is understood for words, by each")
        if strange := [word for word in also.values() if word not in self.words]:
            self.refuse(f"x-also stands for {strange[0]!r}, which is none of the words")
        return {self.schema.checked_name(name, self.place): word for name, word in also.items()}

    def checked_ours(self, ours: Any) -> list[str]:
        """The words that only rules say."""
        if not isinstance(ours, list) or len(set(map(str, ours))) < len(ours) or set(map(str, ours)) >= set(self.words):
            self.refuse("x-ours: not some of the words, each once")
        if strange := [word for word in ours if word not in self.words]:
            self.refuse(f"x-ours: {strange[0]!r} is none of the words")
        if [word for word in ours if self.words.index(word) >= OURS_MAX]:
            self.refuse(f"x-ours: a word behind the first {OURS_MAX}")
        return ours

    def checked_struck(self, struck: Any) -> tuple[str, list[str]]:
        """The word that stands for others which are struck, and those; what is none of them stays."""
        match list(struck.items()) if isinstance(struck, dict) else None:
            case [(stands, [_, *_] as words)] if stands in self.words and stands not in words and len(set(map(str, words))) == len(words):
                if strange := [word for word in words if word not in self.words[:OURS_MAX]]:
                    self.refuse(f"x-struck: {strange[0]!r} is none of the first {OURS_MAX} words")
                return stands, words
        return self.refuse("x-struck: not one of the words for some of the others, each once")

    def names_of(self, files: str) -> list[str]:
        """How files are called, without their ending, in alphabetical order."""
        folder, _, last = files.rpartition("/")
        if not re.fullmatch(r"(\.\./)*([a-z-]+/)*\*\.[a-z]+", files):
            self.refuse(f"x-enum-of {files!r} is not like ../words/*.po")
        found = sorted(path.stem for path in (self.schema.path.parent / folder).glob(last))
        return found or self.refuse(f"x-enum-of {files!r} names no file")

    def limits(self, low: Any, high: int, least: int, most: int) -> None:
        if not isinstance(low, int) or not least <= low <= high <= most or high == 0 and least == 0:
            self.refuse(f"limits {low} to {high}, which are not within {least} to {most}")
        self.min, self.max = low, high

    def checked_pattern(self, pattern: str | None) -> str | None:
        what = None if pattern is None else patterns.trouble(pattern) if isinstance(pattern, str) else "not a text"
        return self.refuse(f"pattern {pattern!r}: {what}") if what else pattern

    def checked_looks(self, words: Any, examples: Any) -> str | None:
        """What people are told who sent something else: it completes "it is not …"."""
        if self.pattern is None:
            return self.refuse("x-looks or examples without a pattern") if words or examples else None
        match words, examples:
            case str(), [str(first), *_] if len(words) + len(first) <= LOOKS_MAX:
                if strange := [example for example in examples if not self.is_example(example)]:
                    self.refuse(f"example {strange[0]!r} is not of the pattern, nor so long")
                return f"{self.schema.comment(words, self.place)}, such as {first}"
        self.refuse(f"a pattern without x-looks and examples, which together have at most {LOOKS_MAX} letters")

    def is_example(self, text: Any) -> bool:
        return isinstance(text, str) and self.min <= len(text) <= self.max and bool(re.fullmatch(self.pattern, text))

    @property
    def is_emitted(self) -> bool:
        return self.kind in ("WORD", "LIST", "OBJECT", "BYTES")

    @property
    def is_personal(self) -> bool:
        """Whether some of it is to be sealed."""
        return any("FIELD_PERSONAL" in f.flags for f in self.fields) or any(t.is_personal for t in self.uses())

    def flags_inside(self) -> Iterator[str]:
        for field in self.fields:
            yield from set(field.spec) & set(FLAGS)
        for t in self.uses():
            yield from t.flags_inside()

    def uses(self) -> Iterator[Type]:
        yield from [self.item] if self.item else []
        yield from (f.type for f in self.fields)


class Field:
    """One property of a message or an object."""

    def __init__(self, schema: Schema, place: str, name: str, spec: Any, required: bool, allowed: set[str]):
        if schema.checked_name(name, place) in KEYWORDS:
            schema.fail(place, "a keyword of C")
        if not isinstance(spec, dict) or "$ref" not in spec:
            schema.fail(place, "not a reference")
        own = {"x-internal"} if spec.get("x-made") else set()  # what is made here may be ours alone
        if more := set(spec) - {"$ref", "description", "x-of"} - allowed - own:
            schema.fail(place, f"not in the subset here: {', '.join(sorted(more))}")
        if any(spec[flag] is not True for flag in set(spec) & set(FLAGS)):
            schema.fail(place, "a flag that is not true")
        is_told = "x-trait" in allowed and "x-internal" not in allowed  # by an event: a row's place was counted before there were traits
        self.trait = "place" if "x-place" in spec and is_told else spec.get("x-trait")
        if self.trait is not None and (self.trait not in TRAITS or {"x-place", "x-trait"} <= set(spec)):
            schema.fail(place, f"x-trait is one of {', '.join(TRAITS)}; what is x-place has that of a place")
        self.name, self.required, self.place, self.spec = name, required, place, spec
        self.is_removable = False  # of a change: null says that it is no longer so
        self.type = schema.resolve(spec["$ref"], place)
        if more := set(self.type.flags_inside()) - allowed:
            schema.fail(place, f"not in the subset here: {', '.join(sorted(more))} in {spec['$ref']}")
        self.only, self.only_whole = self.checked_only(schema, spec.get("x-only", []))
        self.of = self.checked_of(schema, spec.get("x-of", []))
        self.flags = {FLAGS[flag] for flag in set(spec) & set(FLAGS)} | self.type.flags
        self.description = schema.comment(spec.get("description", self.type.description), place)

    @property
    def is_id(self) -> bool:
        """Or a list of them."""
        return "ID" in (self.type.kind, self.type.item.kind if self.type.item else "")

    def checked_of(self, schema: Schema, of: Any) -> list[str]:
        """The aggregates whose things it can name, in the service that is told of it."""
        if "x-of" in self.spec and (not self.is_id or not isinstance(of, list) or not 0 < len(of) <= OF_MAX):
            schema.fail(self.place, f"x-of that is no list of at most {OF_MAX} aggregates, or of what is no id")
        return [] if of == ["own"] else [schema.checked_name(name, f"{self.place}.x-of") for name in of]

    def checked_only(self, schema: Schema, roles: Any) -> tuple[list[str], list[str]]:
        """The roles that it is shown to, where not all who may see the rest; and those only if they act for no one organisation."""
        if "x-only" in self.spec and (not isinstance(roles, list) or not roles or self.required):
            schema.fail(self.place, "x-only that is no list of roles, or of what is required")
        plain, whole = [[r for r in roles if str(r).endswith("=whole") is ends] for ends in (False, True)]
        named = plain + [role.removesuffix("=whole") for role in whole]
        if more := [role for role in named if role not in schema.folder.common.types["actor_role"].words]:
            schema.fail(self.place, f"x-only names no role: {', '.join(map(str, more))}")
        if len(set(named)) != len(named):
            schema.fail(self.place, "x-only names a role twice")
        return plain, named[len(plain) :]


def fields(schema: Schema, place: str, spec: dict, allowed: set[str]) -> list[Field]:
    properties, required = spec.get("properties", {}), spec.get("required", [])
    if not isinstance(properties, dict) or not isinstance(required, list):
        schema.fail(place, "properties that are not an object, or required that is not a list")
    if len(properties) > FIELDS_MAX:
        schema.fail(place, f"more than {FIELDS_MAX} properties")
    if more := [name for name in required if name not in properties]:
        schema.fail(place, f"requires what it has not: {', '.join(map(str, more))}")
    if flags := [f"has_{n}" for n in properties if n not in required and f"has_{n}" in properties]:
        schema.fail(place, f"{flags[0]} is the flag of another")
    made = [Field(schema, f"{place}.properties.{n}", n, s, n in required, allowed) for n, s in properties.items()]
    if "x-patch" in spec:
        make_patch(schema, place, spec, made)
    return made


def personal(field: Field) -> Iterator[str]:
    """Where in it something is that is sealed, tells where somebody is, or was written by people in words of their own."""
    if field.flags & {"FIELD_PERSONAL", "FIELD_PLACE"} or is_written(field.type):
        yield field.place
    else:
        yield from (place for f in within(field.type) for place in personal(f))


def is_written(t: Type) -> bool:
    """Whether people write it, it itself or each of a list."""
    return "FIELD_FREE_TEXT" in t.flags or t.item is not None and is_written(t.item)


def within(t: Type) -> Iterator[Field]:
    yield from t.fields
    yield from within(t.item) if t.item else ()


def make_patch(schema: Schema, place: str, spec: dict, said: list[Field]) -> None:
    """Whatever a change leaves out stays; what it does not require is removed by null."""
    if spec["x-patch"] is not True:
        schema.fail(place, "x-patch that is not true")
    for field in said:
        if is_replaced(field.type):
            schema.fail(field.place, "an object of several fields in a change: who changes one would lose the others, unless it is a change too")
    patched(said)


def is_replaced(t: Type) -> bool:
    """Whether what is said of one of its fields leaves nothing of the others: unless it is one value (x-form), or a change."""
    is_change = any(field.is_removable or "FIELD_KEPT" in field.flags for field in t.fields)
    return len(t.fields) > 1 and t.form is None and not is_change


def patched(said: list[Field]) -> list[Field]:
    for field in said:
        field.is_removable, field.required = not field.required, False
        field.flags |= set() if field.is_removable else {"FIELD_KEPT"}
    return said


def ids_in(fields: list[Field]) -> Iterator[Field]:
    """Those that are ids, however deep."""
    for field in fields:
        if field.is_id:
            yield field
        yield from ids_in((field.type.item or field.type).fields)


class Message:
    """A command, event, record or answer. One without properties has a name and a descriptor, but no struct."""

    def __init__(self, schema: Schema, part: str, name: str, spec: dict):
        self.schema, self.part, self.name, self.spec, self.place = schema, part, name, spec, f"{part}.{name}"
        self.description = schema.checked(spec, {"properties", "required"} | PARTS[part], self.place)
        own = part == "records" and name == schema.name  # the row of the aggregate itself
        self.wire = name if own else f"{schema.name}.{schema.checked_name(name, self.place)}"
        allowed = {"x-place"} | (
            {"x-personal", "x-made"}
            if part == "commands"
            else {"x-internal", "x-only", "x-trait"} if part == "records" else {"x-trait"} if part == "events" else set()
        )
        self.fields = fields(schema, self.place, spec, allowed)
        if part == "commands" and (nobody := [f.place for f in ids_in(self.fields) if "x-of" not in f.spec]):
            schema.fail(nobody[0], "an id in a command that does not say what it names: x-of")
        if any(f.type.depth >= DEPTH_MAX for f in self.fields):
            schema.fail(self.place, f"nests more than {DEPTH_MAX} deep")
        if part != "commands" and (told := [f.name for f in self.fields if f.type.is_personal]):
            schema.fail(self.place, f"personal, and not a command's: {told[0]}")
        self.persons, self.strikes, self.unless, self.for_good = self.read_persons(), [], None, False
        if "x-strikes" in spec:
            self.strikes, self.unless = self.read_strikes()
            self.for_good = self.spec["x-strikes"].get("for_good", False)
        self.answer = Answer(self) if "answer" in spec else None
        self.opens, self.sealed = self.opened() if "opens" in spec else (None, None)
        self.found_in, self.found_by = self.read_found() if "found-by" in spec else (None, None)
        self.route, self.hook = self.checked_route(), spec.get("hook")
        if self.hook is not None and not re.fullmatch(r"[a-z_]+\.[a-z_]+", str(self.hook)):
            schema.fail(self.place, f"hook {self.hook!r} is not like referral.received")
        if "creates" in spec and (spec["creates"] is not True or self.route or self.hook):
            schema.fail(self.place, "creates is true, of a command with neither route nor hook; a route says it itself")
        self.readers = list(self.read_readers())
        self.check_acts()
        self.is_guarded = spec.get("x-guarded", False)
        if self.is_guarded not in (False, True):
            schema.fail(f"{self.place}.x-guarded", "is true, or not there")
        self.draft = self.read_draft() if "x-draft" in spec else None
        self.filters = [self.field(name, "filters") for name in spec.get("filters", [])]
        if hidden := [f.name for f in self.filters if f.only or f.only_whole]:
            schema.fail(f"{self.place}.filters", f"{hidden[0]} is not shown to everybody")
        self.tells: list[Message] = []  # Schema.subscribe

    @property
    def c(self) -> str:
        return self.wire.replace(".", "_")

    @property
    def is_creation(self) -> bool:
        return "{id}" not in self.route if self.route else self.hook is not None or "creates" in self.spec

    def read_persons(self) -> list[str]:
        """Whose ids an event names of whom it tells what may be struck, or of whom it strikes; `id`: to whom it happened."""
        named, place = self.spec.get("x-persons", []), f"{self.place}.x-persons"
        tells = self.part == "events" and any(f.trait for f in self.fields)
        if not isinstance(named, list) or bool(named) != (tells or "x-strikes" in self.spec):
            self.schema.fail(place, "a list of ids, of an event that tells of traits or strikes them")
        if tells and "x-strikes" in self.spec:
            self.schema.fail(place, "it tells of what it strikes")
        for name in named:
            if name != "id" and self.field(name, "x-persons").type.kind != "ID":
                self.schema.fail(place, f"{name} is no id")
        return named

    def read_strikes(self) -> tuple[list[str], Field | None]:
        """The traits that may be struck of them from then on; and the word without which they may not, unless it is its first."""
        spec, place = self.spec["x-strikes"], f"{self.place}.x-strikes"
        if not isinstance(spec, dict) or not {"traits"} <= set(spec) <= {"traits", "unless_first", "for_good"}:
            self.schema.fail(place, "not like {traits: [place], unless_first: protection}")
        if spec.get("for_good", True) is not True or "unless_first" in spec and "for_good" in spec:
            self.schema.fail(place, "for_good: true, or not there; and not under a condition")
        if not spec["traits"] or not isinstance(spec["traits"], list) or set(spec["traits"]) - set(TRAITS):
            self.schema.fail(place, f"traits are of {', '.join(TRAITS)}")
        unless = self.field(spec["unless_first"], "x-strikes") if "unless_first" in spec else None
        if unless and (unless.type.kind != "WORD" or not unless.required):
            self.schema.fail(place, f"{unless.name} is no word that is always said")
        return spec["traits"], unless

    def opened(self) -> tuple[Type, Type]:
        """What is opened; and as what it was sealed, which may be more."""
        spec, place = self.spec["opens"], f"{self.place}.opens"
        if not isinstance(spec, dict) or not {"$ref"} <= set(spec) <= {"$ref", "x-part-of"}:
            self.schema.fail(place, "not a reference")
        opens, sealed = [self.schema.resolve(ref, place) for ref in (spec["$ref"], spec.get("x-part-of", spec["$ref"]))]
        if {opens.kind, sealed.kind} != {"OBJECT"}:
            self.schema.fail(place, "not an object")
        if "x-part-of" in spec and self.part != "commands":
            self.schema.fail(place, "x-part-of, and not a command's")
        whole = {f.name: f for f in sealed.fields}
        for f in opens.fields:
            if f.name not in whole or whole[f.name].type is not f.type or f.required > whole[f.name].required:
                self.schema.fail(place, f"{f.name} is not a part of what was sealed")
        return opens, sealed

    def read_found(self) -> tuple[Type, Field]:
        """What of a record is sealed, and its mailbox, by which the record is found."""
        spec, place = self.spec["found-by"], f"{self.place}.found-by"
        if not isinstance(spec, dict) or set(spec) != {"$ref", "mailbox"}:
            self.schema.fail(place, "not like {$ref, mailbox}")
        sealed = self.schema.resolve(spec["$ref"], place)
        found = [f for f in sealed.fields if f.name == spec["mailbox"]] if sealed.kind == "OBJECT" else []
        if not found or found[0].type.form != "FORM_MAILBOX":
            self.schema.fail(place, f"{spec['mailbox']} is no mailbox there")
        return sealed, found[0]

    def checked_route(self) -> str | None:
        route = self.spec.get("route")
        like = r"GET /v1/[a-z-]+/\{id\}" if self.part == "records" else r"POST /v1/[a-z-]+(/\{id\}/[a-z_-]+)?"
        if route is not None and not re.fullmatch(like, str(route)):
            self.schema.fail(self.place, f"route {route!r} is not like {like}")
        return route

    def field(self, name: str, place: str) -> Field:
        found = next((f for f in self.fields if f.name == name), None)
        return found or self.schema.fail(f"{self.place}.{place}", f"no property {name!r}")

    def read_readers(self) -> Iterator[tuple[str, Field, str]]:
        """Role, field of the row, and which of the actor's own it must equal."""
        place = f"{self.place}.readers"
        roles = self.schema.folder.common.types["actor_role"].words if "readers" in self.spec else []
        for role, ways in self.spec.get("readers", {}).items():
            for way in [ways] if isinstance(ways, str) else ways:
                name, _, actor = way.partition("=")
                if role not in roles or actor not in ACTOR:
                    self.schema.fail(place, f"{role}: {way} is not like participant: participant=id")
                field = self.field(name, "readers")
                if field.type.kind != "ID":
                    self.schema.fail(place, f"{name} is not an id")
                yield role, field, ACTOR[actor]


    def read_draft(self) -> tuple[list[str], list[int], Field]:
        """The roles for which a row in these states is not there, and the field from when on it is."""
        spec, place, says = self.spec["x-draft"], f"{self.place}.x-draft", {"until", "states", "not_for"}
        if not isinstance(spec, dict) or set(spec) != says:
            self.schema.fail(place, "not like {states: [proposed], until: offered_at, not_for: [mentor]}")
        until, words = self.field(spec["until"], "x-draft"), self.field("state", "x-draft").type.words
        if until.required:
            self.schema.fail(place, f"{until.name} is there from the first")
        if not isinstance(spec["states"], list) or not spec["states"] or set(spec["states"]) - set(words):
            self.schema.fail(place, f"states are of {', '.join(words)}")
        readers = {role for role, _, _ in self.readers}
        if not isinstance(spec["not_for"], list) or not spec["not_for"] or set(spec["not_for"]) - readers:
            self.schema.fail(place, f"not_for is of those who read it: {', '.join(sorted(readers))}")
        return spec["not_for"], [words.index(state) for state in spec["states"]], until

    def check_acts(self) -> None:
        """Of whose it may be commanded, by role, where that is less than what is read: documents and tests go by it."""
        place, acts = f"{self.place}.x-acts", self.spec.get("x-acts", {})
        row = self.schema.json.get("records", {}).get(self.schema.name, {}).get("properties", {})
        for role, ways in acts.items():
            for name, _, actor in (way.partition("=") for way in ([ways] if isinstance(ways, str) else ways)):
                if role not in [*self.schema.folder.common.types["actor_role"].words, "*"] or name not in row or actor not in {*ACTOR, "own"}:
                    self.schema.fail(place, f"{role}: {name}={actor} is not like coordinator: responsible=organisation")


class Answer(Message):
    """What a command answers with besides that it was accepted."""

    def __init__(self, command: Message):
        spec, self.schema, self.place = command.spec["answer"], command.schema, f"{command.place}.answer"
        self.wire, self.part, self.name = f"{command.wire}.answer", "answers", f"{command.name}_answer"
        self.description = f"What {command.wire} is answered with."
        if not isinstance(spec, dict) or set(spec) - {"description", "properties", "required"}:
            self.schema.fail(self.place, "not an object with properties and required")
        if "description" in spec:
            self.description = self.schema.comment(spec["description"], self.place)
        self.fields, self.persons = fields(self.schema, self.place, spec, set()), []
        if not self.fields:
            self.schema.fail(self.place, "no properties")


class Schema:
    """A schema file, checked."""

    def __init__(self, folder: Folder, path: pathlib.Path):
        self.folder, self.path, self.name = folder, path, path.stem
        self.service = "" if path.parent == folder.path else path.parent.name
        self.prefix = f"{self.name}_" if self.service else ""
        self.types: dict[str, Type] = {}
        self.resolving: list[str] = []
        try:
            self.json = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=self.no_duplicates)
        except (OSError, ValueError) as why:
            self.fail("file", str(why))
        self.checked_name(self.name, "file")
        self.description = self.checked({"description": self.name} | self.json, TOP | set(WHY), "top")

    def no_duplicates(self, pairs: list[tuple[str, Any]]) -> dict:
        if len(names := [name for name, _ in pairs]) > len(set(names)):
            self.fail("file", f"twice: {', '.join(sorted({n for n in names if names.count(n) > 1}))}")
        return dict(pairs)

    def read(self) -> None:
        """Resolve all of it. Not at once: schemas refer to each other."""
        for label in self.json.get("$defs", {}):
            self.resolve(f"#/$defs/{label}", f"$defs.{label}")
        self.commands, self.events, self.records = (
            [Message(self, part, name, spec) for name, spec in self.json.get(part, {}).items()]
            for part in ("commands", "events", "records")
        )
        self.records.sort(key=lambda record: record.name != self.name)
        self.whose = self.read_whose()
        self.answers = [command.answer for command in self.commands if command.answer]
        self.refusals = {c: self.refusal(c, spec) for c, spec in self.json.get("refusals", {}).items()}
        self.why = {keyword: self.read_why(keyword, words) for keyword, words in WHY.items() if set(WHY) & set(self.json)}
        if not self.why and (told := next((place for m in self.messages for f in m.fields for place in personal(f)), None)):
            self.fail(told, f"personal, and the schema does not say {', '.join(WHY)}")

    def read_why(self, keyword: str, words: str) -> list[str]:
        """What the data of the schema is for, by what right, and whose time it is kept for."""
        known = self.folder.common.types[words].words if words in self.folder.common.types else []
        match self.json.get(keyword):
            case [str(), *_] as said if len(set(map(str, said))) == len(said) and set(map(str, said)) <= set(known):
                return said
        self.fail(keyword, f"no list of words of common.json's {words}: {', '.join(known)}")

    def read_whose(self) -> list[Field]:
        """What every event says first, so that one struct stands for the beginning of all."""
        named = self.json.get("whose", [])
        if not isinstance(named, list) or "whose" in self.json and not (named and self.events):
            self.fail("whose", "no list of names, or no event to begin with them")
        for event in self.events if named else []:
            first = [(f.name, f.type, f.required) for f in event.fields[: len(named)]]
            like = [(f.name, f.type, True) for f in self.events[0].fields[: len(named)]]
            if [name for name, _, _ in first] != named or first != like:
                self.fail("whose", f"{event.name} does not begin with {', '.join(map(str, named))}, all required")
        return self.events[0].fields[: len(named)] if named else []

    def subscribe(self) -> None:
        self.subscribed = [self.subscription(ref) for ref in self.json.get("subscribes", [])]
        for record in self.records:
            record.tells = [self.told(ref, record) for ref in record.spec.get("tells", [])]

    @property
    def heard(self) -> dict[str, list[Message]]:
        """What it subscribes to, by whose event it is."""
        owners = dict.fromkeys(m.schema.name for m in self.subscribed)
        return {owner: [m for m in self.subscribed if m.schema.name == owner] for owner in owners}

    @property
    def is_aggregate(self) -> bool:
        return self.service not in ("", "runtime")

    @property
    def include(self) -> str:
        """The header that has its definitions and messages."""
        return f"contract/messages/{self.name}.h" if self.is_aggregate else f"contract/{self.name}.h"

    @property
    def messages(self) -> list[Message]:
        return self.commands + self.answers + self.events + self.records

    def fail(self, place: str, what: str) -> NoReturn:
        sys.exit(f"{self.path}: {place}: {what}")

    def checked_name(self, name: Any, place: str) -> str:
        is_name = isinstance(name, str) and re.fullmatch("[a-z][a-z0-9_]*", name)
        return name if is_name else self.fail(place, f"not a name: {name!r}")

    def comment(self, text: Any, place: str) -> str:
        if not isinstance(text, str) or "*/" in text or "/*" in text or "\n" in text:
            self.fail(place, "no description, or one that is no comment in C")
        return text

    def checked(self, spec: Any, allowed: set[str] | None, place: str) -> str:
        """That spec is an object with these keys only; its description."""
        if not isinstance(spec, dict):
            self.fail(place, "not an object")
        if allowed is not None and (more := set(spec) - allowed - {"description"}):
            self.fail(place, f"not in the subset: {', '.join(sorted(more))}")
        return self.comment(spec.get("description"), place)

    def other(self, file: str, place: str) -> Schema:
        path = (self.path.parent / file).resolve()
        found = self.folder.schemas.get(path) if file else self
        return found or self.fail(place, f"no schema {file}")

    def resolve(self, ref: Any, place: str) -> Type:
        file, _, label = str(ref).partition("#/$defs/")
        owner = self.other(file, place)
        specs = owner.json.get("$defs", {})
        if label not in specs:
            self.fail(place, f"nothing at {ref}")
        if label in owner.resolving:
            self.fail(place, f"{label} contains itself")
        if label not in owner.types:
            owner.resolving.append(label)
            resolved = Type(owner, label, specs[label])
            owner.types[label] = resolved
            owner.resolving.remove(label)
        return owner.types[label]

    def subscription(self, ref: Any) -> Message:
        file, _, name = str(ref).partition("#/events/")
        owner = self.other(file, "subscribes")
        found = next((event for event in owner.events if event.name == name), None)
        if found is None or owner is self or not owner.is_aggregate:
            self.fail("subscribes", f"nothing at {ref}, or an event of its own")
        return found

    def told(self, ref: Any, record: Message) -> Message:
        """An event that a webhook of ours tells of, with the record as its data."""
        if ref not in self.json.get("subscribes", []):
            self.fail(f"{record.place}.tells", f"{ref} is nothing that is subscribed to")
        return self.subscription(ref)

    def refusal(self, code: str, spec: Any) -> tuple[str, str, str | None]:
        """Kind, sentence, field."""
        place = f"refusals.{self.checked_name(code, 'refusals')}"
        match {"text": spec} if isinstance(spec, str) else spec:
            case {"text": str(text), **rest} if set(rest) <= {"kind", "field"} and '"' not in text and "\\" not in text:
                if rest.get("kind", "refused") not in KINDS:
                    self.fail(place, f"kind is none of {', '.join(KINDS)}")
                if len(text.encode()) > TEXT_MAX:
                    self.fail(place, f"a sentence of more than {TEXT_MAX} bytes, of which the end would not be said")
                return rest.get("kind", "refused"), text, rest.get("field")
        self.fail(place, "not a sentence, nor {text, kind, field}")

    def borrows(self) -> list[Schema]:
        """The others whose definitions its own and its messages use."""
        used = {t.schema.path: t.schema for d in self.types.values() for t in d.uses()}
        used |= {f.type.schema.path: f.type.schema for m in self.messages for f in m.fields}
        opened = [getattr(m, kind, None) for m in self.messages for kind in ("opens", "found_in")]
        used |= {t.schema.path: t.schema for t in opened if t}
        used.pop(self.path, None)
        return sorted(used.values(), key=lambda schema: schema.include)


class Folder:
    """All schemas, read together."""

    def __init__(self, path: pathlib.Path):
        self.path = path.resolve()
        self.common = Schema(self, self.path / "common.json")
        files = [Schema(self, file) for file in sorted(self.path.glob("*/*.json"))]
        self.schemas = {schema.path: schema for schema in [self.common] + files}
        for schema in self.schemas.values():
            schema.read()
        for schema in self.schemas.values():
            schema.subscribe()
        self.aggregates = [schema for schema in files if schema.is_aggregate]
        self.runtime = [schema for schema in files if not schema.is_aggregate]
        self.check_names()
        self.check_routes()
        self.check_subscriptions()
        for schema in files:
            self.check_circle(schema, [])

    def check_names(self) -> None:
        """`a_b` + `c` and `a` + `b_c` are one name in C: better said here than by the compiler."""
        taken: dict[str, str] = {}
        for schema in self.schemas.values():
            for name, place in names(schema):
                if name in taken:
                    schema.fail(place, f"{name} is already made by {taken[name]}")
                taken[name] = f"{schema.path.name}, {place}"

    def check_routes(self) -> None:
        taken: dict[str, str] = {}
        for schema in self.aggregates:
            for message in schema.messages:
                for way in (getattr(message, "route", None), getattr(message, "hook", None)):
                    if way in taken:
                        schema.fail(message.place, f"{way} already leads to {taken[way]}")
                    if way:
                        taken[way] = message.wire

    def check_subscriptions(self) -> None:
        """What a service follows of another has to go into one pull: better said here than when it starts."""
        bus = self.schemas.get(self.path / "runtime/bus.json")
        wanted: dict[tuple[str, str], set[str]] = {}
        for schema in self.aggregates:
            for event in schema.subscribed:
                types = wanted.setdefault((schema.service, event.schema.service), set())
                types.add(event.wire)
                if bus and event.schema.service != schema.service and len(types) > bus.json["$defs"]["types"]["maxItems"]:
                    schema.fail("subscribes", f"{event.wire} is one more of {event.schema.service}'s than a pull has room for")

    def check_circle(self, schema: Schema, trail: list[Schema]) -> None:
        if schema in trail:
            schema.fail("$defs", f"{trail[-1].path.name} uses definitions of this file, and this one uses its")
        for other in schema.borrows():
            self.check_circle(other, trail + [schema])


def names(schema: Schema) -> Iterator[tuple[str, str]]:
    """Every name that the schema makes in C (tags with their struct or enum), and where."""
    if schema.is_aggregate:
        for made in ("input", "input_type", "event", "event_type", "events"):
            yield f"tag {schema.name}_{made}", "top"
        for made in ("contract", "emit", "is_command", "COMMAND", "INPUTS", "EVENTS"):
            yield f"{schema.name.upper() if made.isupper() else schema.name}_{made}", "top"
        if schema.whose:
            yield f"tag {schema.name}_whose", "whose"
        for owner in schema.heard:
            yield f"{schema.name}_on_{owner}".upper(), "subscribes"
            yield f"{schema.name}_after_{owner}".upper(), "subscribes"
    for t in schema.types.values():
        if t.is_emitted:
            yield f"tag {t.c}", t.place
        yield from ((f"{t.c}_{word}".upper(), t.place) for word in t.words)
        for made, is_made in (("words", t.words), ("descriptor", t.fields), ("item", t.item)):
            if is_made:
                yield f"{t.c}_{made}", t.place
    for m in schema.messages:
        yield f"tag {m.c}", m.place
        yield f"{m.c}_descriptor", m.place
        if m.part in ("commands", "events") and schema.is_aggregate:
            yield m.c.upper(), m.place
    for m in schema.subscribed:
        yield f"{schema.name}_on_{m.c}".upper(), "subscribes"
        yield f"{schema.name}_after_{m.c}".upper(), "subscribes"
    yield from ((f"{schema.name}_{code}", f"refusals.{code}") for code in schema.refusals)
