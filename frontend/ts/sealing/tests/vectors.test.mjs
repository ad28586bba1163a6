// The browser's code reads the vectors the server and the command line read, in both suites and versions, and makes what they open.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { base64, fromBase64, fromHex, hex, pem, utf8 } from "../../keys/bytes";
import { canonical } from "../../keys/canonical";
import { publicKeyOf } from "../../keys/der";
import { openKeyFile } from "../../keys/keyfile";
import { actText, signText } from "../../keys/signature";
import { named, suite } from "../../suites/suite";
import { BlockList } from "../blocks";
import * as box from "../container";
import { Reading } from "../reading";
import { sealBid, sealedSize } from "../seal";
import * as shamir from "../shamir";
import { contentKey, openPart, releaseKey } from "../unseal";

const refused = (code) => (error) => error.code === code;
const FOLDERS = { "INTL-1": "", "GM-1": "gm-1" };

test("canonical JSON refuses what JSON cannot say", () => {
  for (const value of [NaN, Infinity, 2 ** 60, "\ud800", undefined]) assert.throws(() => canonical({ value }), TypeError);
  assert.equal(canonical({ b: [1, null], a: "é\n" }), '{"a":"é\\n","b":[1,null]}');
});

for (const [name, sub] of Object.entries(FOLDERS)) {
  const folder = join(process.env["MINGZHENG_VECTORS"], sub);
  await making(name, folder);
  for (const [version, file] of [[1, "bid.json"], [2, "bid-2.json"]]) await reading(name, folder, version, file);
}

/** A stream a reader can read into its own memory, in small pieces. */
function bytesOf(content) {
  let at = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { view } = controller.byobRequest, size = Math.min(view.byteLength, 100_003, content.length - at);
      new Uint8Array(view.buffer, view.byteOffset, size).set(content.subarray(at, at += size));
      controller.byobRequest.respond(size);
      if (at === content.length) controller.close();
    },
  });
}

test("a stream that falls silent is given up, and the file read in slices from there", async () => {
  const content = new Uint8Array(300).map((_, at) => at % 251);
  let said = 0;
  const stream = () => new ReadableStream({ type: "bytes", pull(controller) {
    if (said++) return new Promise(() => {});
    const { view } = controller.byobRequest;
    new Uint8Array(view.buffer, view.byteOffset, 100).set(content.subarray(0, 100));
    return controller.byobRequest.respond(100);
  } });
  const reading = new Reading({ name: "a", size: 300, slice: (start, end) => new Blob([content.slice(start, end)]), stream }, 5);
  let room = await reading.fill(new Uint8Array(150), 50, 150);
  assert.deepEqual(room.slice(50), content.slice(0, 100));
  room = await reading.fill(room, 0, 150);
  assert.deepEqual(room, content.slice(100, 250));
  room = await reading.fill(room, 0, 50);
  assert.deepEqual(room.slice(0, 50), content.slice(250));
  await assert.rejects(reading.fill(room, 0, 1), refused("seal.file-changed"));
  reading.close();
});

