"""Contracts as C: structs, closed enums and descriptors (core/descriptor.h) of one schema."""

from __future__ import annotations

import json
from typing import Iterator

from subset import TEXT_MAX, Field, Folder, Message, Schema, Type

DECLARATION = {
    "ID": "struct id {}",
    "TEXT": "char {}[4 * {max} + 1]",
    "WORD": "enum {c} {}",
    "INSTANT": "struct instant {}",
    "DATE": "struct date {}",
    "PARTIAL_DATE": "struct partial_date {}",
    "INT": "int64_t {}",
    "BOOL": "bool {}",
    "BYTES": "struct {c} {}",
    "OBJECT": "struct {c} {}",
    "LIST": "struct {c} {}",
}


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def number(value: int) -> str:
    return "INT64_MIN" if value == -(2**63) else f"INT64_C({value})" if abs(value) >= 2**31 else str(value)


def declared(t: Type, name: str) -> str:
    return DECLARATION[t.kind].format(name, c=t.c, max=t.max)


def element(t: Type) -> str:
    """`at` of a list of these."""
    assert t.item
    if t.item.kind == "TEXT":
        return f"char at[{t.max}][4 * {t.item.max} + 1]"
    return declared(t.item, f"at[{t.max}]")


def members(fields: list[Field]) -> Iterator[str]:
    for f in fields:
        if not f.required:
            yield f"    bool has_{f.name};"
        if f.is_removable:
            yield f"    bool removes_{f.name};"
        yield f"    {declared(f.type, f.name)};"


def enum(tag: str, constants: list[str]) -> Iterator[str]:
    yield f"enum {tag} {{"
    yield from (f"    {c.upper()}," for c in constants)
    yield "};\n"


def type_declaration(t: Type) -> Iterator[str]:
    yield f"/* {t.description} */"
    if t.kind == "WORD":
        yield from enum(t.c, [f"{t.c}_{word}" for word in t.words])
        yield f"extern const char *const {t.c}_words[{len(t.words) + 1}]; /* and what any other is */\n"
        if t.also:
            yield f"extern const char *const {t.c}_also[{2 * len(t.also) + 1}]; /* and the word that it stands for */\n"
    elif t.kind == "OBJECT":
        yield from (f"struct {t.c} {{", *members(t.fields), "};")
        yield f"extern const struct descriptor {t.c}_descriptor;\n"
    elif t.kind == "LIST":
        yield f"struct {t.c} {{\n    uint32_t count;\n    {element(t)};\n}};"
        yield f"extern const struct field {t.c}_item;\n"
    else:
        yield f"struct {t.c} {{\n    uint32_t size;\n    uint8_t at[{t.max}];\n}};\n"


def message_declaration(m: Message) -> Iterator[str]:
    yield f"/* {m.wire}: {m.description} */"
    if m.fields:
        yield from (f"struct {m.c} {{", *members(m.fields), "};")
    yield f"extern const struct descriptor {m.c}_descriptor;\n"


def about(t: Type, flags: set[str]) -> Iterator[str]:
    """What a field's descriptor says of its type."""
    if flags:
        yield f".flags = {' | '.join(sorted(flags))}"
    if t.min:
        yield f".min = {number(t.min)}"
    if t.max:
        yield f".max = {number(t.max)}"
    if t.words:
        yield f".words = {t.c}_words"
    if t.also:
        yield f".also = {t.c}_also"
    if t.ours:
        yield f".ours = {' | '.join(f'UINT64_C(1) << {t.c.upper()}_{word.upper()}' for word in t.ours)}"
    if t.struck:
        yield f".struck = {' | '.join(f'UINT64_C(1) << {t.c.upper()}_{word.upper()}' for word in t.struck[1])}"
        yield f".struck_as = {t.c.upper()}_{t.struck[0].upper()}"
    if t.pattern is not None:
        yield f".pattern = {quoted(t.pattern)}"
    if t.form:
        yield f".form = {t.form}"
    if t.looks is not None:
        yield f".looks = {quoted(f'not {t.looks}')}"
    if t.kind == "OBJECT":
        yield f".object = &{t.c}_descriptor"
    if t.item:
        yield f".item = &{t.c}_item"
        yield f".stride = sizeof(((struct {t.c} *)0)->at[0])"
    if t.kind in ("LIST", "BYTES"):
        yield f".first = offsetof(struct {t.c}, at)"


