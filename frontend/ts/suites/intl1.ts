// Suite INTL-1 on WebCrypto: ECDSA and HPKE (RFC 9180 base mode) on P-256, SHA-256, HKDF-SHA256, AES-256-GCM.
import { type Bytes, concat, fromHex, hex, utf8 } from "../keys/bytes";
import { Sha256 } from "./sha256";
import type { ChunkKey, Held, Suite } from "./suite";

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", namedCurve: "P-256" } as const, ECDSA = { name: "ECDSA", hash: "SHA-256" } as const;
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const ENC = 65; // bytes of an uncompressed point

async function hmac(key: Bytes, message: Bytes): Promise<Bytes> {
  const raw = key.length ? key : new Uint8Array(32); // WebCrypto refuses empty keys; HMAC pads with zeros anyway
  const imported = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

/** HKDF-Expand to `length` bytes, at most 255 blocks. */
async function expand(key: Bytes, info: Uint8Array, length: number): Promise<Bytes> {
  let block: Bytes = new Uint8Array(0), whole: Bytes = new Uint8Array(0);
  for (let count = 1; whole.length < length; count++) {
    block = await hmac(key, concat(block, info, Uint8Array.of(count)));
    whole = concat(whole, block);
  }
  return whole.slice(0, length);
}

const gcm = (raw: Bytes): Promise<CryptoKey> => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

async function encrypt(key: CryptoKey, iv: Bytes, plain: Bytes, additionalData: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plain));
}

async function decrypt(key: CryptoKey, iv: Bytes, sealed: Bytes, additionalData: Bytes): Promise<Bytes | null> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, sealed));
  } catch { return null; }
}

const two = (value: number): Bytes => Uint8Array.of(value >> 8, value & 255);
const VERSION = utf8("HPKE-v1");
const KEM = concat(utf8("KEM"), two(16));
const HPKE = concat(utf8("HPKE"), two(16), two(1), two(2));

const labeledExtract = (suite: Bytes, salt: Bytes, label: string, input: Uint8Array): Promise<Bytes> =>
  hmac(salt, concat(VERSION, suite, utf8(label), input));
const labeledExpand = (suite: Bytes, key: Bytes, label: string, info: Uint8Array, length: number): Promise<Bytes> =>
  expand(key, concat(two(length), VERSION, suite, utf8(label), info), length);

async function sharedSecret(own: CryptoKey, other: CryptoKey, enc: Uint8Array, recipient: Uint8Array): Promise<Bytes> {
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: other }, own, 256));
  const secret = await labeledExtract(KEM, new Uint8Array(0), "eae_prk", dh);
  return labeledExpand(KEM, secret, "shared_secret", concat(enc, recipient), 32);
}

async function schedule(shared: Bytes, info: Bytes): Promise<{ key: CryptoKey; iv: Bytes }> {
  const empty = new Uint8Array(0);
  const context = concat(Uint8Array.of(0), await labeledExtract(HPKE, empty, "psk_id_hash", empty),
    await labeledExtract(HPKE, empty, "info_hash", info));
  const secret = await labeledExtract(HPKE, shared, "secret", empty);
  return {
    key: await gcm(await labeledExpand(HPKE, secret, "key", context, 32)),
    iv: await labeledExpand(HPKE, secret, "base_nonce", context, 12),
  };
}

/** The uncompressed point at the end of a P-256 SubjectPublicKeyInfo. */
const point = (publicKey: Bytes): Bytes => publicKey.slice(-ENC);

/** Of the two s that verify, the lower: WebCrypto gives either, we accept one. */
export function lower(raw: Bytes): Bytes {
  const s = BigInt(`0x${hex(raw.subarray(32))}`);
  if (s <= ORDER / 2n) return raw;
  return concat(raw.subarray(0, 32), fromHex((ORDER - s).toString(16).padStart(64, "0")));
}

const empty = (): Bytes => new Uint8Array(0);

export const intl1: Suite = {
  id: "INTL-1",
  digestName: "sha256",
  digest: async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", parts.length === 1 && parts[0] ? parts[0] as Bytes : concat(...parts))),
  hasher: () => new Sha256(),

  /** The same private key twice, for signing and for unwrapping; neither is extractable. */
  async hold(pkcs8) {
    return {
      sign: await crypto.subtle.importKey("pkcs8", pkcs8, SIGNING, false, ["sign"]),
      agree: await crypto.subtle.importKey("pkcs8", pkcs8, CURVE, false, ["deriveBits"]),
    };
  },

  async sign(held, _publicKey, message) {
    return lower(new Uint8Array(await crypto.subtle.sign(ECDSA, webKey(held, "sign"), message)));
  },

  async verify(publicKey, signature, message) {
    try {
      const key = await crypto.subtle.importKey("spki", publicKey, SIGNING, false, ["verify"]);
      return signature.length === 64 && lower(signature) === signature && await crypto.subtle.verify(ECDSA, key, signature, message);
    } catch { return false; }
  },

  /** enc, then ciphertext. */
  async wrap(publicKey, secret, context) {
    const recipient = await crypto.subtle.importKey("spki", publicKey, CURVE, false, []);
    const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]) as CryptoKeyPair;
    const enc = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
    const { key, iv } = await schedule(await sharedSecret(own.privateKey, recipient, enc, point(publicKey)), context);
    return concat(enc, await encrypt(key, iv, secret, empty()));
  },

  async unwrap(held, publicKey, wrapped, context) {
    const enc = wrapped.slice(0, ENC);
    const sender = await crypto.subtle.importKey("raw", enc, CURVE, false, []).catch(() => null);
    if (!sender) return null;
    const { key, iv } = await schedule(await sharedSecret(webKey(held, "agree"), sender, enc, point(publicKey)), context);
    return decrypt(key, iv, wrapped.slice(ENC), empty());
  },

  derive: (key, label) => expand(key, label, 32),

  async chunkKey(raw): Promise<ChunkKey> {
    const key = await gcm(raw);
    return {
      seal: (nonce, plain, additional) => encrypt(key, nonce, plain, additional),
      open: (nonce, sealed, additional) => decrypt(key, nonce, sealed, additional),
    };
  },
};

function webKey(held: Held, part: "sign" | "agree"): CryptoKey {
  const key = held[part];
  if (!(key instanceof CryptoKey)) throw new RangeError("a key of another suite");
  return key;
}
