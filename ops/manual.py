"""The manual page of `fadder`, made of what its own --help says.

    manual.py FADDER PAGE

Asks FADDER for its commands and each command for its help, and writes PAGE in man(7).
"""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys


def said(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def escape(text: str) -> str:
    """Text as roff has it: backslashes and hyphens as they are, no line that begins a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)


def commands(help_text: str) -> list[tuple[str, str]]:
    """What there is, in the order of --help: "token add", and what it is for."""
    return re.findall(r"^  (\w+(?: \w+)?) +(\S.*)$", help_text, re.MULTILINE)


def command_section(fadder: str, name: str) -> str:
    """One command: how it is called, what it does, its options."""
    text = said(fadder, *name.split(), "--help")
    call, _, rest = text.partition("\n")
    paragraphs = re.split(r"\n\n(?!  )", rest.strip("\n").partition("\n\n  ")[0])
    options = rest[rest.find("\n\n  ") :] if "\n\n  " in rest else ""
    page = f".SS {escape(call)}\n" + "\n.PP\n".join(map(escape, paragraphs)) + "\n"
    for option, meaning in re.findall(r"^  (\S+(?: \S+)?) {1,}(\S.*)$", options, re.MULTILINE):
        page += f".TP\n.B {escape(option)}\n{escape(meaning)}\n"
    return page


def settings_section(fadder: str) -> str:
    page = ""
    for block in re.split(r"\n(?=FADDER_)", said("env", "-i", fadder, "settings").rstrip("\n")):
        first, *lines = block.split("\n")
        name, _, value = first.partition(" ")
        page += f".TP\n.B {escape(name)}\n"
        page += escape("\n".join(line.strip() for line in lines)) + "\n"
        if "(the default)" in value and not value.strip().startswith("-"):
            page += f"Default: {escape(value.replace('(the default)', '').strip())}.\n"
    return page


def page(fadder: str) -> str:
    version = said(fadder, "--version").split()[1]
    overview = commands(said(fadder, "--help"))
    text = f'.TH FADDER 1 "" "fadder {version}" "Fadder"\n'
    text += ".SH NAME\nfadder \\- run and look after a mentorship and apprenticeship programme's services\n"
    text += ".SH SYNOPSIS\n.B fadder\n.I command\n.RI [ option \" ...]\"\n"
    text += ".SH DESCRIPTION\nStarts the services in FADDER_HOME, keeps them running, asks them and gives them commands.\n"
    text += "Exit status: 0 done, 1 it did not go, 2 the call was not understood.\n"
    text += ".SH COMMANDS\n" + "".join(command_section(fadder, name) for name, _ in overview)
    text += ".SH ENVIRONMENT\n" + settings_section(fadder)
    return text


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[2])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(sys.argv[1]), encoding="utf-8")
