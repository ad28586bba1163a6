// One page of a file: a box of the right size from the start; picture and selectable text only while it is near the window.
import { TextLayer, type PDFDocumentProxy, type PDFPageProxy, type RenderTask } from "pdfjs-dist/legacy/build/pdf.mjs";
import { el } from "../dom";

const MOST_PIXELS = 16_000_000; // of one picture: larger ones are drawn coarser

/** Width and height of a page in points, as it is read (turned pages are turned). */
export interface Size { width: number; height: number }

export class Leaf {
  readonly box: HTMLElement;
  text: TextLayer | null = null;
  private drawnAt = 0;
  private page: PDFPageProxy | null = null;
  private task: RenderTask | null = null;

  constructor(private readonly document: PDFDocumentProxy, readonly number: number, private size: Size) {
    this.box = el("div", { class: "leaf leaf--pdf", "data-page": number });
  }

  get drawn(): boolean { return this.drawnAt > 0; }

  /** Give the box its size at a scale; an earlier picture is stretched until it is drawn anew. */
  resize(scale: number): void {
    this.box.style.width = `${Math.round(this.size.width * scale)}px`;
    this.box.style.height = `${Math.round(this.size.height * scale)}px`;
    this.box.style.setProperty("--total-scale-factor", String(scale));
  }

  needs(scale: number): boolean { return this.drawnAt !== scale; }

  /** Draw picture and text at a scale; resolves also when it was given up meanwhile. */
  async draw(scale: number): Promise<void> {
    this.task?.cancel();
    const page = (this.page ??= await this.document.getPage(this.number));
    const view = page.getViewport({ scale });
    this.size = { width: view.width / scale, height: view.height / scale };
    this.resize(scale);
    const dense = Math.min(devicePixelRatio || 1, 2, Math.sqrt(MOST_PIXELS / (view.width * view.height)));
    const canvas = el("canvas", { width: Math.floor(view.width * dense), height: Math.floor(view.height * dense), "aria-hidden": "true" });
    const task = (this.task = page.render({ canvas, viewport: view, ...(dense === 1 ? {} : { transform: [dense, 0, 0, dense, 0, 0] }) }));
    try { await task.promise; } catch (fault) {
      if ((fault as Error).name === "RenderingCancelledException") return;
      canvas.dataset["partial"] = ""; // a page that breaks off shows what could be drawn
    }
    if (this.task !== task) return;
    const words = el("div", { class: "textLayer" });
    const text = new TextLayer({ textContentSource: page.streamTextContent(), container: words, viewport: view });
    await text.render().catch(() => undefined);
    if (this.task !== task) return;
    this.box.replaceChildren(canvas, words);
    [this.text, this.task, this.drawnAt] = [text, null, scale];
  }

  /** Free what the page holds; the box stays. */
  drop(): void {
    this.task?.cancel();
    for (const canvas of this.box.querySelectorAll("canvas")) canvas.width = canvas.height = 0;
    this.box.replaceChildren();
    this.page?.cleanup();
    [this.task, this.text, this.drawnAt] = [null, null, 0];
  }
}
