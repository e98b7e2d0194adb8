"""The patterns that common/core/pattern.c matches, and what keeps one from being among them."""

from __future__ import annotations

import re

CLASS = r"\[(?P<no>\^?)(?P<members>(?:[^\\\[\]^-](?:-[^\\\[\]^-])?)+-?)\]"
TIMES = r"(?P<sign>[*+?])|\{(?P<least>\d{1,4})(?:,(?P<most>\d{1,4}))?\}"
ITEM = re.compile(rf"(?:{CLASS}|(?P<one>[^\\\[\]{{}}().*+?|^$]))(?:{TIMES})?")
FOREIGN = 128  # stands for all that is not ASCII
MANY = 1 << 32


def members(text: str) -> set[int] | None:
    """The characters of a class, or None when a range in it runs backwards."""
    found: set[int] = set()
    while text:
        low, high, text = (
            (text[0], text[2], text[3:]) if text[1:2] == "-" and text[2:] else (text[0], text[0], text[1:])
        )
        if low > high:
            return None
        found |= set(range(ord(low), ord(high) + 1))
    return found


def items(pattern: str) -> list[tuple[set[int], int, int]] | None:
    """What may stand there, at least and at most how often, for each item."""
    found, at = [], 1
    while at < len(pattern) - 1:
        if not (item := ITEM.match(pattern, at)):
            return None
        characters = {ord(item["one"])} if item["one"] else members(item["members"])
        if characters is None:
            return None
        if item["no"]:
            characters = set(range(FOREIGN + 1)) - characters
        least, most = {None: (1, 1), "*": (0, MANY), "+": (1, MANY), "?": (0, 1)}[item["sign"]]
        if item["least"]:
            least, most = int(item["least"]), int(item["most"] or item["least"])
        if least > most or most == 0:
            return None
        found.append((characters, least, most))
        at = item.end()
    return found


def trouble(pattern: str) -> str | None:
    """What is wrong with it, if anything."""
    if (
        not pattern.isascii()
        or not pattern.isprintable()
        or len(pattern) < 2
        or (pattern[0], pattern[-1]) != ("^", "$")
    ):
        return "not ^...$ in ASCII"
    if (parts := items(pattern)) is None:
        return "more than characters, [classes] and + * ? {m,n}"
    for i, (characters, least, most) in enumerate(parts):
        if least == most:
            continue
        for others, needed, _ in parts[i + 1 :]:  # what takes all it can must not take what comes next
            if characters & others:
                return f"item {i + 1} may take what a later one needs"
            if needed:
                break
    return None
