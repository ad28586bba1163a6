// A resumable upload: tus 1.0 (core and creation) with plain fetch, four megabytes at a time.
import { base64, utf8 } from "../keys/bytes";
import { LocalRefusal } from "../keys/refusal";

export interface UploadWork {
  /** The creation address. */
  endpoint: string;
  file: Blob;
  /** Where an earlier attempt left it, or null. */
  location: string | null;
  metadata?: Record<string, string>;
  headers?: () => Record<string, string>;
  /** Milliseconds before the first repetition; every further one waits twice as long, up to half a minute. */
  patience?: number;
}

export interface UploadEvents {
  /** Called once the upload has an address, so that it can be remembered before the first byte goes. */
  created?(location: string): Promise<void> | void;
  progress?(done: number, total: number): void;
  /** May wait (pause) or throw (cancel) before each piece. */
  turn?(): Promise<void>;
  /** The network is away; the next attempt comes after so many milliseconds. */
  waiting?(milliseconds: number): void;
}

const PIECE = 4 * 1024 * 1024, LONGEST_WAIT = 30_000;
const ANSWER = 30_000, PASSAGE = 300_000; // milliseconds after which a silent server or line is given up and asked again
const VERSION = { "Tus-Resumable": "1.0.0" };

/** What the server said that no repetition will change. */
class Final extends Error {}

/** Bring every byte to the server; the upload's address. Network failures are waited out, refusals are not. */
export async function upload(work: UploadWork, events: UploadEvents = {}): Promise<string> {
  let location = work.location, offset: number | null = null;
  for (let failures = 0; ;) {
    await events.turn?.();
    try {
      if (location === null) {
        location = await create(work);
        offset = 0;
        await events.created?.(location);
      }
      offset ??= await position(location, work);
      if (offset === null) { location = null; continue; } // the server no longer knows it: begin again
      events.progress?.(offset, work.file.size);
      if (offset >= work.file.size) return location;
      offset = await send(location, offset, work);
      failures = 0;
    } catch (problem) {
      if (problem instanceof Final) throw new LocalRefusal("upload.refused", problem.message);
      offset = null;
      const wait = Math.min(LONGEST_WAIT, (work.patience ?? 500) * 2 ** Math.min(failures++, 8)) * (0.75 + Math.random() / 2);
      events.waiting?.(wait);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

async function create(work: UploadWork): Promise<string> {
  const metadata = Object.entries(work.metadata ?? {}).map(([name, value]) => `${name} ${base64(utf8(value))}`).join(",");
  const answer = await fetch(work.endpoint, {
    method: "POST",
    signal: AbortSignal.timeout(ANSWER),
    headers: { ...work.headers?.(), ...VERSION, "Upload-Length": String(work.file.size), ...(metadata && { "Upload-Metadata": metadata }) },
  });
  const location = answer.headers.get("Location");
  if (answer.status !== 201 || !location) throw await judged(answer);
  return new URL(location, new URL(work.endpoint, globalThis.location?.href ?? "http://localhost/")).href;
}

/** How much the server has; null when it has nothing under this address. */
async function position(location: string, work: UploadWork): Promise<number | null> {
  const answer = await fetch(location, { method: "HEAD", headers: { ...work.headers?.(), ...VERSION }, cache: "no-store", signal: AbortSignal.timeout(ANSWER) });
  if (answer.status === 404 || answer.status === 410) return null;
  if (!answer.ok) throw await judged(answer);
  return offsetOf(answer);
}

async function send(location: string, offset: number, work: UploadWork): Promise<number | null> {
  const answer = await fetch(location, {
    method: "PATCH",
    signal: AbortSignal.timeout(PASSAGE),
    headers: { ...work.headers?.(), ...VERSION, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
    body: work.file.slice(offset, offset + PIECE),
  });
  if ([404, 409, 410].includes(answer.status)) return null; // ask where it stands
  if (answer.status !== 204) throw await judged(answer);
  return offsetOf(answer);
}

function offsetOf(answer: Response): number {
  const offset = Number(answer.headers.get("Upload-Offset") ?? "x");
  if (!Number.isSafeInteger(offset) || offset < 0) throw new Error("no offset");
  return offset;
}

/** Answers of a busy, overloaded or restarting server are tried again; any other refusal is final. */
async function judged(answer: Response): Promise<Error> {
  const said = await answer.json().catch(() => ({})) as { what?: string };
  const again = answer.status >= 500 || [408, 423, 425, 429].includes(answer.status);
  return again ? new Error(String(answer.status)) : new Final(said.what ?? String(answer.status));
}
