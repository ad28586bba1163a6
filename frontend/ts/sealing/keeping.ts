// Where ciphertext waits for its upload: the browser's own file store, or memory where there is none.
import type { Bytes } from "../keys/bytes";

export interface Keeping {
  write(bytes: Bytes): Promise<void>;
  /** The whole, and the name to find it again after a reload (null when it is only in memory). */
  finish(): Promise<{ file: Blob; stored: string | null }>;
  drop(): Promise<void>;
}

const FOLDER = "sealed";

interface SyncFile { write(bytes: Bytes, options: { at: number }): number; truncate(size: number): void; flush(): void; close(): void }
type Handle = FileSystemFileHandle & { createSyncAccessHandle?: () => Promise<SyncFile> };

async function folder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}

/** Begin keeping ciphertext under `name` (inside a worker). */
export async function keeping(name: string): Promise<Keeping> {
  try {
    const handle: Handle = await (await folder()).getFileHandle(name, { create: true });
    if (!handle.createSyncAccessHandle) return inMemory();
    const file = await handle.createSyncAccessHandle();
    file.truncate(0);
    return onDisk(name, handle, file);
  } catch {
    return inMemory();
  }
}

function onDisk(name: string, handle: Handle, file: SyncFile): Keeping {
  let at = 0;
  return {
    async write(bytes) {
      if (file.write(bytes, { at }) !== bytes.length) throw new Error("the disk is full");
      at += bytes.length;
    },
    async finish() {
      file.flush();
      file.close();
      return { file: await handle.getFile(), stored: name };
    },
    async drop() {
      try { file.close(); } catch { /* already closed */ }
      await forgetStored(name);
    },
  };
}

function inMemory(): Keeping {
  const pieces: Blob[] = []; // a browser moves large blobs to disk by itself
  return {
    async write(bytes) { pieces.push(new Blob([bytes])); },
    async finish() { return { file: new Blob(pieces), stored: null }; },
    async drop() { pieces.length = 0; },
  };
}

/** Ciphertext kept by an earlier page, or null. */
export async function storedFile(name: string): Promise<Blob | null> {
  try {
    return await (await (await folder()).getFileHandle(name)).getFile();
  } catch { return null; }
}

export async function forgetStored(name: string): Promise<void> {
  try { await (await folder()).removeEntry(name); } catch { /* it is gone */ }
}
