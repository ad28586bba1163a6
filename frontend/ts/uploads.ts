// Files of an act go first, resumably, to /upload; the act then names each by the id of its upload.
// data-digest="field" on the file input adds its digest under the centre's suite under that name, data-file-name="field" its name.
import { el, jsonHeaders, meta } from "./dom";
import type { Json } from "./fields";
import { LocalRefusal } from "./keys";
import { upload } from "./sealing/upload";
import { named, suite } from "./suites/suite";
import { t } from "./wording";

interface Stored { id: string; digest: string; name: string }

const PIECE = 4 * 1024 * 1024;

async function digest(file: File): Promise<string> {
  const algorithms = await suite(meta("mz-suite") || "INTL-1"), running = algorithms.hasher();
  for (let at = 0; at < file.size; at += PIECE) running.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
  return named(algorithms, running.digest());
}

async function store(endpoint: string, file: File, wantsDigest: boolean, say: (text: string) => void): Promise<Stored> {
  if (!file.size) throw new LocalRefusal("upload.refused", file.name);
  const location = await upload({ endpoint, file, location: null, headers: jsonHeaders }, {
    progress: (done, total) => say(t("正在上传 {name}，{p}%", { name: file.name, p: Math.floor((done / total) * 100) })),
    waiting: () => say(t("网络中断，正在等待。已传的部分不会丢。")),
  });
  return { id: new URL(location).pathname.split("/").pop() ?? "", digest: wantsDigest ? await digest(file) : "", name: file.name };
}

/** Store every chosen file; fields that hold one file become its upload's id, those for several a list. */
export async function uploadAll(form: HTMLFormElement, files: Map<string, File[]>): Promise<Record<string, Json>> {
  const fields: Record<string, Json> = {};
  if (!files.size) return fields;
  const shown = el("p", { class: "hint", role: "status" });
  form.append(shown);
  try {
    for (const [name, chosen] of files) {
      const control = form.elements.namedItem(name) as HTMLInputElement;
      const { digest: digestField, fileName } = control.dataset;
      const stored: Stored[] = [];
      for (const file of chosen) {
        stored.push(await store(form.dataset["upload"] || "/upload", file, Boolean(digestField), (text) => { shown.textContent = text; }));
      }
      const several = control.multiple || "list" in control.dataset;
      const value = (of: (one: Stored) => string): Json => several ? stored.map(of) : stored[0] ? of(stored[0]) : null;
      fields[name] = value((one) => one.id);
      if (digestField) fields[digestField] = value((one) => one.digest);
      if (fileName) fields[fileName] = value((one) => one.name);
    }
  } finally {
    shown.remove();
  }
  return fields;
}
