// Opening a .mzkey file (docs/formats/key-file.md) with WebCrypto, for a key of either suite.
import { type Held, named, type Suite, suiteOfKey } from "../suites/suite";
import { type Bytes, base64, hex, pem, utf8 } from "./bytes";
import { content, elements, inside, integer, OCTETS, OID, publicKeyOf, SEQUENCE } from "./der";
import type { AgentLink } from "./agent";
import { LocalRefusal } from "./refusal";

/** An opened key. `held` is the private key as its suite keeps it: only that suite can use it, nobody can export it. */
export interface OpenKey {
  suite: string;
  held: Held;
  /** The certificate, PEM. */
  certificate: string;
  /** The digest of the certificate's DER under the key's suite: "sha256:..." or "sm3:...". */
  fingerprint: string;
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Bytes;
  /** A hardware key's signing agent; `held` is empty then, and the agent signs and unwraps. */
  agent?: AgentLink;
}

const PBES2 = "2a864886f70d01050d", PBKDF2 = "2a864886f70d01050c", HMAC_SHA256 = "2a864886f70d0209", AES256_CBC = "60864801650304012a";
const MOST_ROUNDS = 10_000_000, LARGEST = 65_536;

/** Open a key file. LocalRefusal key.unreadable, key.wrong-password, key.certificate-mismatch, suite.not-loaded. */
export async function openKeyFile(text: string, password: string): Promise<OpenKey> {
  if (text.length > LARGEST) throw new LocalRefusal("key.unreadable");
  const { sealed, certificate } = blocks(text);
  const publicKey = read(() => publicKeyOf(certificate));
  const algorithms = await suiteOfKey(publicKey).catch((problem: LocalRefusal) => {
    throw problem.code === "seal.unknown-suite" ? new LocalRefusal("key.unreadable") : problem;
  });
  const pkcs8 = await decrypt(sealed, password);
  const held = await hold(algorithms, pkcs8);
  await checkPair(algorithms, held, publicKey);
  return { suite: algorithms.id, held, certificate: pemText(certificate), fingerprint: named(algorithms, await algorithms.digest(certificate)), publicKey };
}

async function hold(algorithms: Suite, pkcs8: Bytes): Promise<Held> {
  try {
    if ((await suiteOfKey(pkcs8)).id !== algorithms.id) throw new LocalRefusal("key.certificate-mismatch");
    return await algorithms.hold(pkcs8);
  } catch (problem) { // a wrong password can look like any damage inside
    throw problem instanceof LocalRefusal && problem.code === "key.certificate-mismatch" ? problem : new LocalRefusal("key.wrong-password");
  } finally {
    pkcs8.fill(0);
  }
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
async function checkPair(algorithms: Suite, held: Held, publicKey: Bytes): Promise<void> {
  const probe = utf8("mingzheng key pair");
  if (!(await algorithms.verify(publicKey, await algorithms.sign(held, publicKey, probe), probe))) throw new LocalRefusal("key.certificate-mismatch");
}

function pemText(certificate: Bytes): string {
  const lines = base64(certificate).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function read<T>(reading: () => T): T {
  try { return reading(); } catch { throw new LocalRefusal("key.unreadable"); }
}
