// Repeated rows of a form: `<button data-add-row="lots">` copies the last `[data-row]` of `[data-rows="lots"]`, empty.

function renumber(text: string, number: number): string {
  return text.replace(/\.\d+\./, `.${number}.`).replace(/-\d+-/, `-${number}-`);
}

function add(place: HTMLElement): void {
  const rows = place.querySelectorAll<HTMLElement>("[data-row]"), last = rows[rows.length - 1];
  if (!last) return;
  const row = last.cloneNode(true) as HTMLElement, number = rows.length;
  for (const one of row.querySelectorAll<HTMLElement>("[name], [id], [for], [data-error-of], [aria-describedby]")) {
    for (const attribute of ["name", "id", "for", "data-error-of", "aria-describedby"]) {
      const value = one.getAttribute(attribute);
      if (value) one.setAttribute(attribute, attribute === "name" || attribute === "data-error-of" ? renumber(value, number) : `${value}-${number}`);
    }
    if (one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement) { one.value = ""; one.defaultValue = ""; }
  }
  last.after(row);
  row.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select")?.focus();
}

/** Buttons that add a row. */
export function startRows(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-add-row]") : null;
    const place = button && document.querySelector<HTMLElement>(`[data-rows="${CSS.escape(button.dataset["addRow"] ?? "")}"]`);
    if (place) add(place);
  });
}
