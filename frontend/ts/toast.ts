// Done, nothing to do: a toast. Errors never go here.
import { el, icon } from "./dom";

/** Show a sentence for a few seconds; a link keeps it longer. */
export function toast(text: string, link?: HTMLAnchorElement): void {
  const shelf = document.querySelector("[data-toasts]");
  if (!shelf) return;
  const shown = el("div", { class: "toast", role: "status" }, icon("check"), el("span", {}, text, link ? " " : null, link ?? null));
  shelf.append(shown);
  setTimeout(() => shown.remove(), link ? 12000 : 5000);
}
