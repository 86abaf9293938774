"""The walk-through for researchers is run, command by command, and prints what the page says."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "for_researchers.md"
BLOCK = re.compile(r"^```(python|sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_every_command_of_the_page_prints_what_the_page_says(shoshin, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    printed, compared = "", 0
    for kind, text in blocks():
        if kind == "python":
            subprocess.run([sys.executable, "-c", text], check=True, cwd=tmp_path)
        elif kind == "sh":
            words = shlex.split(text)
            assert words[0] == "shoshin"
            answer = shoshin(*words[1:])
            assert answer.exit_code == 0, answer.output
            printed = answer.stdout
        else:
            assert printed.strip() == text.strip()
            compared += 1
    assert compared == 4
    assert json.loads(Path("fit.json").read_text())["n"] == 238
    assert Path("fit.svg").read_text().startswith("<svg")