def traits(names: list[str]) -> str:
    return " | ".join(f"TRAIT_{name.upper()}" for name in names)


def striking(m: Message) -> Iterator[str]:
    """Of an event that tells of persons, or of whom it strikes what others told: who they are."""
    if not m.persons:
        return
    rows = [f"&{m.c}_fields[{i}]" for i, f in enumerate(m.fields) if f.name in m.persons]
    unless = next((f"&{m.c}_fields[{i}]" for i, f in enumerate(m.fields) if f is m.unless), "NULL")
    yield f"static const struct field *const {m.c}_persons[] = {{{', '.join([*rows, 'NULL'])}}};"
    said = [str("id" in m.persons).lower(), f"{m.c}_persons", traits(m.strikes) or "0", unless, str(m.for_good).lower()]
    yield f"static const struct striking {m.c}_striking = {{{', '.join(said)}}};"


def descriptor(c: str, wire: str, fields: list[Field], message: Message | None = None) -> Iterator[str]:
    size = table = "0"
    if fields:
        size, table = f"sizeof(struct {c})", f"{c}_fields"
        yield f"static const struct field {table}[] = {{"
        for f in fields:
            flag = "NO_FLAG" if f.required else f"offsetof(struct {c}, has_{f.name})"
            says = [f".offset = offsetof(struct {c}, {f.name})", f".present = {flag}", *about(f.type, f.flags)]
            for name, roles in (("only", f.only), ("only_whole", f.only_whole)):
                if roles:
                    says.append(f".{name} = {' | '.join(f'1u << ACTOR_ROLE_{role.upper()}' for role in roles)}")
            if f.of:
                says.append(f".of = {{{', '.join(map(quoted, f.of))}}}")
            if f.trait:
                says.append(f".trait = {traits([f.trait])}")
            if f.is_removable:
                says.insert(2, f".removed = offsetof(struct {c}, removes_{f.name})")
            yield f'    {{.name = "{f.name}", .type = FIELD_{f.type.kind},\n     ' + ",\n     ".join(says) + "},"
        yield "};"
    is_striking = message is not None and bool(message.persons)
    if is_striking:
        yield from striking(message)
    strikes = f"&{c}_striking" if is_striking else "NULL"
    yield f'const struct descriptor {c}_descriptor = {{"{wire}", {size}, {len(fields)}, {table}, {strikes}}};\n'


def other_than(words: list[str]) -> str:
    """What a word is that is none of these, as a fault says it: what does not fit is left out, word by word."""
    text = f"none of these: {', '.join(words)}"
    return text if len(text) <= TEXT_MAX else text[: text.rindex(",", 0, TEXT_MAX - 4)] + ", ..."


def type_definition(t: Type) -> Iterator[str]:
    if t.kind == "WORD":
        other = quoted(other_than([word for word in t.words if word not in t.ours]))
        yield f"const char *const {t.c}_words[] = {{{', '.join(map(quoted, t.words))},\n    {other}}};\n"
        if t.also:
            said = [quoted(text) for pair in t.also.items() for text in pair]
            yield f"const char *const {t.c}_also[] = {{{', '.join(said)}, NULL}};\n"
    elif t.kind == "OBJECT":
        yield from descriptor(t.c, t.c if not t.schema.prefix else f"{t.schema.name}.{t.label}", t.fields)
    elif t.kind == "LIST":
        says = ["", ".present = NO_FLAG", *about(t.item, t.item.flags)]
        yield f'const struct field {t.c}_item = {{.name = "", .type = FIELD_{t.item.kind}{", ".join(says)}}};\n'


