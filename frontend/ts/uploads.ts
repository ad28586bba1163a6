// Files of an act: stored first, the act then names them by digest. Where they go: the form's data-upload, else /uploads.
import { el, jsonHeaders } from "./dom";
import { Refused, NoAnswer } from "./act";
import type { Refusal } from "./dialogs";
import type { Json } from "./fields";
import { t } from "./wording";

function post(address: string, file: File, progress: (part: number) => void): Promise<Json> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries(jsonHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(new NoAnswer(true));
    request.onload = () => {
      try {
        const said = JSON.parse(request.responseText) as Record<string, Json>;
        if ("refused" in said && said["what"]) reject(new Refused(said as unknown as Refusal));
        else if (request.status >= 300) reject(new NoAnswer(false));
        else resolve(said);
      } catch { reject(new NoAnswer(false)); }
    };
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

/** Store every chosen file; the answers become the fields' values (one, or a list for several). */
export async function uploadAll(form: HTMLFormElement, files: Map<string, File[]>): Promise<Record<string, Json>> {
  const stored: Record<string, Json> = {};
  if (!files.size) return stored;
  const shown = el("p", { class: "hint", role: "status" });
  form.append(shown);
  try {
    for (const [name, chosen] of files) {
      const control = form.elements.namedItem(name);
      const answers: Json[] = [];
      for (const file of chosen) {
        answers.push(await post(form.dataset["upload"] || "/uploads", file, (part) => {
          shown.textContent = t("正在上传 {name}，{p}%", { name: file.name, p: Math.round(part * 100) });
        }));
      }
      const several = control instanceof HTMLInputElement && (control.multiple || "list" in control.dataset);
      stored[name] = several ? answers : answers[0] ?? null;
    }
  } finally {
    shown.remove();
  }
  return stored;
}
