// The resumable upload against a small tus server that loses connections, restarts, and forgets.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import { upload } from "../upload";

/** A tus server of one upload; `trouble` may answer or break a request before it is served. */
async function server(trouble = () => false) {
  const state = { bytes: Buffer.alloc(0), length: 0, known: false, seen: [], created: 0 };
  const http = createServer(async (request, response) => {
    state.seen.push(request.method);
    const parts = [];
    try { for await (const part of request) parts.push(part); } catch { return; }
    if (trouble(state, request, response)) return;
    if (request.method === "POST") {
      Object.assign(state, { known: true, bytes: Buffer.alloc(0), length: Number(request.headers["upload-length"]), metadata: request.headers["upload-metadata"] });
      state.created++;
      response.writeHead(201, { Location: `/uploads/u${state.created}` }).end();
    } else if (!state.known) {
      response.writeHead(404).end();
    } else if (request.method === "HEAD") {
      response.writeHead(200, { "Upload-Offset": state.bytes.length }).end();
    } else if (Number(request.headers["upload-offset"]) !== state.bytes.length) {
      response.writeHead(409).end();
    } else {
      state.bytes = Buffer.concat([state.bytes, ...parts]);
      response.writeHead(204, { "Upload-Offset": state.bytes.length }).end();
    }
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${http.address().port}/uploads/`;
  return { state, endpoint, close: () => new Promise((resolve) => { http.closeAllConnections(); http.close(resolve); }) };
}

const content = Buffer.alloc(9 * 1024 * 1024, "bid ");
const file = new Blob([content]);

test("an upload arrives whole, in pieces of four megabytes, with its headers and metadata", async () => {
  const { state, endpoint, close } = await server();
  const seen = [], location = await upload({ endpoint, file, location: null, metadata: { lot: "标段" }, headers: () => ({ "X-CSRFToken": "c" }) },
    { created: (at) => seen.push(at), progress: (done) => seen.push(done) });
  assert.ok(state.bytes.equals(content));
  assert.equal(location, new URL("/uploads/u1", endpoint).href);
  assert.deepEqual(seen, [location, 0, 4 << 20, 8 << 20, content.length]);
  assert.equal(Buffer.from(state.metadata.split(" ")[1], "base64").toString(), "标段");
  await close();
});

test("a connection lost after the bytes arrived is resumed where the server stands, not where we thought", async () => {
  let lost = 0;
  const { state, endpoint, close } = await server((now, request) => {
    if (request.method !== "PATCH" || lost++) return false;
    now.bytes = Buffer.concat([now.bytes, content.subarray(0, 1 << 20)]); // a part arrived, then the line broke
    request.socket.destroy();
    return true;
  });
  let waits = 0;
  await upload({ endpoint, file, location: null, patience: 1 }, { waiting: () => waits++ });
  assert.ok(state.bytes.equals(content));
  assert.equal(waits, 1);
  assert.ok(state.seen.includes("HEAD"));
  await close();
});

test("an upload known from an earlier page goes on at its address", async () => {
  const { state, endpoint, close } = await server();
  Object.assign(state, { known: true, bytes: content.subarray(0, 5 << 20), length: content.length });
  const location = new URL("/uploads/u7", endpoint).href;
  assert.equal(await upload({ endpoint, file, location }), location);
  assert.ok(state.bytes.equals(content));
  assert.ok(!state.seen.includes("POST"));
  await close();
});

test("an upload the server has forgotten is begun again", async () => {
  const { state, endpoint, close } = await server();
  await upload({ endpoint, file, location: new URL("/uploads/gone", endpoint).href });
  assert.ok(state.bytes.equals(content));
  assert.equal(state.created, 1);
  await close();
});

test("a restarting server is waited for, a refusal is not", async () => {
  let answers = [503, 503, 423];
  const { state, endpoint, close } = await server((_now, _request, response) => {
    const status = answers.shift();
    if (status) response.writeHead(status).end(JSON.stringify({ what: "不行" }));
    return Boolean(status);
  });
  await upload({ endpoint, file, location: null, patience: 1 });
  assert.ok(state.bytes.equals(content));
  answers = [403];
  await assert.rejects(upload({ endpoint, file, location: null, patience: 1 }), (error) => error.code === "upload.refused" && error.what.includes("不行"));
  await close();
});

test("cancelling ends it between two pieces", async () => {
  const { state, endpoint, close } = await server();
  let turns = 0;
  const cancelled = upload({ endpoint, file, location: null, patience: 1 }, { turn: async () => { if (++turns > 2) throw new Error("cancelled"); } });
  await assert.rejects(cancelled, /cancelled/);
  assert.ok(state.bytes.length < content.length);
  await close();
});