def messages_header(s: Schema) -> Iterator[str]:
    yield f"/* Generated from {s.path.name}: {s.description} */\n#pragma once\n\n#include <stddef.h>\n"
    yield from (f'#include "core/{m}.h"' for m in ("date", "descriptor", "error", "id", "instant"))
    yield from (f'#include "{other.include}"' for other in s.borrows())
    yield ""
    for t in s.types.values():  # in the order in which they were resolved: what is used comes first
        if t.is_emitted:
            yield from type_declaration(t)
    for message in s.messages:
        yield from message_declaration(message)
    if s.whose:
        yield f"/* What every event of {s.name} begins with, so that one need not know which it is. */"
        yield from (f"struct {s.name}_whose {{", *members(s.whose), "};\n")
    if s.is_aggregate and s.records:
        yield f"extern const struct record {s.name}_records[{len(s.records)}];"


def tagged(tag: str, head: str, constants: list[str], messages: list[Message]) -> Iterator[str]:
    """A type, a head, and the body of one of the messages."""
    yield from enum(f"{tag}_type", constants)
    yield f"enum {{ {tag.upper()}S = {len(constants)} }};\n\nstruct {tag} {{\n    enum {tag}_type type;\n    {head}"
    if bodies := [m for m in messages if m.fields]:
        owners = dict.fromkeys(m.schema.name for m in bodies if m.part == "events" and m.schema.whose)
        yield "    union {"
        yield from (f"        struct {owner}_whose {owner}_whose;" for owner in owners)
        yield from (f"        struct {m.c} {m.c};" for m in bodies)
        yield "    };"
    yield "};\n"


def labels(name: str, constants: list[str]) -> str:
    """A name for several cases: `case NAME:` in a switch is each of them."""
    return f"#define {name.upper()} \\\n    " + ": \\\n    case ".join(c.upper() for c in constants)


def groups(s: Schema) -> Iterator[str]:
    """Inputs and events by where they come from, so that what is done with all alike need not list them."""
    yield "/* Each as one case of a switch: all commands; all that is heard of one. */"
    if s.commands:
        yield labels(f"{s.name}_command", [m.c for m in s.commands])
    for way in ("on", "after"):
        for owner, messages in s.heard.items():
            yield labels(f"{s.name}_{way}_{owner}", [f"{s.name}_{way}_{m.c}" for m in messages])
    yield ""
    if s.commands:
        yield f"""/* A command, and not what happened elsewhere. */
static inline bool {s.name}_is_command(enum {s.name}_input_type type)
{{
    return type < {len(s.commands)};
}}
"""


def events(s: Schema) -> Iterator[str]:
    yield f"struct {s.name}_events {{\n    size_t count;\n    struct {s.name}_event at[EVENTS_MAX];"
    if s.answers:
        yield "    union {"
        yield from (f"        struct {answer.c} {answer.c};" for answer in s.answers)
        yield "    };"
    yield "};\n"
    yield f"""/* Say one more event, with a body of zeroes to be filled in. */
static inline struct {s.name}_event *{s.name}_emit(struct {s.name}_events *events,
    enum {s.name}_event_type type, struct id id)
{{
    assert(events->count < EVENTS_MAX);
    memset(&events->at[events->count], 0, sizeof events->at[0]);
    events->at[events->count].type = type;
    events->at[events->count].id = id;
    return &events->at[events->count++];
}}
"""


def header(s: Schema) -> Iterator[str]:
    yield f"/* Generated from {s.path.name}: {s.description} */\n#pragma once\n\n#include <assert.h>\n#include <string.h>\n"
    others = sorted({m.schema.include for m in s.subscribed})
    yield from (f'#include "{name}"' for name in [s.include, *others, "core/input.h"])
    yield ""
    if inputs := s.commands + s.subscribed:
        constants = [m.c for m in s.commands] + [f"{s.name}_on_{m.c}" for m in s.subscribed]
        yield from tagged(f"{s.name}_input", "struct head head;", constants, inputs)
    if says := s.events + s.subscribed:
        constants = [m.c for m in s.events] + [f"{s.name}_after_{m.c}" for m in s.subscribed]
        yield from tagged(f"{s.name}_event", "struct id id; /* of the aggregate it happened to */", constants, says)
        yield from events(s)
    if s.subscribed:
        yield from groups(s)
    yield from (f"extern const struct refusal {s.name}_{code};" for code in s.refusals)
    yield f"extern const struct contract {s.name}_contract;"


