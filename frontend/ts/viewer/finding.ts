// Finding words in a file: every page's text is read once, and what was found is marked on the pages that are drawn.
import type { TextLayer, PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";

/** One place where the words stand: the page (from 1) and which one on that page (from 0). */
export interface Hit { page: number; nth: number }

const MOST = 2000;
const FOUND = "mz-found", NOW = "mz-found-now";

/** Letters without spaces and widths: 投标 人 and 投标人 are the same; `from` tells where each letter came from. */
function letters(text: string): { plain: string; from: number[] } {
  let plain = "";
  const from: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const said = (text[at] ?? "").normalize("NFKC").toLowerCase().replace(/\s/g, "");
    for (const one of said) { plain += one; from.push(at); }
  }
  return { plain, from };
}

function* places(plain: string, wanted: string): Generator<number> {
  for (let at = plain.indexOf(wanted); at >= 0; at = plain.indexOf(wanted, at + wanted.length)) yield at;
}

export class Finding {
  private readonly texts: Promise<string>[] = [];
  private wanted = "";
  private run = 0;

  constructor(private readonly document: PDFDocumentProxy) {}

  /** All hits, page by page; `looked` hears of each. The answer is null when another search has begun, or the search was ended. */
  async find(words: string, looked: (hits: Hit[], pages: number) => void): Promise<{ hits: Hit[]; wordless: boolean } | null> {
    const run = ++this.run, hits: Hit[] = [];
    this.wanted = letters(words).plain;
    let wordless = true;
    for (let page = 1; this.wanted && page <= this.document.numPages && hits.length < MOST; page += 1) {
      const plain = await (this.texts[page] ??= this.read(page));
      if (run !== this.run) return null;
      wordless &&= !plain;
      let nth = 0;
      for (const _ of places(plain, this.wanted)) hits.push({ page, nth: nth++ });
      looked(hits, page);
    }
    return { hits, wordless: wordless && this.wanted !== "" };
  }

  end(): void { this.run += 1; this.wanted = ""; }

  private async read(page: number): Promise<string> {
    try {
      const { items } = await (await this.document.getPage(page)).getTextContent();
      return letters(items.map((one) => ("str" in one ? one.str : "")).join("")).plain;
    } catch { return ""; } // a page that cannot be read holds nothing to find
  }

  /** Where the words stand on a drawn page. */
  rangesOn(text: TextLayer): Range[] {
    if (!this.wanted) return [];
    let plain = "";
    const from: [Node, number][] = [];
    for (const div of text.textDivs) {
      const node = div.firstChild;
      if (!node) continue;
      const said = letters(node.textContent ?? "");
      plain += said.plain;
      for (const at of said.from) from.push([node, at]);
    }
    return [...places(plain, this.wanted)].flatMap((at) => {
      const first = from[at], last = from[at + this.wanted.length - 1];
      if (!first || !last) return [];
      const range = new Range();
      range.setStart(...first);
      range.setEnd(last[0], last[1] + 1);
      return [range];
    });
  }
}

/** Mark ranges, one of them as the current; a browser that cannot mark still goes to the page. */
export function mark(ranges: Range[], now: Range | undefined): void {
  if (typeof Highlight === "undefined") return;
  CSS.highlights.set(FOUND, new Highlight(...ranges));
  CSS.highlights.set(NOW, new Highlight(...(now ? [now] : [])));
}
