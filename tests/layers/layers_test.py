"""Who may call whom: each layer's README says what it may use: that is included or called, and nothing else."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import tempfile
import unittest
from typing import Iterable, Iterator

import house

BUILD = pathlib.Path(os.environ.get("BUILD_DIR", ""))
MADE = ("contract", "words")  # layers that have headers which the build makes


@dataclasses.dataclass
class Use:
    path: pathlib.Path
    how: str
    mine: str | None  # the layer of path
    other: str | None  # of what it uses


def included(found: dict[str, house.Layer], root: pathlib.Path = house.ROOT) -> Iterator[Use]:
    """What sources and headers include, but for other people's headers and those that the build makes of no layer."""
    for path in house.sources(root):
        for name in house.includes(path):
            header, made = house.find_header(name, path, root), name.split("/")[0]
            if header is not None:
                yield Use(path, f"includes {name}", house.layer_of(path, found), house.layer_of(header, found))
            elif made in MADE:
                yield Use(path, f"includes {name}", house.layer_of(path, found), made)


def called(objects: list[house.Object], found: dict[str, house.Layer]) -> Iterator[Use]:
    """Symbols that objects call."""
    by_name = house.definers(objects)
    for one in objects:
        for name in sorted(one.calls & by_name.keys()):
            other = house.layer_of(by_name[name].source, found)
            yield Use(one.source, f"calls {name}", house.layer_of(one.source, found), other)


def strangers(uses: Iterable[Use], found: dict[str, house.Layer], root: pathlib.Path = house.ROOT) -> list[str]:
    """Uses that no README allows."""
    wrong = []
    for use in uses:
        if use.mine not in found:
            wrong.append(f"{use.path.relative_to(root)} {use.how}, and is of no layer")
        elif use.other != use.mine and use.other not in found[use.mine].may_use:
            wrong.append(f"{use.path.relative_to(root)} {use.how}, and {use.mine} may not use {use.other or 'it'}")
    return wrong


def unused(uses: Iterable[Use], found: dict[str, house.Layer]) -> list[str]:
    """What READMEs allow and nobody does."""
    used = {(use.mine, use.other) for use in uses}
    return [
        f"{layer.name} may use {other}, and does not"
        for layer in found.values()
        for other in sorted(layer.may_use)
        if (layer.name, other) not in used
    ]


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
    name = lambda one: house.name_of(one.source)
    return {
        name(one): {name(by_name[call]) for call in one.calls & by_name.keys()} - {name(one)} for one in objects
    }


class Layers(unittest.TestCase):
    maxDiff = None

    def test_every_file_is_of_a_layer(self):
        found = house.layers()
        self.assertEqual([path for path in house.sources() if house.layer_of(path, found) not in found], [])

    def test_nobody_includes_what_their_readme_does_not_allow(self):
        found = house.layers()
        self.assertEqual(strangers(included(found), found), [])

    def test_nobody_calls_what_their_readme_does_not_allow(self):
        objects, found = house.objects(BUILD), house.layers()
        self.assertGreater(len(objects), 150, f"{BUILD} is no build")
        self.assertEqual(strangers(called(objects, found), found), [])

    def test_readmes_allow_only_what_is_used(self):
        found = house.layers()
        self.assertEqual(unused([*included(found), *called(house.objects(BUILD), found)], found), [])

    def test_no_layer_is_below_itself(self):
        found = house.layers()
        self.assertEqual(cycles({name: layer.may_use & found.keys() for name, layer in found.items()}), [])

    def test_no_object_calls_back_who_calls_it(self):
        self.assertEqual(cycles(calls_between([*house.objects(BUILD), *house.generated(BUILD)])), [])

    def test_readmes_list_what_is_there(self):
        services = {f"{name}/" for name in house.services(BUILD)}  # stand in the one list
        for layer in house.layers().values():
            with self.subTest(layer.name):
                there = house.contents(layer.folder)
                self.assertEqual(there - layer.listed - services, set(), "not in the README")
                self.assertEqual(layer.listed - there, set(), "in the README, and not there")


class TheTestItself(unittest.TestCase):
    def test_finds_a_stranger_by_its_include(self):
        with tempfile.TemporaryDirectory() as top:
            root = pathlib.Path(top).resolve()
            for name, uses, text in (
                ("common/below", "contract", '#include "above/above.h"\n#include <time.h>\n'),
                ("common/above", "below, core", '#include "below/below.h"\n#include "contract/x.h"\n'),
                ("common/aside", "contract", '#include <below/below.h>\n#include "../above/above.h"\n'),
                ("ops", "", '#include "below/below.h"\n'),
            ):
                folder = root / name
                folder.mkdir(parents=True)
                (folder / "README.md").write_text(f"May use: {uses}.\n")
                (folder / f"{folder.name}.h").write_text(text)
            found = house.layers(root)
            self.assertEqual(
                strangers(included(found, root), found, root),
                [
                    "common/above/above.h includes contract/x.h, and above may not use contract",
                    "common/aside/aside.h includes below/below.h, and aside may not use below",
                    "common/aside/aside.h includes ../above/above.h, and aside may not use above",
                    "common/below/below.h includes above/above.h, and below may not use above",
                    "ops/ops.h includes below/below.h, and is of no layer",
                ],
            )
            self.assertEqual(
                unused(included(found, root), found),
                [
                    "above may use core, and does not",
                    "aside may use contract, and does not",
                    "below may use contract, and does not",
                ],
            )

    def test_finds_a_stranger_by_what_it_calls(self):
        common, ops = house.ROOT / "common", house.ROOT / "ops"
        below = house.Object(common / "base/x.c", {"f": ".text"}, {"g"}, {"f"})
        above = house.Object(common / "bus/y.c", {"g": ".text"}, {"f"}, {"g"})
        json = house.Object(common / "core/json.c", {"j": ".text"}, {"f"}, {"j"})
        nowhere = house.Object(ops / "z.c", {"n": ".text"}, {"f"}, {"n"})
        caller = house.Object(common / "bus/w.c", {}, {"n"}, set())
        found = house.layers()
        self.assertEqual(
            strangers(called([below, above, json, nowhere, caller], found), found),
            [
                "common/base/x.c calls g, and base may not use bus",
                "common/core/json.c calls f, and json may not use base",
                "ops/z.c calls f, and is of no layer",
                "common/bus/w.c calls n, and bus may not use it",
            ],
        )

    def test_reads_a_readme(self):
        files = "| file | |\n|---|---|\n| `a.c` `b` | `c` |\n| `po.py` | |\n| `link/` | |\n"
        self.assertEqual(house.listed(files + "\n| from |\n|---|\n| `d` |\n"), {"a", "b", "po.py", "link/"})
        self.assertEqual(house.listed("| service | |\n|---|---|\n| [library](library/README.md) | |\n"), {"library/"})

    def test_finds_cycles(self):
        edges = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"f", "d"}, "f": {"e"}}
        self.assertEqual(cycles(edges), [["a", "b", "c"], ["e", "f"]])
        self.assertEqual(cycles({"a": {"b", "c"}, "b": {"c"}, "c": set()}), [])


if __name__ == "__main__":
    unittest.main()