def command(m: Message) -> str:
    ways = [quoted(way) if way else "NULL" for way in (m.route, m.hook)]
    answer = f"&{m.answer.c}_descriptor" if m.answer else "NULL"
    opens, sealed = [f"&{t.c}_descriptor" if t else "NULL" for t in (m.opens, m.sealed)]
    return f"{{&{m.c}_descriptor, {', '.join(ways)}, {answer}, {opens}, {sealed}, {str(m.is_creation).lower()}}}"


def record(m: Message) -> Iterator[str]:
    """What the record's entry needs to be there."""
    at = {f.name: f"&{m.c}_fields[{i}]" for i, f in enumerate(m.fields)}
    if m.readers:
        rows = "".join(f"\n    {{1 << ACTOR_ROLE_{role.upper()}, {at[field.name]}, {actor}}}," for role, field, actor in m.readers)
        yield f"static const struct reader {m.c}_readers[] = {{{rows}\n}};"
    if m.draft:
        roles, states, until = m.draft
        bits = " | ".join(f"1 << ACTOR_ROLE_{role.upper()}" for role in roles)
        yield f"static const struct draft {m.c}_draft = {{{bits}, {sum(1 << state for state in states)}, {at['state']}, {at[until.name]}}};"
    if m.filters:
        yield f"static const struct field *const {m.c}_filters[] = {{{', '.join(at[f.name] for f in m.filters)}}};"


def record_entry(m: Message) -> str:
    readers = f"{m.c}_readers" if m.readers else "NULL"
    filters = f"{m.c}_filters" if m.filters else "NULL"
    opens = f"&{m.opens.c}_descriptor" if m.opens else "NULL"
    route = quoted(m.route) if m.route else "NULL"
    found = [f"&{m.found_in.c}_descriptor", quoted(m.found_by.name)] if m.found_in else ["NULL", "NULL"]
    draft = f"&{m.c}_draft" if m.draft else "NULL"
    said = [f"&{m.c}_descriptor", route, len(m.readers), len(m.filters), readers, filters, opens, *found, str(m.is_guarded).lower(), draft]
    return f"{{{', '.join(map(str, said))}}}"


