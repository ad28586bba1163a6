// The key of the person at this browser: opened from a .mzkey file, kept for the login session, never exportable.
import { answers, pairedKey } from "./agent";
import type { Json } from "./canonical";
import { type OpenKey, openKeyFile } from "./keyfile";
import { LocalRefusal } from "./refusal";
import { actText, loginText, signText } from "./signature";
import { drop, keep, take } from "./store";

export { LocalRefusal } from "./refusal";
export type { AgentWaiting } from "./agent";
export type { OpenKey } from "./keyfile";

const COOKIE = "mz_key", LONGEST = 12 * 3600_000;

interface Kept { key: OpenKey; session: string; since: number }

/** Open a key file and keep its key until `lock`, the end of the browser session, or twelve hours. */
export async function unlock(file: Blob, password: string): Promise<void> {
  await use(await openKeyFile(await file.text(), password));
}

/** Use the hardware key of the signing agent at this port instead, as long; the code is the one its window shows. */
export async function unlockAgent(port: number, code: string): Promise<void> {
  await use(await pairedKey(port, code));
}

async function use(key: OpenKey): Promise<void> {
  const session = crypto.randomUUID();
  // A session cookie ends with the browser session; IndexedDB would not. It names nothing and opens nothing by itself.
  document.cookie = `${COOKIE}=${session}; path=/; SameSite=Strict${location.protocol === "https:" ? "; Secure" : ""}`;
  await keep("keys", "person", { key, session, since: Date.now() } satisfies Kept);
}

/** The open key, or null; a hardware key only while its agent answers this page. */
export async function current(): Promise<OpenKey | null> {
  const kept = await take<Kept>("keys", "person").catch(() => undefined);
  if (!kept) return null;
  const fresh = kept.key.held && kept.session === sessionOfCookie() && Date.now() - kept.since < LONGEST;
  if (fresh && (!kept.key.agent || await answers(kept.key.agent))) return kept.key;
  await lock();
  return null;
}

export const unlocked = async (): Promise<boolean> => (await current()) !== null;

/** Forget the key (logout, or the person asks). */
export async function lock(): Promise<void> {
  document.cookie = `${COOKIE}=; path=/; max-age=0; SameSite=Strict`;
  await drop("keys", "person").catch(() => undefined);
}

/** Sign an act; `certificate` is the fingerprint the login knows. LocalRefusal key.locked without an open key. */
export async function signAct(act: string, fields: Record<string, Json>, nonce: string): Promise<{ certificate: string; signature: string }> {
  const key = await needed();
  return { certificate: key.fingerprint, signature: await signText(key, actText(act, fields, nonce)) };
}

/** Sign the server's login challenge for this page's own address. `certificate` is the PEM. */
export async function signChallenge(challenge: string): Promise<{ certificate: string; fingerprint: string; origin: string; signature: string }> {
  const key = await needed();
  const { origin } = location;
  return { certificate: key.certificate, fingerprint: key.fingerprint, origin, signature: await signText(key, loginText(challenge, origin)) };
}

async function needed(): Promise<OpenKey> {
  const key = await current();
  if (!key) throw new LocalRefusal("key.locked");
  return key;
}

function sessionOfCookie(): string {
  return document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? "";
}
