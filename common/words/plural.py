"""Plural-Forms of a .po file's header: which form a number takes.

    nplurals=2; plural=(n != 1);

The expression is what gettext allows of C: n, numbers, ?: || && == != < > <= >= + - * / % ! and parentheses, all of
it unsigned.
"""

from __future__ import annotations

import dataclasses
import operator
import re

FORMS_MAX = 6  # no language in CLDR has more
TOKENS_MAX, PARENTHESES_MAX = 200, 32
SAMPLE = (*range(1001), *(10**i for i in range(4, 10)), 10**9 + 7)
MASK = 2**64 - 1

LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
VALUE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.floordiv,
    "%": operator.mod,
}
TRUTHS = {"||", "&&", "!", "==", "!=", "<", ">", "<=", ">="}


class Wrong(Exception):
    """What is wrong with it, in a sentence."""


@dataclasses.dataclass
class Node:
    what: str  # an operator, "n", or a number
    parts: tuple[Node, ...] = ()

    def value(self, n: int) -> int:
        match self.what, *self.parts:
            case "n",:
                return n
            case "?", condition, yes, no:
                return yes.value(n) if condition.value(n) else no.value(n)
            case "||", left, right:
                return int(bool(left.value(n) or right.value(n)))
            case "&&", left, right:
                return int(bool(left.value(n) and right.value(n)))
            case "!", part:
                return int(not part.value(n))
            case number,:
                return int(number)
            case what, left, right:
                return int(VALUE[what](left.value(n), right.value(n))) & MASK

    def truth(self) -> str:
        """As a condition in C."""
        if self.what == "!":
            return f"!({self.parts[0].truth()})"
        if self.what in ("||", "&&"):
            return f" {self.what} ".join(f"({part.truth()})" for part in self.parts)
        if self.what in TRUTHS:
            return f" {self.what} ".join(part.c() for part in self.parts)
        return f"{self.c()} != 0"

    def c(self) -> str:
        """As a number in C, in parentheses where it needs some."""
        if self.what == "?":
            condition, yes, no = self.parts
            return f"({condition.truth()} ? {yes.c()} : {no.c()})"
        if self.what in TRUTHS:
            return f"({self.truth()} ? 1ull : 0ull)"
        if self.parts:
            return "(" + f" {self.what} ".join(part.c() for part in self.parts) + ")"
        return "n" if self.what == "n" else f"{self.what}ull"


class Plural:
    """The forms of one language."""

    def __init__(self, header: str):
        said = re.fullmatch(r"nplurals\s*=\s*([0-9]+)\s*;\s*plural\s*=\s*(.*?)\s*;?", header)
        if said is None or not 1 <= int(said[1]) <= FORMS_MAX:
            raise Wrong(f"is not like nplurals=2; plural=(n != 1); with 1 to {FORMS_MAX} forms")
        self.count = int(said[1])
        self.tokens = re.findall(r"[0-9]+|n|\|\||&&|[=!<>]=|[-+*/%!<>?:()]|\S", said[2])
        if len(self.tokens) > TOKENS_MAX or self.tokens.count("(") > PARENTHESES_MAX:
            raise Wrong(f"is longer than {TOKENS_MAX} words, or has more than {PARENTHESES_MAX} parentheses")
        self.expression = self.choice()
        if self.tokens:
            raise Wrong(f"is not understood from {self.tokens[0]} on")
        self.numbers = self.all_numbers()

    def form(self, n: int) -> int:
        return self.expression.value(n)

    def all_numbers(self) -> list[list[int]]:
        """For each form the numbers of a sample that take it."""
        found: list[list[int]] = [[] for _ in range(self.count)]
        for n in SAMPLE:
            try:
                form = self.form(n)
            except ZeroDivisionError:
                raise Wrong(f"divides by zero when n is {n}") from None
            if form >= self.count:
                raise Wrong(f"gives form {form} when n is {n}, and there are {self.count}")
            found[form].append(n)
        return found

    def c(self) -> str:
        return self.expression.c()

    def take(self, *wanted: str) -> str | None:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else None

    def choice(self) -> Node:
        condition = self.binary(0)
        if not self.take("?"):
            return condition
        yes = self.choice()
        if not self.take(":"):
            raise Wrong("has a ? without its :")
        return Node("?", (condition, yes, self.choice()))

    def binary(self, level: int) -> Node:
        if level == len(LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while what := self.take(*LEVELS[level]):
            left = Node(what, (left, self.binary(level + 1)))
        return left

    def unary(self) -> Node:
        if self.take("!"):
            return Node("!", (self.unary(),))
        if self.take("("):
            inside = self.choice()
            return inside if self.take(")") else self.fail()
        if self.tokens and re.fullmatch(r"n|[0-9]{1,9}", self.tokens[0]):
            return Node(self.tokens.pop(0).lstrip("0") or "0")
        return self.fail()

    def fail(self) -> Node:
        raise Wrong(f"is not understood at {self.tokens[0] if self.tokens else 'its end'}")
