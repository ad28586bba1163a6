// Opening a .mzkey file (docs/formats/key-file.md) with WebCrypto: the private key becomes two keys nobody can export.
import { type Bytes, base64, hex, pem, utf8 } from "./bytes";
import { content, elements, inside, integer, OCTETS, OID, publicKeyOf, SEQUENCE } from "./der";
import { LocalRefusal } from "./refusal";

/** An opened key. Both CryptoKeys are the same private key, for signing and for unwrapping; neither is extractable. */
export interface OpenKey {
  sign: CryptoKey;
  agree: CryptoKey;
  /** The certificate, PEM. */
  certificate: string;
  /** "sha256:" and the hex digest of the certificate's DER. */
  fingerprint: string;
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Bytes;
}

const PBES2 = "2a864886f70d01050d", PBKDF2 = "2a864886f70d01050c", HMAC_SHA256 = "2a864886f70d0209", AES256_CBC = "60864801650304012a";
const MOST_ROUNDS = 10_000_000, LARGEST = 65_536;
const CURVE = { namedCurve: "P-256" } as const;

/** Open a key file. LocalRefusal key.unreadable, key.wrong-password, key.certificate-mismatch. */
export async function openKeyFile(text: string, password: string): Promise<OpenKey> {
  if (text.length > LARGEST) throw new LocalRefusal("key.unreadable");
  const { sealed, certificate } = blocks(text);
  const pkcs8 = await decrypt(sealed, password);
  let sign: CryptoKey, agree: CryptoKey;
  try {
    sign = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "ECDSA", ...CURVE }, false, ["sign"]);
    agree = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "ECDH", ...CURVE }, false, ["deriveBits"]);
  } catch {
    throw new LocalRefusal("key.wrong-password");
  } finally {
    pkcs8.fill(0);
  }
  const publicKey = read(() => publicKeyOf(certificate));
  const key = { sign, agree, certificate: pemText(certificate), fingerprint: await fingerprint(certificate), publicKey };
  await checkPair(key);
  return key;
}

/** How a certificate is named. */
export async function fingerprint(certificate: Bytes): Promise<string> {
  return `sha256:${hex(new Uint8Array(await crypto.subtle.digest("SHA-256", certificate)))}`;
}

function blocks(text: string): { sealed: Bytes; certificate: Bytes } {
  return read(() => {
    const sealed = pem(text, "ENCRYPTED PRIVATE KEY"), certificate = pem(text, "CERTIFICATE");
    if (!sealed || !certificate) throw new RangeError("a block is missing");
    elements(sealed);
    return { sealed, certificate };
  });
}

async function decrypt(sealed: Bytes, password: string): Promise<Bytes> {
  const { salt, rounds, iv, data } = read(() => scheme(sealed));
  const material = await crypto.subtle.importKey("raw", utf8(password), "PBKDF2", false, ["deriveKey"]);
  const way = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  const key = await crypto.subtle.deriveKey(way, material, { name: "AES-CBC", length: 256 }, false, ["decrypt"]);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, data));
  } catch {
    throw new LocalRefusal("key.wrong-password");
  }
}

/** EncryptedPrivateKeyInfo of the one kind we write: PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC. */
function scheme(sealed: Bytes): { salt: Bytes; rounds: number; iv: Bytes; data: Bytes } {
  const [algorithm, data] = inside(elements(sealed)[0], SEQUENCE);
  const [kind, parameters] = inside(algorithm, SEQUENCE);
  const [derivation, cipher] = inside(parameters, SEQUENCE);
  const [derivationKind, derivationParameters] = inside(derivation, SEQUENCE);
  const [cipherKind, iv] = inside(cipher, SEQUENCE);
  const found = inside(derivationParameters, SEQUENCE);
  const [prf] = inside(found.at(-1), SEQUENCE);
  const kinds = [kind, derivationKind, prf, cipherKind].map((one) => hex(content(one, OID)));
  if (kinds.join() !== [PBES2, PBKDF2, HMAC_SHA256, AES256_CBC].join()) throw new RangeError("another scheme");
  const rounds = integer(found[1]);
  if (rounds < 1 || rounds > MOST_ROUNDS) throw new RangeError("odd rounds");
  return { salt: content(found[0], OCTETS), rounds, iv: content(iv, OCTETS), data: content(data, OCTETS) };
}

/** Private key and certificate belong together when a signature by one verifies under the other. */
async function checkPair(key: OpenKey): Promise<void> {
  const way = { name: "ECDSA", hash: "SHA-256" }, probe = utf8("mingzheng key pair");
  const signature = await crypto.subtle.sign(way, key.sign, probe);
  const verify = await crypto.subtle.importKey("spki", key.publicKey, { name: "ECDSA", ...CURVE }, false, ["verify"])
    .catch(() => { throw new LocalRefusal("key.unreadable"); });
  if (!(await crypto.subtle.verify(way, verify, signature, probe))) throw new LocalRefusal("key.certificate-mismatch");
}

function pemText(certificate: Bytes): string {
  const lines = base64(certificate).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function read<T>(reading: () => T): T {
  try { return reading(); } catch { throw new LocalRefusal("key.unreadable"); }
}
