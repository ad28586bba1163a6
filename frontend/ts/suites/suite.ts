// The interface every set of algorithms fulfils, as adapters/crypto/suite.py has it for the server.
// INTL-1 runs on WebCrypto and is always here; GM-1 is brought from a file of its own when something names it.
import type { Bytes } from "../keys/bytes";
import { LocalRefusal } from "../keys/refusal";
import { intl1 } from "./intl1";

/** A private key as this browser keeps it: nothing in it can be exported as it stands. Each suite knows its own. */
export interface Held { readonly [part: string]: CryptoKey | Bytes }

/** A running digest, for what is larger than memory. */
export interface Hasher {
  update(bytes: Uint8Array): this;
  digest(): Bytes;
}

/** The key of one part, ready for its chunks. */
export interface ChunkKey {
  /** Ciphertext followed by a 16 byte tag. */
  seal(nonce: Bytes, plain: Bytes, additional: Bytes): Promise<Bytes>;
  /** The plaintext, or null when a byte, the key, the nonce or the additional data differs. */
  open(nonce: Bytes, sealed: Bytes, additional: Bytes): Promise<Bytes | null>;
}

/** One set of algorithms. Public keys are SubjectPublicKeyInfo DER, signatures in the suite's one encoding. */
export interface Suite {
  readonly id: string;
  /** The prefix of digests, such as `sha256`. */
  readonly digestName: string;
  digest(...parts: Uint8Array[]): Promise<Bytes>;
  hasher(): Hasher;
  /** Take a private key (PKCS#8) in; RangeError or DOMException when it is of another kind. */
  hold(pkcs8: Bytes): Promise<Held>;
  sign(held: Held, publicKey: Bytes, message: Bytes): Promise<Bytes>;
  verify(publicKey: Bytes, signature: Bytes, message: Bytes): Promise<boolean>;
  /** Encrypt a short secret to a public key; `context` must be the same at `unwrap`. */
  wrap(publicKey: Bytes, secret: Bytes, context: Bytes): Promise<Bytes>;
  /** The secret again, or null when the key, the context or a byte differs. */
  unwrap(held: Held, publicKey: Bytes, wrapped: Bytes, context: Bytes): Promise<Bytes | null>;
  /** 32 bytes from a uniformly random key, different for every label. */
  derive(key: Bytes, label: Uint8Array): Promise<Bytes>;
  chunkKey(raw: Bytes): Promise<ChunkKey>;
}

let gm1: Promise<Suite> | undefined;

/** The code of GM-1, fetched once. It is larger than all else a page loads, so pages of an INTL-1 deployment never see it. */
function bringGm1(): Promise<Suite> {
  const address = new URL("./gm1.js", import.meta.url).href;
  gm1 ??= import(address).then((module: { gm1: Suite }) => module.gm1, () => {
    gm1 = undefined; // a lost connection must not close GM-1 for the rest of the page's life
    throw new LocalRefusal("suite.not-loaded");
  });
  return gm1;
}

/** The suite of that name. LocalRefusal seal.unknown-suite, suite.not-loaded. */
export async function suite(name: string): Promise<Suite> {
  if (name === intl1.id) return intl1;
  if (name === "GM-1") return bringGm1();
  throw new LocalRefusal("seal.unknown-suite", name.slice(0, 32));
}

// Object identifiers of the curves, DER: 1.2.840.10045.3.1.7 (P-256) and 1.2.156.10197.1.301 (SM2).
const CURVES: [name: string, curve: number[]][] = [
  ["INTL-1", [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]],
  ["GM-1", [0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d]],
];

/** The suite a public or private key (DER) belongs to, told by its curve. LocalRefusal seal.unknown-suite. */
export function suiteOfKey(der: Bytes): Promise<Suite> {
  const start = [...der.subarray(0, 64)];
  const found = CURVES.find(([, curve]) => start.some((_, at) => curve.every((byte, n) => start[at + n] === byte)));
  return suite(found?.[0] ?? "?");
}

/** A digest as evidence writes it: `sha256:<hex>` or `sm3:<hex>`. */
export const named = (algorithms: Suite, digest: Uint8Array): string =>
  `${algorithms.digestName}:${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
