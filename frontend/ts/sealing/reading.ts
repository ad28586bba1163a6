// Reading a file of a bid from front to back into one buffer that is used again and again: fresh memory costs more than the reading.
import type { Bytes } from "../keys/bytes";
import { LocalRefusal } from "../keys/refusal";

/** A file of the bid: a File, or anything with a name that can be read in slices. */
export interface Source {
  name: string;
  size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
  stream?(): ReadableStream<Uint8Array>;
}

const STEP = 4 * 1024 * 1024; // bytes asked for at once where there is no stream
const PATIENCE = 20_000; // milliseconds after which a stream that says nothing is given up for slices
const reading = new Set<object>(); // Chromium forgets a stream that only a waiting promise knows, and the promise waits for ever

/** Gives the content from its first byte to its last. LocalRefusal seal.file-changed when there is less of it than was said. */
export class Reading {
  private stream: ReadableStreamBYOBReader | null;
  private held: Bytes = new Uint8Array(0);
  private given = 0;

  constructor(private readonly source: Source, private readonly patience = PATIENCE) {
    this.stream = streamOf(source);
    if (this.stream) reading.add(this.stream);
  }

  /** Fill `room` from `start` to `end` with the next bytes; the room comes back as another object, the one given is void. */
  async fill(room: Bytes, start: number, end: number): Promise<Bytes> {
    const length = room.length, streamed = this.stream && await this.streamed(this.stream, room, start, end);
    const filled = streamed ?? await this.sliced(room.length ? room : new Uint8Array(length), start, end); // a silent stream keeps the room
    this.given += end - start;
    return filled;
  }

  /** Forget the file; to be called once, whatever happened. */
  close(): void {
    if (this.stream) reading.delete(this.stream);
    this.stream?.cancel().catch(() => undefined);
    this.stream = null;
  }

  /** The room filled from the stream, or null when the stream has gone silent. */
  private async streamed(stream: ReadableStreamBYOBReader, room: Bytes, start: number, end: number): Promise<Bytes | null> {
    const length = room.length;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<null>((resolve) => { timer = setTimeout(resolve, this.patience, null); });
    try {
      for (let at = start; at < end;) {
        const read = await Promise.race([stream.read(room.subarray(at, end)), silence]);
        if (read === null) { this.close(); return null; }
        if (!read.value?.length) throw this.changed;
        room = new Uint8Array(read.value.buffer as ArrayBuffer, 0, length);
        at += read.value.length;
      }
      return room;
    } catch {
      throw this.changed;
    } finally {
      clearTimeout(timer);
    }
  }

  private async sliced(room: Bytes, start: number, end: number): Promise<Bytes> {
    for (let at = start; at < end;) {
      if (!this.held.length) this.held = await this.slice(this.given + at - start);
      const part = this.held.subarray(0, end - at);
      room.set(part, at);
      this.held = this.held.subarray(part.length);
      at += part.length;
    }
    return room;
  }

  private async slice(from: number): Promise<Bytes> {
    const to = Math.min(this.source.size, from + STEP);
    const found = await this.source.slice(from, to).arrayBuffer().catch(() => null);
    if (from >= to || found?.byteLength !== to - from) throw this.changed;
    return new Uint8Array(found);
  }

  private get changed(): LocalRefusal { return new LocalRefusal("seal.file-changed", this.source.name); }
}

/** A reader into our own memory, where the browser has one for files. */
function streamOf(source: Source): ReadableStreamBYOBReader | null {
  try {
    return source.stream?.().getReader({ mode: "byob" }) ?? null;
  } catch { return null; }
}
