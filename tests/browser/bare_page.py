"""A figure on a bare page: its one joined module, a model that is a few lines of JavaScript, no network, and no kernel
unless the figure is fed: then `show(page, widget, fed=True)` lets the widget in this process answer."""

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
  send(content) {{
    if (!window.kernel) throw new Error("no kernel");
    window.kernel(JSON.stringify(content)).then((text) => {{
      for (const {{ message, buffers }} of JSON.parse(text, revive)) for (const hear of listeners["msg:custom"] ?? []) hear(message, buffers);
    }});
  }},
  on: (event, hear) => (listeners[event] ??= []).push(hear),
  off: (event, hear) => (listeners[event] = listeners[event].filter((other) => other !== hear)),
}};
window.listening = () => Object.values(listeners).flat().length;
const {{ default: figure }} = await import("data:text/javascript;charset=utf-8," + encodeURIComponent({module}));
window.leave = figure.render({{ model, el: document.querySelector("main") }});
document.body.dataset.ready = "yes";
</script></body></html>"""


def show(page, widget: ipywidgets.DOMWidget, *, fed: bool = False) -> None:
    """Put `widget` alone on `page`, cut off from every network; wait until it is drawn."""
    page.context.set_offline(True)
    if fed:
        page.expose_function("kernel", lambda text: _answer(widget, json.loads(text)))
    values = {name: value for name, value in widget.get_state().items() if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")}
    page.set_content(_PAGE.format(css=widget._css, values=_in_script(json.dumps(values, default=_bytes)), module=_in_script(str(widget._esm))))
    page.locator("body[data-ready=yes]").wait_for()


def _answer(widget, message) -> str:
    sent = []
    widget.send = lambda content, buffers=(): sent.append({"message": content, "buffers": list(buffers)})
    widget._handle_custom_msg(message, [])
    return json.dumps(sent, default=_bytes)


def _bytes(value) -> dict:
    return {"base64": base64.b64encode(value).decode()}


def _in_script(value) -> str:
    return json.dumps(value).replace("</", "<\\/")
