// Inside a figure the plain keys are the figure's: JupyterLab would take arrows and letters for its own commands (b: a new
// cell, x: cut the cell). Keys with Ctrl or ⌘, such as saving, stay JupyterLab's. It looks at this attribute when a key
// reaches the document; we are asked first, at the window.
const ATTRIBUTE = "data-lm-suppress-shortcuts";

export function keepPlainKeys(node) {
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey) node.removeAttribute(ATTRIBUTE);
    else node.setAttribute(ATTRIBUTE, "true");
  };
  window.addEventListener("keydown", onKey, true);
  return () => window.removeEventListener("keydown", onKey, true);
}
