// SHA-256 piece by piece: WebCrypto digests only what is in memory as a whole, and a bid is larger than that.
import { BlockDigest } from "./blocks";

const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 0x100000000) | 0;

/** The first 64 primes give the constants: fractions of their cube roots, and of the first eight's square roots. */
function constants(): { k: Int32Array; start: Int32Array } {
  const k = new Int32Array(64), start = new Int32Array(8);
  for (let number = 2, found = 0; found < 64; number++) {
    let prime = true;
    for (let factor = 2; factor * factor <= number; factor++) if (number % factor === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) start[found] = fraction(Math.sqrt(number));
    k[found++] = fraction(Math.cbrt(number));
  }
  return { k, start };
}

const { k: K, start: START } = constants();

/** A running SHA-256. */
export class Sha256 extends BlockDigest {
  protected readonly state = Int32Array.from(START);
  private readonly words = new Int32Array(64);

  protected override block(bytes: Uint8Array, at: number): void {
    const w = this.words;
    for (let i = 0; i < 16; i++, at += 4) {
      w[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!, y = w[i - 2]!;
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
    }
    const state = this.state;
    let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!, e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    state[0] = (state[0]! + a) | 0; state[1] = (state[1]! + b) | 0; state[2] = (state[2]! + c) | 0; state[3] = (state[3]! + d) | 0;
    state[4] = (state[4]! + e) | 0; state[5] = (state[5]! + f) | 0; state[6] = (state[6]! + g) | 0; state[7] = (state[7]! + h) | 0;
  }
}
