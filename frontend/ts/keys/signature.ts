// Signatures as docs/formats/act-signature.md wants them: raw r || s, the lower s, base64.
import { type Bytes, base64, concat, fromHex, hex, utf8 } from "./bytes";
import { canonical, type Json } from "./canonical";

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The signature over the UTF-8 bytes of `text`. */
export async function signText(key: CryptoKey, text: string): Promise<string> {
  const raw = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, utf8(text)));
  return base64(lower(raw));
}

/** Of the two s that verify, the lower: WebCrypto gives either, we accept one. */
export function lower(raw: Bytes): Bytes {
  const s = BigInt(`0x${hex(raw.subarray(32))}`);
  if (s <= ORDER / 2n) return raw;
  return concat(raw.subarray(0, 32), fromHex((ORDER - s).toString(16).padStart(64, "0")));
}

/** What is signed for an act. */
export const actText = (act: string, fields: { [name: string]: Json }, nonce: string): string => canonical({ act, fields, nonce });

/** What is signed to log in: the server's challenge, bound to the address the browser shows. */
export const loginText = (challenge: string, origin: string): string => actText("parties.log_in", { origin }, challenge);
