// Suite GM-1: SM2 (standard identity), SM3, HKDF on SM3, SM4-GCM, by sm-crypto-v2. No browser's WebCrypto has any of it.
// Reached through suites/suite.ts only, from a file of its own, so it throws no class of ours: classes differ by file.
/*! sm-crypto-v2 - MIT License (c) 2018 june01 (github.com/Cubelrti/sm-crypto-v2) */
import { sm2, sm4 } from "sm-crypto-v2";
import { type Bytes, concat, fromHex, hex, same } from "../keys/bytes";
import { content, element, elements, inside, integer, number, OCTETS, SEQUENCE, unsigned } from "../keys/der";
import { Sm3 } from "./sm3";
import type { ChunkKey, Held, Suite } from "./suite";

const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const POINT = 65, TAG = 16, BLOCK = 64;
const KEY = 16; // bytes of an SM4 key

const sm3 = (...parts: Uint8Array[]): Bytes => parts.reduce<Sm3>((running, part) => running.update(part), new Sm3()).digest();

/** HMAC-SM3 with a key of at most one block. */
function hmac(key: Bytes, ...message: Uint8Array[]): Bytes {
  const pad = (byte: number): Bytes => {
    const block = new Uint8Array(BLOCK).fill(byte);
    key.forEach((one, at) => { block[at] = one ^ byte; });
    return block;
  };
  return sm3(pad(0x5c), sm3(pad(0x36), ...message));
}

/** The uncompressed point at the end of an SM2 SubjectPublicKeyInfo, hex. */
const point = (publicKey: Bytes): string => hex(publicKey.slice(-POINT));

/** The private number of a PKCS#8 key, 32 bytes. RangeError when it is none. */
function numberOf(pkcs8: Bytes): Bytes {
  const [version, , wrapped] = inside(elements(pkcs8)[0], SEQUENCE);
  if (integer(version) !== 0) throw new RangeError("another version");
  const [kind, number] = inside(elements(content(wrapped, OCTETS))[0], SEQUENCE);
  const found = content(number, OCTETS);
  if (integer(kind) !== 1 || found.length !== 32) throw new RangeError("no SM2 key");
  return found;
}

/** The private number for one use; the caller overwrites it. While it is used it is in this page's memory (key-file.md). */
async function numberIn(held: Held): Promise<Bytes> {
  const { shelter, nonce, sealed } = held;
  if (!(shelter instanceof CryptoKey) || !(nonce instanceof Uint8Array) || !(sealed instanceof Uint8Array)) throw new RangeError("a key of another suite");
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, shelter, sealed));
}

async function withNumber<T>(held: Held, use: (number: string) => T): Promise<T> {
  const number = await numberIn(held);
  try { return use(hex(number)); } finally { number.fill(0); }
}

function chunkKey(raw: Bytes): ChunkKey {
  const key = raw.slice(0, KEY), options = { mode: "gcm", output: "array", outputTag: true } as const;
  return {
    async seal(nonce, plain, associatedData) {
      const { output, tag } = sm4.encrypt(plain, key, { ...options, iv: nonce, associatedData });
      if (!tag) throw new RangeError("no tag");
      return concat(output, tag);
    },
    async open(nonce, sealed, associatedData) {
      if (sealed.length < TAG) return null;
      const tag = sealed.subarray(-TAG), rest = sealed.subarray(0, -TAG);
      try { return sm4.decrypt(rest, key, { ...options, iv: nonce, associatedData, tag }) as Bytes; } catch { return null; }
    },
  };
}

/** SM2 encryption of 1 to 8,192 bytes, as ASN.1 SEQUENCE {x, y, C3, C2} (GM/T 0009). */
function encrypt(publicKey: Bytes, plain: Bytes): Bytes {
  const made = fromHex(sm2.doEncrypt(plain, point(publicKey), 1)); // x, y, C3, C2
  return element(SEQUENCE, number(made.subarray(0, 32)), number(made.subarray(32, 64)),
    element(OCTETS, made.subarray(64, 96)), element(OCTETS, made.subarray(96)));
}

/** The plaintext, or null when the key or a byte differs. */
function decrypt(privateNumber: string, sealed: Bytes): Bytes | null {
  try {
    const [outer, more] = elements(sealed);
    const [x, y, c3, c2, rest] = inside(outer, SEQUENCE);
    const place = hex(concat(unsigned(x, 32), unsigned(y, 32)));
    if (more || rest || content(c3, OCTETS).length !== 32 || !content(c2, OCTETS).length) return null;
    if (!sm2.verifyPublicKey(`04${place}`)) return null; // off the curve it would tell about the private number
    const text = place + hex(content(c3, OCTETS)) + hex(content(c2, OCTETS));
    const plain = sm2.doDecrypt(text, privateNumber, 1, { output: "array" });
    return plain.length ? Uint8Array.from(plain) : null;
  } catch { return null; }
}

/** r and s of a DER signature in its one encoding, hex. */
function numbersOf(signature: Bytes): string {
  const [outer, more] = elements(signature);
  const [r, s, rest] = inside(outer, SEQUENCE);
  if (more || rest) throw new RangeError("not a signature");
  const found = [unsigned(r, 32), unsigned(s, 32)] as const;
  if (!same(element(SEQUENCE, number(found[0]), number(found[1])), signature)) throw new RangeError("another spelling");
  return hex(concat(...found));
}

export const gm1: Suite = {
  id: "GM-1",
  digestName: "sm3",
  digest: async (...parts) => sm3(...parts),
  hasher: () => new Sm3(),

  /** The private number rests under a key that cannot be exported: what IndexedDB keeps does not show it. */
  async hold(pkcs8) {
    const found = numberOf(pkcs8);
    try {
      const shelter = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
      const nonce = crypto.getRandomValues(new Uint8Array(12));
      const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, shelter, found));
      return { shelter, nonce, sealed };
    } finally { found.fill(0); }
  },

  async sign(held, publicKey, message) {
    const made = fromHex(await withNumber(held, (own) => sm2.doSignature(message, own, { hash: true, publicKey: point(publicKey) })));
    return element(SEQUENCE, number(made.subarray(0, 32)), number(made.subarray(32)));
  },

  async verify(publicKey, signature, message) {
    try {
      const found = numbersOf(signature);
      const inRange = [found.slice(0, 64), found.slice(64)].every((one) => BigInt(`0x${one}`) > 0n && BigInt(`0x${one}`) < ORDER);
      return inRange && sm2.doVerifySignature(message, found, point(publicKey), { hash: true });
    } catch { return false; }
  },

  async wrap(publicKey, secret, context) { return encrypt(publicKey, concat(sm3(context), secret)); },

  async unwrap(held, _publicKey, wrapped, context) {
    const found = await withNumber(held, (own) => decrypt(own, wrapped));
    return found && same(found.subarray(0, 32), sm3(context)) ? found.slice(32) : null;
  },

  /** The first block of HKDF-Expand is as long as what is asked for. */
  derive: async (key, label) => hmac(key, label, Uint8Array.of(1)),
  chunkKey: async (raw) => chunkKey(raw),
};
