// Telling Python what changed. A kernel that is gone stops nothing: the figure goes on without it.
export function tell(model, changes) {
  for (const [name, value] of Object.entries(changes)) model.set(name, value);
  try {
    model.save_changes();
  } catch {
    // nobody to tell
  }
}
