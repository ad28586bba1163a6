// Suite INTL-1 on WebCrypto alone: HKDF-SHA256, AES-256-GCM and HPKE (RFC 9180 base mode, P-256).
import { type Bytes, concat, hex, utf8 } from "../keys/bytes";
import { LocalRefusal } from "../keys/refusal";

export const SUITE = "INTL-1";
const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const ENC = 65; // bytes of an uncompressed point

export async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

export const named = (digest: Uint8Array): string => `sha256:${hex(digest)}`;

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

/** 32 bytes from a uniformly random key, different for every label. */
export const derive = (key: Bytes, label: Uint8Array): Promise<Bytes> => expand(key, label, 32);

export const chunkKey = (raw: Bytes): Promise<CryptoKey> => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

export async function seal(key: CryptoKey, iv: Bytes, plain: Bytes, additionalData: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plain));
}

/** The plaintext, or null when a byte, the key, the nonce or the additional data differs. */
export async function open(key: CryptoKey, iv: Bytes, sealed: Bytes, additionalData: Bytes): Promise<Bytes | null> {
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
    key: await chunkKey(await labeledExpand(HPKE, secret, "key", context, 32)),
    iv: await labeledExpand(HPKE, secret, "base_nonce", context, 12),
  };
}

/** The uncompressed point at the end of a P-256 SubjectPublicKeyInfo. */
export const point = (publicKey: Bytes): Bytes => publicKey.slice(-ENC);

/** Encrypt a short secret to a public key (SPKI): enc, then ciphertext. */
export async function wrap(publicKey: Bytes, secret: Bytes, context: Bytes): Promise<Bytes> {
  const recipient = await crypto.subtle.importKey("spki", publicKey, CURVE, false, []);
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]) as CryptoKeyPair;
  const enc = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const { key, iv } = await schedule(await sharedSecret(own.privateKey, recipient, enc, point(publicKey)), context);
  return concat(enc, await seal(key, iv, secret, new Uint8Array(0)));
}

/** The secret again, for the holder of the private key. LocalRefusal seal.wrong-key. */
export async function unwrap(own: CryptoKey, publicKey: Bytes, wrapped: Bytes, context: Bytes): Promise<Bytes> {
  const enc = wrapped.slice(0, ENC);
  const sender = await crypto.subtle.importKey("raw", enc, CURVE, false, []).catch(() => { throw new LocalRefusal("seal.wrong-key"); });
  const { key, iv } = await schedule(await sharedSecret(own, sender, enc, point(publicKey)), context);
  const secret = await open(key, iv, wrapped.slice(ENC), new Uint8Array(0));
  if (!secret) throw new LocalRefusal("seal.wrong-key");
  return secret;
}
