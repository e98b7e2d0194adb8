"""The OpenAPI and AsyncAPI documents: whole, and saying of the example what they should."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Iterator

HERE = pathlib.Path(__file__).parent
SCHEMAS = HERE.parents[1] / "schemas"
TOLD = HERE.parents[1] / "services/notification/message/decide.c"
METHODS = {"get", "post"}
LIFECYCLES = sys.argv.pop(1)


def embedded(source: pathlib.Path) -> dict:
    """The document that a program has in it."""
    rows = re.search(r"\{\n(.*)\n\}", source.read_text(), re.DOTALL)
    served = bytes(int(number) for number in rows[1].replace("\n", "").split(",") if number.strip())
    return json.loads(served.removesuffix(b"\0"))


def generate(folder: pathlib.Path, roles: str) -> tuple[dict, dict, dict, dict]:
    """The OpenAPI document and the AsyncAPI document, and both as they are served."""
    with tempfile.TemporaryDirectory() as out:
        said = pathlib.Path(out, "roles.txt")
        said.write_text(roles)
        subprocess.run([sys.executable, "-B", SCHEMAS / "documents.py", folder, out, said], check=True)
        names = ("openapi", "asyncapi")
        written = [json.loads(pathlib.Path(out, f"{name}.json").read_text()) for name in names]
        return *written, *(embedded(pathlib.Path(out, f"contract/{name}.c")) for name in names)


def lifecycles(*words: str) -> str:
    """What the life-cycles' own tables say (services/lifecycles.c)."""
    return subprocess.run([LIFECYCLES, *words], capture_output=True, text=True, check=True).stdout


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inside in node.values():
            yield from references(inside)
    elif isinstance(node, list):
        for inside in node:
            yield from references(inside)


def at(document: dict, ref: str) -> Any:
    node = document
    for key in ref.removeprefix("#/").split("/"):
        node = node[key.replace("~1", "/").replace("~0", "~")]
    return node


