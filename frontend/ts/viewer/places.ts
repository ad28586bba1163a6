// Where somebody was in every file, for as long as this tab lives: page numbers only, never a word of a file.

/** A place in a file: the page (from 1), how far into it (1 is its whole height), and the zoom (0 fits the width). */
export interface Place { page: number; into: number; zoom: number }

const PREFIX = "mz:place:";

/** The remembered place of a file. */
export function placeOf(url: string): Place {
  const start: Place = { page: 1, into: 0, zoom: 0 };
  return { ...start, ...recall<Partial<Place>>(PREFIX + url) };
}

export function keepPlace(url: string, place: Place): void { keep(PREFIX + url, place); }

/** What was kept under a name in this tab, {} when there is nothing or nothing can be kept. */
export function recall<Kept extends object>(name: string): Kept | Record<string, never> {
  try { return JSON.parse(sessionStorage.getItem(name) ?? "{}") as Kept; } catch { return {}; }
}

export function keep(name: string, what: object): void {
  try { sessionStorage.setItem(name, JSON.stringify(what)); } catch { /* storage full or closed: one begins at page 1 again */ }
}
