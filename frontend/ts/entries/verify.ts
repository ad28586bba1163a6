// The drop zone for receipts: judged in this browser by the very code of the offline page; nothing is uploaded.
import { judge, type Judged } from "mz:receipt";
import { el, icon } from "../dom";
import { isEnglish, t } from "../wording";

async function read(file: File): Promise<string> {
  try { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer()); } catch { return "\u0000"; }
}

/** Keys the page offers (the platform's own word), or none. */
async function offered(zone: HTMLElement): Promise<string | null> {
  const address = zone.dataset["verifyKeys"];
  if (!address) return null;
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.text() : null;
  } catch { return null; }
}

function sentence(said: Judged, whose: "brought" | "platform"): [tone: string, sign: string, title: string, text: string] {
  if (!said.ok) return ["bad", "cross", t("回执不成立。"), (isEnglish() ? said.en : said.zh) ?? ""];
  const { facts } = said;
  const where = facts ? t("{at}，账本位置 {n}，共 {size} 项。", { at: facts.at.slice(0, 19).replace("T", " "), n: facts.position.toLocaleString("en"), size: facts.size.toLocaleString("en") }) : "";
  if (said.proven) return ["ok", "check", t("真实，且没有被改动。"), where + t("平台与 {n} 家共签方的签名一致。", { n: Object.keys(facts?.cosigners ?? {}).length }) +
    (whose === "platform" ? t("所用密钥由平台公布；独立核验请用监督部门或共签单位给您的密钥文件。") : "")];
  return ["warn", "info", t("前后一致，来源未证明。"), where + t("要证明来源，请用监督部门或共签单位给您的密钥文件核验。")];
}

async function show(zone: HTMLElement, files: FileList | undefined): Promise<void> {
  const file = files?.[0], place = document.querySelector("[data-verify-verdict]");
  if (!file || !place) return;
  place.replaceChildren(el("p", { class: "hint" }, t("正在计算")));
  const brought = files[1];
  const keys = brought ? await read(brought) : await offered(zone);
  const [tone, sign, title, text] = sentence(judge(await read(file), keys), brought ? "brought" : "platform");
  place.replaceChildren(el("div", { class: "note", "data-tone": tone, role: "status" }, icon(sign), el("span", {}, el("b", {}, title), text)));
}

for (const zone of document.querySelectorAll<HTMLElement>("[data-verify-drop]")) {
  const input = zone.querySelector<HTMLInputElement>('input[type="file"]');
  input?.addEventListener("change", () => void show(zone, input.files ?? undefined));
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.dataset["over"] = ""; });
  zone.addEventListener("dragleave", () => { delete zone.dataset["over"]; });
  zone.addEventListener("drop", (event) => { event.preventDefault(); delete zone.dataset["over"]; void show(zone, event.dataTransfer?.files); });
}
