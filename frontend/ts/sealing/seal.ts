// Making a sealed bid: streaming, four megabytes at a time, on the bidder's own machine.
import { type Bytes, base64, concat, fromBase64, utf8 } from "../keys/bytes";
import { canonical, type Json } from "../keys/canonical";
import type { OpenKey } from "../keys/keyfile";
import { LocalRefusal } from "../keys/refusal";
import { signText } from "../keys/signature";
import { named, type Suite } from "../suites/suite";
import { BlockList } from "./blocks";
import { Reading, type Source } from "./reading";
import * as box from "./container";
import { commitment, split } from "./shamir";
import { checkSummary, checkTerms, type SealingTerms, type SealJson, type SignedSeal, type Summary } from "./terms";

const UNDER_WAY = 4; // chunks being encrypted at most

export interface Sealing {
  summary: Summary;
  files: Source[];
  terms: SealingTerms;
  key: OpenKey;
  consent: boolean;
  /** The moment written into the seal, on the deployment's clock, with offset. */
  at: string;
  chunk?: number;
}

/** Where the ciphertext goes, and what is told on the way. `turn` may wait (pause) or throw (cancel). */
export interface Outlet {
  /** Take these bytes; when it is done they may be overwritten. */
  write(bytes: Bytes): Promise<void>;
  progress?(done: number, total: number): void;
  turn?(): Promise<void>;
}

/** Bytes the sealed file will have; LocalRefusal seal.too-large before anything is encrypted. */
export function sealedSize(parts: { name: string; size: number }[], terms: SealingTerms, chunk = box.CHUNK): number {
  const total = parts.reduce((sum, { name, size }) =>
    sum + box.sealedLength(box.padded(box.partHead(name, size).length + size), chunk), box.HEADER);
  if (total > terms.largest) throw new LocalRefusal("seal.too-large", `${total} > ${terms.largest}`);
  return total;
}

/** Seal a bid into `outlet`; the signed seal that goes with the file. */
export async function sealBid(work: Sealing, outlet: Outlet): Promise<SignedSeal> {
  const algorithms = await checkTerms(work.terms);
  if (work.key.suite !== algorithms.id) throw new LocalRefusal("key.wrong-suite");
  checkSummary(work.summary);
  const content = utf8(canonical(work.summary));
  const summary: Source = { name: "summary.json", size: content.length, slice: (start, end) => new Blob([content.slice(start, end)]) };
  const sources = [summary, ...work.files];
  const writer = new Writer(algorithms, work, outlet, sealedSize(sources, work.terms, work.chunk));
  await writer.begin();
  const parts: SealJson["parts"] = [];
  for (const [index, source] of sources.entries()) parts.push(await writer.part(index, source));
  return writer.finish(parts);
}

/** A promise that may fail before anybody waits for it. */
function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** Writes the sealed file: while some chunks are encrypted, the next are read and those before digested and written. */
class Writer {
  private readonly bid = crypto.randomUUID();
  private readonly contentKey = crypto.getRandomValues(new Uint8Array(32));
  private readonly whole: BlockList;
  private readonly chunk: number;
  private written = 0;

  constructor(private readonly suite: Suite, private readonly work: Sealing, private readonly outlet: Outlet, private readonly total: number) {
    this.whole = new BlockList(suite, "file", total, (block) => this.keep(block));
    this.chunk = work.chunk ?? box.CHUNK;
  }

  begin = (): Promise<void> => this.whole.update(box.header(this.suite.id, this.bid, this.chunk));

