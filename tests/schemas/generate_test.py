"""The generator: what comes out of a small folder of schemas, and what it refuses, naming file and place."""

from __future__ import annotations

import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
from typing import Any

HERE = pathlib.Path(__file__).parent
SCHEMAS = HERE.parents[1] / "schemas"
GENERATE = SCHEMAS / "generate.py"
GOLDEN = ("contract/tram.h", "contract/tram.c", "contract/messages/tram.h", "contract/messages/tram.c", "contract/all.h", "contract/all.c")

NOTE = {"type": "string", "maxLength": 9, "x-free-text": True, "description": "D."}


def generate(folder: pathlib.Path, out: pathlib.Path) -> str:
    """What it says: nothing when all is well."""
    done = subprocess.run([sys.executable, "-B", GENERATE, folder, out], capture_output=True, text=True)
    return done.stderr if done.returncode else done.stdout


class Golden(unittest.TestCase):
    """When what comes out is meant to change: cp the new one from the folder that the failure names, and read the diff."""

    def test_the_example_comes_out_as_before(self):
        out = pathlib.Path(tempfile.mkdtemp(prefix="generate-"))
        self.assertEqual(generate(HERE / "example", out), "")
        for name in GOLDEN:
            with self.subTest(name, out=str(out)):
                self.assertEqual((out / name).read_text(), (HERE / "golden" / pathlib.Path(name)).read_text())
        subprocess.run(["rm", "-r", out], check=True)

    def test_what_has_not_changed_is_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder)
            generate(HERE / "example", out)
            before = {file: file.stat().st_mtime_ns for file in out.rglob("*.*") if file.is_file()}
            (out / "contract/tram.h").write_text("damaged")
            self.assertEqual(generate(HERE / "example", out), "")
            changed = [file.name for file in before if file.stat().st_mtime_ns != before[file]]
            self.assertEqual(changed, ["tram.h"])
            self.assertGreater(len(before), 10)

    def test_ours_come_out(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(generate(SCHEMAS, pathlib.Path(folder)), "")


class NamesOfFiles(unittest.TestCase):
    """Words that are what files are called."""

    def made(self, *names: str, also: Any = None) -> tuple[str, pathlib.Path]:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        folder = pathlib.Path(temporary.name, "schemas")
        subprocess.run(["cp", "-r", HERE / "example", folder], check=True)
        (folder.parent / "words").mkdir()
        for name in names:
            (folder.parent / "words" / name).touch()
        schema = json.loads((folder / "common.json").read_text())
        schema["$defs"]["country"] = {"x-enum-of": "../words/*.po", "description": "Where."}
        if also is not None:
            schema["$defs"]["country"]["x-also"] = also
        (folder / "common.json").write_text(json.dumps(schema))
        schema = json.loads((folder / "depot/tram.json").read_text())
        schema["commands"]["build"]["properties"]["country"] = {"$ref": "../common.json#/$defs/country"}
        (folder / "depot/tram.json").write_text(json.dumps(schema))
        said = generate(folder, folder.parent)
        if not said:
            subprocess.run([sys.executable, "-B", SCHEMAS / "documents.py", folder, folder.parent], check=True)
        return said, folder.parent

    def test_they_stand_in_alphabetical_order_in_c_and_in_the_documents(self):
        said, out = self.made("nb.po", "en.po", "sv.po", "en.pot", "README.md")
        self.assertEqual(said, "")
        header = (out / "contract/common.h").read_text()
        self.assertIn("enum country {\n    COUNTRY_EN,\n    COUNTRY_NB,\n    COUNTRY_SV,\n};", header)
        described = json.loads((out / "openapi.json").read_text())["components"]["schemas"]["common.country"]
        self.assertEqual(described, {"type": "string", "description": "Where.", "enum": ["en", "nb", "sv"]})

    def test_what_else_is_understood_stands_for_one_of_them(self):
        said, out = self.made("en.po", "sv.po", also={"swe": "sv"})
        self.assertEqual(said, "")
        self.assertIn('country_also[] = {"swe", "sv", NULL};', (out / "contract/common.c").read_text())
        for also in ({"swe": "nb"}, {"sv": "en"}, {"a-b": "sv"}, ["swe"]):
            said, _ = self.made("en.po", "sv.po", also=also)
            self.assertIn("$defs.country", said, also)

    def test_words_that_only_rules_say_are_marked_in_c_and_told_in_the_documents(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary, "schemas")
            subprocess.run(["cp", "-r", HERE / "example", folder], check=True)
            schema = json.loads((folder / "depot/tram.json").read_text())
            schema["$defs"]["state"]["x-ours"] = ["scrapped"]
            (folder / "depot/tram.json").write_text(json.dumps(schema))
            self.assertEqual(generate(folder, folder.parent), "")
            made = (folder.parent / "contract/messages/tram.c").read_text()
            self.assertIn(".ours = UINT64_C(1) << TRAM_STATE_SCRAPPED", made)
            self.assertIn('"none of these: none, built"', made)
            subprocess.run([sys.executable, "-B", SCHEMAS / "documents.py", folder, folder.parent], check=True)
            described = json.loads((folder.parent / "openapi.json").read_text())["components"]["schemas"]["tram.state"]
            self.assertIn("Only rules of ours say scrapped", described["description"])

    def test_no_file_and_a_file_whose_name_is_no_word_are_refused(self):
        said, _ = self.made("en.pot")
        self.assertRegex(said, r"common.json: \$defs\.country: x-enum-of '../words/\*.po' names no file")
        said, _ = self.made("en.po", "pt_BR.po")
        self.assertRegex(said, r"common.json: \$defs\.country: not a name: 'pt_BR'")


class Followed(unittest.TestCase):
    """What a service follows of another, by all of its schemas together, goes into one pull."""

    def said(self, most: int, *wanted: str) -> str:
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary, "schemas")
            subprocess.run(["cp", "-r", HERE / "example", folder], check=True)
            (folder / "runtime").mkdir()
            name = {"type": "string", "maxLength": 64, "description": "D."}
            names = {"type": "array", "items": {"$ref": "#/$defs/type"}, "maxItems": most, "description": "D."}
            bus = {"title": "Bus", "description": "D.", "$defs": {"type": name, "types": names}}
            (folder / "runtime/bus.json").write_text(json.dumps(bus))
            rail = {"title": "Rail", "description": "D.", "events": {"laid": {"description": "D."}}}
            rail["subscribes"] = [f"../staff/driver.json#/events/{event}" for event in wanted]
            (folder / "depot/rail.json").write_text(json.dumps(rail))
            return generate(folder, folder.with_name("out"))

    def test_more_types_than_a_pull_has_room_for(self):
        self.assertRegex(self.said(1, "left"), r"depot/tram.json: subscribes: driver.employed is one more of staff's")
        self.assertEqual(self.said(2, "left"), "")

    def test_what_two_of_them_want_is_one(self):
        self.assertEqual(self.said(1, "employed"), "")


