// As much ASN.1 as key files, certificates and SM2 need: reading DER elements one after the other, and writing them.
import { type Bytes, concat, hex } from "./bytes";

export interface Element { tag: number; content: Bytes; whole: Bytes }

/** The elements that stand one after the other in `bytes`. RangeError when they do not fit exactly. */
export function elements(bytes: Bytes): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    const [length, header] = lengthAt(bytes, at + 1);
    const end = at + 1 + header + length;
    if (end > bytes.length) throw new RangeError("cut off");
    found.push({ tag, content: bytes.slice(at + 1 + header, end), whole: bytes.slice(at, end) });
    at = end;
  }
  return found;
}

function lengthAt(bytes: Bytes, at: number): [length: number, header: number] {
  const first = bytes[at];
  if (first === undefined) throw new RangeError("cut off");
  if (first < 0x80) return [first, 1];
  const width = first & 0x7f;
  if (width < 1 || width > 4) throw new RangeError("odd length");
  let length = 0;
  for (let i = 1; i <= width; i++) length = length * 256 + (bytes[at + i] ?? 0);
  return [length, 1 + width];
}

/** The elements inside one element that must have this tag. */
export function inside(element: Element | undefined, tag: number): Element[] {
  if (element?.tag !== tag) throw new RangeError("another element expected");
  return elements(element.content);
}

/** The content of an element that must have this tag. */
export function content(element: Element | undefined, tag: number): Bytes {
  if (element?.tag !== tag) throw new RangeError("another element expected");
  return element.content;
}

export const SEQUENCE = 0x30, INTEGER = 0x02, OCTETS = 0x04, OID = 0x06;

/** A small non-negative INTEGER. */
export function integer(element: Element | undefined): number {
  const value = parseInt(hex(content(element, INTEGER)) || "x", 16);
  if (!Number.isSafeInteger(value)) throw new RangeError("odd number");
  return value;
}

/** An INTEGER of any size that is not negative, as `width` bytes. RangeError unless it is in its one spelling. */
export function unsigned(element: Element | undefined, width: number): Bytes {
  const value = content(element, INTEGER), first = value[0] ?? 0x80;
  if (first >= 0x80 || (first === 0 && value.length > 1 && (value[1] ?? 0) < 0x80)) throw new RangeError("odd number");
  const bare = first === 0 ? value.slice(1) : value;
  if (bare.length > width) throw new RangeError("number too large");
  return concat(new Uint8Array(width - bare.length), bare);
}

/** Write an element. */
export function element(tag: number, ...parts: Uint8Array[]): Bytes {
  const whole = concat(...parts), { length } = whole;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255];
  if (length > 0xffff) throw new RangeError("too long");
  return concat(Uint8Array.of(tag, ...size), whole);
}

/** Write a number that is not negative, given as bytes. */
export function number(bytes: Uint8Array): Bytes {
  let at = 0;
  while (at < bytes.length - 1 && bytes[at] === 0) at++;
  const bare = bytes.subarray(at);
  return element(INTEGER, (bare[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(0), bare);
}

/** The SubjectPublicKeyInfo of a certificate. */
export function publicKeyOf(certificate: Bytes): Bytes {
  const [outer] = elements(certificate);
  const fields = inside(inside(outer, SEQUENCE)[0], SEQUENCE);
  const first = fields[0]?.tag === 0xa0 ? 1 : 0; // the version stands first when it is not v1
  const key = fields[first + 5]; // serial, algorithm, issuer, validity, subject, key
  if (key?.tag !== SEQUENCE) throw new RangeError("no public key");
  return key.whole;
}
