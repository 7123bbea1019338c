"""axe, the accessibility checker, over part of a page. It comes from npm: `npm install --prefix tests/browser`."""

from __future__ import annotations

from pathlib import Path

SCRIPT = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"


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
