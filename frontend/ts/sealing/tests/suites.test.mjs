// Each suite's algorithms against published answers, and against what another program would try to pass off.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { openKeyFile } from "../../keys/keyfile";
import { base64, concat, fromBase64, fromHex, hex, same, utf8 } from "../../keys/bytes";
import { signText } from "../../keys/signature";
import { intl1, lower } from "../../suites/intl1";
import { Sha256 } from "../../suites/sha256";
import { Sm3 } from "../../suites/sm3";
import { suite } from "../../suites/suite";

const read = (name) => JSON.parse(readFileSync(join(process.env["MINGZHENG_VECTORS"], name), "utf8"));
const gm1 = await suite("GM-1"), national = read("gm-1/wraps.json"), wraps = read("wraps.json"), keyFile = read("key.json");
const key = await openKeyFile(keyFile.file, keyFile.password);

test("an INTL-1 signature is 64 bytes with the lower s and verifies", async () => {
  const verify = await crypto.subtle.importKey("spki", key.publicKey, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  for (let number = 0; number < 12; number++) {
    const raw = fromBase64(await signText(key, `text ${number}`));
    assert.equal(raw.length, 64);
    assert.ok(same(lower(raw), raw));
    assert.ok(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, verify, raw, utf8(`text ${number}`)));
  }
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

test("SM3 gives the answers of GB/T 32905 and does not mind how it is cut", () => {
  const once = (bytes) => hex(new Sm3().update(bytes).digest());
  assert.equal(once(utf8("abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  assert.equal(once(utf8("abcd".repeat(16))), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 10_003]) {
    const bytes = new Uint8Array(length).map((_, i) => (i * 31) % 251), running = new Sm3();
    for (let at = 0, step = 1; at < length; at += step, step = (step * 7) % 97 + 1) running.update(bytes.subarray(at, at + step));
    assert.equal(hex(running.digest()), once(bytes));
  }
});

test("SM2 verifies the standard's signature and no other spelling, message or key", async () => {
  const { signature, message, public: spki } = national.sm2;
  const [found, said, publicKey] = [signature, message, spki].map(fromBase64);
  assert.ok(await gm1.verify(publicKey, found, said));
  assert.equal(await gm1.verify(publicKey, found, concat(said, utf8("!"))), false);
  assert.equal(await gm1.verify(key.publicKey, found, said), false);
  for (const wrong of [found.slice(0, -1), concat(found, Uint8Array.of(0)), new Uint8Array(0), fromHex("3006020100020100"), fromHex("30080202000102020001")]) {
    assert.equal(await gm1.verify(publicKey, wrong, said), false);
  }
});

test("an SM2 signature of our own is in the one encoding", async () => {
  const publicKey = fromBase64(national.sm2.public), held = await gm1.hold(fromBase64(national.sm2.private));
  for (let number = 0; number < 24; number++) {
    const made = await gm1.sign(held, publicKey, utf8(`text ${number}`));
    assert.ok(await gm1.verify(publicKey, made, utf8(`text ${number}`)));
  }
});

test("a secret wrapped for an SM2 key opens for that key and context only", async () => {
  const { private: pkcs8, wrapped, context, plain } = national.wrap;
  const publicKey = fromBase64(national.sm2.public), held = await gm1.hold(fromBase64(pkcs8));
  assert.equal(base64(await gm1.unwrap(held, publicKey, fromBase64(wrapped), fromBase64(context))), plain);
  const again = await gm1.wrap(publicKey, utf8("secret"), utf8("here"));
  assert.deepEqual(await gm1.unwrap(held, publicKey, again, utf8("here")), utf8("secret"));
  assert.equal(await gm1.unwrap(held, publicKey, again, utf8("there")), null);
  for (const at of [0, 5, 40, 80, again.length - 1]) {
    const bent = again.slice();
    bent[at] ^= 1;
    assert.equal(await gm1.unwrap(held, publicKey, bent, utf8("here")), null);
  }
});

test("SM4-GCM gives the answer of RFC 8998 and opens nothing that was changed", async () => {
  const { key: raw, nonce, additional, plain, sealed } = national.sm4_gcm, chunk = await gm1.chunkKey(fromHex(raw));
  assert.equal(hex(await chunk.seal(fromHex(nonce), fromHex(plain), fromHex(additional))), sealed);
  assert.equal(hex(await chunk.open(fromHex(nonce), fromHex(sealed), fromHex(additional))), plain);
  assert.equal(await chunk.open(fromHex(nonce), fromHex(sealed), fromHex("00")), null);
  assert.equal(await chunk.open(fromHex(nonce), fromHex(sealed).slice(0, -1), fromHex(additional)), null);
  assert.equal(await chunk.open(fromHex(nonce), new Uint8Array(3), fromHex(additional)), null);
});

test("a suite this page does not know is refused", async () => {
  await assert.rejects(suite("GM-9"), (error) => error.code === "seal.unknown-suite");
});
