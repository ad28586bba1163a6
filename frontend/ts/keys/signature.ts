// Signatures as docs/formats/act-signature.md wants them: in the suite of the key, base64.
import { suite } from "../suites/suite";
import { signByAgent } from "./agent";
import { base64, utf8 } from "./bytes";
import { canonical, type Json } from "./canonical";
import type { OpenKey } from "./keyfile";

export type Signer = Pick<OpenKey, "suite" | "held" | "publicKey" | "agent">;

/** The signature over the UTF-8 bytes of `text`. */
export async function signText(key: Signer, text: string): Promise<string> {
  if (key.agent) return signByAgent(key.agent, key, text);
  return base64(await (await suite(key.suite)).sign(key.held, key.publicKey, utf8(text)));
}

/** What is signed for an act. */
export const actText = (act: string, fields: { [name: string]: Json }, nonce: string): string => canonical({ act, fields, nonce });

/** What is signed to log in: the server's challenge, bound to the address the browser shows. */
export const loginText = (challenge: string, origin: string): string => actText("parties.log_in", { origin }, challenge);
