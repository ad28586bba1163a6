// What the page and the sealing worker say to each other.
import type { OpenKey } from "../keys/keyfile";
import type { SealingTerms, SignedSeal, Summary } from "./terms";

export interface Order {
  summary: Summary;
  files: File[];
  terms: SealingTerms;
  key: OpenKey;
  consent: boolean;
  at: string;
}

export type ToWorker = { do: "seal"; order: Order } | { do: "pause" } | { do: "resume" } | { do: "cancel" };
export type FromWorker =
  | { told: "progress"; done: number; total: number }
  | { told: "sealed"; signed: SignedSeal; file: Blob; stored: string | null }
  | { told: "refused"; code: string; detail: string };
