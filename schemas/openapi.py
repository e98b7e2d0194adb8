"""The routes, hooks, records and webhooks as an OpenAPI 3.1 document, for the gateway to serve."""

from __future__ import annotations

from typing import Any, Iterable

from subset import Field, Folder, Message, Type

VERSION = "0.1"
TEXT = "application/json"
PROBLEM = "application/problem+json"


PARTIAL_DATE = {  # as text, for it is nobody else's format
    "type": "string",
    "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
    "examples": ["1987-05-17", "1987-05", "1987"],
}


def ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


NO_IDENTITY_NUMBER = (
    "What looks like a national identity number in it is refused; another number that does may have letters before it (AF-6408233234). Ten "
    "digits in a row are found only where the words about them tell of such a number: leave them out all the same."
)


def name_of(t: Type) -> str:
    return f"{t.schema.name}.{t.label}"


def schema_of(t: Type) -> dict:
    """A definition as plain JSON Schema 2020-12."""
    says: dict[str, Any] = {key: value for key, value in t.spec.items() if not key.startswith("x-")}
    if t.looks is not None:
        says["description"] += f" It is {t.looks}."
    if "FIELD_FREE_TEXT" in t.flags:
        says["description"] += f" {NO_IDENTITY_NUMBER}"
    if t.kind == "BYTES":  # our limits count bytes, theirs characters
        says |= {limit: (count + 2) // 3 * 4 for limit, count in (("minLength", t.min), ("maxLength", t.max)) if count}
    if t.kind == "PARTIAL_DATE":
        says = PARTIAL_DATE | {"description": t.description}
    if t.kind == "LIST":
        says["items"] = ref(name_of(t.item))
    if t.kind == "OBJECT":
        says |= object_of(t.fields)
    if t.kind == "WORD":
        says = {"type": "string"} | says | {"enum": t.words}
    if t.ours:
        says["description"] += f" Only rules of ours say {', '.join(t.ours)}: sent by others they are refused."
    return says


def property_of(f: Field) -> dict:
    only = f.only + [f"{role} who acts for no one organisation" for role in f.only_whole]
    says = ref(name_of(f.type)) | ({"description": f.description} if "description" in f.spec or only else {})
    if only:
        says["description"] += f" Only for: {', '.join(only)}."
    return {"anyOf": [says, {"type": "null", "description": "It is no longer so."}]} if f.is_removable else says


def object_of(fields: Iterable[Field]) -> dict:
    shown = [f for f in fields if "FIELD_INTERNAL" not in f.flags]
    properties = {f.name: property_of(f) for f in shown}
    required = [f.name for f in shown if f.required and "FIELD_MADE" not in f.flags]
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


class Schemas(dict):
    """components.schemas: what has been referred to, and what that refers to."""

    def add(self, t: Type) -> dict:
        if (name := name_of(t)) not in self:
            self[name] = schema_of(t)
            for used in t.uses():
                self.add(used)
        return ref(name)

    def add_message(self, m: Message) -> dict:
        if m.wire not in self:
            self[m.wire] = {"description": m.description} | object_of(m.fields)
            for f in m.fields:
                if m.part == "commands" and f.type.ours:
                    self[m.wire]["properties"][f.name] |= {"not": {"enum": f.type.ours}}
            for field in m.fields:
                if "FIELD_INTERNAL" not in field.flags:
                    self.add(field.type)
        return ref(m.wire)


def header(name: str, description: str, **schema: Any) -> dict:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": description,
        "schema": {"type": "string"} | schema,
    }