class Ours(unittest.TestCase):
    openapi, asyncapi, *served = generate(SCHEMAS, lifecycles("--roles"))

    def test_what_is_served_are_the_documents(self):
        self.assertEqual(self.served, [self.openapi, self.asyncapi])

    def test_every_reference_leads_somewhere(self):
        for document in (self.openapi, self.asyncapi):
            found = list(references(document))
            self.assertGreater(len(found), 100)
            for ref in found:
                self.assertTrue(ref.startswith("#/"), ref)
                self.assertIsInstance(at(document, ref), dict, ref)

    def test_nothing_is_defined_that_nobody_uses(self):
        for document in (self.openapi, self.asyncapi):
            used = set(references(document))
            for part in ("schemas", "responses"):
                for name in document["components"].get(part, {}):
                    self.assertIn(f"#/components/{part}/{name}", used)

    def test_every_operation_is_whole(self):
        seen = set()
        for path, item in self.openapi["paths"].items():
            self.assertLessEqual(set(item), METHODS)
            for method, operation in item.items():
                with self.subTest(path, method=method):
                    self.assertTrue(operation["summary"])
                    self.assertTrue(any(status.startswith("2") for status in operation["responses"]))
                    for status, response in operation["responses"].items():
                        self.assertRegex(status, "^[2-5][0-9][0-9]$")
                        self.assertTrue({"$ref", "description"} & set(response))
                    parameters = operation.get("parameters", [])
                    named = {p["name"] for p in parameters if p["in"] == "path"}
                    self.assertEqual(named, set(re.findall(r"\{(\w+)\}", path)))
                    self.assertEqual(len({(p["in"], p["name"]) for p in parameters}), len(parameters))
                    if "operationId" in operation:
                        self.assertNotIn(operation["operationId"], seen)
                        seen.add(operation["operationId"])

    def test_every_route_of_every_schema_is_there(self):
        expected = set()
        for file in SCHEMAS.glob("*/*.json"):
            schema = json.loads(file.read_text())
            routes = [
                m["route"] for part in ("commands", "records") for m in schema.get(part, {}).values() if "route" in m
            ]
            expected |= {tuple(route.split(" ")) for route in routes}
            expected |= {("GET", route[4:].removesuffix("/{id}")) for route in routes if route.startswith("GET")}
        said = {(method.upper(), path) for path, item in self.openapi["paths"].items() for method in item}
        self.assertGreater(len(expected), 50)
        self.assertEqual(expected - said, set())

    def test_every_operation_says_who_may(self):
        tables = "".join(lifecycles(service) for service in lifecycles().split())  # as READMEs have them
        letters = dict(re.findall(r"^\| ([A-Z]+) \| (\w+) \| \w+: ", tables, re.MULTILINE))
        expected: dict[str, set[str]] = {}
        for life in tables.split("\n### "):
            for command, who in re.findall(r"^\| [^|]* \| `(\w+)` \| [^|]* \| (.*) \|$", life, re.MULTILINE):
                roles = {letters[letter] for letter in who.replace("*", "").split(", ")} - {"tm", "sys"}
                expected.setdefault(f"{life.removeprefix('### ').split()[0]}.{command}", set()).update(roles)
        said = {
            operation["operationId"]: operation["x-roles"]
            for item in self.openapi["paths"].values()
            for operation in item.values()
            if "x-roles" in operation
        }
        commands = {name: roles for name, roles in said.items() if not name.endswith((".get", ".list", ".log", ".export", ".erasure"))}
        self.assertGreater(len(commands), 60)
        self.assertEqual({name: sorted(expected[name]) for name in commands}, commands)
        for path, item in self.openapi["paths"].items():
            for operation in item.values():
                is_ours = path.startswith("/v1/") and "hooks" not in path
                self.assertEqual("x-roles" in operation, is_ours, path)
        self.assertEqual(said["partner.log"], ["agency_system", "programme_admin"])  # whoever may see the partner
        self.assertEqual(said["referral.list"], sorted(["coordinator", "programme_admin", "agency_system", "counsellor", "participant"]))

    def test_every_operation_says_who_may_write_it_down_for_whom(self):
        tables = "".join(lifecycles(service) for service in lifecycles().split())  # as READMEs have them
        expected: dict[str, dict[str, list[str]]] = {}
        for role, of, lists in re.findall(r"^\| [A-Z]+ \| (\w+) \| (\w+) \| (\w+: .*) \|$", tables, re.MULTILINE):
            for aggregate, commands in (said.split(": ") for said in lists.split("; ")):
                for command in re.findall(r"`(\w+)`", commands):
                    expected.setdefault(f"{aggregate}.{command}", {}).setdefault(role, []).append(of)
        operations = [operation for item in self.openapi["paths"].values() for operation in item.values()]
        said = {one["operationId"]: one["x-roles-on-behalf"] for one in operations if "x-roles-on-behalf" in one}
        self.assertEqual({name: {role: sorted(of) for role, of in roles.items()} for name, roles in expected.items()}, said)
        for operation in operations:
            if "requestBody" in operation and "hooks" not in operation["operationId"]:
                body = at(self.openapi, next(references(operation["requestBody"])))
                self.assertEqual("behalf" in body["properties"], operation["operationId"] in said, operation["operationId"])
        self.assertGreater(len(said), 20)

    def test_a_single_record_says_what_can_be_written_down_for_whom(self):
        for name, has_any in (("mentorship", True), ("person", True), ("placement", True), ("mentor", False)):
            (operation,) = (
                item["get"] for item in self.openapi["paths"].values() if item.get("get", {}).get("operationId") == f"{name}.get"
            )
            more = operation["responses"]["200"]["content"]["application/json"]["schema"]["allOf"][1]
            self.assertEqual("may_record" in more["properties"], has_any, name)
            self.assertEqual("may_record" in more["required"], has_any, name)
            for word, voices in more["properties"].get("may_record", {}).get("properties", {}).items():
                self.assertIn(word, more["properties"]["may"]["items"]["enum"])
                self.assertEqual(voices["items"], {"$ref": "#/components/schemas/common.voice"})

    def test_a_secret_may_be_left_out_and_is_then_in_the_answer(self):
        made = self.openapi["components"]["schemas"]["made"]["properties"]
        self.assertEqual(set(made), {"secret", "secret_shown_before"})
        leave_out = {"token.create", "partner.create", "partner.rotate_secret", "endpoint.create", "endpoint.rotate_secret"}
        for item in self.openapi["paths"].values():
            for operation in item.values():
                name, done = operation.get("operationId"), operation["responses"].get("201", operation["responses"].get("200"))
                self.assertEqual(name in leave_out, "#/components/schemas/made" in list(references(done)), name)
                if name in leave_out:
                    body = at(self.openapi, next(references(operation["requestBody"])))
                    self.assertNotIn("secret", body.get("required", []), name)
                    self.assertNotIn("hash", body["properties"], name)  # nobody chooses it

    def test_every_webhook_that_partners_are_told_by_is_there(self):
        told = re.findall(r"TELL(?:_LATER)?\((\w+),[ |A-Z]*\bWH\b", TOLD.read_text())
        self.assertGreater(len(told), 10)
        self.assertEqual({kind.lower().replace("_", ".", 1) for kind in told}, set(self.openapi["webhooks"]))

    def test_free_text_says_what_is_refused_in_it(self):
        remark = self.openapi["components"]["schemas"]["posting.task"]["description"]
        self.assertIn("What looks like a national identity number in it is refused", remark)
        self.assertNotIn("national identity number", self.openapi["components"]["schemas"]["common.id"]["description"])

    def test_schemas_are_json_schema_and_nothing_of_ours(self):
        text = json.dumps(self.openapi)
        for flag in ("x-personal", "x-place", "x-internal", "x-only", "x-free-text", "x-looks", "x-made", "x-draft"):
            self.assertNotIn(flag, text)


