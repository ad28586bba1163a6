// The bidder's own table of contents of a file (its bookmarks), with page numbers; and which of them speaks of a criterion.
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";

const DEPTH = 3;
const MOST = 400;
const NUMBERING = /^[\s第]*[\d一二三四五六七八九十百]+[\s.．、)）]*[\d.．]*\s*[章节条项]?|^[(（][^)）]{1,4}[)）]|[\s\p{P}\p{S}]/gu;

/** One heading: its words, its page (from 1), how deep it stands (0 the outermost). */
export interface Heading { title: string; page: number; depth: number }

interface Mark { title: string; dest: string | unknown[] | null; items: Mark[] }

/** The headings in their order; [] when the file has none. */
export async function contentsOf(document: PDFDocumentProxy): Promise<Heading[]> {
  const found: Heading[] = [];
  const walk = async (marks: Mark[], depth: number): Promise<void> => {
    for (const mark of marks) {
      if (found.length >= MOST) return;
      const page = await pageOf(document, mark.dest);
      if (page) found.push({ title: mark.title.trim(), page, depth });
      if (depth + 1 < DEPTH) await walk(mark.items, depth + 1);
    }
  };
  await walk((await document.getOutline().catch(() => null) ?? []) as Mark[], 0);
  return found;
}

async function pageOf(document: PDFDocumentProxy, dest: Mark["dest"]): Promise<number> {
  try {
    const [place] = (typeof dest === "string" ? await document.getDestination(dest) : dest) ?? [];
    if (typeof place === "number") return place + 1;
    return place ? (await document.getPageIndex(place as Parameters<PDFDocumentProxy["getPageIndex"]>[0])) + 1 : 0;
  } catch { return 0; } // a bookmark to nowhere
}

const bare = (words: string): string => words.normalize("NFKC").toLowerCase().replace(NUMBERING, "");

/** The heading that names a criterion: the same words once numbers and signs are left out, or all of the criterion's words in it. */
export function headingFor(criterion: string, headings: Heading[]): Heading | undefined {
  const wanted = bare(criterion);
  if (wanted.length < 2) return undefined;
  return headings.find((one) => bare(one.title) === wanted) ?? headings.find((one) => wanted.length >= 4 && bare(one.title).includes(wanted));
}
