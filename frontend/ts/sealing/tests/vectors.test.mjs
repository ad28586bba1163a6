// The browser's code reads the vectors the server and the command line read, and makes what they open.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { base64, fromBase64, fromHex, hex, same, utf8 } from "../../keys/bytes";
import { canonical } from "../../keys/canonical";
import { openKeyFile } from "../../keys/keyfile";
import { actText, signText } from "../../keys/signature";
import { intl1, lower } from "../../suites/intl1";
import { Sha256 } from "../../suites/sha256";
import * as box from "../container";
import { sealBid, sealedSize } from "../seal";
import * as shamir from "../shamir";
import { contentKey, openPart, releaseKey } from "../unseal";

const folder = process.env["MINGZHENG_VECTORS"];
const read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const bid = read("bid.json"), keyFile = read("key.json"), wraps = read("wraps.json");
const sealed = new Blob([readFileSync(join(folder, bid.file))]);
const key = await openKeyFile(keyFile.file, keyFile.password);
const refused = (code) => (error) => error.code === code;

test("the key file opens with its password, as a key nobody can export", async () => {
  assert.equal(key.fingerprint, keyFile.fingerprint);
  assert.equal(key.held.sign.extractable || key.held.agree.extractable, false);
  await assert.rejects(openKeyFile(keyFile.file, "another password"), refused("key.wrong-password"));
  await assert.rejects(openKeyFile(keyFile.file.slice(0, 200), keyFile.password), refused("key.unreadable"));
  await assert.rejects(openKeyFile(keyFile.file.split("-----BEGIN CERT")[0], keyFile.password), refused("key.unreadable"));
});

test("every act vector has the same text", () => {
  for (const { act, fields, nonce, text } of read("acts.json").acts) assert.equal(actText(act, fields, nonce), text);
});

test("a signature is 64 bytes with the lower s and verifies", async () => {
  const verify = await crypto.subtle.importKey("spki", key.publicKey, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  for (let number = 0; number < 12; number++) {
    const raw = fromBase64(await signText(key, `text ${number}`));
    assert.equal(raw.length, 64);
    assert.ok(same(lower(raw), raw));
    assert.ok(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, verify, raw, utf8(`text ${number}`)));
  }
});

test("canonical JSON refuses what JSON cannot say", () => {
  for (const value of [NaN, Infinity, 2 ** 60, "\ud800", undefined]) assert.throws(() => canonical({ value }), TypeError);
  assert.equal(canonical({ b: [1, null], a: "é\n" }), '{"a":"é\\n","b":[1,null]}');
});

test("HPKE opens the published vector and what it wrapped itself", async () => {
  const { private: pkcs8, wrapped, info, plain } = wraps.hpke;
  const own = await crypto.subtle.importKey("pkcs8", fromBase64(pkcs8), { name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const { x, y } = await crypto.subtle.exportKey("jwk", own);
  const bytes = (text) => Buffer.from(text, "base64url");
  const spki = new Uint8Array([...fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"), ...bytes(x), ...bytes(y)]);
  const held = await intl1.hold(fromBase64(pkcs8)), unwrap = (sealed, context) => intl1.unwrap(held, spki, sealed, context);
  assert.deepEqual(await unwrap(fromBase64(wrapped), fromBase64(info)), fromBase64(plain));
  const again = await intl1.wrap(spki, utf8("secret"), utf8("here"));
  assert.deepEqual(await unwrap(again, utf8("here")), utf8("secret"));
  assert.equal(await unwrap(again, utf8("there")), null);
  assert.equal(await unwrap(new Uint8Array(120), utf8("here")), null);
});

test("SHA-256 in pieces equals WebCrypto's", async () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 100_003]) {
    const bytes = new Uint8Array(length).map((_, i) => (i * 31) % 251);
    const running = new Sha256();
    for (let at = 0, step = 1; at < length; at += step, step = (step * 7) % 97 + 1) running.update(bytes.subarray(at, at + step));
    assert.equal(hex(running.digest()), hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))));
  }
});

test("shares of the vector give its secret, and so do our own", async () => {
  const { shares, secret, commitments, threshold } = wraps.shamir;
  const parts = shares.map(fromHex);
  assert.equal(hex(shamir.combine([parts[0], parts[2]])), secret);
  assert.deepEqual(await Promise.all(parts.map((share) => shamir.commitment(intl1, share))), commitments);
  const own = shamir.split(fromHex(secret), threshold, 3);
  assert.equal(hex(shamir.combine([own[2], own[1]])), secret);
  assert.notEqual(hex(shamir.combine([own[0]])), secret);
});

test("padding and derived keys are those of the vector", async () => {
  for (const [length, expected] of Object.entries(bid.padded)) assert.equal(box.padded(Number(length)), expected);
  const { lot, bid: id } = bid.signed.seal;
  for (const use of ["part", "salt"]) {
    for (const [part, expected] of bid.derived[use].entries()) {
      assert.equal(hex(await intl1.derive(fromHex(bid.content_key), box.label(use, lot, id, part))), expected);
    }
  }
});

