// The score sheet of a seat: subtotals, how many points are still missing, and points above the full mark are shown at once.

function total(values: string[]): string {
  const cents = values.reduce((sum, one) => sum + Math.round(Number(one || 0) * 100), 0);
  return String(cents / 100);
}

function review(form: HTMLFormElement): void {
  const marks = [...form.querySelectorAll<HTMLInputElement>("input[data-full]")];
  for (const one of marks) {
    const value = Number(one.value);
    const wrong = one.value !== "" && !(value >= 0 && value <= Number(one.dataset["full"]));
    one.setCustomValidity(wrong ? `0 – ${one.dataset["full"] ?? ""}` : "");
    one.toggleAttribute("aria-invalid", wrong);
  }
  const missing = form.querySelector<HTMLElement>("[data-unfilled]");
  if (missing) missing.textContent = String(marks.filter((one) => one.value.trim() === "").length);
  for (const place of form.querySelectorAll<HTMLElement>("[data-subtotal]")) {
    place.textContent = total(marks.filter((one) => one.dataset["of"] === place.dataset["subtotal"]).map((one) => one.value));
  }
}

/** Take over the score sheet of this page. */
export function startScores(): void {
  const form = document.querySelector<HTMLFormElement>("form.score");
  if (!form) return;
  form.addEventListener("input", () => review(form));
  review(form);
}
