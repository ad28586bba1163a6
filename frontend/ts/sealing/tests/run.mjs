// `node run.mjs`: all tests. `node run.mjs --tool ...`: seal and open for the tests of the other side.
// `node run.mjs --pages FOLDER`: bundle the sealing page's script and its worker for a browser test.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
if (process.argv[2] === "--pages") {
  const entryPoints = ["sealing", "sealing-worker", "gm1"].map((name) => join(here, "../../entries", `${name}.ts`));
  await build({ entryPoints, outdir: process.argv[3], bundle: true, format: "esm", target: "es2022", logLevel: "warning" });
  process.exit();
}
const out = mkdtempSync(join(tmpdir(), "mingzheng-ts-"));
const wanted = process.argv[2] === "--tool" ? ["tool.mjs"] : readdirSync(here).filter((name) => name.endsWith(".test.mjs"));
try {
  await build({
    entryPoints: wanted.map((name) => join(here, name)), outdir: out, outExtension: { ".js": ".mjs" },
    bundle: true, platform: "node", format: "esm", target: "node20", logLevel: "warning",
  });
  // The code of GM-1 stands beside, as it does on the server, in a folder that says what its files are.
  await build({ entryPoints: [join(here, "../../entries/gm1.ts")], outdir: out, bundle: true, format: "esm", target: "node20", logLevel: "warning" });
  writeFileSync(join(out, "package.json"), '{"type": "module"}');
  const files = wanted.map((name) => join(out, name));
  const run = process.argv[2] === "--tool" ? [files[0], ...process.argv.slice(3)] : ["--test", ...files];
  const env = { ...process.env, MINGZHENG_VECTORS: join(here, "../../../../docs/formats/vectors") };
  process.exitCode = spawnSync(process.execPath, run, { stdio: "inherit", env }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
