// The row with which somebody looks for words in the open file.
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { Finding, mark, type Hit } from "./finding";
import type { Pages } from "./pages";

const PAUSE = 250; // milliseconds after the last key before the file is looked through

export class Finder {
  private finding: Finding | null = null;
  private hits: Hit[] = [];
  private now = -1;
  private timer = 0;
  private readonly row: HTMLElement;
  private readonly input: HTMLInputElement;

  constructor(private readonly root: HTMLElement, private readonly pages: Pages) {
    this.row = this.part("finding");
    this.input = this.part("find") as HTMLInputElement;
    this.input.addEventListener("input", () => { clearTimeout(this.timer); this.timer = window.setTimeout(() => void this.look(), PAUSE); });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.go(event.shiftKey ? -1 : 1); }
      else if (event.key === "Escape") { event.preventDefault(); this.leave(); this.part("sheet").focus({ preventScroll: true }); }
    });
  }

  /** Another file is open; words that still stand in the row are looked for in it. */
  take(document: PDFDocumentProxy): void {
    this.finding = new Finding(document);
    if (!this.row.hidden && this.input.value) void this.look();
  }

  /** No file is open. */
  end(): void {
    clearTimeout(this.timer);
    this.finding?.end();
    this.finding = null;
    this.tell([], -1);
  }

  begin(): void {
    this.row.hidden = false;
    this.root.querySelector('[data-do="find"]')?.setAttribute("aria-expanded", "true");
    this.input.focus();
    this.input.select();
    if (this.input.value && !this.hits.length) void this.look();
  }

  leave(): void {
    this.row.hidden = true;
    this.root.querySelector('[data-do="find"]')?.setAttribute("aria-expanded", "false");
    this.finding?.end();
    this.tell([], -1);
  }

  /** The next hit (1) or the one before (-1), around the ends. */
  go(by: number): void {
    if (!this.hits.length) return;
    this.tell(this.hits, (this.now + by + this.hits.length) % this.hits.length);
    this.show();
  }

  /** Mark what stands on the pages that are drawn. */
  mark(): void {
    const here = this.hits[this.now];
    let current: Range | undefined;
    const all = [...new Set(this.hits.map((one) => one.page))].flatMap((page) => {
      const text = this.pages.leaf(page)?.text;
      const ranges = text && this.finding ? this.finding.rangesOn(text) : [];
      if (here?.page === page) current = ranges[here.nth];
      return ranges;
    });
    if (this.hits.length || this.marked) mark(all, current);
    this.marked = all.length > 0;
    if (current && this.wanted === here) {
      this.wanted = undefined;
      current.startContainer.parentElement?.scrollIntoView({ block: "center", inline: "nearest" });
    }
  }

  private marked = false;
  /** The hit that is to be brought into sight once its page is drawn. */
  private wanted: Hit | undefined;

  private part(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`[data-${name}]`) as HTMLElement;
  }

  private async look(): Promise<void> {
    const page = this.pages.page;
    this.tell([], -1);
    const done = await this.finding?.find(this.input.value, (hits) => {
      if (this.now >= 0 || !hits.length) return this.tell(hits, this.now);
      const first = hits.findIndex((one) => one.page >= page);
      if (first < 0) return this.tell(hits, -1);
      this.tell(hits, first);
      this.show();
    });
    if (!done) return;
    if (done.hits.length && this.now < 0) { this.tell(done.hits, 0); this.show(); }
    this.part("wordless").hidden = !done.wordless;
    this.part("nowhere").hidden = done.wordless || done.hits.length > 0 || !this.input.value.trim();
  }

  private show(): void {
    const hit = (this.wanted = this.hits[this.now]);
    if (!hit) return;
    if (!this.pages.leaf(hit.page)?.text) this.pages.goTo(hit.page);
    this.mark();
  }

  private tell(hits: Hit[], now: number): void {
    [this.hits, this.now] = [hits, now];
    this.part("found").textContent = hits.length ? `${now + 1} / ${hits.length}` : "";
    this.part("wordless").hidden = this.part("nowhere").hidden = true;
    this.mark();
  }
}
