"""Who may call whom: each layer's README says what it may use, and nothing else is included or linked."""

from __future__ import annotations

import os
import pathlib
import tempfile
import unittest

import house

BUILD = pathlib.Path(os.environ.get("FADDER_BUILD", ""))


def strangers(root: pathlib.Path) -> list[str]:
    """Includes of what a README does not allow."""
    found, wrong = house.layers(root), []
    for layer in found.values():
        for path in house.sources(layer, found):
            for name in house.includes(path):
                header = None if name.startswith("contract/") else house.find_header(name, path, root)
                other = "contract" if name.startswith("contract/") else header and house.layer_of(header, found)
                if other == "json" and layer.name == "core" and path.name in house.JSON:
                    continue
                if other is not None and other != layer.name and other not in layer.may_use:
                    wrong.append(f"{path.relative_to(root)} includes {name}, and {layer.name} may not use {other}")
    return wrong


def callers(objects: list[house.Object], found: dict[str, house.Layer]) -> list[str]:
    """Symbols that are called and that a README does not allow."""
    by_name, wrong = house.definers(objects), []
    for one in objects:
        mine = house.layer_of(one.source, found)
        if mine is None or mine == "json":
            continue
        for name in sorted(one.calls & by_name.keys()):
            other = house.layer_of(by_name[name].source, found)
            if other is not None and other != mine and other not in found[mine].may_use:
                wrong.append(f"{one.source.relative_to(house.ROOT)} calls {name}, and {mine} may not use {other}")
    return wrong


def cycles(edges: dict[str, set[str]]) -> list[list[str]]:
    """What can be reached from itself, each cycle once (Tarjan's strongly connected components, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []
    for start in sorted(edges):
        work = [(start, iter(sorted(edges[start])))] if start not in order else []
        while work:
            node, rest = work[-1]
            if node not in order:
                order[node] = low[node] = len(order)
                stack.append(node)
            for other in rest:
                if other not in order:
                    work.append((other, iter(sorted(edges.get(other, ())))))
                    break
                if other in stack:
                    low[node] = min(low[node], order[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    at = stack.index(node)
                    if len(stack) - at > 1 or node in edges.get(node, ()):
                        found.append(sorted(stack[at:]))
                    del stack[at:]
    return found


def calls_between(objects: list[house.Object]) -> dict[str, set[str]]:
    by_name = house.definers(objects)
    name = lambda one: str(one.source.relative_to(house.ROOT))
    return {
        name(one): {name(by_name[call]) for call in one.calls & by_name.keys()} - {name(one)} for one in objects
    }


class Layers(unittest.TestCase):
    def test_nobody_includes_what_their_readme_does_not_allow(self):
        self.assertEqual(strangers(house.ROOT), [])

    def test_nobody_calls_what_their_readme_does_not_allow(self):
        objects = house.objects(BUILD)
        self.assertGreater(len(objects), 150, f"{BUILD} is no build")
        self.assertEqual(callers(objects, house.layers()), [])

    def test_no_layer_is_below_itself(self):
        found = house.layers()
        self.assertEqual(cycles({name: layer.may_use & found.keys() for name, layer in found.items()}), [])

    def test_no_object_calls_back_who_calls_it(self):
        self.assertEqual(cycles(calls_between(house.objects(BUILD))), [])

    def test_readmes_list_the_files_that_are_there(self):
        found = house.layers()
        for layer in found.values():
            with self.subTest(layer.name):
                there = {path.stem for path in layer.folder.glob("*.[ch]")}
                self.assertEqual(there - layer.listed - {"main"}, set(), "not in the README")
                gone = {name for name in layer.listed if "/" not in name and not (layer.folder / name).exists()}
                self.assertEqual(gone - there, set(), "in the README, and not there")


class TheTestItself(unittest.TestCase):
    def test_finds_a_stranger_by_its_include(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, uses, text in (
                ("common/below", "contract", '#include "above/a.h"\n'),
                ("common/above", "below", '#include "below/b.h"\n#include "contract/x.h"\n'),
            ):
                (root / name).mkdir(parents=True)
                (root / name / "README.md").write_text(f"May use: {uses}.\n")
                (root / name / f"{name[7]}.h").write_text(text)
            self.assertEqual(
                strangers(root),
                [
                    "common/above/a.h includes contract/x.h, and above may not use contract",
                    "common/below/b.h includes above/a.h, and below may not use above",
                ],
            )

    def test_finds_a_stranger_by_what_it_calls(self):
        below = house.Object(house.ROOT / "common/base/x.c", {"f": ".text"}, {"g"}, {"f"})
        above = house.Object(house.ROOT / "common/bus/y.c", {"g": ".text"}, {"f"}, {"g"})
        self.assertEqual(
            callers([below, above], house.layers()), ["common/base/x.c calls g, and base may not use bus"]
        )

    def test_finds_cycles(self):
        edges = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"f", "d"}, "f": {"e"}}
        self.assertEqual(cycles(edges), [["a", "b", "c"], ["e", "f"]])
        self.assertEqual(cycles({"a": {"b", "c"}, "b": {"c"}, "c": set()}), [])


if __name__ == "__main__":
    unittest.main()
