// pdf.js as this platform uses it: our own copies of its worker, character maps and fonts, nothing compiled at run time, no scripts.
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";

const own = (path: string): string => new URL(`pdf/${path}`, import.meta.url).href;
const LARGEST_PICTURE = 2 ** 28; // pixels of one picture in a page: an A0 drawing at 600 dpi

GlobalWorkerOptions.workerSrc = own("worker.js");

/** Why a file is not shown: `locked` by a password, `damaged` or no PDF, `failed` to arrive; `what` in the platform's words. */
export class NotShown extends Error {
  constructor(readonly state: "locked" | "damaged" | "failed", readonly what = "") { super(state); }
}

/** The bytes of a file under the reader's own login; `told` hears how many arrived. Nothing is kept but what is returned. */
export async function fetchFile(url: string, stop: AbortSignal, told: (octets: number, of: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(url, { headers: { Accept: "application/pdf, application/json" }, cache: "no-store", signal: stop })
    .catch((fault: unknown) => { throw stop.aborted ? fault : new NotShown("failed"); });
  const kind = answer.headers.get("Content-Type") ?? "";
  if (!answer.ok || !answer.body || kind.startsWith("text/html")) throw new NotShown("failed", await refusal(answer, kind));
  const of = Number(answer.headers.get("Content-Length")) || 0, pieces: Uint8Array[] = [];
  let octets = 0;
  try {
    for (const from = answer.body.getReader(); ;) {
      const { done, value } = await from.read();
      if (done) break;
      pieces.push(value);
      told(octets += value.length, of);
    }
  } catch (fault) { throw stop.aborted ? fault : new NotShown("failed"); }
  if (of && octets < of) throw new NotShown("failed"); // the line was cut, or the file did not prove true to its seal
  const whole = new Uint8Array(octets);
  let at = 0;
  for (const piece of pieces) { whole.set(piece, at); at += piece.length; }
  return whole;
}

async function refusal(answer: Response, kind: string): Promise<string> {
  if (!kind.startsWith("application/json")) return "";
  const said = await answer.json().catch(() => ({})) as { what?: string; todo?: string };
  return `${said.what ?? ""}${said.todo ?? ""}`;
}

/** Open a file; its bytes move into the worker. Close it with `close`. */
export async function open(bytes: Uint8Array<ArrayBuffer>): Promise<PDFDocumentProxy> {
  const loading = getDocument({
    data: bytes, isEvalSupported: false, useWasm: false, enableXfa: false, maxImageSize: LARGEST_PICTURE,
    cMapUrl: own("cmaps/"), cMapPacked: true, standardFontDataUrl: own("fonts/"), wasmUrl: own("decoders/"), useWorkerFetch: true, verbosity: 0,
  });
  try {
    return await loading.promise;
  } catch (fault) {
    void loading.destroy();
    throw new NotShown((fault as Error).name === "PasswordException" ? "locked" : "damaged");
  }
}

/** End a document and its worker; what it held is free. */
export function close(document: PDFDocumentProxy): void {
  void document.loadingTask.destroy();
}
