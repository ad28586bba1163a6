// Seals and opens for the tests of the other side: tool seal TERMS KEY PASSWORD SUMMARY OUT FILE... | open BID KEY PASSWORD OUT
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { openKeyFile } from "../../keys/keyfile";
import { actText, signText } from "../../keys/signature";
import { sealBid, sealFile } from "../seal";
import { contentKey, openPart, releaseKey } from "../unseal";

const [command, ...rest] = process.argv.slice(2);
const json = (path) => JSON.parse(readFileSync(path, "utf8"));

if (command === "seal") {
  const [terms, keyFile, password, summary, out, ...files] = rest;
  const key = await openKeyFile(readFileSync(keyFile, "utf8"), password), target = openSync(out, "wx");
  const sources = files.map((path) => Object.assign(new Blob([readFileSync(path)]), { name: basename(path) }));
  const work = { summary: json(summary), files: sources, terms: json(terms), key, consent: true, at: "2026-03-02T09:00:00.000000+08:00" };
  const signed = await sealBid(work, { write: async (bytes) => { writeSync(target, bytes); } });
  closeSync(target);
  writeFileSync(`${out}.seal`, sealFile(signed));
} else if (command === "open") {
  const [bid, keyFile, password, out] = rest;
  const key = await openKeyFile(readFileSync(keyFile, "utf8"), password), { seal } = json(`${bid}.seal`);
  const found = await contentKey(key, seal), sealed = new Blob([readFileSync(bid)]);
  for (const part of seal.parts.keys()) {
    const { name, content } = await openPart(found, seal, sealed, part);
    writeFileSync(join(out, `${part}-${name}`), content);
  }
} else if (command === "release") {
  const [bid, keyFile, password, opening] = rest;
  const key = await openKeyFile(readFileSync(keyFile, "utf8"), password);
  console.log(await releaseKey(key, json(`${bid}.seal`).seal, opening));
} else if (command === "sign") {
  const [keyFile, password, act, fields, nonce] = rest;
  const key = await openKeyFile(readFileSync(keyFile, "utf8"), password);
  const text = actText(act, JSON.parse(fields), nonce);
  console.log(JSON.stringify({ signature: await signText(key, text), text }));
} else {
  process.exitCode = 2;
}
