"""The events as an AsyncAPI 3 document: which service says what, and who follows."""

from __future__ import annotations

from openapi import VERSION, Schemas
from subset import Folder, Message


def document(folder: Folder) -> dict:
    schemas = Schemas()
    services = sorted({s.service for s in folder.aggregates})
    events = {service: [m for s in folder.aggregates if s.service == service for m in s.events] for service in services}
    follows: dict[str, dict[str, Message]] = {service: {} for service in services}
    for s in folder.aggregates:
        follows[s.service] |= {m.wire: m for m in s.subscribed if m.schema.service != s.service}
    envelope = next((r for s in folder.runtime if s.name == "journal" for r in s.records if r.name == "event"), None)
    headers = {"headers": schemas.add_message(envelope)} if envelope else {}
    messages = {
        m.wire: {
            "name": m.wire,
            "summary": m.description,
            "contentType": "application/msgpack",
            "payload": schemas.add_message(m),
        }
        | headers
        for said in events.values()
        for m in said
    }
    channels = {
        service: {
            "address": f"{service}/reads",
            "description": f"The journal of {service}, pulled in batches: see common/bus/bus.h.",
            "messages": {m.wire: {"$ref": f"#/components/messages/{m.wire}"} for m in said},
        }
        for service, said in events.items()
        if said
    }
    operations = {
        f"{service}.says": {"action": "send", "channel": {"$ref": f"#/channels/{service}"}} for service in channels
    }
    for service, wanted in follows.items():
        for owner in sorted({m.schema.service for m in wanted.values()}):
            heard = [
                {"$ref": f"#/channels/{owner}/messages/{wire}"}
                for wire, m in wanted.items()
                if m.schema.service == owner
            ]
            operations[f"{service}.hears.{owner}"] = {
                "action": "receive",
                "channel": {"$ref": f"#/channels/{owner}"},
                "messages": heard,
            }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Fadder's events",
            "version": VERSION,
            "description": "What the services tell each other: facts, in the past tense, as msgpack maps from field name to value.",
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": dict(sorted(schemas.items()))},
    }