class Example(unittest.TestCase):
    openapi, asyncapi, *_ = generate(HERE / "example", "tram.build coordinator sys\ntram.scrap tm\n")

    def operation(self, method: str, path: str) -> dict:
        return self.openapi["paths"][path][method]

    def parameters(self, method: str, path: str) -> set[str]:
        return {p["name"] for p in self.operation(method, path)["parameters"]}

    def test_a_creation(self):
        build = self.operation("post", "/v1/trams")
        self.assertEqual(self.parameters("post", "/v1/trams"), {"Idempotency-Key", "traceparent"})
        done = build["responses"]["201"]["content"]["application/json"]["schema"]
        self.assertEqual([part["$ref"].split("/")[-1] for part in done["allOf"]], ["accepted", "tram.build.answer"])
        self.assertTrue(build["requestBody"]["required"])
        self.assertEqual(build["x-roles"], ["coordinator"])
        self.assertNotIn("404", build["responses"])

    def test_a_command(self):
        scrap = self.operation("post", "/v1/trams/{id}/scrap")
        self.assertEqual(self.parameters("post", "/v1/trams/{id}/scrap"), {"id", "If-Match", "Idempotency-Key", "traceparent"})
        self.assertFalse(scrap["requestBody"]["required"])
        self.assertEqual(scrap["x-roles"], [])  # a deadline's
        self.assertLessEqual({"200", "400", "404", "409", "412", "422", "428"}, set(scrap["responses"]))

    def test_records(self):
        self.assertEqual(self.parameters("get", "/v1/trams/{id}"), {"id", "Fadder-At-Least"})
        arguments = {"limit", "after", "state", "owner"}
        self.assertEqual(self.parameters("get", "/v1/trams"), arguments | {"Fadder-At-Least"})
        headers = self.operation("get", "/v1/trams/{id}")["responses"]["200"]["headers"]
        self.assertEqual(set(headers), {"Fadder-Batch"})  # no ETag: it has no version
        single = self.operation("get", "/v1/trams/{id}")["responses"]["200"]["content"]["application/json"]["schema"]
        self.assertEqual(single["allOf"][1]["properties"]["may"]["items"]["enum"], ["scrap"])
        self.assertEqual(self.operation("get", "/v1/trams")["x-roles"], ["participant", "programme_admin"])
        tram = self.openapi["components"]["schemas"]["tram"]
        self.assertNotIn("secret", tram["properties"])  # it is internal
        self.assertIn("plate", tram["required"])
        self.assertNotIn("name", tram["required"])

    def test_hooks(self):
        body = self.operation("post", "/v1/hooks/{partner}")["requestBody"]["content"]["application/json"]["schema"]
        self.assertEqual(body["discriminator"]["mapping"], {"tram.seen": "#/components/schemas/hook.tram.seen"})
        hook = self.openapi["components"]["schemas"]["hook.tram.seen"]
        self.assertEqual(hook["properties"]["type"], {"const": "tram.seen"})
        self.assertEqual(hook["properties"]["data"], {"$ref": "#/components/schemas/tram.see"})

    def test_webhooks(self):
        ((name, item),) = self.openapi["webhooks"].items()
        body = item["post"]["requestBody"]["content"]["application/json"]["schema"]
        self.assertEqual((name, body["properties"]["type"]), ("driver.employed", {"const": "driver.employed"}))
        self.assertEqual(body["properties"]["data"], {"$ref": "#/components/schemas/tram.seat"})
        headers = {one["name"] for one in item["post"]["parameters"]}
        self.assertEqual(headers, {"webhook-id", "webhook-timestamp", "webhook-signature"})

    def test_definitions(self):
        schemas = self.openapi["components"]["schemas"]
        self.assertEqual(schemas["tram.key"]["maxLength"], 12)  # eight bytes, as base64
        self.assertEqual(schemas["tram.doors"]["items"], {"$ref": "#/components/schemas/tram.door"})
        self.assertEqual(schemas["tram.state"]["enum"], ["none", "built", "scrapped"])
        plate = schemas["tram.plate"]
        self.assertEqual((plate["pattern"], plate["examples"]), ("^[A-Z]{3}-[0-9]{2,4}$", ["ABC-123"]))
        since = schemas["tram.since"]  # "format" would be ours alone
        self.assertNotIn("format", since)
        for text, fits in (("1860-06-26", True), ("1860-06", True), ("1860", True), ("1860-6", False), ("18600626", False)):
            self.assertEqual(bool(re.fullmatch(since["pattern"], text)), fits)
        self.assertTrue(plate["description"].endswith("It is three capitals, a hyphen, two to four digits, such as ABC-123."))

    def test_events(self):
        self.assertEqual(set(self.asyncapi["channels"]), {"depot", "staff"})
        self.assertEqual(set(self.asyncapi["channels"]["depot"]["messages"]), {"tram.built", "tram.scrapped"})
        heard = self.asyncapi["operations"]["depot.hears.staff"]
        self.assertEqual(heard["messages"], [{"$ref": "#/channels/staff/messages/driver.employed"}])
        self.assertEqual(heard["action"], "receive")


if __name__ == "__main__":
    unittest.main()
