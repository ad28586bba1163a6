// The judge of the offline page (src/mingzheng/ledger/static_page/verify-receipt.html), taken from there when building.
declare module "mz:receipt" {
  export interface Judged {
    ok: boolean;
    proven: boolean;
    steps: { zh: string; en: string }[];
    facts?: { origin: string; digest: string; stream: string; number: number; at: string; kind: string; position: number; size: number; cosigners: Record<string, number> };
    zh?: string;
    en?: string;
  }
  export function judge(receipt: string, keys: string | null): Judged;
}