  /** Seal one part; its entry for the part table. */
  async part(index: number, source: Source): Promise<SealJson["parts"][number]> {
    const head = box.partHead(source.name, source.size);
    const plain = box.padded(head.length + source.size), chunks = box.chunksOf(plain, this.chunk);
    const key = await this.suite.chunkKey(await this.derived("part", index));
    const list = new BlockList(this.suite, "content", source.size), content = new Reading(source);
    const sealing: Promise<Bytes>[] = [];
    let room = new Uint8Array(Math.min(this.chunk, plain)), left = source.size;
    try {
      for (let number = 0; number < chunks; number++) {
        await this.outlet.turn?.();
        const start = number * this.chunk, size = Math.min(this.chunk, plain - start);
        const heading = head.subarray(start, start + size), end = heading.length + Math.min(left, size - heading.length);
        room = await content.fill(room, heading.length, end);
        room.set(heading);
        room.fill(0, end, size);
        left -= end - heading.length;
        await list.update(room.subarray(heading.length, end));
        const bound = box.additional(box.VERSION, this.bid, index, number, number === chunks - 1);
        sealing.push(begun(key.seal(box.nonce(number), room.subarray(0, size), bound))); // it copies before it returns
        if (sealing.length > UNDER_WAY) await this.next(sealing);
      }
    } finally {
      content.close();
    }
    while (sealing.length) await this.next(sealing);
    const facts = box.partFacts(source.name, source.size, this.named(await list.digest()));
    return {
      bytes: box.sealedLength(plain, this.chunk),
      chunks,
      commitment: await this.digest(await this.derived("salt", index), facts),
      kind: index ? "file" : "summary",
    };
  }

  private async next(sealing: Promise<Bytes>[]): Promise<void> {
    const done = await sealing.shift();
    if (done) await this.whole.update(done);
  }

  async finish(parts: SealJson["parts"]): Promise<SignedSeal> {
    const { work, bid } = this, file = this.named(await this.whole.digest());
    const quorum = work.consent ? work.terms.rescue : null;
    const wrapped = await this.suite.wrap(work.key.publicKey, this.contentKey, this.context("wrap bidder"));
    const seal: SealJson = {
      bid,
      bidder: work.key.fingerprint,
      chunk: this.chunk,
      consent: quorum !== null,
      file: { bytes: this.written, digest: file },
      format: box.formatOf(box.VERSION),
      key: { check: await this.digest(await this.derived("check")), wrapped: base64(wrapped) },
      lot: work.terms.lot,
      made_at: work.at,
      parts,
      rescue: quorum ? await this.escrow(quorum) : null,
      suite: this.suite.id,
    };
    this.contentKey.fill(0);
    const signature = await signText(work.key, canonical(seal as unknown as Json));
    return { certificate: work.key.certificate, seal, signature };
  }

  /** The key split for the quorum: every share for its holder, all of them together for the escrow key. */
  private async escrow(quorum: NonNullable<SealingTerms["rescue"]>): Promise<NonNullable<SealJson["rescue"]>> {
    const shares = split(this.contentKey, quorum.threshold, quorum.holders.length);
    const inner: { holder: string; wrapped: string }[] = [], holders = [];
    for (const [index, { holder, key }] of quorum.holders.entries()) {
      const share = shares[index] as Bytes, publicKey = fromBase64(key);
      inner.push({ holder, wrapped: base64(await this.suite.wrap(publicKey, share, this.context(`wrap holder ${holder}`))) });
      holders.push({ commitment: await commitment(box.VERSION, this.suite, share), holder, key: await this.digest(publicKey) });
      share.fill(0);
    }
    const sealed = await this.suite.wrap(fromBase64(quorum.escrow), utf8(canonical(inner)), this.context("wrap escrow"));
    return { escrowed: base64(sealed), holders, threshold: quorum.threshold };
  }

  private derived = (use: string, part?: number): Promise<Bytes> => this.suite.derive(this.contentKey, box.label(box.VERSION, use, this.work.terms.lot, this.bid, part));
  private named = (digest: Uint8Array): string => named(this.suite, digest);
  private digest = async (...parts: Uint8Array[]): Promise<string> => this.named(await this.suite.digest(...parts));
  private context = (use: string): Bytes => box.label(box.VERSION, use, this.work.terms.lot, this.bid);

  private async keep(block: Bytes): Promise<void> {
    await this.outlet.write(block);
    this.written += block.length;
    this.outlet.progress?.(this.written, this.total);
  }
}

/** The content of a .seal file, canonical. */
export const sealFile = (signed: SignedSeal): Bytes => concat(utf8(canonical(signed as unknown as Json)));