ID = {"name": "id", "in": "path", "required": True, "description": "Which one.", "schema": ref("common.id")}
IF_MATCH = header(
    "If-Match",
    'The version that you saw, as in the record, in quotes: "3". Weakened by a proxy, W/"3", it is the same. 428 without.',
    pattern='^(W/)?"[0-9]+"$',
)
KEY = header(
    "Idempotency-Key",
    "Yours, new for each new command. The same key and body again get the same answer and have no second effect; with another body it is a 422.",
    minLength=1,
    maxLength=255,
)
AT_LEAST = header(
    "Fadder-At-Least",
    "Wait until what is read has this batch: the Fadder-Batch of your own command.",
    pattern="^[0-9]+$",
) | {"required": False}
TRACE = header(
    "traceparent",
    "W3C Trace Context: what comes of the request names this trace, in every service.",
    pattern="^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}",
) | {"required": False}
PARTNER = {
    "name": "partner",
    "in": "path",
    "required": True,
    "description": "The partner that signs.",
    "schema": ref("common.id"),
}
HOOK_HEADERS = [
    PARTNER,
    header("webhook-id", "The message's own, the same whenever it is sent again."),
    header(
        "webhook-timestamp",
        "When it was sent, in seconds since 1970; five minutes off at the most.",
        pattern="^[0-9]+$",
    ),
    header(
        "webhook-signature",
        "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; several with spaces in between.",
    ),
    TRACE,
]
TOLD_HEADERS = [
    header("webhook-id", "The delivery's own, the same whenever it is sent again: drop what you have had."),
    header("webhook-timestamp", "When it was sent, in seconds since 1970.", pattern="^[0-9]+$"),
    header(
        "webhook-signature",
        "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` with the endpoint's secret; a second one while a secret is rotated.",
    ),
]
PROBLEMS = {  # status: what it means
    "BadRequest": "Not JSON, or a header is missing.",
    "Unauthorized": "We do not know who you are: no such partner or token, or the signature is wrong, too old or too new.",
    "Forbidden": "Not for you.",
    "NotFound": "There is no such thing, or none that you may know of.",
    "Conflict": "Not as things stand.",
    "LengthRequired": "The body's length must be said before it.",
    "PreconditionFailed": "It has changed since you looked: read it again.",
    "TooLarge": "More than 64 KiB.",
    "MediaType": "Not application/json.",
    "Invalid": "It makes no sense as written: each faulty field is named.",
    "PreconditionRequired": "Say which version you saw.",
    "TooMany": "Slower, please.",
    "Busy": "Try again later: see Retry-After.",
}
STATUS = dict(zip(PROBLEMS, ("400", "401", "403", "404", "409", "411", "412", "413", "415", "422", "428", "429", "503")))
RETRIED = {"TooMany", "Busy"}


def responses(good: dict[str, dict], *problems: str) -> dict:
    return good | {STATUS[name]: {"$ref": f"#/components/responses/{name}"} for name in problems}


def problem_responses() -> dict:
    after = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 0}}}
    return {
        name: {"description": text, "content": {PROBLEM: {"schema": ref("problem")}}}
        | ({"headers": after} if name in RETRIED else {})
        for name, text in PROBLEMS.items()
    }


HEADERS = {
    "ETag": "The version, in quotes: what If-Match takes.",
    "Fadder-Batch": "The batch that it was written in, or read at.",
    "Location": "Where it can be read.",
}


def answer(description: str, schema: dict, *headers: str) -> dict:
    says = {name: {"description": HEADERS[name], "schema": {"type": "string"}} for name in headers}
    return {"description": description} | ({"headers": says} if says else {}) | {"content": {TEXT: {"schema": schema}}}


def who_may(roles: Iterable[str] | None) -> dict:
    """Whose tokens an operation is for, where that is known."""
    if roles is None:
        return {}
    behalf: dict[str, list[str]] = {}
    for role, _, of in (one.partition(":") for one in sorted(roles)):
        if of:
            behalf.setdefault(role, []).append(of)
    own = {"x-roles": sorted(role for role in roles if ":" not in role)}
    return own | ({"x-roles-on-behalf": behalf} if behalf else {})


