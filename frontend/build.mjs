// Bundles ts/app.ts, ts/entries/*.ts and every ts/**/*.entry.ts into src/mingzheng/static/built/<name>.js. `--watch` rebuilds on change.
import { build, context } from "esbuild";
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "src", "mingzheng", "static", "built");
const entries = readdirSync(join(here, "ts"), { recursive: true })
  .filter((path) => path === "app.ts" || /^entries[\\/][^\\/]+\.ts$/.test(path) || path.endsWith(".entry.ts"))
  .map((path) => ({ in: join(here, "ts", path), out: basename(path).replace(/(\.entry)?\.ts$/, "") }));

// "mz:receipt" is the judge inside the offline page: one piece of code, here and there.
const receipt = {
  name: "receipt",
  setup(building) {
    building.onResolve({ filter: /^mz:receipt$/ }, () => ({ path: "receipt", namespace: "page" }));
    building.onLoad({ filter: /.*/, namespace: "page" }, () => {
      const file = join(here, "..", "src", "mingzheng", "ledger", "static_page", "verify-receipt.html");
      const found = /<script>([\s\S]*?)globalThis\.Receipt = Receipt;/.exec(readFileSync(file, "utf8"));
      if (!found) throw new Error(`${file} no longer holds the judge`);
      return { contents: `${found[1]}\nexport const judge = Receipt.judge;`, watchFiles: [file] };
    });
  },
};

// What pdf.js fetches while it shows a file: our own static files, like everything else. The decoder is the one without WebAssembly,
// which the content policy does not allow.
function pdfParts() {
  const from = join(here, "node_modules", "pdfjs-dist"), to = join(out, "pdf");
  mkdirSync(join(to, "decoders"), { recursive: true });
  copyFileSync(join(from, "legacy", "build", "pdf.worker.min.mjs"), join(to, "worker.js"));
  copyFileSync(join(from, "LICENSE"), join(to, "LICENSE"));
  for (const [folder, name] of [["cmaps", "cmaps"], ["standard_fonts", "fonts"]]) cpSync(join(from, folder), join(to, name), { recursive: true });
  for (const name of ["openjpeg_nowasm_fallback.js", "LICENSE_OPENJPEG", "LICENSE_PDFJS_OPENJPEG"]) copyFileSync(join(from, "wasm", name), join(to, "decoders", name));
}

const options = {
  plugins: [receipt],
  entryPoints: entries,
  outdir: out,
  bundle: true,
  format: "esm",
  target: ["es2022"],
  minify: !process.argv.includes("--watch"),
  sourcemap: false,
  legalComments: "eof",
  logLevel: "warning",
};

mkdirSync(out, { recursive: true });
pdfParts();
const started = performance.now();
if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await build(options);
  console.log(`front end: ${entries.length} files in ${Math.round(performance.now() - started)} ms`);
}
