// A small shelf in IndexedDB. CryptoKeys are kept as they are: usable here, readable nowhere.

const NAME = "mingzheng", SHELVES = ["keys", "uploads"] as const;
export type Shelf = (typeof SHELVES)[number];

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => { for (const shelf of SHELVES) request.result.createObjectStore(shelf); };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}

async function work<T>(shelf: Shelf, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(shelf, mode);
      const request = act(transaction.objectStore(shelf));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("IndexedDB"));
    });
  } finally {
    database.close();
  }
}

export const keep = (shelf: Shelf, name: string, value: unknown): Promise<IDBValidKey> => work(shelf, "readwrite", (store) => store.put(value, name));
export const take = <T>(shelf: Shelf, name: string): Promise<T | undefined> => work(shelf, "readonly", (store) => store.get(name) as IDBRequest<T | undefined>);
export const drop = (shelf: Shelf, name: string): Promise<undefined> => work(shelf, "readwrite", (store) => store.delete(name));
export const all = <T>(shelf: Shelf): Promise<T[]> => work(shelf, "readonly", (store) => store.getAll() as IDBRequest<T[]>);
