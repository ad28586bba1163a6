// Making a sealed bid: streaming, four megabytes at a time, on the bidder's own machine.
import { type Bytes, base64, concat, fromBase64, utf8 } from "../keys/bytes";
import { canonical, type Json } from "../keys/canonical";
import type { OpenKey } from "../keys/keyfile";
import { LocalRefusal } from "../keys/refusal";
import { signText } from "../keys/signature";
import { named, type Suite } from "../suites/suite";
import { BlockList } from "./blocks";
import * as box from "./container";
import { commitment, split } from "./shamir";
import { checkSummary, checkTerms, type SealingTerms, type SealJson, type SignedSeal, type Summary } from "./terms";

/** A file of the bid: a File, or anything with a name that can be read in slices. */
export interface Source { name: string; size: number; slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> } }

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

/** What one chunk holds: its plaintext, and which bytes of it are content. */
interface Piece { plain: Bytes; content: Bytes }

/** A promise that may fail before anybody waits for it. */
function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/**
 * While one chunk is encrypted the next is read, the one before digested and written: no more than a few are in memory.
 */
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
    const list = new BlockList(this.suite, "content", source.size);
    const read = (number: number): Promise<Piece> =>
      begun(this.piece(head, source, number * this.chunk, Math.min(this.chunk, plain - number * this.chunk)));
    let ahead = read(0), before: Promise<Bytes> | null = null;
    for (let number = 0; number < chunks; number++) {
      await this.outlet.turn?.();
      const piece = await ahead;
      if (number + 1 < chunks) ahead = read(number + 1);
      const sealing = begun(key.seal(box.nonce(number), piece.plain, box.additional(box.VERSION, this.bid, index, number, number === chunks - 1)));
      await list.update(piece.content);
      if (before) await this.whole.update(await before);
      before = sealing;
    }
    if (before) await this.whole.update(await before);
    const facts = box.partFacts(source.name, source.size, this.named(await list.digest()));
    return {
      bytes: box.sealedLength(plain, this.chunk),
      chunks,
      commitment: await this.digest(await this.derived("salt", index), facts),
      kind: index ? "file" : "summary",
    };
  }

  /** Heading, content and zero padding, cut at [start, start + size). */
  private async piece(head: Bytes, source: Source, start: number, size: number): Promise<Piece> {
    const from = Math.max(0, start - head.length), to = Math.min(source.size, start + size - head.length);
    const content = to > from ? await slice(source, from, to) : new Uint8Array(0);
    if (content.length === size) return { plain: content, content };
    const plain = new Uint8Array(size);
    if (start < head.length) plain.set(head.subarray(start, start + size));
    if (content.length) plain.set(content, from + head.length - start);
    return { plain, content };
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

/** Bytes of a file. LocalRefusal seal.file-changed when it can no longer be read, or not so many. */
async function slice(source: Source, from: number, to: number): Promise<Bytes> {
  const read = await source.slice(from, to).arrayBuffer().catch(() => null);
  if (read?.byteLength !== to - from) throw new LocalRefusal("seal.file-changed", source.name);
  return new Uint8Array(read);
}

/** The content of a .seal file, canonical. */
export const sealFile = (signed: SignedSeal): Bytes => concat(utf8(canonical(signed as unknown as Json)));
