// The left side of a seat: one bid at a time, its facts or one of its files. A second pane shows another bid beside it.
import { el } from "../dom";
import type { Heading } from "./contents";
import { Reader, type Readable } from "./reader";

/** What a pane shows: a bid by its code, and the number of the file in its list; -1 is the sheet of facts. */
export interface Shown { bid: string; file: number }

export class Pane {
  private readonly reader: Reader;
  private readonly files = new Map<string, Readable[]>();
  private readonly last = new Map<string, number>();
  private now: Shown = { bid: "", file: -1 };

  /** `turned` hears what is shown now, `knows` the headings of an opened file of a bid. */
  constructor(readonly root: HTMLElement, private readonly turned: (shown: Shown) => void,
    private readonly knows: (bid: string, file: number, headings: Heading[]) => void) {
    for (const sheet of root.querySelectorAll<HTMLElement>("[data-bid-sheet]")) {
      this.files.set(sheet.dataset["bidSheet"] ?? "", [...sheet.querySelectorAll<HTMLAnchorElement>("a[data-read]")].map((one) => ({
        url: one.href, name: one.textContent?.trim() ?? "", shown: one.dataset["read"] === "page", why: one.dataset["why"] ?? "",
      })));
    }
    const at = root.querySelector<HTMLElement>("[data-reader]");
    if (!at) throw new Error("a pane has a reader");
    this.reader = new Reader(at, (file, headings) => {
      const { bid } = this.now;
      const number = (this.files.get(bid) ?? []).findIndex((one) => one.url === file.url);
      if (number >= 0) this.knows(bid, number, headings);
    });
    root.addEventListener("click", (event) => this.clicked(event));
    root.dataset["reading"] = "";
  }

  get shown(): Shown { return this.now; }
  get bids(): string[] { return [...this.files.keys()]; }

  /** Show a bid where it was left, or one of its files (-1 its facts), at a page if one is named. */
  show(bid: string, file = this.last.get(bid) ?? this.alike(bid), page = 0): void {
    const files = this.files.get(bid);
    if (!files) return;
    const wanted = files[file];
    this.now = { bid, file: wanted ? file : -1 };
    this.last.set(bid, this.now.file);
    for (const one of this.root.querySelectorAll<HTMLElement>("[data-bid]")) current(one, one.dataset["bid"] === bid);
    for (const one of this.root.querySelectorAll<HTMLElement>("[data-bid-sheet]")) one.toggleAttribute("data-current", one.dataset["bidSheet"] === bid);
    this.tabs(bid, files);
    this.root.dataset["reading"] = wanted ? "file" : "facts";
    if (wanted) void this.reader.open(wanted, page); else this.reader.end();
    this.turned(this.now);
  }

  /** The file of another bid that answers to the one being read: by name, else by its number. */
  private alike(bid: string): number {
    const here = this.files.get(this.now.bid)?.[this.now.file], there = this.files.get(bid) ?? [];
    const same = here ? there.findIndex((one) => one.name === here.name) : -1;
    return same >= 0 || !there[this.now.file] ? same : this.now.file;
  }

  end(): void { this.reader.end(); }
  focus(): void { this.reader.focus(); }

  private tabs(bid: string, files: Readable[]): void {
    const bar = this.root.querySelector<HTMLElement>("[data-files]");
    if (!bar) return;
    const tab = (name: string, number: number): HTMLElement => {
      const one = el("a", { href: `#doc-${bid}`, "data-file": number, title: name }, name);
      current(one, this.now.file === number);
      return one;
    };
    bar.replaceChildren(tab(this.root.dataset["facts"] ?? "", -1), ...files.map((one, number) => tab(one.name.replace(/\.pdf$/i, ""), number)));
    const now = bar.querySelector<HTMLElement>("[aria-current]");
    if (now) bar.scrollLeft = now.offsetLeft - bar.offsetLeft - 48;
  }

  private clicked(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a window of its own, as everywhere
    const hit = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-bid], [data-file], a[data-read]") : null;
    if (!hit) return;
    event.preventDefault();
    if (hit.dataset["bid"]) return this.show(hit.dataset["bid"]);
    if (hit.dataset["file"]) this.show(this.now.bid, Number(hit.dataset["file"]));
    else this.show(this.now.bid, (this.files.get(this.now.bid) ?? []).findIndex((one) => one.url === (hit as HTMLAnchorElement).href));
    this.focus();
  }
}

function current(one: HTMLElement, now: boolean): void {
  if (now) one.setAttribute("aria-current", "true"); else one.removeAttribute("aria-current");
}
