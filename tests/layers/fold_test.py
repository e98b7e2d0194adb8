"""The fold's identity is complete: all that evolve and tables reach is hashed into it (services/fold_id.py)."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import house

BUILD = pathlib.Path(os.environ.get("BUILD_DIR", ""))

# Where a walk ends: behind these lies what gives back what it was given, or says that it cannot.
DOORS = {
    "common/store/store.c": "bytes in, the same bytes out",
    "common/base/crypto.c": "hashes by their published definition",
    "common/base/crc32c.c": "a checksum by its published definition",
    "common/base/random.c": "of a first epoch's name",
    "common/base/boot.c": "whether a state is of this boot",
    "common/base/files.c": "where the state lies, and its mark",
    "common/base/log.c": "says, and changes nothing",
}


def reach(service: str, objects: list[house.Object]) -> dict[pathlib.Path, pathlib.Path]:
    """Sources that evolve, tables, and the fold and the journal themselves reach, each with who leads there."""
    by_name = house.definers(objects)
    by_source = {one.source: one for one in objects}
    begin = [
        one.source
        for one in objects
        if (one.source.name in ("evolve.c", "tables.c") and house.ROOT / "services" / service in one.source.parents)
        or one.source.parent in (house.ROOT / "common/fold", house.ROOT / "common/journal")
    ]
    found = {source: source for source in begin}
    while begin:
        source = begin.pop()
        if str(source.relative_to(house.ROOT)) in DOORS:
            continue
        for call in by_source[source].calls & by_name.keys():
            to = by_name[call].source
            if to not in found:
                found[to] = source
                begin.append(to)
    return found


def unhashed(service: str, objects: list[house.Object], folded: set[str]) -> list[str]:
    return [
        f"{by.relative_to(house.ROOT)} calls {source.relative_to(house.ROOT)}, which is not hashed"
        for source, by in sorted(reach(service, objects).items())
        if str(source.relative_to(house.ROOT)) not in folded | DOORS.keys()
    ]


def tables_of_functions(service: str, objects: list[house.Object]) -> set[str]:
    """Sources of the service in which an aggregate says which functions fold it, find it, and when it is due."""
    return {
        str(one.source.relative_to(house.ROOT))
        for one in objects
        if house.ROOT / "services" / service in one.source.parents
        and any(name.endswith("_aggregate") for name in one.defines)
    }


def folded_of(service: str) -> set[str]:
    return set((BUILD / "generated/fold" / service / "folded.txt").read_text(encoding="utf-8").splitlines())


class Fold(unittest.TestCase):
    services = os.environ.get("JOURNALED", "").split()

    def test_what_evolve_and_tables_reach_is_hashed(self):
        self.assertTrue(self.services)
        objects = house.objects(BUILD)
        for service in self.services:
            with self.subTest(service):
                self.assertEqual(unhashed(service, objects, folded_of(service)), [])
                self.assertGreater(len(reach(service, objects)), 10)
                self.assertEqual(tables_of_functions(service, objects) - folded_of(service), set())
                self.assertTrue(tables_of_functions(service, objects))

    def test_it_holds_all_that_decides(self):
        for service in self.services:
            with self.subTest(service):
                folded = folded_of(service)
                for path in ("schemas/contract.py", "common/fold/fold.c", "common/core/pack.c", "common/store/table.c",
                             "common/fold/kinds.h", "common/words/sv.po", f"services/{service}/main.c", f"services/{service}/tables.h"):
                    self.assertIn(path, folded)
                headers = {str(p.relative_to(house.ROOT)) for p in (house.ROOT / "services" / service).glob("*/*.h")}
                self.assertEqual(headers - folded - {path for path in headers if "/matching/" in path}, set())

    def test_a_predicate_in_decide_is_found(self):
        services = house.ROOT / "services/registry/link"
        tables = house.Object(services / "tables.c", {"links": ".rodata"}, {"link_is_left"}, {"links"})
        decide = house.Object(services / "decide.c", {"link_is_left": ".text"}, set(), {"link_is_left"})
        self.assertEqual(
            unhashed("registry", [tables, decide], {"services/registry/link/tables.c"}),
            ["services/registry/link/tables.c calls services/registry/link/decide.c, which is not hashed"],
        )

    def test_every_byte_and_every_name_counts(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "a").mkdir()
            (root / "a/x.c").write_text("one")
            (root / "a/y.c").write_text("two")
            ids = {self.made(root)}
            (root / "a/y.c").write_text("twO")
            ids.add(self.made(root))
            (root / "a/y.c").rename(root / "a/z.c")
            ids.add(self.made(root))
            (root / "a/x.c").write_text("on")
            ids.add(self.made(root))
            self.assertEqual(len(ids), 4)

    def test_of_catalogues_only_the_names_count(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "a").mkdir()
            (root / "a/x.c").write_text("one")
            (root / "a/sv.po").write_text("hej")
            before = self.made(root, "names:a/*.po")
            (root / "a/sv.po").write_text("hejsan")
            self.assertEqual(self.made(root, "names:a/*.po"), before)
            (root / "a/fi.po").write_text("hei")
            self.assertNotEqual(self.made(root, "names:a/*.po"), before)

    def made(self, root: pathlib.Path, *patterns: str) -> str:
        header, listing = root / "made.h", root / "made.txt"
        script = house.ROOT / "services/fold_id.py"
        subprocess.run([sys.executable, script, root, header, listing, "a/*.c", *patterns], check=True)
        return header.read_text()


if __name__ == "__main__":
    unittest.main()
