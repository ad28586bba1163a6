// Draw the page's live regions again: fetch the same address and swap regions by id. Typing, focus and open details stay.
// A region that names `data-live-every` (seconds) is also asked for by itself: what it shows happens in secret streams
// (a deposit, a seat of the committee), and no event of them is told to anybody.
import { setClock } from "./clock";
import { read, write } from "./drafts";

let running: Promise<void> | null = null;
let wanted = new Set<string>();

const regions = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-live][id]:not(body)")];

/** The ids of the regions that an event of this kind concerns; `opening.*` matches a whole stage. */
export function concerned(kind: string): string[] {
  return regions().filter((region) => {
    const patterns = (region.dataset["liveOn"] ?? "").split(/[\s,]+/).filter(Boolean);
    return !patterns.length || patterns.some((one) => one === kind || (one.endsWith("*") && kind.startsWith(one.slice(0, -1))));
  }).map((region) => region.id);
}

/** Whether a redraw showed the whole page as it is: false when regions came or went, which only a fresh page can show. */
let whole = true;
export const complete = (): boolean => whole;

/** Ask again for the regions that want it every few seconds, while somebody looks. */
export function startAsking(): void {
  const asking = (): HTMLElement[] => regions().filter((region) => region.dataset["liveEvery"]);
  const next = (): void => {
    const seconds = Math.min(...asking().map((region) => Number(region.dataset["liveEvery"])));
    if (!Number.isFinite(seconds)) return;
    window.setTimeout(() => {
      const ids = document.hidden ? [] : asking().map((region) => region.id);
      void (ids.length ? redraw(ids).then(anew) : Promise.resolve()).catch(() => undefined).then(next);
    }, seconds * (900 + Math.random() * 200));
  };
  next();
}

/** When regions came or went and nobody is writing: the page anew. */
function anew(): void {
  if (whole || document.querySelector('form[aria-busy="true"], dialog[open]')) return;
  if (![...document.querySelectorAll<HTMLFormElement>("form[data-act]")].some(dirty)) location.reload();
}

/** Redraw these regions (all of them when none is named). Calls while one is under way join the next. */
export function redraw(ids?: Iterable<string>): Promise<void> {
  for (const id of ids ?? regions().map((region) => region.id)) wanted.add(id);
  if (!wanted.size) return Promise.resolve();
  running ??= once().finally(() => { running = null; if (wanted.size) void redraw([]); });
  return running;
}

async function once(): Promise<void> {
  const ids = wanted;
  wanted = new Set();
  const asked = performance.now();
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "mz-live" }, cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const of = (name: string): string => fresh.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
  setClock(of("mz-now"), Number(of("mz-rate")) || 1, (asked + performance.now()) / 2);
  for (const id of ids) {
    const old = document.getElementById(id), next = fresh.getElementById(id);
    if (old && next) swap(old, next);
  }
  const there = [...fresh.querySelectorAll<HTMLElement>("[data-live][id]:not(body)")].map((region) => region.id);
  whole = there.join() === regions().map((region) => region.id).join();
  document.dispatchEvent(new CustomEvent("mz:redrawn", { detail: [...ids] }));
}

function swap(old: HTMLElement, next: HTMLElement): void {
  if (old.querySelector('form[aria-busy="true"], dialog[open]')) return; // somebody is in the middle of an act
  old.hidden = next.hidden;
  old.className = next.className;
  if (old.innerHTML === next.innerHTML) return;
  const focused = old.contains(document.activeElement) ? (document.activeElement as HTMLInputElement) : null;
  const where = focused?.id || "", caret = focused && "selectionStart" in focused ? focused.selectionStart : null;
  const typing = [...old.querySelectorAll<HTMLFormElement>("form[data-act]")].map((form) => [form.id || form.dataset["act"], read(form), dirty(form)] as const);
  const opened = [...old.querySelectorAll<HTMLDetailsElement>("details[open][id]")].map((one) => one.id);
  const scrolled = [...old.querySelectorAll<HTMLElement>("[data-keep-scroll][id]")].map((one) => [one.id, one.scrollTop, one.scrollHeight - one.clientHeight - one.scrollTop < 40] as const);
  old.replaceChildren(...document.adoptNode(next).childNodes);
  for (const form of old.querySelectorAll<HTMLFormElement>("form[data-act]")) {
    const before = typing.find(([name]) => name === (form.id || form.dataset["act"]));
    if (before?.[2]) write(form, before[1]);
  }
  for (const id of opened) { const one = document.getElementById(id); if (one instanceof HTMLDetailsElement) one.open = true; }
  for (const [id, top, atEnd] of scrolled) { const one = document.getElementById(id); if (one) one.scrollTop = atEnd ? one.scrollHeight : top; }
  const again = where ? document.getElementById(where) : null;
  if (again) { again.focus(); if (caret !== null && again instanceof HTMLInputElement) try { again.setSelectionRange(caret, caret); } catch { /* not a text field */ } }
}

function dirty(form: HTMLFormElement): boolean {
  return [...form.elements].some((one) =>
    one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement
      ? one.type === "checkbox" || one.type === "radio" ? (one as HTMLInputElement).checked !== (one as HTMLInputElement).defaultChecked : one.type !== "hidden" && one.value !== one.defaultValue
      : one instanceof HTMLSelectElement && [...one.options].some((option) => option.selected !== option.defaultSelected));
}