test("the bidder releases the vector's content key and reads every part", async () => {
  const found = await contentKey(key, bid.signed.seal);
  assert.equal(hex(found), bid.content_key);
  const summary = await openPart(found, bid.signed.seal, sealed, 0);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(summary.content)), bid.summary);
  for (const [index, { name, content }] of bid.files.entries()) {
    const part = await openPart(found, bid.signed.seal, sealed, index + 1);
    assert.equal(part.name, name);
    assert.equal(base64(part.content), content);
  }
});

for (const change of bid.tampered) {
  test(`a file with ${change.do} is refused as ${change.refusal}`, async () => {
    let bytes = new Uint8Array(await sealed.arrayBuffer());
    if (change.do === "flip") bytes[change.at] ^= 1;
    if (change.do === "copy") bytes.copyWithin(change.to, change.at, change.at + change.length);
    if (change.do === "swap") {
      const first = bytes.slice(change.at, change.at + change.length);
      bytes.copyWithin(change.at, change.with, change.with + change.length);
      bytes.set(first, change.with);
    }
    if (change.do === "cut") bytes = bytes.slice(0, change.to);
    await assert.rejects(openPart(fromHex(bid.content_key), bid.signed.seal, new Blob([bytes]), change.part), refused(change.refusal));
  });
}

test("another's key, another's envelope and a wrong content key are refused", async () => {
  const stranger = { ...key, fingerprint: "sha256:" + "0".repeat(64) };
  await assert.rejects(contentKey(stranger, bid.signed.seal), refused("seal.not-your-envelope"));
  const other = { ...key, held: await intl1.hold(fromBase64(bid.holders.centre)) };
  await assert.rejects(contentKey(other, bid.signed.seal), refused("seal.wrong-key"));
  await assert.rejects(openPart(new Uint8Array(32), bid.signed.seal, sealed, 0), refused("seal.wrong-key"));
});

const work = (changes = {}) => ({ summary: bid.summary, files: [], terms: bid.terms, key, consent: true, at: "2026-03-02T09:00:00.000000+08:00", ...changes });
const named = (name, bytes) => Object.assign(new Blob([bytes]), { name });

test("what is sealed here opens here, and progress ends at the announced total", async () => {
  const files = [named("a.pdf", new Uint8Array(70_000).fill(7)), named("empty.txt", "")], pieces = [], seen = [];
  const outlet = { write: async (bytes) => { pieces.push(bytes.slice()); }, progress: (done, total) => seen.push([done, total]) };
  const signed = await sealBid(work({ files, chunk: box.LEAST_CHUNK }), outlet);
  const file = new Blob(pieces);
  assert.equal(file.size, signed.seal.file.bytes);
  assert.deepEqual(seen.at(-1), [file.size, file.size]);
  assert.equal(signed.seal.file.digest, `sha256:${hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())))}`);
  const found = await contentKey(key, signed.seal);
  assert.equal((await openPart(found, signed.seal, file, 1)).content.length, 70_000);
  assert.equal((await openPart(found, signed.seal, file, 2)).content.length, 0);
  assert.notEqual(await releaseKey(key, signed.seal, bid.terms.rescue.escrow), base64(found));
});

test("pausing holds the next chunk back, cancelling ends it", async () => {
  let open, turns = 0;
  const gate = new Promise((resolve) => { open = resolve; });
  const waiting = sealBid(work(), { write: async () => {}, turn: () => { turns++; return gate; } });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(turns, 1);
  open();
  await waiting;
  const cancelled = sealBid(work(), { write: async () => {}, turn: async () => { throw new Error("cancelled"); } });
  await assert.rejects(cancelled, /cancelled/);
});

test("a file that shrinks while it is sealed is refused", async () => {
  const file = { name: "a", size: 50_000, slice: () => new Blob(["short"]) };
  await assert.rejects(sealBid(work({ files: [file] }), { write: async () => {} }), refused("seal.file-changed"));
});

test("a bad summary, an unknown suite and too many bytes are refused before anything is written", async () => {
  const outlet = { write: async () => assert.fail("written") };
  await assert.rejects(sealBid(work({ summary: { price: "1,000" } }), outlet), refused("seal.summary-invalid"));
  await assert.rejects(sealBid(work({ summary: { price: "1.00", x: 1.5 } }), outlet), refused("seal.summary-invalid"));
  await assert.rejects(sealBid(work({ terms: { ...bid.terms, suite: "GM-9" } }), outlet), refused("seal.unknown-suite"));
  await assert.rejects(sealBid(work({ terms: { ...bid.terms, suite: "GM-1" } }), outlet), refused("key.wrong-suite"));
  await assert.rejects(sealBid(work({ files: [named("big", new Uint8Array(2 << 20))] }), outlet), refused("seal.too-large"));
  assert.throws(() => sealedSize([{ name: "big", size: 1e12 }], bid.terms), refused("seal.too-large"));
});
