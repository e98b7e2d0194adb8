"""One library, one door: each library's header is included by one file."""

import pathlib
import re
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
DOORS = {
    r"lmdb\.h": "common/store/store.c",
    r"c?zmq\.h": "common/bus/bus.c",
    r"msgpack(\.h|/.*)": "common/core/pack.c",
    r"jansson\.h": "common/core/json.c",
    r"microhttpd\.h": "common/http/http.c",
    r"curl/.*": "common/outside/client.c",
    r"idn2\.h": "common/intake/domain.c",
    r"uni(case|norm|str)\.h": "common/letters/letters.c",
    r"sodium(\.h|/.*)": "common/base/crypto.c",
}


def strangers(root: pathlib.Path) -> list[str]:
    """Files that include what is another's door."""
    found = []
    for part in ("common", "services", "ops"):
        for file in sorted((root / part).rglob("*.[ch]")):
            here = str(file.relative_to(root))
            for header in re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)', file.read_text(encoding="utf-8"), re.MULTILINE):
                found += [
                    f"{here}: {header}" for door, at in DOORS.items() if re.fullmatch(door, header) and here != at
                ]
    return found


class Doors(unittest.TestCase):
    def test_nobody_else_opens_a_library(self):
        self.assertEqual(strangers(ROOT), [])

    def test_every_door_is_there(self):
        for header, file in DOORS.items():
            with self.subTest(file):
                self.assertRegex((ROOT / file).read_text(encoding="utf-8"), f"(?m)^#include <{header}>")

    def test_a_stranger_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, door in (
                ("services/x/a.c", "<lmdb.h>"),
                ("common/b.h", '"czmq.h"'),
                ("ops/c.c", " <curl/easy.h>"),
            ):
                file = pathlib.Path(folder, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(f"#include <stdio.h>\n#include{door}\n")
            self.assertEqual(len(strangers(pathlib.Path(folder))), 3)


if __name__ == "__main__":
    unittest.main()