/** What does not depend on the version, and what is made here: it is of the newest. */
async function making(suiteName, folder) {
  const algorithms = await suite(suiteName), other = suiteName === "GM-1" ? "INTL-1" : "GM-1";
  const read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
  const bid = read("bid-2.json"), keyFile = read("key.json"), wraps = read("wraps.json");
  const key = await openKeyFile(keyFile.file, keyFile.password);

  test(`${suiteName}: the key file opens with its password, as a key nobody can export`, async () => {
    assert.equal(key.fingerprint, keyFile.fingerprint);
    assert.equal(key.suite, suiteName);
    for (const part of Object.values(key.held)) assert.ok(!(part instanceof CryptoKey) || part.extractable === false);
    await assert.rejects(openKeyFile(keyFile.file, "another password"), refused("key.wrong-password"));
    await assert.rejects(openKeyFile(keyFile.file.slice(0, 200), keyFile.password), refused("key.unreadable"));
    await assert.rejects(openKeyFile(keyFile.file.split("-----BEGIN CERT")[0], keyFile.password), refused("key.unreadable"));
  });

  test(`${suiteName}: every act vector has the same text and a signature that holds, and so have our own`, async () => {
    for (const { act, fields, nonce, text, signature, certificate } of read("acts.json").acts) {
      assert.equal(actText(act, fields, nonce), text);
      assert.ok(await algorithms.verify(publicKeyOf(pem(certificate, "CERTIFICATE")), fromBase64(signature), utf8(text)));
      const own = fromBase64(await signText(key, text));
      assert.ok(await algorithms.verify(key.publicKey, own, utf8(text)));
      assert.equal(await algorithms.verify(key.publicKey, own, utf8(`${text} `)), false);
    }
  });

  test(`${suiteName}: shares of the vector give its secret, and so do our own`, async () => {
    const { shares, secret, commitments, threshold } = wraps.shamir;
    const parts = shares.map(fromHex);
    assert.equal(hex(shamir.combine([parts[0], parts[2]])), secret);
    assert.deepEqual(await Promise.all(parts.map((share) => shamir.commitment(1, algorithms, share))), commitments);
    assert.equal(await shamir.commitment(2, algorithms, fromHex(bid.share.share)), bid.share.commitment);
    const own = shamir.split(fromHex(secret), threshold, 3);
    assert.equal(hex(shamir.combine([own[2], own[1]])), secret);
    assert.notEqual(hex(shamir.combine([own[0]])), secret);
  });

  test(`${suiteName}: digests over blocks are those of the vector, however the bytes are cut`, async () => {
    for (const { use, bytes, digest } of bid.blocks) {
      const content = new Uint8Array(bytes).map((_, i) => i % 251), list = new BlockList(algorithms, use, bytes);
      for (let at = 0, step = 1; at < bytes; at += step, step = step * 5 % 3_000_017 + 1) await list.update(content.slice(at, at + step));
      assert.equal(hex(await list.digest()), digest);
    }
    const small = new BlockList(algorithms, "content", 3);
    await assert.rejects(small.update(new Uint8Array(4)), RangeError);
  });

  const work = (changes = {}) => ({ summary: bid.summary, files: [], terms: bid.terms, key, consent: true, at: "2026-03-02T09:00:00.000000+08:00", ...changes });
  const listed = async (suite, use, file) => {
    const list = new BlockList(suite, use, file.size);
    await list.update(new Uint8Array(await file.arrayBuffer()));
    return named(suite, await list.digest());
  };
  const titled = (name, bytes) => Object.assign(new Blob([bytes]), { name });

  test(`${suiteName}: what is sealed here opens here, and progress ends at the announced total`, async () => {
    const files = [titled("a.pdf", new Uint8Array(70_000).fill(7)), titled("empty.txt", "")], pieces = [], seen = [];
    const outlet = { write: async (bytes) => { pieces.push(bytes.slice()); }, progress: (done, total) => seen.push([done, total]) };
    const signed = await sealBid(work({ files, chunk: box.LEAST_CHUNK }), outlet);
    const file = new Blob(pieces);
    assert.equal(file.size, signed.seal.file.bytes);
    assert.deepEqual(seen.at(-1), [file.size, file.size]);
    assert.equal(signed.seal.file.digest, await listed(algorithms, "file", file));
    assert.equal(signed.seal.format, "mingzheng-bid-2");
    const found = await contentKey(key, signed.seal);
    assert.equal((await openPart(found, signed.seal, file, 1)).content.length, 70_000);
    assert.equal((await openPart(found, signed.seal, file, 2)).content.length, 0);
    assert.notEqual(await releaseKey(key, signed.seal, bid.terms.rescue.escrow), base64(found));
  });

  test(`${suiteName}: content of several chunks comes back, from a stream as from slices`, async () => {
    const content = new Uint8Array(1_700_000).map((_, at) => (at * at + (at >> 9)) % 253);
    const slices = { name: "b", size: content.length, slice: (start, end) => new Blob([content.slice(start, end)]) };
    for (const source of [titled("a", content), { ...slices, stream: () => bytesOf(content) }, slices]) {
      const pieces = [], signed = await sealBid(work({ files: [source], terms: { ...bid.terms, largest: 4 << 20 } }), { write: async (bytes) => { pieces.push(bytes.slice()); } });
      const found = await contentKey(key, signed.seal);
      assert.ok(signed.seal.parts[1].chunks > 3);
      assert.deepEqual((await openPart(found, signed.seal, new Blob(pieces), 1)).content, content);
    }
  });

  test(`${suiteName}: pausing holds the next chunk back, cancelling ends it`, async () => {
    let open, turns = 0;
    const gate = new Promise((resolve) => { open = resolve; });
    const waiting = sealBid(work(), { write: async () => {}, turn: () => { turns++; return gate; } });
    for (let round = 0; turns === 0 && round < 500; round++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(turns, 1);
    open();
    await waiting;
    const cancelled = sealBid(work(), { write: async () => {}, turn: async () => { throw new Error("cancelled"); } });
    await assert.rejects(cancelled, /cancelled/);
  });

  test(`${suiteName}: a file that shrinks while it is sealed is refused`, async () => {
    const file = { name: "a", size: 50_000, slice: () => new Blob(["short"]) };
    await assert.rejects(sealBid(work({ files: [file] }), { write: async () => {} }), refused("seal.file-changed"));
  });

  test(`${suiteName}: a bad summary, an unknown suite and too many bytes are refused before anything is written`, async () => {
    const outlet = { write: async () => assert.fail("written") };
    await assert.rejects(sealBid(work({ summary: { price: "1,000" } }), outlet), refused("seal.summary-invalid"));
    await assert.rejects(sealBid(work({ summary: { price: "1.00", x: 1.5 } }), outlet), refused("seal.summary-invalid"));
    await assert.rejects(sealBid(work({ terms: { ...bid.terms, suite: "GM-9" } }), outlet), refused("seal.unknown-suite"));
    await assert.rejects(sealBid(work({ terms: { ...bid.terms, suite: other } }), outlet), refused("key.wrong-suite"));
    await assert.rejects(sealBid(work({ files: [titled("big", new Uint8Array(2 << 20))] }), outlet), refused("seal.too-large"));
    assert.throws(() => sealedSize([{ name: "big", size: 1e12 }], bid.terms), refused("seal.too-large"));
  });
}

async function reading(suiteName, folder, version, name) {
  const algorithms = await suite(suiteName), read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
  const bid = read(name), keyFile = read("key.json"), sealed = new Blob([readFileSync(join(folder, bid.file))]);
  const key = await openKeyFile(keyFile.file, keyFile.password);

  test(`${suiteName}, version ${version}: padding and derived keys are those of the vector`, async () => {
    for (const [length, expected] of Object.entries(bid.padded)) assert.equal(box.padded(Number(length)), expected);
    const { lot, bid: id } = bid.signed.seal;
    for (const use of ["part", "salt"]) {
      for (const [part, expected] of bid.derived[use].entries()) {
        assert.equal(hex(await algorithms.derive(fromHex(bid.content_key), box.label(version, use, lot, id, part))), expected);
      }
    }
  });

  test(`${suiteName}, version ${version}: the bidder releases the vector's content key and reads every part`, async () => {
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
    test(`${suiteName}, version ${version}: a file with ${change.do} is refused as ${change.refusal}`, async () => {
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

  test(`${suiteName}, version ${version}: another's key, another's envelope and a wrong content key are refused`, async () => {
    const stranger = { ...key, fingerprint: `${algorithms.digestName}:${"0".repeat(64)}` };
    await assert.rejects(contentKey(stranger, bid.signed.seal), refused("seal.not-your-envelope"));
    const another = { ...key, held: await algorithms.hold(fromBase64(bid.holders.centre)) };
    await assert.rejects(contentKey(another, bid.signed.seal), refused("seal.wrong-key"));
    await assert.rejects(openPart(new Uint8Array(32), bid.signed.seal, sealed, 0), refused("seal.wrong-key"));
  });

  test(`${suiteName}, version ${version}: a seal of a version this page does not know is refused`, async () => {
    const later = { ...bid.signed.seal, format: "mingzheng-bid-9" };
    await assert.rejects(contentKey(key, later), refused("seal.unreadable"));
    await assert.rejects(openPart(fromHex(bid.content_key), later, sealed, 0), refused("seal.unreadable"));
    const other = { ...bid.signed.seal, format: `mingzheng-bid-${3 - version}` };
    await assert.rejects(contentKey(key, other), refused("seal.wrong-key"));
  });
}
