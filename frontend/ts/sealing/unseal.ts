// Releasing a bid's content key at the opening, and reading one's own sealed bid.
import { unwrapByAgent } from "../keys/agent";
import { type Bytes, base64, concat, fromBase64 } from "../keys/bytes";
import type { Json } from "../keys/canonical";
import type { OpenKey } from "../keys/keyfile";
import { LocalRefusal } from "../keys/refusal";
import { named, suite, type Suite } from "../suites/suite";
import { contentDigest } from "./blocks";
import * as box from "./container";
import type { SealJson } from "./terms";

type Opener = Pick<OpenKey, "suite" | "held" | "fingerprint" | "publicKey" | "agent">;

const labelOf = (seal: SealJson, use: string, part?: number): Bytes => box.label(box.versionOf(seal), use, seal.lot, seal.bid, part);

/** The content key of one's own bid. LocalRefusal seal.not-your-envelope, seal.wrong-key. */
export async function contentKey(key: Opener, seal: SealJson): Promise<Bytes> {
  if (key.fingerprint !== seal.bidder) throw new LocalRefusal("seal.not-your-envelope");
  if (key.suite !== seal.suite) throw new LocalRefusal("key.wrong-suite");
  const wrapped = fromBase64(seal.key.wrapped), use = labelOf(seal, "wrap bidder");
  const found = key.agent ? await unwrapByAgent(key.agent, wrapped, use) : await (await suite(seal.suite)).unwrap(key.held, key.publicKey, wrapped, use);
  if (!found) throw new LocalRefusal("seal.wrong-key");
  await checkKey(seal, found);
  return found;
}

/** LocalRefusal seal.wrong-key unless this is the key the seal commits to. */
export async function checkKey(seal: SealJson, found: Bytes): Promise<void> {
  const algorithms = await suite(seal.suite);
  const derived = await algorithms.derive(found, labelOf(seal, "check"));
  const check = found.length === 32 ? named(algorithms, await algorithms.digest(derived)) : "";
  if (check !== seal.key.check) throw new LocalRefusal("seal.wrong-key");
}

/** The key released for the opening: wrapped (base64) for the opening's public key (base64 SPKI), never bare. */
export async function releaseKey(key: Opener, seal: SealJson, opening: string): Promise<string> {
  const found = await contentKey(key, seal);
  try {
    return base64(await (await suite(seal.suite)).wrap(fromBase64(opening), found, labelOf(seal, "release")));
  } finally {
    found.fill(0);
  }
}

/** The key released bare (base64), for an act that neither signs nor records it. */
export async function bareKey(key: Opener, seal: SealJson): Promise<string> {
  const found = await contentKey(key, seal);
  try { return base64(found); } finally { found.fill(0); }
}

/** A sealed file that can be read in slices. */
export interface Ciphertext { size: number; slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> } }

export interface OpenedPart { name: string; content: Bytes }

/** One part, whole. LocalRefusal as the server's codes: truncated, chunks-reordered, chunk-foreign, content-contradicts. */
export async function openPart(content: Bytes, seal: SealJson, file: Ciphertext, part: number): Promise<OpenedPart> {
  await checkKey(seal, content);
  const entry = seal.parts[part];
  if (!entry) throw new LocalRefusal("seal.unreadable");
  const algorithms = await suite(seal.suite);
  const key = await algorithms.chunkKey(await algorithms.derive(content, labelOf(seal, "part", part)));
  let at = seal.parts.slice(0, part).reduce((sum, one) => sum + one.bytes, box.HEADER);
  const end = at + entry.bytes, pieces: Bytes[] = [];
  for (let index = 0; index < entry.chunks; index++) {
    const size = Math.min(seal.chunk + box.TAG, end - at);
    const sealed = new Uint8Array(await file.slice(at, at + size).arrayBuffer());
    if (sealed.length < size) throw new LocalRefusal("seal.truncated");
    const attempt = (place: number, last: boolean): Promise<Bytes | null> =>
      key.open(box.nonce(place), sealed, box.additional(box.versionOf(seal), seal.bid, part, place, last));
    pieces.push(await attempt(index, index === entry.chunks - 1) ?? await fault(attempt, index, entry.chunks));
    at += size;
  }
  return contents(algorithms, concat(...pieces), content, seal, part);
}

/** A chunk did not open here: cut off behind, from another place, or foreign. Always throws. */
async function fault(attempt: (place: number, last: boolean) => Promise<Bytes | null>, index: number, chunks: number): Promise<never> {
  if (index === chunks - 1 && await attempt(index, false)) throw new LocalRefusal("seal.truncated");
  for (let place = 0; place < Math.min(chunks, 256); place++) {
    if (place !== index && await attempt(place, place === chunks - 1)) throw new LocalRefusal("seal.chunks-reordered");
  }
  throw new LocalRefusal("seal.chunk-foreign");
}

async function contents(algorithms: Suite, plain: Bytes, key: Bytes, seal: SealJson, part: number): Promise<OpenedPart> {
  const wrong = new LocalRefusal("seal.content-contradicts");
  const length = new DataView(plain.buffer).getUint32(0);
  if (length > 8192) throw wrong;
  let name: unknown, size: unknown;
  try {
    ({ name, size } = JSON.parse(new TextDecoder().decode(plain.subarray(4, 4 + length))) as Record<string, Json>);
  } catch { throw wrong; }
  if (typeof name !== "string" || typeof size !== "number" || 4 + length + size > plain.length) throw wrong;
  const content = plain.slice(4 + length, 4 + length + size);
  if (plain.subarray(4 + length + size).some((byte) => byte !== 0)) throw wrong;
  const facts = box.partFacts(name, size, named(algorithms, await contentDigest(box.versionOf(seal), algorithms, content)));
  const salt = await algorithms.derive(key, labelOf(seal, "salt", part));
  if (named(algorithms, await algorithms.digest(salt, facts)) !== seal.parts[part]?.commitment) throw wrong;
  return { name, content };
}

