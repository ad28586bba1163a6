// The lot's public sealing parameters and the seal, as the server publishes and reads them.
import { fromBase64 } from "../keys/bytes";
import { LocalRefusal } from "../keys/refusal";
import { type Suite, suite } from "../suites/suite";

export interface RescueTerms { escrow: string; threshold: number; holders: { holder: string; key: string }[] }
export interface SealingTerms { format: string; lot: string; suite: string; deadline: string; largest: number; rescue: RescueTerms | null }

export interface SealJson {
  bid: string; bidder: string; chunk: number; consent: boolean;
  file: { bytes: number; digest: string };
  format: string;
  key: { check: string; wrapped: string };
  lot: string; made_at: string;
  parts: { bytes: number; chunks: number; commitment: string; kind: "summary" | "file" }[];
  rescue: { escrowed: string; holders: { commitment: string; holder: string; key: string }[]; threshold: number } | null;
  suite: string;
}

export interface SignedSeal { certificate: string; seal: SealJson; signature: string }

/** The suite of terms this code can serve. LocalRefusal seal.unknown-suite, seal.unreadable, suite.not-loaded. */
export async function checkTerms(terms: SealingTerms): Promise<Suite> {
  if (terms.format !== "mingzheng-sealing-1") throw new LocalRefusal("seal.unreadable");
  try {
    for (const one of terms.rescue?.holders ?? []) fromBase64(one.key);
  } catch { throw new LocalRefusal("seal.unreadable"); }
  return suite(terms.suite);
}

export type Summary = { [field: string]: string | number };

/** The same rules as the server's: price as text with two decimals, days as a whole number, short texts. */
export function checkSummary(summary: Summary): void {
  const wrong = (field: string): LocalRefusal => new LocalRefusal("seal.summary-invalid", field);
  if (typeof summary["price"] !== "string" || !/^(0|[1-9]\d{0,13})\.\d{2}$/.test(summary["price"])) throw wrong("price");
  const days = summary["period_days"];
  if (days !== undefined && !(typeof days === "number" && Number.isInteger(days) && days > 0 && days < 100_000)) throw wrong("period_days");
  for (const [name, value] of Object.entries(summary)) {
    if (typeof value === "string" ? value.length > 2_000 : !Number.isSafeInteger(value)) throw wrong(name);
  }
}