class Refused(unittest.TestCase):
    """Each test changes the example's tram.json (or another) in one place."""

    def check(self, refused_at: str, *path: str, value: Any, file: str = "depot/tram.json", named: str = "") -> None:
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary, "schemas")
            subprocess.run(["cp", "-r", HERE / "example", folder], check=True)
            schema = json.loads((folder / file).read_text())
            node = schema
            for key in path[:-1]:
                node = node[key]
            if value is None:
                del node[path[-1]]
            else:
                node[path[-1]] = copy.deepcopy(value)
            (folder / file).write_text(json.dumps(schema))
            said = generate(folder, folder.with_name("out"))
            self.assertRegex(
                said, rf"^\S*{re.escape(named or file)}: {refused_at}: .+$" if refused_at else "^$", (path, value)
            )

    def definition(self, value: Any, label: str = "number", place: str = "") -> None:
        self.check(rf"\$defs\.{label}{place}", "$defs", label, value=value)

    def test_the_example_itself_is_not(self):
        self.check("", "title", value="A tram")

    def test_personal_data_says_why_it_is_there(self):
        why = ("x-purpose", "x-basis", "x-retention")
        for keyword in why:
            for value in (None, [], "work", ["fun"], [7], ["staff", "staff"], ["work", "work"]):
                self.check(keyword, keyword, value=value)
        with_none = {"$defs": {"note": NOTE}, "commands": {"c": {"description": "D.", "properties": {"note": {"$ref": "#/$defs/note"}}}}}
        for change in ({}, {"note": {"$ref": "#/$defs/plain", "x-personal": True}}, {"note": {"$ref": "#/$defs/plain", "x-place": True}}):
            said = copy.deepcopy(with_none)
            said["$defs"]["plain"] = {"type": "boolean", "description": "D."}
            said["commands"]["c"]["properties"] |= change
            self.rest(r"commands\.c\.properties\.note", said)
            self.rest("", said | {"x-purpose": ["work"], "x-basis": ["contract"], "x-retention": ["staff"]})
        with_none["$defs"] |= {"notes": {"type": "array", "items": {"$ref": "#/$defs/note"}, "maxItems": 2, "description": "D."}}
        with_none["commands"]["c"]["properties"]["note"] = {"$ref": "#/$defs/notes"}
        self.rest(r"commands\.c\.properties\.note", with_none)

    def rest(self, refused_at: str, said: dict) -> None:
        """A schema more, of which this is all."""
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary, "schemas")
            subprocess.run(["cp", "-r", HERE / "example", folder], check=True)
            (folder / "depot/rest.json").write_text(json.dumps({"description": "D."} | said))
            made = generate(folder, folder.with_name("out"))
            self.assertRegex(made, rf"rest.json: {refused_at}: personal, .+$" if refused_at else "^$", said)

    def test_keywords_that_are_not_in_the_subset(self):
        command = ("commands", "build")
        self.check("top", "oneOf", value=[])
        self.check("commands.build", *command, "additionalProperties", value=False)
        self.check("events.built", "events", "built", "route", value="POST /v1/trams")
        self.check("records.tram", "records", "tram", "hook", value="tram.seen")
        self.check("commands.build", *command, "creates", value=True)  # its route says so
        self.check("events.built", "events", "built", "creates", value=True)
        self.check("commands.build.properties.number", *command, "properties", "number", value={"type": "string"})
        self.check("commands.build.properties.number", *command, "properties", "number", "default", value=7)
        self.check("commands.build.properties.number", *command, "properties", "number", "x-enum-of", value="*.json")
        self.check("commands.build", *command, "x-enum-of", value="*.json")
        self.check("commands.build.answer", *command, "answer", value={"type": "object"})
        self.check("commands.build.answer", *command, "answer", value={"properties": {}})
        self.check("refusals.too_old", "refusals", "too_old", value={"text": "No.", "kind": "never"})
        self.check("refusals.too_old", "refusals", "too_old", value={"sentence": "No."})
        self.check("refusals.too_old", "refusals", "too_old", value='A "sentence".')
        self.check("refusals.too_old", "refusals", "too_old", value="é" * 127 + "no")
        self.check("", "refusals", "too_old", value="é" * 127 + "n")

    def test_definitions_that_are_not_in_the_subset(self):
        said = {"description": "It."}
        for bare in (
            {"type": "integer", "minimum": 0},
            {"type": "integer", "minimum": 2, "maximum": 1},
            {"type": "integer", "minimum": 0, "maximum": 2**63},
            {"type": "integer", "minimum": 0, "maximum": 5, "multipleOf": 5},
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "string"},
            {"type": "string", "maxLength": 0},
            {"type": "string", "maxLength": 1 << 17},
            {"type": "string", "maxLength": 3, "minLength": 4},
            {"type": "string", "maxLength": 3, "format": "email"},
            {"type": "string", "format": "time"},
            {"type": "string", "contentEncoding": "base16", "maxLength": 3},
            {"type": "array", "maxItems": 3},
            {"type": "array", "items": {"type": "boolean"}, "maxItems": 3},
            {"type": "array", "items": {"$ref": "#/$defs/door"}},
            {"type": "object", "properties": {}},
            {"type": ["string", "null"], "maxLength": 3},
            {"enum": []},
            {"enum": ["a", "a"]},
            {"enum": ["A"]},
            {"enum": ["a-b"]},
            {"x-enum-of": "*.po"},
            {"x-enum-of": "tram.json"},
            {"x-enum-of": "**/*.json"},
            {"x-enum-of": "/etc/*.conf"},
            {"x-enum-of": "*.json", "enum": ["tram"]},
            {"x-enum-of": ["*.json"]},
            {"const": 7},
            {"oneOf": []},
        ):
            self.definition(bare | said)
        self.definition({"type": "boolean"})  # no description
        self.definition({"type": "boolean", "description": "a */ b"})
        self.definition([])

    def test_a_change_of_one_field_of_an_object_leaves_the_others(self):
        change = {"type": "object", "x-patch": True, "description": "What is new."}
        stop = {"stop": {"$ref": "#/$defs/stop"}}
        self.check(r"\$defs\.change\.properties\.stop", "$defs", "change", value=change | {"properties": stop})
        inside = {"x-patch-of": {"$ref": "#/$defs/stop"}, "description": "What of it is new."}
        self.check("", "$defs", "change", value=inside)
        key = {"key": {"$ref": "#/$defs/key"}}
        self.check("", "$defs", "change", value=change | {"properties": key})

    def test_words_that_only_rules_say_are_some_of_the_words(self):
        for ours in ("scrapped", ["gone"], [7], ["built", "built"], ["none", "built", "scrapped"]):
            self.check(r"\$defs\.state: x-ours", "$defs", "state", "x-ours", value=ours)

    def test_a_word_stands_for_others_that_are_struck(self):
        struck = ("$defs", "state", "x-struck")
        for said in ("scrapped", {}, {"gone": ["built"]}, {"scrapped": []}, {"scrapped": "built"}, {"scrapped": ["gone"]}, {"scrapped": ["scrapped"]},
                     {"scrapped": ["built", "built"]}, {"scrapped": ["built"], "none": ["built"]}):  # fmt: skip
            self.check(r"\$defs\.state: x-struck", *struck, value=said)
        self.check("", *struck, value={"scrapped": ["built"]})

    def test_patterns_that_would_mean_something_else_here(self):
        for pattern in (
            "[a-z]",
            "^a|b$",
            "^(ab)+$",
            "^.$",
            r"^\d$",
            "^a*a$",
            "^[0-9]{2,3}[0-9]$",
            "^[z-a]$",
            "^å$",
            "^a{3,2}$",
            7,
        ):
            form = {"x-looks": "it", "examples": ["a"]}
            self.definition({"type": "string", "maxLength": 9, "pattern": pattern, "description": "It."} | form)

    def test_a_pattern_that_nobody_is_told_in_words(self):
        said = {"type": "string", "minLength": 2, "maxLength": 4, "description": "It."}
        digits = said | {"pattern": "^[0-9]+$"}
        for form in (
            {},
            {"x-looks": "two to four digits"},
            {"examples": ["12"]},
            {"x-looks": "two to four digits", "examples": []},
            {"x-looks": "two to four digits", "examples": ["1"]},
            {"x-looks": "two to four digits", "examples": ["12", "12345"]},
            {"x-looks": "two to four digits", "examples": ["ab"]},
            {"x-looks": "two to four digits", "examples": [12]},
            {"x-looks": "two\nto four digits", "examples": ["12"]},
            {"x-looks": "d" * 120, "examples": ["12"]},
            {"x-looks": 7, "examples": ["12"]},
        ):
            self.definition(digits | form)
        self.definition(said | {"x-looks": "two to four digits", "examples": ["12"]})  # and no pattern

    def test_references_that_lead_nowhere(self):
        number = ("commands", "build", "properties", "number")
        for ref in ("#/$defs/size", "../common.json#/$defs/number", "other.json#/$defs/x", "#/events/built", 7):
            self.check("commands.build.properties.number", *number, value={"$ref": ref})
        self.check("subscribes", "subscribes", value=["other.json#/events/made"])
        self.check("subscribes", "subscribes", value=["../staff/driver.json#/events/made"])
        self.check("subscribes", "subscribes", value=["#/events/built"])
        self.check("records.tram.opens", "records", "tram", "opens", value={"$ref": "#/$defs/number"})
        whole = {"$ref": "../staff/driver.json#/$defs/licence", "x-part-of": "#/$defs/size"}
        self.check("records.tram.opens", "records", "tram", "opens", value=whole)
        part = ("commands", "employ", "opens")
        for more in ("#/$defs/number", "#/$defs/nothing", "../common.json#/$defs/sealed"):
            value = {"$ref": "#/$defs/licence", "x-part-of": more}
            self.check("commands.employ.opens", *part, value=value, file="staff/driver.json")

    def test_what_contains_itself(self):
        more = {"type": "array", "items": {"$ref": "#/$defs/stops"}, "maxItems": 3, "description": "More."}
        self.check(r"\$defs\.stops\.items", "$defs", "stops", value=more)
        licence = {"$ref": "../depot/tram.json#/$defs/stop"}  # while tram.json uses driver.json's definitions
        self.check(
            r"\$defs",
            "commands",
            "employ",
            "properties",
            "stop",
            value=licence,
            file="staff/driver.json",
            named="depot/tram.json",
        )

    def test_names_that_are_none_in_c(self):
        number = {"$ref": "#/$defs/number"}
        self.check("commands.build.properties.int", "commands", "build", "properties", "int", value=number)
        self.check("commands.build.properties.Number", "commands", "build", "properties", "Number", value=number)
        self.check("events.Built", "events", "Built", value={"description": "It."})
        self.check("commands.see", "commands", "see", "properties", "has_by", value=number)

    def test_two_names_that_are_one_in_c(self):
        nothing = {"description": "It."}
        self.check("events.state_none", "events", "state_none", value=nothing)
        self.check("events.built", "commands", "built", value=nothing)
        self.check("records.stop", "records", "stop", value=nothing)
        self.check(r"\$defs\.event", "$defs", "event", value={"enum": ["x"], "description": "It."})
        self.check("refusals.contract", "refusals", "contract", value="No.")

    def test_flags_where_they_say_nothing(self):
        licence = {"$ref": "../staff/driver.json#/$defs/licence"}
        self.check(
            "events.built.properties.licence",
            "events",
            "built",
            "properties",
            "licence",
            value=licence | {"x-personal": True},
        )
        self.check(
            "commands.build.properties.licence",
            "commands",
            "build",
            "properties",
            "licence",
            value=licence | {"x-internal": True},
        )
        self.check(
            "commands.build.properties.licence",
            "commands",
            "build",
            "properties",
            "licence",
            value=licence | {"x-personal": "yes"},
        )
        for only in ("programme_admin", [], ["king"], ["king=whole"], ["mentor=programme"], ["mentor", "mentor=whole"]):
            self.check("records.tram.properties.since", "records", "tram", "properties", "since", "x-only", value=only)
        self.check("records.tram.properties.state", "records", "tram", "properties", "state", "x-only", value=["mentor"])
        self.check("records.tram.filters", "records", "tram", "filters", value=["state", "since"])
        self.check("events.built.properties.licence", "events", "built", "properties", "licence", "x-only", value=["mentor"])
        for part, name in (("events", "built"), ("records", "tram")):  # only who is asked for something can make it
            where = (part, name, "properties", "licence")
            self.check(".".join(where), *where, value=licence | {"x-made": True})
        where = ("events", "built", "properties", "licence")  # and that is ours alone
        self.check(".".join(where), *where, value=licence | {"x-made": True, "x-internal": True})
        personal = {"number": {"$ref": "#/$defs/number", "x-personal": True}}  # and tram's event has a licence
        said = r"events\.built\.properties\.licence"
        with self.assertRaisesRegex(AssertionError, said):
            self.check("", "$defs", "licence", "properties", value=personal, file="staff/driver.json")

    def test_a_list_is_personal_as_a_whole_or_not_at_all(self):
        personal = {"name": {"$ref": "#/$defs/name", "x-personal": True}}
        self.check(r"\$defs\.stops", "$defs", "stop", "properties", value=personal)

    def test_requirements_that_cannot_be_met(self):
        self.check("events.built", "events", "built", "required", value=["size"])
        self.check(r"\$defs\.stop", "$defs", "stop", "required", value=["size"])
        many = {f"n{i}": {"$ref": "#/$defs/number"} for i in range(65)}
        self.check("events.built", "events", "built", "properties", value=many)

    def test_what_nests_too_deep(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary, "schemas")
            subprocess.run(["cp", "-r", HERE / "example", folder], check=True)
            schema = json.loads((folder / "depot/tram.json").read_text())
            for i in range(6):
                items = {"$ref": f"#/$defs/{'number' if i == 0 else f'deep{i - 1}'}"}
                schema["$defs"][f"deep{i}"] = {"type": "array", "items": items, "maxItems": 1, "description": "Deep."}
            for depth, refused in ((4, False), (5, False), (6, True)):
                schema["$defs"]["deep6"] = {
                    "type": "array",
                    "items": {"$ref": "#/$defs/deep5"},
                    "maxItems": 1,
                    "description": "Deep.",
                }
                schema["events"]["built"]["properties"]["deep"] = {"$ref": f"#/$defs/deep{depth}"}
                (folder / "depot/tram.json").write_text(json.dumps(schema))
                said = generate(folder, folder.with_name("out"))
                self.assertEqual("events.built: nests more than 8 deep" in said, refused, (depth, said))

    def test_an_event_that_does_not_begin_with_whose_it_is(self):
        driver = "staff/driver.json"
        for whose in ([], "sealed", ["key"], ["sealed", "on"], ["on"]):
            self.check("whose", "whose", value=whose, file=driver)
        self.check("whose", "events", "left", "required", value=[], file=driver)
        self.check("whose", "events", "gone", value={"description": "They went for good."}, file=driver)
        other = {"sealed": {"$ref": "../common.json#/$defs/id"}}
        self.check("whose", "events", "left", "properties", value=other, file=driver)
        self.check("", "events", "left", "properties", "sealed", "description", value="Where they lived.", file=driver)

    def test_routes_and_readers_that_lead_nowhere(self):
        for route in (
            "GET /v1/trams",
            "POST /trams",
            "POST /v1/trams/{id}",
            "POST /v1/trams/{tram}/scrap",
            "POST /v1/trams/{id}/scrap/it",
        ):
            self.check("commands.scrap", "commands", "scrap", "route", value=route)
        self.check("commands.scrap", "commands", "scrap", "route", value="POST /v1/trams")  # build's already
        self.check("records.tram", "records", "tram", "route", value="GET /v1/trams")
        self.check("commands.see", "commands", "see", "hook", value="seen")
        for readers in (
            {"king": "id=id"},
            {"PARTICIPANT": "id=id"},
            {"participant": "id=name"},
            {"participant": "number=id"},
            {"participant": "size=id"},
            {"participant": "id"},
        ):
            self.check("records.tram.readers", "records", "tram", "readers", value=readers)
        draft = {"states": ["scrapped"], "until": "name", "not_for": ["participant"]}
        for wrong in (
            True,
            {"states": ["scrapped"], "until": "name"},
            draft | {"states": ["sunk"]},
            draft | {"states": []},
            draft | {"until": "size"},
            draft | {"until": "built"},
            draft | {"not_for": ["mentor"]},
            draft | {"not_for": []},
        ):
            self.check("records.tram.x-draft", "records", "tram", "x-draft", value=wrong)
        self.check("records.tram.filters", "records", "tram", "filters", value=["size"])
        for ref in ("../staff/driver.json#/events/left", "#/events/built", 7):
            self.check("records.seat.tells", "records", "seat", "tells", value=[ref])

    def test_the_same_name_twice_in_an_object(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary, "schemas")
            subprocess.run(["cp", "-r", HERE / "example", folder], check=True)
            (folder / "depot/tram.json").write_text('{"description": "It.", "description": "It."}')
            self.assertRegex(generate(folder, folder.with_name("out")), "depot/tram.json: file: twice: description")


if __name__ == "__main__":
    unittest.main()
