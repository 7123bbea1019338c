// Inside a figure the plain keys are the figure's: JupyterLab would take arrows and letters for its own commands (b: a new
// cell, x: cut the cell). Keys with Ctrl or ⌘, such as saving, stay JupyterLab's. When a key reaches the document, it looks
// for a match with its commands from the focused element upwards, until an element has this attribute; so that one must be
// the focused element itself. We are asked first, at the window.
const ATTRIBUTE = "data-lm-suppress-shortcuts";

export function keepPlainKeys(node) {
  const onKey = (event) => {
    if (!node.contains(event.target)) return;
    if (event.ctrlKey || event.metaKey) event.target.removeAttribute(ATTRIBUTE);
    else event.target.setAttribute(ATTRIBUTE, "true");
  };
  window.addEventListener("keydown", onKey, true);
  return () => window.removeEventListener("keydown", onKey, true);
}
