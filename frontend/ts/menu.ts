// Menus are <details>: close them on Escape and on a click elsewhere.
const open = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll("details[data-menu][open]");

export function startMenus(): void {
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of open()) { menu.open = false; menu.querySelector("summary")?.focus(); }
  });
}