def table(declaration: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield f"static const {declaration}[] = {{\n    " + ",\n    ".join(rows) + ",\n};"


def body(tag: str, messages: list[Message]) -> str:
    first = next((m.c for m in messages if m.fields), None)
    return f"offsetof(struct {tag}, {first})" if first else f"sizeof(struct {tag})"


def entry(s: Schema) -> Iterator[str]:
    """The contract itself."""
    parts = {"commands": s.commands, "subscriptions": s.subscribed, "events": s.events, "records": s.records}
    yield f'const struct contract {s.name}_contract = {{\n    .name = "{s.name}", .service = "{s.service}",'
    for part, messages in parts.items():
        name = f"{s.name}_records" if part == "records" else part
        yield f"    .{part[:-1]}_count = {len(messages)}," + (f" .{part} = {name}," if messages else "")
    if s.commands + s.subscribed:
        tag = f"{s.name}_input"
        yield f"    .input_size = sizeof(struct {tag}), .input_head = offsetof(struct {tag}, head),"
        yield f"    .input_body = {body(tag, s.commands + s.subscribed)},"
    if s.events + s.subscribed:
        tag = f"{s.name}_event"
        yield f"    .event_size = sizeof(struct {tag}), .event_body = {body(tag, s.events + s.subscribed)},"
        yield f"    .events_size = sizeof(struct {tag}s), .events_at = offsetof(struct {tag}s, at),"
        if s.answers:
            yield f"    .events_answer = offsetof(struct {tag}s, {s.answers[0].c}),"
    yield "};"


def layout(s: Schema) -> Iterator[str]:
    """What is relied on by who walks them: fold.c and execute.c, who know no aggregate by name; deciders, of `whose`."""
    if s.commands + s.subscribed:
        yield f"ASSERT_INPUT_LAYOUT({s.name});"
    if s.events + s.subscribed:
        yield f"ASSERT_EVENT_LAYOUT({s.name});"
    for event in s.events:
        for f in s.whose:
            same = f"offsetof(struct {event.c}, {f.name}) == offsetof(struct {s.name}_whose, {f.name})"
            yield f'_Static_assert({same}, "{event.wire} begins as {s.name}_whose");'


def messages_source(s: Schema) -> Iterator[str]:
    """What others may refer to; itself it refers to what it includes, and to nobody who includes it."""
    yield f'/* Generated from {s.path.name}. */\n#include "{s.include}"\n'
    for t in s.types.values():
        yield from type_definition(t)
    for message in s.messages:
        yield from descriptor(message.c, message.wire, message.fields, message)
    if not s.is_aggregate:
        return
    for message in s.records:
        yield from record(message)
    if s.records:
        yield f"const struct record {s.name}_records[] = {{\n    " + ",\n    ".join(map(record_entry, s.records)) + ",\n};"


def source(s: Schema) -> Iterator[str]:
    yield f'/* Generated from {s.path.name}. */\n#include "contract/{s.name}.h"\n'
    yield from layout(s)
    for code, (kind, text, field) in s.refusals.items():
        named, is_anothers = quoted(field) if field else "NULL", kind == "anothers"
        kind = "forbidden" if is_anothers else kind
        yield f'const struct refusal {s.name}_{code} = {{ERROR_{kind.upper()}, "{s.name}.{code}",\n    {quoted(text)}, {named}, {str(is_anothers).lower()}}};'
    yield ""
    yield from table("struct command commands", [command(m) for m in s.commands])
    yield from table(
        "struct subscription subscriptions", [f'{{&{m.c}_descriptor, "{m.schema.service}"}}' for m in s.subscribed]
    )
    yield from table("struct descriptor *const events", [f"&{m.c}_descriptor" for m in s.events])
    yield from entry(s)


def all_header(_: Folder) -> Iterator[str]:
    yield "/* Generated: every aggregate of every service, for programs that know none by name. */\n#pragma once\n"
    yield '#include "core/descriptor.h"\n\nextern const struct contract *const contracts[];\nextern const size_t contract_count;'


def all_source(folder: Folder) -> Iterator[str]:
    yield '/* Generated. */\n#include "contract/all.h"\n'
    yield from (f"extern const struct contract {s.name}_contract;" for s in folder.aggregates)
    rows = "".join(f"    &{s.name}_contract,\n" for s in folder.aggregates)
    yield f"\nconst struct contract *const contracts[] = {{\n{rows}    NULL,\n}};\nconst size_t contract_count = {len(folder.aggregates)};"


def files(folder: Folder) -> Iterator[tuple[str, Iterator[str]]]:
    """Every file of C, by its path, and its text in pieces."""
    for s in folder.schemas.values():
        yield s.include, messages_header(s)
        if s.is_aggregate:
            yield f"contract/{s.name}.h", header(s)
            yield f"contract/{s.name}.c", source(s)
        yield s.include.removesuffix(".h") + ".c", messages_source(s)
    yield "contract/all.h", all_header(folder)
    yield "contract/all.c", all_source(folder)


def embedded(name: str, text: str) -> Iterator[tuple[str, Iterator[str]]]:
    """A document of ASCII as bytes in a program: a string that long is more than a compiler has to take."""
    yield f"contract/{name}.h", embedded_header(name)
    yield f"contract/{name}.c", embedded_source(name, text.encode("ascii"))


def embedded_header(name: str) -> Iterator[str]:
    yield f"/* Generated: {name}.json, to be served. */\n#pragma once\n\n#include <stddef.h>\n"
    yield f"extern const char {name}_document[]; /* with a NUL behind its size */"
    yield f"extern const size_t {name}_size;"


def embedded_source(name: str, text: bytes) -> Iterator[str]:
    yield f'/* Generated. */\n#include "contract/{name}.h"\n\nconst char {name}_document[] = {{'
    for at in range(0, len(text), 24):
        yield f"    {', '.join(map(str, text[at:at + 24]))},"
    yield f"    0,\n}};\nconst size_t {name}_size = sizeof {name}_document - 1;"
