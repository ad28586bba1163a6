// What a form says, as JSON: typed by data-type, repeated names as lists, "a.b" as nested objects, "a.0.b" as lists of
// objects, files apart.

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export interface Filled { fields: Record<string, Json>; files: Map<string, File[]> }

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** A value that does not read as its type; the form shows it at the control. */
export class Unreadable extends Error {
  constructor(readonly control: Control) { super(control.name); }
}

const controls = (form: HTMLFormElement): Control[] =>
  [...form.elements].filter((one): one is Control =>
    one instanceof HTMLInputElement || one instanceof HTMLSelectElement || one instanceof HTMLTextAreaElement);

function typed(control: Control, text: string): Json {
  const value = text.trim();
  switch (control.dataset["type"]) {
    case "int": {
      if (!value) return null;
      const number = Number(value.replaceAll(",", ""));
      if (!Number.isSafeInteger(number)) throw new Unreadable(control);
      return number;
    }
    case "decimal": {
      if (!value) return null;
      const plain = value.replaceAll(",", "").replaceAll("，", "");
      if (!/^[+-]?\d+(\.\d+)?$/.test(plain)) throw new Unreadable(control);
      return plain; // money and rates stay strings
    }
    case "date": return value || null;
    case "datetime": return value ? (/([+-]\d\d:\d\d|Z)$/.test(value) ? value : `${value.length === 16 ? `${value}:00` : value}+08:00`) : null;
    case "bool": return value === "true" || value === "on" || value === "1";
    case "lines": return value.split("\n").map((line) => line.trim()).filter(Boolean);
    case "json":
      if (!value) return null;
      try { return JSON.parse(value) as Json; } catch { throw new Unreadable(control); }
    default: return text;
  }
}

function put(into: Record<string, Json>, path: string[], value: Json, list: boolean): void {
  const [name = "", ...rest] = path;
  if (rest.length) {
    const inner = (into[name] ??= {});
    put(inner as Record<string, Json>, rest, value, list);
  } else if (name in into) {
    const before = into[name] as Json;
    into[name] = Array.isArray(before) ? [...before, value] : [before, value];
  } else {
    into[name] = list ? [value] : value;
  }
}

/** Objects whose names are 0, 1, 2… become lists, inside out. */
function listed(value: Json): Json {
  if (!value || typeof value !== "object" || Array.isArray(value)) return value;
  const inner = Object.entries(value).map(([name, one]) => [name, listed(one)] as const);
  return inner.length && inner.every(([name]) => /^\d+$/.test(name))
    ? inner.sort(([a], [b]) => Number(a) - Number(b)).map(([, one]) => one)
    : Object.fromEntries(inner);
}

/** Read a form. `submitter` is the button pressed, whose name and value count too. */
export function collect(form: HTMLFormElement, submitter?: HTMLElement | null): Filled {
  const filled: Filled = { fields: {}, files: new Map() };
  for (const control of controls(form)) {
    const { name } = control;
    if (!name || name.startsWith("_") || name === "csrfmiddlewaretoken" || control.disabled) continue;
    const list = "list" in control.dataset;
    const path = name.split(".");
    if (control instanceof HTMLInputElement) {
      if (control.type === "file") {
        if (control.files?.length) filled.files.set(name, [...control.files]);
        continue;
      }
      if (control.type === "radio" && !control.checked) continue;
      if (control.type === "checkbox") {
        if (control.dataset["type"] === "bool") put(filled.fields, path, control.checked, list);
        else if (control.checked) put(filled.fields, path, typed(control, control.value), true);
        else if (!(name in filled.fields) && path.length === 1) filled.fields[name] = [];
        continue;
      }
      if (control.type === "submit" || control.type === "button") continue;
    }
    if (control instanceof HTMLSelectElement && control.multiple) {
      put(filled.fields, path, [...control.selectedOptions].map((option) => typed(control, option.value)), false);
      continue;
    }
    put(filled.fields, path, typed(control, control.value), list);
  }
  if (submitter instanceof HTMLButtonElement && submitter.name && !submitter.name.startsWith("_")) {
    put(filled.fields, submitter.name.split("."), submitter.value, false);
  }
  filled.fields = listed({ ...filled.fields, _: null }) as Record<string, Json>;
  delete filled.fields["_"];
  return filled;
}

/** Show what is wrong at one control, and go there. */
export function mark(form: HTMLFormElement, name: string, sentence: string): boolean {
  const control = controls(form).find((one) => one.name === name);
  if (!control) return false;
  control.setAttribute("aria-invalid", "true");
  const place = form.querySelector<HTMLElement>(`[data-error-of="${CSS.escape(name)}"]`);
  if (place) { place.textContent = sentence; place.hidden = false; }
  control.focus();
  return true;
}

/** Take earlier marks away. */
export function unmark(form: HTMLFormElement): void {
  for (const control of controls(form)) control.removeAttribute("aria-invalid");
  for (const place of form.querySelectorAll<HTMLElement>("[data-error-of]")) { place.textContent = ""; place.hidden = true; }
}
