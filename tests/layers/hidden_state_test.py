"""No hidden state: what changes belongs to a struct that somebody owns, but for a few things that are the process's."""

from __future__ import annotations

import os
import pathlib
import re
import unittest

import house

BUILD = pathlib.Path(os.environ.get("BUILD_DIR", ""))

# Objects that are the process's, and why.
PROCESS = {
    "common/core/ending.c": {"told_by": "who tells what was wrong before the process ends: its log"},
    "common/base/log.c": {
        "program_name": "lines of the process name it, unless their thread has another name",
        "thread_name": "whose thread it is, where a process has several services",
        "level_max": "set once at the start",
    },
    "common/base/metrics.c": {"first": "metrics are the process's", "lock": "of that list"},
    "common/base/random.c": {
        "pool": "random bytes fetched ahead, of one thread",
        "generation": "how many forks lie behind",
        "once": "watching for forks begins once",
        "last": "ids of a process never repeat",
    },
    "common/base/crypto.c": {"is_said": "a warning that is said once"},
    "common/base/crc32c.c": {"table": "worked out once, then only read", "once": "when"},
    "common/outside/client.c": {"once": "libcurl is started once"},
    "common/service/service.c": {"ended_by_signals": "signal handling", "in_handler": "signal handling"},
    "common/service/trial.c": {"watched": "signal handling", "own": "signal handling, of one thread"},
    "common/service/damage.c": {
        "watched": "signal handling",
        "before": "signal handling",
        "once": "its handler is set once",
    },
    "services/gateway/answer.c": {"statuses": "metrics: a counter for each status"},
    "ops/fadder/operator/shown.c": {"out": "what the process says", "complaints": "what the process says"},
    "ops/fadder/ask/ask.c": {"asking": "a process has one bus, and one name on it"},
}

# Metrics are static objects by design (metrics.h): they only count.
METRIC = re.compile(r"\bMETRICS_(?:COUNTER|GAUGE|SECONDS|SIZES)\(\s*(\w+)")
# Sections of what can be written to; constants with addresses in them (.data.rel.ro) cannot.
CHANGES = re.compile(r"\.(data(?!\.rel\.ro)|bss|tdata|tbss)|\*COM\*")
# What sanitizers and compilers add.
NOT_OURS = re.compile(r"^(__|_GLOBAL_|\.|_sub_I_|asan\.|\*?\.L)|^__func__|^___")


def hidden(one: house.Object) -> set[str]:
    """Data of an object that is not constant, but for its metrics."""
    metrics = set(METRIC.findall(one.source.read_text(encoding="utf-8")))
    metrics |= {f"{name}_add_" for name in metrics}
    names = {re.sub(r"\.\d+$", "", name) for name, section in one.defines.items() if CHANGES.match(section)}
    return {name for name in names if not NOT_OURS.search(name)} - metrics


class HiddenState(unittest.TestCase):
    def test_nothing_changes_outside_of_a_struct_that_somebody_owns(self):
        self.assertTrue(house.generated(BUILD))
        for one in [*house.objects(BUILD), *house.generated(BUILD)]:
            path = house.name_of(one.source)
            with self.subTest(path):
                self.assertEqual(hidden(one) - PROCESS.get(path, {}).keys(), set())

    def test_what_is_excepted_is_there(self):
        objects = {str(one.source.relative_to(house.ROOT)): one for one in house.objects(BUILD)}
        for path, names in PROCESS.items():
            with self.subTest(path):
                self.assertEqual(names.keys() - hidden(objects[path]), set())

    def test_it_is_found(self):
        one = house.Object(
            house.ROOT / "common/base/bell.c",
            {
                "buffer.3": ".bss",
                "count": ".data",
                "own": ".tbss",
                "words": ".rodata",
                "table": ".data.rel.ro.local",
                "ring": ".text",
                "shared": "*COM*",
                "__odr_x": ".bss",
            },
            set(),
            set(),
        )
        self.assertEqual(hidden(one), {"buffer", "count", "own", "shared"})


if __name__ == "__main__":
    unittest.main()
