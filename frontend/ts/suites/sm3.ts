// SM3 (GB/T 32905-2016) piece by piece: no browser has it, and the library digests only what is in memory as a whole.
import { BlockDigest } from "./blocks";

const START = Int32Array.of(
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e);

const turn = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/** The constants of the 64 rounds, each already turned by its round's number. */
const T = Int32Array.from({ length: 64 }, (_, round) => {
  const constant = round < 16 ? 0x79cc4519 : 0x7a879d8a, by = round % 32;
  return by ? turn(constant, by) : constant;
});

/** A running SM3. */
export class Sm3 extends BlockDigest {
  protected readonly state = Int32Array.from(START);
  private readonly words = new Int32Array(68);

  protected override block(bytes: Uint8Array, at: number): void {
    const w = this.words;
    for (let i = 0; i < 16; i++, at += 4) {
      w[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    }
    for (let i = 16; i < 68; i++) {
      const x = w[i - 16]! ^ w[i - 9]! ^ turn(w[i - 3]!, 15);
      w[i] = x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[i - 13]!, 7) ^ w[i - 6]!;
    }
    const state = this.state;
    let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!, e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const a12 = turn(a, 12), ss1 = turn((a12 + e + T[i]!) | 0, 7), ss2 = ss1 ^ a12;
      const ff = i < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c), gg = i < 16 ? e ^ f ^ g : (e & f) | (~e & g);
      const tt1 = (ff + d + ss2 + (w[i]! ^ w[i + 4]!)) | 0, tt2 = (gg + h + ss1 + w[i]!) | 0;
      d = c; c = turn(b, 9); b = a; a = tt1;
      h = g; g = turn(f, 19); f = e; e = tt2 ^ turn(tt2, 9) ^ turn(tt2, 17);
    }
    state[0] = state[0]! ^ a; state[1] = state[1]! ^ b; state[2] = state[2]! ^ c; state[3] = state[3]! ^ d;
    state[4] = state[4]! ^ e; state[5] = state[5]! ^ f; state[6] = state[6]! ^ g; state[7] = state[7]! ^ h;
  }
}
