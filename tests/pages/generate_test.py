"""What a template must hold: what could not be escaped where it stands, and whatever else is wrong, stops the build with file and line."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
VIEW = "{% view\nname: text\nwhere: path\non: date\nmay: flag\nrows: list\n  id: id\n  who: text\n%}\n"


def generate(template: str, view: str = VIEW) -> tuple[str, str, str]:
    """What it says, and the header and the source that it makes."""
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place, "pages")
        (folder / "web").mkdir(parents=True)
        (folder / "web" / "a.css").write_text("/* a note */\np { margin: 0; }\n")
        (folder / "one.html").write_text(view + template)
        made = pathlib.Path(place, "made")
        command = [sys.executable, "-B", ROOT / "services/pages/generate.py", folder, made, ROOT / "common/words/en.po"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            return done.stderr.removeprefix(f"{folder}/"), "", ""
        return done.stderr, (made / "pages/one.h").read_text(), (made / "pages/one.c").read_text() + (made / "pages/assets.c").read_text()


class Refused(unittest.TestCase):
    def check(self, says: str, template: str, view: str = VIEW) -> None:
        told, _, source = generate(template, view)
        self.assertIn(says, told)
        self.assertRegex(told, r"^one\.html:[0-9]+: ")
        self.assertEqual(source, "")

    def test_where_a_value_could_become_a_part_of_the_page(self):
        for template in (
            "<script>{{ name }}</script>",
            "<style>{{ name }}</style>",
            "<p {{ name }}>x</p>",
            "<{{ name }}>x</p>",
        ):
            with self.subTest(template):
                self.check("a value can only stand between tags and within a quoted attribute", template)
        self.check("a value cannot stand in onclick", '<button onclick="{{ name }}">x</button>')
        self.check("a value cannot stand in style", '<p style="{{ name }}">x</p>')
        self.check("a value can only stand between tags and within a quoted attribute", "<p title={{ name }}>x</p>")
        self.check("is not in double quotes", "<p title=a>x</p>")
        self.check("is not in double quotes", "<p title='{{ name }}'>x</p>")
        self.check("belongs into web/", "<script>alert(1)</script>")

    def test_where_an_address_could_lead_elsewhere(self):
        for address in ("{{ name|url }}", "javascript:{{ name|url }}", "//{{ name|url }}", "https://{{ name|url }}/", "http://a.example/{{ name|url }}"):
            with self.subTest(address):
                self.check("has to begin with where it leads to", f'<a href="{address}">x</a>')
        self.check("a text in an address is name|url", '<a href="/{{ name }}">x</a>')
        self.check("words cannot stand in an address", "<a href=\"/{{ 'page.done' }}\">x</a>")

    def test_what_is_not_there(self):
        self.check("nobody: is not in the view", "{{ nobody }}")
        self.check("rows has no name", "{% for row in rows %}{{ row.name }}{% end %}")
        self.check("page.nothing: is not in the catalogue", "{{ 'page.nothing' }}")
        self.check("page.mentorship.until: has a place for until", "{{ 'page.mentorship.until' }}")
        self.check("a flag cannot be shown", "{{ may }}")
        self.check("nonsense: is nothing that can be done", "{% nonsense %}")
        self.check("is not a line like `name: text`", "x", "{% view\nname: novel\n%}\n")

    def test_what_has_no_end(self):
        self.check("the if of line 10 has no end", "{% if may %}x")
        self.check("there is nothing open here", "{% end %}")
        self.check("ends elsewhere in the page than it began", "{% if may %}<p>{% end %}</p>")
        self.check("closes <p>", "<p></div>")
        self.check("ends within <p>", "<p>x")
        self.check("begins with a brace and has no end", "{{ name")
        self.check("a field stands in a form", "{% field a page.me.phone text %}")


class Made(unittest.TestCase):
    def test_each_value_is_shown_by_what_it_is(self):
        template = (
            '<p title="{{ name }}">{{ name }} {{ on }} {{ on|iso }}</p>{% for row in rows %}<a href="/x/{{ row.id }}">{{ row.who }}</a>{% end %}'
            '<a href="{{ where }}">x</a><a href="tel:{{ name|url }}">y</a>{% if not may %}<br>{% else %}<hr>{% end %}'
        )
        told, header, source = generate(template)
        self.assertEqual(told, "")
        for line in (
            "show_text_plain(shown, view->name);",
            "show_text(shown, view->name);",
            "show_date(shown, view->on);",
            "show_iso_date(shown, view->on);",
            "show_id(shown, view->rows.at[i0].id);",
            "show_text(shown, view->rows.at[i0].who);",
            "show_path(shown, view->where);",
            "show_url(shown, view->name);",
            "if (!(view->may)) {",
        ):
            self.assertIn(line, source)
        self.assertIn("struct one_rows {\n    struct id id;\n    const char *who;\n};", header)
        self.assertIn("void one_show(struct shown *shown, const void *what);", header)

    def test_words_are_marked_where_an_element_can_stand(self):
        _, _, source = generate("<p>{{ 'page.me.phone' }}</p><title>{{ 'page.me.email' }}</title><select><option>{{ 'page.me.save' }}</option></select>")
        for line in ("show_words(shown, WORDS_PAGE_ME_PHONE", "show_words_plain(shown, WORDS_PAGE_ME_EMAIL", "show_words_plain(shown, WORDS_PAGE_ME_SAVE"):
            self.assertIn(line, source)

    def test_what_pages_load_has_an_address_of_its_own(self):
        _, _, source = generate("<p>x</p>")
        self.assertRegex(source, r'\{"a\.css", "/web/[0-9a-f]{12}/a\.css", "text/css; charset=utf-8"')
        self.assertNotIn(", 110, 111, 116, 101, ", source, "no note goes out")


if __name__ == "__main__":
    unittest.main()
