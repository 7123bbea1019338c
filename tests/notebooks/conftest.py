"""Node, in which the figures' own modules run: what the page computes is held against what Python computes."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest


@pytest.fixture(scope="session")
def node_command(require):
    """node_command(*arguments, given=text): the finished process."""
    place = shutil.which("node")
    require(place, "The figures are tested in Node 20 or newer (https://nodejs.org; Debian, Ubuntu: apt install nodejs).")

    def run(*arguments, given=""):
        return subprocess.run([place, *map(str, arguments)], input=given, capture_output=True, text=True, timeout=120)

    return run


@pytest.fixture(scope="session")
def printed(node_command):
    """printed(program, given): what an ES module prints, read as JSON; `given` waits for it on its standard input."""

    def run(program, given=None, *, default=None):
        result = node_command("--input-type=module", "--eval", program, given=json.dumps(given, default=default))
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    return run


@pytest.fixture(scope="session")
def javascript(printed):
    """javascript(imports, expression, given, before=lines): the value of an expression, after some lines if need be."""

    def run(imports, expression, given=None, *, before=""):
        return printed(
            f"""{imports}
            let text = "";
            for await (const part of process.stdin) text += part;
            const given = JSON.parse(text);
            {before}
            console.log(JSON.stringify({expression}, (key, value) => (ArrayBuffer.isView(value) ? [...value] : value)));""",
            given,
        )

    return run
