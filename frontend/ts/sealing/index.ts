// Sealing and uploading for pages: a job that can be paused, cancelled, and taken up again after a reload.
import type { Json } from "../keys/canonical";
import { canonical } from "../keys/canonical";
import { LocalRefusal } from "../keys/refusal";
import { all, drop, keep } from "../keys/store";
import { forgetStored, storedFile } from "./keeping";
import type { FromWorker, Order, ToWorker } from "./messages";
import type { SignedSeal } from "./terms";
import { upload, type UploadEvents } from "./upload";

export { LocalRefusal } from "../keys/refusal";
export { current } from "../keys/index";
export type { Order } from "./messages";
export type { SealingTerms, SealJson, SignedSeal, Summary } from "./terms";
export { bareKey, releaseKey } from "./unseal";

/** A sealed bid waiting to be uploaded and submitted; kept in the browser until `forget`. */
export interface Waiting {
  bid: string;
  lot: string;
  /** The signed seal, canonical JSON: what the submit act carries. */
  seal: string;
  /** Name in the browser's file store, or null when the ciphertext is only in this page's memory. */
  stored: string | null;
  /** The upload's address once it has one. */
  location: string | null;
  /** The nonce of the submit act: the same for every attempt. */
  nonce: string;
}

export interface Job {
  pause(): void;
  resume(): void;
  cancel(): void;
  done: Promise<{ waiting: Waiting; file: Blob }>;
}

/** Seal in a worker. `done` rejects with a LocalRefusal; what was written is removed then. */
export function seal(order: Order, progress: (done: number, total: number) => void, worker = workerAddress()): Job {
  const hand = new Worker(worker, { type: "module" });
  const say = (message: ToWorker): void => hand.postMessage(message);
  const done = new Promise<{ waiting: Waiting; file: Blob }>((resolve, reject) => {
    hand.onerror = () => reject(new LocalRefusal("seal.failed"));
    hand.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.told === "progress") progress(data.done, data.total);
      else if (data.told === "refused") reject(new LocalRefusal(data.code, data.detail));
      else remember(data.signed, data.stored).then((waiting) => resolve({ waiting, file: data.file }), reject);
    };
  }).finally(() => hand.terminate());
  say({ do: "seal", order });
  return { pause: () => say({ do: "pause" }), resume: () => say({ do: "resume" }), cancel: () => say({ do: "cancel" }), done };
}

const workerAddress = (): URL => new URL("./sealing-worker.js", import.meta.url);

async function remember(signed: SignedSeal, stored: string | null): Promise<Waiting> {
  const waiting: Waiting = {
    bid: signed.seal.bid, lot: signed.seal.lot, seal: canonical(signed as unknown as Json),
    stored, location: null, nonce: crypto.randomUUID(),
  };
  if (stored) await keep("uploads", waiting.bid, waiting);
  return waiting;
}

/** A bid sealed for this lot by an earlier page and not yet submitted, with its ciphertext. */
export async function unfinished(lot: string): Promise<{ waiting: Waiting; file: Blob } | null> {
  for (const waiting of await all<Waiting>("uploads").catch(() => [])) {
    if (waiting.lot !== lot || !waiting.stored) continue;
    const file = await storedFile(waiting.stored);
    if (file) return { waiting, file };
    await drop("uploads", waiting.bid);
  }
  return null;
}

/** Upload the ciphertext, taking up where an earlier attempt stopped; the upload's id (last part of its address). */
export async function send(waiting: Waiting, file: Blob, endpoint: string, headers: () => Record<string, string>, events: Omit<UploadEvents, "created"> = {}): Promise<string> {
  const created = async (location: string): Promise<void> => {
    waiting.location = location;
    if (waiting.stored) await keep("uploads", waiting.bid, waiting);
  };
  const location = await upload({ endpoint, file, location: waiting.location, metadata: { lot: waiting.lot }, headers }, { ...events, created });
  return new URL(location).pathname.split("/").filter(Boolean).at(-1) ?? "";
}

/** After the submit act was accepted, or when the person gives the bid up. */
export async function forget(waiting: Waiting): Promise<void> {
  await drop("uploads", waiting.bid).catch(() => undefined);
  if (waiting.stored) await forgetStored(waiting.stored);
}
