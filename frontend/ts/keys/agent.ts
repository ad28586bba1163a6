// The signing agent of this machine (docs/formats/signing-agent.md): a hardware key that signs and unwraps for this page.
// The PIN never comes here. Where a document is, it hears `mz:agent` while the agent's own window waits for an answer.
import { named, suite, suiteOfKey } from "../suites/suite";
import { type Bytes, base64, fromBase64, pem, utf8 } from "./bytes";
import { publicKeyOf } from "./der";
import type { OpenKey } from "./keyfile";
import { LocalRefusal } from "./refusal";

/** A paired agent: its address, and the key it gave this page. */
export interface AgentLink { address: string; key: string }

/** What `mz:agent` carries: `stop` gives up waiting, `ended` tells when there is nothing to wait for any more. */
export interface AgentWaiting { stop(): void; ended: Promise<unknown> }

type Said = Record<string, string>;

/** Pair with the agent at this port. LocalRefusal agent.absent, agent.wrong-code, agent.too-many-tries, agent.foreign-origin. */
export async function pairedKey(port: number, code: string): Promise<OpenKey> {
  const link = { address: `http://127.0.0.1:${port}`, key: "" };
  link.key = (await ask(link, "/pair", { code }))["key"] ?? "";
  const said = await ask(link, "/identity");
  try {
    const certificate = pem(said["certificate"] ?? "", "CERTIFICATE");
    if (!certificate) throw new RangeError("no certificate");
    const publicKey = publicKeyOf(certificate), algorithms = await suiteOfKey(publicKey);
    const fingerprint = named(algorithms, await algorithms.digest(certificate));
    return { suite: algorithms.id, held: {}, certificate: said["certificate"] ?? "", fingerprint, publicKey, agent: link };
  } catch (problem) {
    throw problem instanceof LocalRefusal ? problem : new LocalRefusal("agent.unreadable");
  }
}

/** Whether the agent still runs and knows this page. */
export const answers = (link: AgentLink): Promise<boolean> => ask(link, "/identity").then(() => true, () => false);

/** The signature (base64) over `text`, checked here under the key's own certificate. */
export async function signByAgent(link: AgentLink, key: Pick<OpenKey, "suite" | "publicKey">, text: string): Promise<string> {
  const { signature = "" } = await waiting((signal) => ask(link, "/sign", { text }, signal));
  const holds = await (await suite(key.suite)).verify(key.publicKey, bytes(signature), utf8(text));
  if (!holds) throw new LocalRefusal("agent.unreadable");
  return signature;
}

/** What was wrapped for the hardware key; null when it is not for this key, as a suite's unwrap says it. */
export async function unwrapByAgent(link: AgentLink, wrapped: Bytes, context: Bytes): Promise<Bytes | null> {
  try {
    const { secret = "" } = await waiting((signal) => ask(link, "/unwrap", { context: base64(context), wrapped: base64(wrapped) }, signal));
    return bytes(secret);
  } catch (problem) {
    if (problem instanceof LocalRefusal && problem.code === "seal.wrong-key") return null;
    throw problem;
  }
}

function waiting<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const giveUp = new AbortController(), done = work(giveUp.signal);
  if (typeof document !== "undefined") {
    const detail: AgentWaiting = { stop: () => giveUp.abort(), ended: done.catch(() => undefined) };
    document.dispatchEvent(new CustomEvent("mz:agent", { detail }));
  }
  return done;
}

async function ask(link: AgentLink, path: string, content?: Said, signal: AbortSignal | null = null): Promise<Said> {
  const headers: Said = link.key ? { Authorization: `Bearer ${link.key}` } : {};
  if (content) headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(link.address + path, {
      method: content ? "POST" : "GET", headers, signal, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
      ...(content ? { body: JSON.stringify(content) } : {}),
    });
  } catch {
    throw new LocalRefusal(signal?.aborted ? "agent.declined" : "agent.absent");
  }
  const said = await answer.json().catch(() => ({})) as Said;
  if (!answer.ok) throw new LocalRefusal(said["refused"] ?? "agent.unreadable");
  return said;
}

function bytes(text: string): Bytes {
  try { return fromBase64(text); } catch { throw new LocalRefusal("agent.unreadable"); }
}
