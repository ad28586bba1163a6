// "Why can I not press this?": opens the conditions that the server rendered beside the button.
import { onClick } from "./dom";

export function startWhy(): void {
  onClick("[data-why]", (hit, event) => {
    const dialog = document.getElementById(hit.dataset["why"] ?? "");
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    dialog.showModal();
  });
  // A link or submit that only looks disabled does nothing by itself.
  onClick('[aria-disabled="true"]:not([data-why])', (_hit, event) => event.preventDefault());
}
