// What SHA-256 and SM3 have in common: 64 byte blocks, the length in bits behind, eight words of state.
import type { Bytes } from "../keys/bytes";

/** A running digest over blocks; a subclass mixes one block into `state`. */
export abstract class BlockDigest {
  protected abstract readonly state: Int32Array;
  private readonly waiting = new Uint8Array(64);
  private held = 0;
  private length = 0;

  update(bytes: Uint8Array): this {
    this.length += bytes.length;
    let at = 0;
    if (this.held) {
      at = Math.min(64 - this.held, bytes.length);
      this.waiting.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < 64) return this;
      this.block(this.waiting, 0);
      this.held = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) this.block(bytes, at);
    this.waiting.set(bytes.subarray(at));
    this.held = bytes.length - at;
    return this;
  }

  digest(): Bytes {
    const tail = new Uint8Array(this.held < 56 ? 64 : 128);
    tail.set(this.waiting.subarray(0, this.held));
    tail[this.held] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(this.length / 0x20000000));
    view.setUint32(tail.length - 4, (this.length << 3) >>> 0);
    for (let at = 0; at < tail.length; at += 64) this.block(tail, at);
    const result = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, index) => result.setInt32(index * 4, word));
    return new Uint8Array(result.buffer);
  }

  protected abstract block(bytes: Uint8Array, at: number): void;
}
