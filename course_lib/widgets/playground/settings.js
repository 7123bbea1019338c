// The playground's settings: their controls, and their state as text. What there is stands in settings.json.
import { html, uniqueId } from "../shared/dom.js";
import { number, select, slider } from "../shared/stage.js";

export const controlsFor = (schema) => schema.map((setting) => KINDS[setting.kind](setting));

const KINDS = {
  choice: ({ name, ...setting }) => select(name, setting),
  number: ({ name, ...setting }) => (name === "seed" ? number : slider)(name, { ...setting, ...(name === "lam" && { when: (values) => values.penalty !== "none" }) }),
  some: (setting) => ({ ...setting, make: ticks }),
  sizes: (setting) => ({ ...setting, make: layerField }),
};

// Several of a few: a row of ticks, at least one.
function ticks({ word, options }, data, { onValue, onBad }) {
  let chosen = [];
  const boxes = options.map(([value, words]) => {
    const box = html("input", { type: "checkbox", value });
    box.addEventListener("change", () => {
      const next = options.map(([each]) => each).filter((each) => (each === value ? box.checked : chosen.includes(each)));
      if (next.length) return onValue(next, next.join(", "));
      box.checked = true;
      onBad("The network would see nothing: one feature stays.");
    });
    return { box, node: html("label", {}, box, ` ${words}`), value };
  });
  return {
    node: html("div", { class: "control ticks", role: "group", "aria-label": word }, html("span", { class: "word" }, word), boxes.map(({ node }) => node)),
    show(values) {
      chosen = values;
      for (const { box, value } of boxes) box.checked = values.includes(value);
    },
    enable() {},
  };
}

// 8-4: one number for each hidden layer.
function layerField({ word, ...setting }, data, { onValue, onBad }) {
  const id = uniqueId("layers");
  const field = html("input", { type: "text", id, autocomplete: "off", size: 9, "aria-describedby": `${id}-how` });
  let now = "";
  const complain = (sentence) => {
    field.setAttribute("aria-invalid", sentence ? "true" : "false");
    onBad(sentence && `${sentence} Until then it stays ${now}.`);
  };
  field.addEventListener("input", () => {
    try {
      const layers = readLayers(field.value, setting);
      complain("");
      onValue(layers, layers);
    } catch (error) {
      complain(error.message);
    }
  });
  field.addEventListener("blur", () => {
    field.value = now;
    complain("");
  });
  return {
    node: html("div", { class: "control sizes" }, html("label", { for: id }, word), field, html("span", { class: "unseen", id: `${id}-how` }, "One number for each layer, such as 8-4, or none")),
    show(value) {
      now = value;
      if (document.activeElement !== field && field.getRootNode().activeElement !== field) field.value = value;
    },
    enable: (on) => (field.disabled = !on),
  };
}

export function readLayers(text, { most_layers, most_units }) {
  const plain = String(text).replaceAll(" ", "").toLowerCase();
  if (plain === "none" || plain === "0") return "none";
  const parts = plain.split("-");
  if (!parts.every((part) => /^\d{1,5}$/.test(part))) throw new Error("Hidden units are written as 8-4, one number a layer, or none.");
  if (parts.length > most_layers) throw new Error(`There is room for ${most_layers} hidden layers; these are ${parts.length}.`);
  if (parts.some((part) => Number(part) < 1 || Number(part) > most_units)) throw new Error(`A hidden layer has 1 to ${most_units} units here.`);
  return parts.map(Number).join("-");
}

// The state as text, and back:  data=moons&eta=0.5
export function asText(values, schema) {
  const parts = schema.filter(({ name, start }) => name === "data" || JSON.stringify(values[name]) !== JSON.stringify(start));
  return parts.map(({ name }) => `${name}=${values[name]}`).join("&");
}

export function parseState(text, schema) {
  const plain = text.trim().split("playground?").at(-1);
  const broken = `${JSON.stringify(plain.slice(0, 40))} is no state of the playground; one begins like data=moons&n=200.`;
  const values = Object.fromEntries(schema.map(({ name, start }) => [name, start]));
  if (!plain) throw new Error(broken);
  for (const pair of plain.split("&")) {
    const [name, value] = pair.split(/=(.*)/s);
    const setting = schema.find((each) => each.name === name);
    if (value === undefined) throw new Error(broken);
    if (!setting) throw new Error(`The playground has no setting ${JSON.stringify(name.slice(0, 40))}.`);
    values[name] = READ[setting.kind](value, setting);
  }
  return values;
}

const READ = {
  choice(value, { word, options }) {
    if (!options.some(([each]) => each === value)) throw new Error(`${word} is one of ${options.map(([each]) => each).join(", ")}; ${JSON.stringify(value.slice(0, 30))} is none.`);
    return value;
  },
  some(value, { word, options }) {
    const parts = value.split(",").filter(Boolean);
    const strange = parts.find((part) => !options.some(([each]) => each === part));
    if (strange !== undefined || !parts.length) throw new Error(`${word} are some of ${options.map(([each]) => each).join(", ")}.`);
    return options.map(([each]) => each).filter((each) => parts.includes(each));
  },
  sizes: readLayers,
  number(value, { word, low, high, whole }) {
    const size = value.trim() === "" ? NaN : Number(value);
    if (!Number.isFinite(size)) throw new Error(`${word} needs a number; ${JSON.stringify(value.slice(0, 30))} is none.`);
    if (size < low || size > high) throw new Error(`${word} must lie between ${low} and ${high}; it is ${size}.`);
    if (whole && !Number.isInteger(size)) throw new Error(`${word} must be a whole number; it is ${size}.`);
    return size;
  },
};

// What sets `other` apart from `values`, in a few words.
export function difference(other, values, schema) {
  const apart = schema.filter(({ name }) => JSON.stringify(other[name]) !== JSON.stringify(values[name]));
  if (!apart.length) return "before";
  const { name, symbol, word, options, kind } = apart[0];
  const value = kind === "choice" ? options.find(([each]) => each === other[name])[1] : kind === "some" ? "other features" : `${symbol ?? word} ${other[name]}`;
  return `${value}${apart.length > 1 ? " …" : ""}`;
}
