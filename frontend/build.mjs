// Bundles ts/app.ts, ts/entries/*.ts and every ts/**/*.entry.ts into src/mingzheng/static/built/<name>.js. `--watch` rebuilds on change.
import { build, context } from "esbuild";
import { mkdirSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "src", "mingzheng", "static", "built");
const entries = readdirSync(join(here, "ts"), { recursive: true })
  .filter((path) => path === "app.ts" || /^entries[\\/][^\\/]+\.ts$/.test(path) || path.endsWith(".entry.ts"))
  .map((path) => ({ in: join(here, "ts", path), out: basename(path).replace(/(\.entry)?\.ts$/, "") }));

const options = {
  entryPoints: entries,
  outdir: out,
  bundle: true,
  format: "esm",
  target: ["es2022"],
  minify: !process.argv.includes("--watch"),
  sourcemap: false,
  legalComments: "none",
  logLevel: "warning",
};

mkdirSync(out, { recursive: true });
const started = performance.now();
if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await build(options);
  console.log(`front end: ${entries.length} files in ${Math.round(performance.now() - started)} ms`);
}
