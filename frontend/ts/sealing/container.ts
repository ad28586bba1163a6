// The ciphertext file (.mzb) and the labels of a bid's keys, as docs/formats/sealed-bid.md has them.
import { type Bytes, concat, uint32, utf8, uuidBytes } from "../keys/bytes";
import { canonical } from "../keys/canonical";
import { LocalRefusal } from "../keys/refusal";

/** The version of what is sealed here; what is opened may be older. */
export const VERSION = 2;
export const HEADER = 36, CHUNK = 512 * 1024, LEAST_CHUNK = 16 * 1024, LEAST_PART = 16 * 1024, TAG = 16;

export const formatOf = (version: number): string => `mingzheng-bid-${version}`;

/** The version a seal names. LocalRefusal seal.unreadable for one this page does not know. */
export function versionOf(seal: { format: string }): number {
  const version = [1, 2].find((one) => formatOf(one) === seal.format);
  if (!version) throw new LocalRefusal("seal.unreadable");
  return version;
}

export const header = (suite: string, bid: string, chunk: number): Bytes => {
  const name = new Uint8Array(8);
  name.set(utf8(suite));
  return concat(utf8(`MZBID${VERSION}\r\n`), name, uuidBytes(bid), uint32(chunk));
};

/** The padded length of a part (Padmé). */
export function padded(length: number): number {
  if (length <= LEAST_PART) return LEAST_PART;
  const bits = (value: number): number => value.toString(2).length;
  const exponent = bits(length) - 1, step = 2 ** (exponent - bits(exponent));
  return Math.ceil(length / step) * step;
}

export const chunksOf = (plain: number, chunk: number): number => Math.ceil(plain / chunk);
export const sealedLength = (plain: number, chunk: number): number => plain + TAG * chunksOf(plain, chunk);

/** Chunk `index` of a part. */
export const nonce = (index: number): Bytes => concat(new Uint8Array(8), uint32(index));

/** What a chunk is bound to: version, bid, part, its place, and whether it ends the part. */
export const additional = (version: number, bid: string, part: number, index: number, last: boolean): Bytes =>
  concat(utf8(`MZB${version}`), uuidBytes(bid), uint32(part), uint32(index), Uint8Array.of(last ? 1 : 0));

/** The derivation label or wrap context for one use of a bid's content key. */
export const label = (version: number, use: string, lot: string, bid: string, part?: number): Bytes =>
  concat(utf8(`${formatOf(version)} ${use}\0`), uuidBytes(lot), uuidBytes(bid), part === undefined ? new Uint8Array(0) : uint32(part));

/** How a part begins. */
export function partHead(name: string, size: number): Bytes {
  const heading = utf8(canonical({ name, size }));
  return concat(uint32(heading.length), heading);
}

/** What a part's commitment commits to, besides its salt. */
export const partFacts = (name: string, size: number, digest: string): Bytes => utf8(canonical({ digest, name, size }));