def command(m: Message, schemas: Schemas, roles: dict[str, list[str]]) -> dict:
    says: dict[str, Any] = {"operationId": m.wire, "summary": m.description, "tags": [m.schema.name]}
    says |= who_may(roles.get(m.wire))
    says["parameters"] = [KEY, TRACE] if m.is_creation else [ID, IF_MATCH, KEY, TRACE]
    required = any(f.required and "FIELD_MADE" not in f.flags for f in m.fields)
    says["requestBody"] = {"required": required, "content": {TEXT: {"schema": schemas.add_message(m)}}}
    parts = [ref("accepted")]
    parts += [schemas.add_message(m.answer)] if m.answer else []
    parts += [schemas.add(m.opens)] if m.opens else []
    parts += [ref("made")] if any("FIELD_MADE" in f.flags for f in m.fields) else []
    headers = ("ETag", "Fadder-Batch") + (("Location",) if m.is_creation else ())
    done = answer("It is done, and on disk.", parts[0] if len(parts) == 1 else {"allOf": parts}, *headers)
    problems = [
        "BadRequest",
        "Unauthorized",
        "Forbidden",
        "Conflict",
        "TooLarge",
        "MediaType",
        "Invalid",
        "TooMany",
        "Busy",
    ]
    problems += [] if m.is_creation else ["NotFound", "PreconditionFailed", "PreconditionRequired"]
    says["responses"] = responses({"201" if m.is_creation else "200": done}, *sorted(problems, key=STATUS.__getitem__))
    return says


def argument(name: str, description: str, schema: dict) -> dict:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def page(item: dict, most: int) -> dict:
    more = {"description": "There may be more behind this one.", "oneOf": [ref("common.id"), {"type": "null"}]}
    items = {"type": "array", "items": item, "maxItems": most}
    return {"type": "object", "required": ["items", "next"], "properties": {"items": items, "next": more}}


def voices_of(command: Message) -> Type | None:
    """Whose word it may be, where it can be written down for somebody."""
    return next((f.type.fields[0].type for f in command.fields if f.type.c == "behalf"), None)


def recorded(commands: list[Message], schemas: Schemas) -> dict:
    """What the reader may write down for whom."""
    voices = {word_of(m): voice for m in commands if (voice := voices_of(m))}
    if not voices:
        return {}
    description = "What your role may write down next for somebody who said it to you (`behalf`), and whose word it may be."
    lists = {word: {"type": "array", "items": schemas.add(voice)} for word, voice in voices.items()}
    return {"may_record": {"type": "object", "description": description, "properties": lists}}


def word_of(command: Message) -> str:
    return command.route.rpartition("/")[2]


def single_of(m: Message, one: dict, schemas: Schemas) -> dict:
    """The record, and which commands the reader may give."""
    commands = [command for command in m.schema.commands if command.route and not command.is_creation]
    if not commands:
        return one
    words = {"type": "string", "enum": [word_of(command) for command in commands]}
    may = {
        "type": "array",
        "description": "What your role may do next, from the state that it is in. Whether it is yours to do it to, and all else that may speak against it, is found out when you do.",
        "items": words,
    }
    properties = {"may": may} | recorded(commands, schemas)
    return {"allOf": [one, {"type": "object", "required": list(properties), "properties": properties}]}


def record(m: Message, schemas: Schemas) -> tuple[dict, dict]:
    """The single one, and the list."""
    one = schemas.add_message(m)
    guarded = " Of who is under protection: for themself and for who is cleared." if m.is_guarded else ""
    drafts = f" Before it has {m.draft[2].name}, not for {', '.join(m.draft[0])}." if m.draft and "FIELD_INTERNAL" not in m.draft[2].flags else ""
    readers = who_may({role for role, _, _ in m.readers})
    tag = ("ETag",) if any(f.name == "version" for f in m.fields) else ()
    single = {
        "operationId": f"{m.wire}.get",
        "summary": m.description + guarded + drafts,
        "tags": [m.schema.name],
        **readers,
        "parameters": [ID, AT_LEAST],
        "responses": responses(
            {"200": answer(m.description, single_of(m, one, schemas), *tag, "Fadder-Batch")},
            *("BadRequest", "Unauthorized", *(["Forbidden"] if guarded else []), "NotFound", "TooMany", "Busy"),
        ),
    }
    arguments = [
        argument("limit", "How many at the most.", {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}),
        argument("after", "Only those behind this one, in order of id: `next` of the page before.", ref("common.id")),
    ]
    for f in m.filters:
        arguments.append(
            argument(f.name, f"Only those; one such argument at a time. {f.description}", schemas.add(f.type))
        )
    several = {
        "operationId": f"{m.wire}.list",
        "summary": f"A page of those that you may read. {m.description}{guarded}{drafts}",
        "tags": [m.schema.name],
        **readers,
        "parameters": arguments + [AT_LEAST],
        "responses": responses(
            {"200": answer("In order of id.", page(one, 500), "Fadder-Batch")},
            *("BadRequest", "Unauthorized", "TooMany", "Busy"),
        ),
    }
    return single, several


