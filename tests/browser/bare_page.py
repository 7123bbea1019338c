"""A figure on a bare page: its one joined module, a model that is a few lines of JavaScript, no kernel and no network."""

from __future__ import annotations

import json

import ipywidgets

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A figure</title>
<style>body {{ margin: 8px; }}</style><style>{css}</style><body><main></main><script type="module">
const listeners = {{}};
window.values = {values};
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
    page.set_content(_PAGE.format(css=widget._css, values=_in_script(values), module=_in_script(str(widget._esm))))
    page.locator("body[data-ready=yes]").wait_for()


def _in_script(value) -> str:
    return json.dumps(value).replace("</", "<\\/")
