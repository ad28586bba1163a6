// The reader: one file at a time in the markup of components/reader.html, with its tools, its contents and its search.
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { el } from "../dom";
import { size } from "../wording";
import { contentsOf, type Heading } from "./contents";
import { Finder } from "./finder";
import { Pages } from "./pages";
import { close, fetchFile, NotShown, open } from "./pdf";
import { keepPlace, placeOf, type Place } from "./places";

/** What can be opened: its address, its name, and for what no browser shows a word why. */
export interface Readable { url: string; name: string; shown: boolean; why: string }

type State = "empty" | "loading" | "shown" | "failed" | "damaged" | "locked" | "other";

export class Reader {
  private file: Readable | null = null;
  private document: PDFDocumentProxy | null = null;
  private stop = new AbortController();
  private headings: Heading[] = [];
  /** What the page itself says of a line that failed. */
  private words: string | undefined;
  private readonly pages: Pages;
  private readonly finder: Finder;

  /** `knows` hears the headings of a file once it is open. */
  constructor(readonly root: HTMLElement, private readonly knows: (file: Readable, headings: Heading[]) => void = () => undefined) {
    this.pages = new Pages(this.part("sheet"), this.part("pages"), (place, percent) => this.moved(place, percent), () => this.finder.mark());
    this.finder = new Finder(root, this.pages);
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("keydown", (event) => this.pressed(event));
    this.number().addEventListener("change", () => { this.pages.goTo(Number(this.number().value) || 1); this.number().select(); });
  }

  /** Show a file where it was left, or at a page; the same file again only moves. */
  async open(file: Readable, page = 0): Promise<void> {
    if (this.file?.url === file.url && this.document) { if (page) this.pages.goTo(page); return; }
    this.end();
    this.file = file;
    for (const link of this.root.querySelectorAll<HTMLAnchorElement>("[data-download]")) link.href = file.url;
    if (!file.shown) {
      this.part("other-name").textContent = file.name;
      this.part("other-why").textContent = file.why;
      return this.say("other");
    }
    const stop = (this.stop = new AbortController());
    this.part("loaded").textContent = "";
    this.say("loading");
    try {
      const bytes = await fetchFile(file.url, stop.signal, (octets, of) => {
        this.part("loaded").textContent = of ? `${Math.floor((100 * octets) / of)}% (${size(of)})` : size(octets);
      });
      const document = await open(bytes);
      if (stop.signal.aborted) return close(document);
      this.document = document;
      this.say("shown");
      const place = placeOf(file.url);
      await this.pages.show(document, page ? { ...place, page, into: 0 } : place);
      this.part("page-count").textContent = String(document.numPages);
      this.finder.take(document);
      await this.list(file, document);
    } catch (fault) {
      if (stop.signal.aborted) return;
      const { state, what } = fault instanceof NotShown ? fault : new NotShown("damaged");
      this.words ??= this.part("what").textContent ?? "";
      this.part("what").textContent = what || this.words;
      this.say(state);
    }
  }

  /** Let go of the file: its request, its pages, its worker. */
  end(): void {
    this.stop.abort();
    this.finder.end();
    this.pages.clear();
    if (this.document) close(this.document);
    [this.document, this.file, this.headings] = [null, null, []];
    this.part("contents").hidden = true;
    this.part("page-count").textContent = this.number().value = "—";
    this.say("empty");
  }

  focus(): void { this.part("sheet").focus({ preventScroll: true }); }

  private part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[data-${name}]`);
    if (!found) throw new Error(`the reader has no ${name}`);
    return found;
  }

  private number(): HTMLInputElement { return this.part("page-now") as HTMLInputElement; }
  private say(state: State): void { this.root.dataset["state"] = state; }

  private moved(place: Place, percent: number): void {
    if (!this.file || this.root.dataset["state"] !== "shown") return;
    if (document.activeElement !== this.number()) this.number().value = String(place.page);
    this.part("zoom").textContent = `${percent}%`;
    keepPlace(this.file.url, place);
    const here = this.headings.filter((one) => one.page <= place.page).length - 1;
    [...this.part("contents").children].forEach((one, at) => {
      if (at !== here) return one.removeAttribute("aria-current");
      if (!one.hasAttribute("aria-current")) { one.setAttribute("aria-current", "true"); one.scrollIntoView({ block: "nearest" }); }
    });
  }

  private async list(file: Readable, document: PDFDocumentProxy): Promise<void> {
    const headings = await contentsOf(document);
    if (this.document !== document) return;
    this.headings = headings;
    this.part("contents").replaceChildren(...headings.map((one) => el("a", { href: "#", "data-go": one.page, "data-depth": one.depth, title: one.title },
      el("span", {}, one.title), el("span", {}, String(one.page)))));
    this.part("contents").hidden = !headings.length;
    this.knows(file, headings);
  }

  private clicked(event: Event): void {
    const hit = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-do], [data-go]") : null;
    if (!hit) return;
    if (hit.dataset["go"]) { event.preventDefault(); return this.pages.goTo(Number(hit.dataset["go"])); }
    this.run(hit.dataset["do"] ?? "");
  }

  private run(what: string): void {
    if (what === "again" && this.file) { const file = this.file; this.file = null; void this.open(file); }
    else if (what === "up" || what === "down") this.pages.turn(what === "up" ? -1 : 1);
    else if (what === "larger" || what === "smaller") this.pages.setZoom(what === "larger" ? 1 : -1);
    else if (what === "fit") this.pages.setZoom(0);
    else if (what === "find") this.finder.begin();
    else if (what === "before" || what === "after") this.finder.go(what === "after" ? 1 : -1);
    else if (what === "endfind") { this.finder.leave(); this.focus(); }
  }

  /** Keys of the reader, while it has the focus and nobody types. */
  private pressed(event: KeyboardEvent): void {
    const typing = event.target instanceof HTMLInputElement;
    if ((event.ctrlKey || event.metaKey) && event.key === "f" && !typing) { event.preventDefault(); return this.finder.begin(); }
    if (event.ctrlKey || event.metaKey || event.altKey || typing || !this.document) return;
    const keys: Record<string, () => void> = {
      "ArrowRight": () => this.pages.turn(1), "ArrowLeft": () => this.pages.turn(-1),
      "Home": () => this.pages.goTo(1), "End": () => this.pages.goTo(this.pages.count),
      "+": () => this.pages.setZoom(1), "=": () => this.pages.setZoom(1), "-": () => this.pages.setZoom(-1), "0": () => this.pages.setZoom(0),
      "/": () => this.finder.begin(),
    };
    const run = keys[event.key];
    if (run) { event.preventDefault(); run(); }
  }
}
