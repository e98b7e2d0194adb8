"""How long what is known of people is kept: retention.json, checked, as C. What does not fit stops the build, with file, row
and field."""

from __future__ import annotations

import datetime
import json
import pathlib
import sys
from typing import Any, Iterator, NoReturn

EPOCH = datetime.date(1970, 1, 1)
FIRST, LAST = datetime.date(2000, 1, 1), datetime.date(9999, 12, 31)  # of what anything is recorded
DAYS_MAX = 3660  # of common.json's days
COUNTRIES = ("se", "no")
KINDS = ("access", "participant", "volunteer", "details")  # of common.json's retention: what a deadline ends
FIELDS = {"country", "kind", "days", "from", "until", "source", "address"}
ANNOUNCED = ("participant", "volunteer")  # what ends with somebody being erased: they are told so many days before (notice)


class Rows:
    def __init__(self, path: pathlib.Path):
        self.path = path
        try:
            self.all = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as why:
            sys.exit(f"{path.name}: {why}")
        if not isinstance(self.all, list):
            sys.exit(f"{path.name}: not a list")
        self.at = [self.checked(i, row) for i, row in enumerate(self.all)]
        for country in COUNTRIES:
            for kind in KINDS:
                self.check_whole(country, kind)

    def stop(self, i: int, field: str, what: str) -> NoReturn:
        sys.exit(f"{self.path.name}: row {i + 1}: {field}: {what}")

    def checked(self, i: int, row: Any) -> dict[str, Any]:
        if not isinstance(row, dict) or set(row) != self.fields(row):
            self.stop(i, "fields", f"are not {', '.join(sorted(self.fields(row)))}")
        for field, words in (("country", COUNTRIES), ("kind", KINDS)):
            if row[field] not in words:
                self.stop(i, field, f"is none of {', '.join(words)}")
        if type(row["days"]) is not int or not 0 < row["days"] <= DAYS_MAX:
            self.stop(i, "days", f"is not a number from 1 to {DAYS_MAX}")
        notice = row.get("notice", 0)
        if type(notice) is not int or not ("notice" not in row or 0 < notice < row["days"]):
            self.stop(i, "notice", "is not a number of days from 1 to less than days")
        for field in ("source", "address"):
            if not isinstance(row[field], str) or not row[field]:
                self.stop(i, field, "is not said")
        if not row["address"].startswith("https://"):
            self.stop(i, "address", "does not begin with https://")
        begins = self.day(i, "from", row["from"])
        until = LAST if row["until"] is None else self.day(i, "until", row["until"])
        if until < begins:
            self.stop(i, "until", "is before from")
        return row | {"row": i, "from": begins, "until": until}

    @staticmethod
    def fields(row: Any) -> set[str]:
        return FIELDS | ({"notice"} if isinstance(row, dict) and row.get("kind") in ANNOUNCED else set())

    def day(self, i: int, field: str, text: Any) -> datetime.date:
        try:
            return datetime.date.fromisoformat(text)
        except (TypeError, ValueError):
            self.stop(i, field, "is not a day, such as 2000-01-01")

    def check_whole(self, country: str, kind: str) -> None:
        """On each day exactly one holds."""
        expected = FIRST
        for row in sorted((r for r in self.at if (r["country"], r["kind"]) == (country, kind)), key=lambda r: r["from"]):
            if expected is None or row["from"] != expected:
                self.stop(row["row"], "from", f"of {kind} in {country} should be the day after the one before it, or {FIRST}")
            expected = None if row["until"] == LAST else row["until"] + datetime.timedelta(days=1)
        if expected is not None:
            sys.exit(f"{self.path.name}: {kind} in {country}: nothing holds from {expected} on")

    def source(self) -> Iterator[str]:
        yield "const struct retention_row codes_retentions[] = {"
        for row in self.at:
            words = f"COUNTRY_{row['country'].upper()}, RETENTION_{row['kind'].upper()}"
            yield f"    {{{words}, {row['days']}, {row.get('notice', 0)}, {{{(row['from'] - EPOCH).days}}}, {{{(row['until'] - EPOCH).days}}}}},"
        yield "};\n"
        yield "const size_t codes_retention_count = sizeof codes_retentions / sizeof codes_retentions[0];\n"