def partner_log(partners: dict) -> dict:
    """The gateway's own record, which it keeps itself, for whoever may see the partner."""
    return {key: said for key, said in partners.items() if key.startswith("x-roles")} | {
        "operationId": "partner.log",
        "summary": "The last 100 webhooks that a partner sent, each with what came of it.",
        "tags": ["gateway"],
        "parameters": [ID],
        "responses": responses(
            {"200": answer("Newest first.", page(ref("delivered"), 100))}, "Unauthorized", "NotFound", "TooMany", "Busy"
        ),
    }


def page_too(answered: dict) -> dict:
    """The same as a page to read and print, for whoever accepts text/html."""
    page = {"text/html": {"schema": {"type": "string", "description": "A section for each kind, in the reader's language."}}}
    return {**answered, "content": answered["content"] | page}


def export(persons: dict) -> dict:
    """What the gateway puts together of all that there is about somebody, for themself and the programme's admin."""
    roles = [role for role in persons.get("x-roles", []) if role != "agency_system"]
    rows = {"type": "array", "items": {"type": "object"}}
    exported = {
        "type": "object",
        "required": ["person", "details", "records"],
        "properties": {
            "person": ref("common.id"),
            "details": ref("person.who"),
            "records": {"type": "object", "additionalProperties": rows, "description": "Those that name them, as each record's own address has them."},
        },
    }
    return ({"x-roles": roles} if roles else {}) | {
        "operationId": "person.export",
        "summary": "Everything that is known about somebody, for themself or, to be handed on, for the programme's admin. That it was read is recorded.",
        "tags": ["gateway"],
        "parameters": [
            ID,
            {
                "name": "language",
                "in": "query",
                "description": "Of the page that whoever accepts text/html is given; else as Accept-Language says, or English.",
                "schema": ref("common.language"),
            },
        ],
        "responses": responses(
            {"200": page_too(answer("What the vault holds, and rows by record.", exported))},
            "Unauthorized",
            "Forbidden",
            "NotFound",
            "Invalid",
            "TooMany",
            "Busy",
        ),
    }


def erasure(persons: dict) -> dict:
    """What the gateway puts together of an erasure, for the data protection officer and for themself."""
    roles = [role for role in persons.get("x-roles", []) if role != "agency_system"]
    service = {
        "type": "object",
        "required": ["service", "batch", "rows", "left"],
        "properties": {
            "service": {"type": "string"},
            "batch": {"type": "integer", "description": "Its journal's, at which it was looked."},
            "rows": {"type": "integer", "description": "That are about them: ids, states and dates of who was erased."},
            "left": {"type": "integer", "description": "Of those, such as tell something of them yet."},
            "dropped_at": {"allOf": [ref("common.instant")], "description": "Since when its journal and state have nothing of them any more, and its files neither. Absent: they have yet, or it has not heard of it."},
            "dropped_in": {"type": "integer", "description": "The batch of its journal that says so. Absent: it was never told anything of them."},
        },
    }
    proof = {
        "type": "object",
        "required": ["person", "noted", "told", "services", "waiting", "key_destroyed", "erased", "complete"],
        "properties": {
            "person": ref("common.id"),
            "noted": {"type": "array", "items": {"type": "object"}, "description": "When who wanted, refused, withdrew or did it: rows of the audit."},
            "told": {"type": "array", "items": {"type": "object"}, "description": "Deliveries of `person.erased` to partners; acknowledged where `state` is `delivered`."},
            "services": {"type": "array", "items": service},
            "waiting": {"type": "integer", "description": "Mails to them that wait for a server: each is looked at again before it is sent, and is not."},
            "key_destroyed": {"type": "boolean", "description": "The key in the registry's ring, with which what they are was sealed, is overwritten."},
            "backups_until": {"allOf": [ref("common.date")], "description": "The day on which the last backup is to be destroyed that was made before all of it was dropped. Absent: it is not yet."},
            "erased": {"type": "boolean"},
            "complete": {"type": "boolean", "description": "Erased, the key destroyed, dropped by every service, no mail to them waits, and every partner that was told has acknowledged it. Nobody is told where no partner listens. Of backups it says nothing: their day is in backups_until."},
        },
    }
    return ({"x-roles": sorted([*roles, "data_protection_officer"])} if roles else {}) | {
        "operationId": "person.erasure",
        "summary": "The proof of an erasure, without anything personal but ids: for the data protection officer, and for themself until it is done.",
        "tags": ["gateway"],
        "parameters": [ID],
        "responses": responses({"200": answer("As it stands now.", proof)}, "Unauthorized", "Forbidden", "NotFound", "TooMany", "Busy"),
    }


