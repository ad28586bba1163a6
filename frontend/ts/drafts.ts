// Input survives refusals, reloads, logout and a crash of the page: kept in this tab's session storage until the act is done.
import { toast } from "./toast";
import { t } from "./wording";

type Kept = [name: string, value: string, checked: boolean][];
const NEVER = new Set(["password", "file", "hidden", "submit", "button"]);

const place = (form: HTMLFormElement): string => `mz:draft:${location.pathname}:${form.id || form.dataset["act"] || ""}`;

function controls(form: HTMLElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("input[name], select[name], textarea[name]")]
    .filter((one) => !NEVER.has(one.type) && !one.name.startsWith("_"));
}

/** What people typed so far. */
export function read(form: HTMLElement): Kept {
  return controls(form).map((one) => [one.name, one.value, one.checked ?? false]);
}

/** Put it back; true when anything differs from what the server rendered. */
export function write(form: HTMLElement, kept: Kept): boolean {
  let changed = false;
  controls(form).forEach((one, index) => {
    const [name, value, checked] = kept[index] ?? [];
    if (name !== one.name || value === undefined) return;
    if (one.type === "checkbox" || one.type === "radio") {
      if (one.value === value && one.checked !== checked) { one.checked = checked ?? false; changed = true; }
    } else if (one.value !== value) { one.value = value; changed = true; }
  });
  return changed;
}

export function forget(form: HTMLFormElement): void {
  sessionStorage.removeItem(place(form));
}

/** Restore drafts of this page and keep them up to date. */
export function startDrafts(): void {
  let restored = false;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-act]:not([data-nodraft])")) {
    try {
      const kept = sessionStorage.getItem(place(form));
      if (kept) restored = write(form, JSON.parse(kept) as Kept) || restored;
    } catch { forget(form); }
  }
  if (restored) toast(t("已恢复您还没有提交的内容。"));
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("form[data-act]:not([data-nodraft])") : null;
    if (form) try { sessionStorage.setItem(place(form), JSON.stringify(read(form))); } catch { /* storage full: the form itself still holds it */ }
  });
}
