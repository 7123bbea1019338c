"""A figure on a bare page: its one joined module, a model that is a few lines of JavaScript, no kernel and no network."""

from __future__ import annotations

import base64
import json

import ipywidgets

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A figure</title>
<style>body {{ margin: 8px; }}</style><style>{css}</style><body><main></main><script type="module">
const listeners = {{}};
const revive = (name, value) => value?.base64 === undefined ? value : new DataView(Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt(0)).buffer);
window.values = JSON.parse({values}, revive);
window.saved = 0;
window.model = {{
  get: (name) => values[name],
  set: (name, value) => {{
    if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
    values[name] = value;
    for (const hear of listeners[`change:${{name}}`] ?? []) hear();
  }},
  save_changes: () => window.saved++,
  on: (event, hear) => (listeners[event] ??= []).push(hear),
  off: (event, hear) => (listeners[event] = listeners[event].filter((other) => other !== hear)),
}};
window.listening = () => Object.values(listeners).flat().length;
const {{ default: figure }} = await import("data:text/javascript;charset=utf-8," + encodeURIComponent({module}));
window.leave = figure.render({{ model, el: document.querySelector("main") }});
document.body.dataset.ready = "yes";
</script></body></html>"""


def show(page, widget: ipywidgets.DOMWidget) -> None:
    """Put `widget` alone on `page`, cut off from every network; wait until it is drawn."""
    page.context.set_offline(True)
    values = {name: value for name, value in widget.get_state().items() if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")}
    page.set_content(_PAGE.format(css=widget._css, values=_in_script(json.dumps(values, default=_bytes)), module=_in_script(str(widget._esm))))
    page.locator("body[data-ready=yes]").wait_for()


def _bytes(value) -> dict:
    return {"base64": base64.b64encode(value).decode()}


def _in_script(value) -> str:
    return json.dumps(value).replace("</", "<\\/")