def envelope(kind: str, description: str, data: dict) -> dict:
    """A webhook's body, as Standard Webhooks has it."""
    return {
        "description": description,
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {"type": {"const": kind}, "timestamp": ref("common.instant"), "data": data},
    }


def hooks(commands: list[Message], schemas: Schemas) -> dict:
    bodies = {}
    for m in commands:
        name = f"hook.{m.hook}"
        schemas[name] = envelope(m.hook, m.description, schemas.add_message(m))
        bodies[m.hook] = ref(name)
    mapping = {hook: body["$ref"] for hook, body in bodies.items()}
    union = {"oneOf": list(bodies.values()), "discriminator": {"propertyName": "type", "mapping": mapping}}
    answers = [schemas.add_message(m.answer) for m in commands if m.answer]
    done = answers[0] if len(answers) == 1 else {"anyOf": answers or [{"type": "object"}]}
    problems = (
        "BadRequest",
        "Unauthorized",
        "Conflict",
        "LengthRequired",
        "TooLarge",
        "MediaType",
        "Invalid",
        "TooMany",
        "Busy",
    )
    return {
        "operationId": "hooks.receive",
        "summary": "A partner's system says something, signed as Standard Webhooks has it.",
        "tags": ["hooks"],
        "security": [{"signature": []}],
        "parameters": HOOK_HEADERS,
        "requestBody": {"required": True, "content": {TEXT: {"schema": union}}},
        "responses": responses({"200": answer("It is done, and on disk.", done)}, *problems),
    }


def told(event: Message, data: dict) -> dict:
    """A webhook of ours, to a partner's endpoint."""
    answers = {
        "2XX": {"description": "It has been taken: it is not sent again."},
        "410": {"description": "Nobody wants them there any more: the endpoint's deliveries are given up."},
        "default": {"description": "It is sent again later, a while longer each time."},
    }
    return {
        "operationId": f"told.{event.wire}",
        "summary": event.description,
        "tags": ["webhooks"],
        "security": [{"signature": []}],
        "parameters": TOLD_HEADERS,
        "requestBody": {
            "required": True,
            "content": {TEXT: {"schema": envelope(event.wire, event.description, data)}},
        },
        "responses": answers,
    }


def webhooks(folder: Folder, schemas: Schemas) -> dict:
    records = [m for s in folder.aggregates for m in s.records]
    return {
        event.wire: {"post": told(event, schemas.add_message(m))} for m in records if m.tells for event in m.tells
    }


def own(summary: str, media: str, *problems: str) -> dict:
    """A path of the gateway itself."""
    good = {
        "200": {
            "description": summary,
            "content": {media: {"schema": {"type": "string" if "text" in media else "object"}}},
        }
    }
    return {"get": {"summary": summary, "security": [], "tags": ["gateway"], "responses": responses(good, *problems)}}


