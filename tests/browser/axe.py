"""axe, the accessibility checker, over part of a page. It comes from npm: `npm install --prefix tests/browser`."""

from __future__ import annotations

from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
# Width, scale and theme of the reader's window; all but the two ends are left to `make test-all`.
WINDOWS = [
    pytest.param(width, scale, scheme, id=f"{words}-{scheme}", marks=() if (width, scheme) in ((1280, "light"), (320, "dark")) else pytest.mark.slow)
    for width, scale, words in ((1280, 1, "wide"), (640, 2, "200 % zoom"), (375, 1, "375 px"), (320, 1, "320 px"))
    for scheme in ("light", "dark")
]


def serious_findings(page, selector: str, require) -> list[str]:
    """What axe finds serious or critical inside `selector`, as sentences."""
    require(SCRIPT.is_file(), "The accessibility tests need axe: npm install --prefix tests/browser")
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    result = page.evaluate("selector => axe.run({ include: [selector] })", selector)
    assert result["passes"], "axe looked at nothing"
    return [
        f"{finding['id']}: {finding['help']}: {node['html']} ({node['failureSummary']})"
        for finding in result["violations"]
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]
