"""What our own schemas owe whoever is in them: what people write is looked through, and what was sealed stays."""

from __future__ import annotations

import collections
import json
import pathlib
import re
import unittest
from typing import Any, Iterator

SCHEMAS = pathlib.Path(__file__).parents[2] / "schemas"
KINDS = SCHEMAS.parent / "common/fold/kinds.h"

# Texts in which nobody's national identity number can stand, or has to be let through; everything else is x-free-text.
NOT_WRITTEN = {
    "common/url": "an address of a machine: what is behind it answers, or it is refused",
    "common/spoken": "a code that is looked up",
    "common/occupation_code": "a code that is looked up in the list of its scheme",
    "common/municipality": "a code that is looked up",
    "placement-lifecycle/posting/museum_number": "museums number by the day of accession: 19530612-0014 is an object",
    "registry/organisation/email": "mail has to reach it, however somebody's provider has made it",
    "registry/person/email": "mail has to reach it, however somebody's provider has made it",
    "registry/person/phone": "digits, which are kept as E.164",
    "registry/partner/whsec": "a secret by chance, which is sealed and shown to nobody",
    "registry/session/digits": "six digits by chance",
    "registry/audit/what": "a program's word",
    "registry/audit/code": "a program's word",
    "registry/audit/program": "a program's word",
    "registry/audit/address": "where a connection came from",
    "notification/message/code": "a program's word",
}

# Where rows point to what is sealed. Whatever none points to is deleted when a service starts, so these stay for as long
# as there are journals that have them: who wants no more of one says so with an event that strikes it, of every row.
SEALED = {
    "registry/endpoint/endpoint.sealed",
    "registry/organisation/organisation.sealed",
    "registry/partner/partner.sealed",
    "registry/person/person.sealed",
    "registry/programme/programme.sealed",
    "registry/question/question.question",
    "registry/question/question.answer",
    "registry/session/session.sealed",
}


def schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """By service and aggregate; those of the bus and the journal are no words of people."""
    for path in sorted(SCHEMAS.rglob("*.json")):
        if path.parent.name != "runtime":
            yield str(path.relative_to(SCHEMAS).with_suffix("")), json.loads(path.read_text(encoding="utf-8"))


def is_text(spec: dict[str, Any]) -> bool:
    return spec.get("type") == "string" and not {"format", "contentEncoding"} & set(spec)


def texts() -> dict[str, bool]:
    """Each definition of a text, and whether people write it."""
    return {
        f"{name}/{label}": spec.get("x-free-text", False)
        for name, schema in schemas()
        for label, spec in schema.get("$defs", {}).items()
        if is_text(spec)
    }


def sealed() -> set[str]:
    return {
        f"{name}/{record}.{field}"
        for name, schema in schemas()
        for record, spec in schema.get("records", {}).items()
        for field, said in spec["properties"].items()
        if said["$ref"].endswith("common.json#/$defs/sealed")
    }


class Ours(unittest.TestCase):
    def test_what_people_write_is_looked_through_for_identity_numbers_or_it_says_why_not(self):
        found = texts()
        self.assertEqual({name for name, is_free in found.items() if not is_free}, set(NOT_WRITTEN))
        self.assertIn("registry/person/name", found)

    def test_every_service_has_room_for_what_can_happen_in_it(self):
        """It would end at its start."""
        room = {name: int(most) for name, most in re.findall(r"(\w+_MAX) = (\d+)", KINDS.read_text(encoding="utf-8"))}
        services = {name.split("/")[0] for name, _ in schemas() if "/" in name}
        self.assertIn("notification", services)
        for service in services:
            its = [schema for name, schema in schemas() if name.startswith(f"{service}/")]
            said = sum(len(schema.get("events", {})) for schema in its)
            heard = collections.Counter(re.sub(r"^.*/(?=\w+\.json)", "", ref) for schema in its for ref in schema.get("subscribes", []))
            self.assertLessEqual(len(its), room["AGGREGATES_MAX"], service)
            self.assertLessEqual(said + len(heard), room["KINDS_MAX"], service)
            self.assertLessEqual(max(heard.values()), room["SUBSCRIBERS_MAX"], service)

    def test_that_mails_do_not_reach_somebody_is_for_who_sees_to_it_and_for_themself(self):
        found = {}
        for name, schema in schemas():
            for record, said in schema.get("records", {}).items():
                own = {role for role, whose in said.get("readers", {}).items() if record == "person" and whose == "id=id"}
                if "unreached_since" in said["properties"]:
                    found[name] = set(said["properties"]["unreached_since"].get("x-only", [])) == {"programme_admin", "coordinator"} | own
        self.assertEqual(found, {f"registry/{record}": True for record in ("organisation", "person", "programme")})

    def test_what_was_sealed_is_pointed_to_for_ever(self):
        self.assertEqual(SEALED - sealed(), set(), "the next start would delete what is sealed there")
        self.assertEqual(sealed() - SEALED, set(), "write it down in SEALED, so that nobody drops it")


if __name__ == "__main__":
    unittest.main()
