// The digests of a sealed bid since version 2: of every half megabyte a digest, and one digest over their list.
// WebCrypto digests only what is in memory as a whole; so it does all the work, side by side with reading and sealing.
import { type Bytes, concat, uint32, utf8 } from "../keys/bytes";
import type { Suite } from "../suites/suite";

export const BLOCK = 512 * 1024; // Chromium takes fresh memory from the system for every piece of a megabyte and more
const UNDER_WAY = 4; // blocks being digested at most: memory stays the same however large the bid is

/** Takes bytes cut in any way. `taken` gets every block as it fills up; the block is used again afterwards. */
export class BlockList {
  private readonly block: Bytes;
  private readonly leaves: Promise<Bytes>[] = [];
  private held = 0;
  private length = 0;

  constructor(private readonly suite: Suite, private readonly use: "content" | "file", private readonly most: number, private readonly taken?: (block: Bytes) => Promise<void>) {
    this.block = new Uint8Array(Math.min(BLOCK, most));
  }

  async update(bytes: Uint8Array): Promise<void> {
    this.length += bytes.length;
    if (this.length > this.most) throw new RangeError("more than was announced");
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + this.block.length - this.held);
      this.block.set(piece, this.held);
      this.held += piece.length;
      at += piece.length;
      if (this.held === BLOCK) await this.close();
    }
  }

  /** The digest of all that came; nothing may come after it. */
  async digest(): Promise<Bytes> {
    if (this.held) await this.close();
    const head = concat(utf8(`mingzheng-bid-2 blocks ${this.use}\0`), uint32(BLOCK), uint32(Math.floor(this.length / 2 ** 32)), uint32(this.length % 2 ** 32));
    return this.suite.digest(head, ...await Promise.all(this.leaves));
  }

  private async close(): Promise<void> {
    const block = this.block.subarray(0, this.held);
    this.held = 0;
    await this.leaves.at(-UNDER_WAY);
    this.leaves.push(this.suite.digest(block)); // WebCrypto copies its input before it returns, so the block is free
    await this.taken?.(block);
  }
}

/** The digest of content that is in memory as a whole, as a seal of that version has it. */
export async function contentDigest(version: number, suite: Suite, content: Bytes): Promise<Bytes> {
  if (version === 1) return suite.digest(content);
  const list = new BlockList(suite, "content", content.length);
  await list.update(content);
  return list.digest();
}
