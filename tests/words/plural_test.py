"""Plural-Forms: headers of languages that are written so everywhere, and headers that make no sense."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tempfile
import unittest

WORDS = pathlib.Path(__file__).parents[2] / "common/words"
sys.path.insert(0, str(WORDS))

import plural

# Language, header, and what each number takes.
KNOWN = (
    ("Japanese", "nplurals=1; plural=0;", {0: 0, 1: 0, 5: 0}),
    ("Swedish", "nplurals=2; plural=(n != 1);", {0: 1, 1: 0, 2: 1, 21: 1, 101: 1}),
    ("French", "nplurals=2; plural=n>1;", {0: 0, 1: 0, 2: 1}),
    (
        "Ukrainian",
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
        {0: 2, 1: 0, 2: 1, 4: 1, 5: 2, 11: 2, 12: 2, 14: 2, 21: 0, 22: 1, 25: 2, 101: 0, 111: 2, 112: 2, 1001: 0},
    ),
    (
        "Polish",
        "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)",
        {0: 2, 1: 0, 2: 1, 5: 2, 12: 2, 21: 2, 22: 1, 102: 1, 112: 2},
    ),
    (
        "Slovenian",
        "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);",
        {0: 3, 1: 0, 2: 1, 3: 2, 4: 2, 5: 3, 101: 0, 102: 1, 104: 2, 111: 3},
    ),
    (
        "Latvian",
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);",
        {0: 2, 1: 0, 2: 1, 10: 1, 11: 1, 21: 0, 111: 1},
    ),
    (
        "Arabic",
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
        {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 101: 5, 102: 5, 103: 3, 111: 4, 1000: 5},
    ),
    ("nobody's", "nplurals=2; plural=!n;", {0: 1, 1: 0, 7: 0}),
    ("nobody's", "nplurals=3; plural=(n - 1 > 1) + (n + 6 / 3 * 2 >= 9 && 1);", {0: 1, 1: 0, 2: 0, 3: 1, 5: 2}),
    ("nobody's", "nplurals=2; plural=n >= 0;", {0: 1, 1: 1}),
)
WRONG = (
    ("", "is not like nplurals=2"),
    ("nplurals=INTEGER; plural=EXPRESSION;", "is not like nplurals=2"),
    ("nplurals=0; plural=0;", "is not like nplurals=2"),
    ("nplurals=7; plural=n;", "is not like nplurals=2"),
    ("nplurals=2; plural=;", "is not understood at its end"),
    ("nplurals=2; plural=n=1;", "is not understood from = on"),
    ("nplurals=2; plural=m != 1;", "is not understood at m"),
    ("nplurals=2; plural=n != 1; exit(1);", "is not understood from ; on"),
    ("nplurals=2; plural=n << 1;", "is not understood at <"),
    ("nplurals=2; plural=n | 1;", "is not understood from | on"),
    ("nplurals=2; plural=(n != 1;", "is not understood at its end"),
    ("nplurals=2; plural=n != 1);", "is not understood from ) on"),
    ("nplurals=2; plural=n ? 1;", "has a ? without its :"),
    ("nplurals=2; plural=-1;", "is not understood at -"),
    ("nplurals=2; plural=n % 3;", "gives form 2 when n is 2, and there are 2"),
    ("nplurals=2; plural=n - 1;", "gives form 18446744073709551615 when n is 0"),
    ("nplurals=2; plural=n / (n - 7);", "divides by zero when n is 7"),
    ("nplurals=2; plural=" + "(" * 33 + "n" + ")" * 33, "parentheses"),
    ("nplurals=2; plural=" + "!" * 200 + "n", "longer than 200 words"),
)


class Known(unittest.TestCase):
    def test_every_number_takes_its_form(self):
        for language, header, forms in KNOWN:
            with self.subTest(language, header=header):
                read = plural.Plural(header)
                self.assertEqual({n: read.form(n) for n in forms}, forms)

    def test_c_takes_the_same(self):
        """All headers as one program, which says the forms of the sample as Python has them."""
        functions = [
            f"static unsigned form{i}(unsigned long long n) {{ return (unsigned){plural.Plural(header).c()} ; }}"
            for i, (_, header, _) in enumerate(KNOWN)
        ]
        table = ", ".join(f"form{i}" for i in range(len(KNOWN)))
        numbers = ", ".join(f"{n}ull" for n in plural.SAMPLE)
        text = f"""#include <stdio.h>
{chr(10).join(functions)}
int main(void)
{{
    static unsigned (*const forms[])(unsigned long long) = {{{table}}};
    static const unsigned long long numbers[] = {{{numbers}}};

    for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++, puts(""))
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
            printf("%u", forms[f](numbers[i]));
}}
"""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "forms.c")
            file.write_text(text)
            warnings = "-Wall -Wextra -Wpedantic -Wconversion -Wno-unused-parameter -Wno-type-limits -Werror".split()
            subprocess.run(["cc", "-std=c17", *warnings, file, "-o", file.with_suffix("")], check=True)
            said = subprocess.run([file.with_suffix("")], capture_output=True, text=True, check=True).stdout.split()
        for (language, header, _), line in zip(KNOWN, said, strict=True):
            with self.subTest(language, header=header):
                read = plural.Plural(header)
                self.assertEqual(line, "".join(str(read.form(n)) for n in plural.SAMPLE))


class Refused(unittest.TestCase):
    def test_what_makes_no_sense(self):
        for header, says in WRONG:
            with self.subTest(header[:60]):
                with self.assertRaises(plural.Wrong) as caught:
                    plural.Plural(header)
                self.assertIn(says, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