def shared() -> dict:
    text = {"type": "string"}
    fault = {
        "type": "object",
        "required": ["detail"],
        "properties": {
            "field": text | {"description": "As the schema calls it, such as person.email or languages[2]."},
            "pointer": text | {"description": "The same as a JSON pointer into the body, such as #/person/email."},
            "parameter": text | {"description": "What it is called in the address."},
            "detail": text | {"description": "What is wrong with it."},
        },
    }
    return {
        "problem": {
            "description": "What went wrong, as RFC 9457 has it.",
            "type": "object",
            "required": ["title", "status"],
            "properties": {
                "type": text | {"format": "uri-reference", "default": "about:blank"},
                "title": text,
                "status": {"type": "integer"},
                "detail": text,
                "code": text | {"description": "A stable word for programs, such as mentorship.mentor_full."},
                "errors": {
                    "type": "array",
                    "maxItems": 32,
                    "items": fault,
                    "description": "Every faulty field, up to 32.",
                },
            },
        },
        "delivered": {
            "description": "A webhook that came in.",
            "type": "object",
            "required": ["at", "webhook_id", "status", "code"],
            "properties": {
                "at": ref("common.instant"),
                "webhook_id": text,
                "status": {"type": "integer", "description": "What it was answered with."},
                "code": text | {"description": "`accepted`, or why not."},
                "fields": {"type": "array", "items": text, "description": "Those that were faulty."},
                "unknown_fields": {
                    "type": "integer",
                    "description": "How many it had in its data that we do not know: they were passed over. Absent: none.",
                },
            },
        },
        "made": {
            "description": "What was made where the command left it to us.",
            "type": "object",
            "properties": {
                "secret": text
                | {
                    "description": "What to show or to sign with. It is shown in the first answer and never again: only its hash is kept, or it is sealed."
                },
                "secret_shown_before": {
                    "const": True,
                    "description": "This is the answer to the same request as before, and the secret stood in the first. Where that never arrived, revoke this one and create another, or rotate it again.",
                },
            },
        },
        "accepted": {
            "description": "A command was accepted.",
            "type": "object",
            "required": ["id", "version"],
            "properties": {
                "id": ref("common.id") | {"description": "What it was about."},
                "version": ref("common.version") | {"description": "Its version now."},
            },
        },
    }


def document(folder: Folder, roles: dict[str, list[str]]) -> dict:
    """roles: by command the roles of those who may give it; of those that are not in it nothing is said."""
    schemas = Schemas(shared())
    for label in ("id", "instant", "version"):
        schemas.add(folder.common.types[label])
    paths: dict[str, dict] = {}
    said = [m for s in folder.aggregates for m in s.commands if m.hook]
    if said:
        paths["/v1/hooks/{partner}"] = {"post": hooks(said, schemas)}
    for s in folder.aggregates:
        for m in s.records:
            if m.route:
                path = m.route.removeprefix("GET ")
                single, several = record(m, schemas)
                paths.setdefault(path, {})["get"] = single
                paths.setdefault(path.removesuffix("/{id}"), {})["get"] = several
        for m in s.commands:
            if m.route:
                paths.setdefault(m.route.removeprefix("POST "), {})["post"] = command(m, schemas, roles)
    paths["/v1/partners/{id}/log"] = {"get": partner_log(paths.get("/v1/partners/{id}", {}).get("get", {}))}
    if "/v1/persons/{id}" in paths:
        paths["/v1/persons/{id}/erasure"] = {"get": erasure(paths["/v1/persons/{id}"]["get"])}
        paths["/v1/persons/{id}/export"] = {"get": export(paths["/v1/persons/{id}"]["get"])}
    paths["/healthz"] = own("Whether the gateway runs.", "text/plain")
    paths["/readyz"] = own("Whether it can do what it is for.", "text/plain", "Busy")
    paths["/metrics"] = own("Figures for Prometheus.", "text/plain")
    paths["/openapi.json"] = own("This document.", TEXT)
    paths["/asyncapi.json"] = own("What the services tell each other, as AsyncAPI 3.", TEXT)
    sent = webhooks(folder, schemas)
    tags = [
        {"name": "hooks", "description": "What partners' systems say to us."},
        {"name": "webhooks", "description": "What we say to partners' systems."},
    ]
    tags += [
        {"name": s.name, "description": s.description}
        for s in folder.aggregates
        if any(m.route for m in s.commands + s.records)
    ]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fadder",
            "version": VERSION,
            "description": "Mentorship and apprenticeship programmes: referrals, mentorships, placements. `x-roles`: the roles of those who may; `x-roles-on-behalf`: by role, whose word they may write down (`behalf`); who may do something only in some states, or to what is their own, is told when it is neither.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": tags + [{"name": "gateway", "description": "About the gateway itself."}],
        "paths": paths,
        "webhooks": sent,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": problem_responses(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "webhook-signature",
                    "description": "Standard Webhooks 1.0: HMAC-SHA256 with the whsec_ secret of the partner, or of its endpoint.",
                },
            },
        },
    }
