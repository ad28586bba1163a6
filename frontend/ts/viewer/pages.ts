// The pages of an open file below each other. All have a box, only those near the window are drawn; far ones are freed.
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { Leaf } from "./drawing";
import type { Place } from "./places";

const ZOOMS = [0.5, 0.67, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4];
const NEAR = "60% 0px"; // of the window above and below: about one page each way
const POINT = 96 / 72; // a point on a screen, so that 100% is the size on paper
const EDGE = 24, NARROW = 600; // pixels beside a page that fits the width; a third of it where there is no room

export class Pages {
  private leaves: Leaf[] = [];
  private near = new Set<Leaf>();
  private watch: IntersectionObserver | null = null;
  private drawing = false;
  private factor = 1;
  /** 0 fits the width. */
  private zoom = 0;
  private width = 0;
  private last: Place = { page: 1, into: 0, zoom: 0 };
  /** Where the window was put last, not scrolled by hand: the place is then the one that was asked for. */
  private put = -1;
  private readonly resized = new ResizeObserver(() => this.refit());

  /** `list` holds the boxes inside `sheet`, which scrolls; `moved` hears every new place, `drew` every page drawn. */
  constructor(private readonly sheet: HTMLElement, private readonly list: HTMLElement,
    private readonly moved: (place: Place, percent: number) => void, private readonly drew: (leaf: Leaf) => void) {
    let asked = 0;
    sheet.addEventListener("scroll", () => {
      asked ||= requestAnimationFrame(() => { asked = 0; if (this.leaves.length && Math.abs(sheet.scrollTop - this.put) > 1) this.tell(this.place()); });
    }, { passive: true });
    this.resized.observe(sheet);
  }

  get count(): number { return this.leaves.length; }
  leaf(page: number): Leaf | undefined { return this.leaves[page - 1]; }

  /** Show a file at a place. The boxes of all pages take the first one's size until they are drawn. */
  async show(document: PDFDocumentProxy, place: Place): Promise<void> {
    this.clear();
    const first = (await document.getPage(1)).getViewport({ scale: 1 });
    this.leaves = Array.from({ length: document.numPages }, (_, n) => new Leaf(document, n + 1, first));
    this.width = first.width;
    this.zoom = place.zoom;
    this.list.replaceChildren(...this.leaves.map((one) => one.box));
    this.layout();
    this.goTo(place.page, place.into);
    const by = new Map<Element, Leaf>(this.leaves.map((one) => [one.box, one]));
    this.watch = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        const leaf = by.get(target);
        if (!leaf) continue;
        if (isIntersecting) this.near.add(leaf);
        else if (this.near.delete(leaf)) leaf.drop();
      }
      void this.drawNear();
    }, { root: this.sheet, rootMargin: NEAR });
    for (const one of this.leaves) this.watch.observe(one.box);
  }

  clear(): void {
    this.watch?.disconnect();
    for (const one of this.near) one.drop();
    this.near.clear();
    this.leaves = [];
    this.list.replaceChildren();
  }

  /** The page that is read. */
  get page(): number { return this.last.page; }

  /** Where the window is: the page at its upper third, and how far below that page's top it begins (above it: negative). */
  private place(): Place {
    const line = this.sheet.scrollTop + this.sheet.clientHeight / 3;
    let low = 0, high = this.leaves.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.leaves[middle]?.box.offsetTop ?? 0) <= line) low = middle; else high = middle - 1;
    }
    const box = this.leaves[low]?.box;
    const into = box ? (this.sheet.scrollTop - box.offsetTop) / (box.offsetHeight || 1) : 0;
    return { page: low + 1, into, zoom: this.zoom };
  }

  /** Go to a page (from 1), `into` of its height down. Numbers beyond the ends go to the ends. */
  goTo(page: number, into = 0): void {
    const leaf = this.leaves[Math.min(Math.max(1, Math.round(page)), this.leaves.length) - 1];
    if (!leaf) return;
    this.sheet.scrollTop = leaf.box.offsetTop + (into ? into * leaf.box.offsetHeight : -EDGE / 2);
    this.put = this.sheet.scrollTop;
    this.tell({ page: leaf.number, into, zoom: this.zoom });
  }

  turn(by: number): void { this.goTo(this.last.page + by); }

  /** One step larger (1) or smaller (-1), or 0 to fit the width. */
  setZoom(step: number): void {
    const now = this.factor / POINT;
    const next = step > 0 ? ZOOMS.find((one) => one > now + 0.01) : ZOOMS.filter((one) => one < now - 0.01).pop();
    this.zoom = step ? (next ?? now) : 0;
    this.again();
  }

  private refit(): void { if (this.leaves.length && !this.zoom && this.sheet.clientWidth) this.again(); }

  private again(): void {
    const { page, into } = this.last; // what is hidden has no place
    this.layout();
    this.goTo(page, into);
    void this.drawNear();
  }

  private layout(): void {
    const wide = this.sheet.clientWidth, room = Math.max(120, wide - (wide < NARROW ? 2 * EDGE / 3 : 2 * EDGE));
    this.factor = this.zoom ? this.zoom * POINT : Math.min(room / this.width, 2.5 * POINT);
    for (const one of this.leaves) one.resize(this.factor);
  }

  private tell(place: Place): void {
    if (!this.sheet.clientHeight) return;
    this.moved(this.last = place, Math.round((this.factor / POINT) * 100));
  }

  /** Draw what is near, the page being read first, one after the other. */
  private async drawNear(): Promise<void> {
    if (this.drawing) return;
    this.drawing = true;
    try {
      for (;;) {
        const here = this.last.page, scale = this.factor;
        const next = [...this.near].filter((one) => one.needs(scale)).sort((a, b) => Math.abs(a.number - here) - Math.abs(b.number - here))[0];
        if (!next) return;
        await next.draw(scale).catch(() => { this.near.delete(next); });
        if (this.near.has(next)) this.drew(next); else next.drop();
      }
    } finally { this.drawing = false; }
  }
}
