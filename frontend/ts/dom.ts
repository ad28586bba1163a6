// Small tools for building and finding elements. No markup from strings: everything typed by people stays text.

type Child = Node | string | null | undefined | false;

/** An element with attributes (true sets it bare, false and null leave it out) and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean | null> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) made.append(child);
  return made;
}

/** The content of a meta element of this page. */
export const meta = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the sprite. */
export function icon(name: string, large = false): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", large ? "icon icon--l" : "icon");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${meta("mz-icons")}#i-${name}`);
  svg.append(use);
  return svg;
}

/** Listen for clicks on whatever matches, now or after a redraw. */
export function onClick(selector: string, run: (hit: HTMLElement, event: MouseEvent) => void): void {
  document.addEventListener("click", (event) => {
    const hit = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
    if (hit) run(hit, event);
  });
}

/** Headers of every request that changes something or asks for JSON. */
export const jsonHeaders = (): Record<string, string> => ({
  "Accept": "application/json",
  "X-CSRFToken": meta("mz-csrf"),
});

/** A fresh idempotency key: 16 random bytes in hex. */
export const freshNonce = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
