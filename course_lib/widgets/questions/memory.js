// Guesses, kept by name: they outlive the kernel, a restart and a closed notebook in this browser.
// Two boxes with one name (the question and, further down, what happened) hear of each other's changes.
const EVENT = "course-guess";
const inPage = new Map(); // where the browser forbids storage, a guess lives as long as the page

const key = (name) => `course-guess:${name}`;

export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(key(name)));
  } catch {
    return inPage.get(name) ?? null;
  }
}

// guess: { text } as written, { skipped: true }, or null to forget
export function keep(name, guess) {
  inPage.set(name, guess);
  try {
    if (guess) localStorage.setItem(key(name), JSON.stringify(guess));
    else localStorage.removeItem(key(name));
  } catch {
    // kept in the page only
  }
  window.dispatchEvent(new CustomEvent(EVENT, { detail: name }));
}

export function onGuess(name, hear) {
  const listener = (event) => event.detail === name && hear();
  window.addEventListener(EVENT, listener);
  return () => window.removeEventListener(EVENT, listener);
}
