// Signing a binding act. The key module (ts/keys) does the cryptography; this asks for the key file when none is open.
import * as keys from "./keys";
import { agentPort, askForAgent } from "./agent-dialog";
import { head } from "./dialogs";
import { el } from "./dom";
import type { Json } from "./fields";
import { t } from "./wording";

export interface Signature { certificate: string; signature: string }

/** Sign {act, fields, nonce}; null when the person closed the key dialog. */
export async function sign(act: string, fields: Record<string, Json>, nonce: string): Promise<Signature | null> {
  if (!(await keys.unlocked()) && !(await askForKey())) return null;
  return keys.signAct(act, fields, nonce);
}

/** The key module's own words when it has some. */
export const whatWentWrong = (problem: unknown): string =>
  problem instanceof keys.LocalRefusal ? `${t(problem.what)}${t(problem.todo)}` : t("口令不对，或文件不是密钥文件。");

/** Ask for a .mzkey file and its password, or for a hardware key instead; true once the key is open. */
export function askForKey(title = t("请用数字证书签名"), verb = t("签名")): Promise<boolean> {
  const file = el("input", { class: "input", type: "file", accept: ".mzkey", id: "mz-key-file", required: true });
  const password = el("input", { class: "input", type: "password", id: "mz-key-password", required: true, autocomplete: "off" });
  const wrong = el("p", { class: "field__x", "data-tone": "bad", role: "alert", hidden: true });
  const go = el("button", { type: "submit", class: "btn btn--main" }, verb);
  const other = agentPort() ? el("button", { type: "button", class: "btn btn--quiet", "data-agent": true }, t("硬件钥匙（本机签名助手）")) : null;
  const form = el("form", { "data-nodraft": true },
    head(title, t("这件事有法律效力。私钥只在本机使用，不会离开浏览器。"), "key"),
    el("div", { class: "dialog__b" },
      el("div", { class: "field" }, el("label", { for: "mz-key-file" }, t("密钥文件（.mzkey）")), file),
      el("div", { class: "field" }, el("label", { for: "mz-key-password" }, t("密钥口令")), password), wrong),
    el("div", { class: "dialog__f" }, el("span", { class: "sub" }, other), el("button", { type: "button", class: "btn", "data-close": true }, t("取消")), go));
  const dialog = el("dialog", { class: "dialog", "aria-label": title }, form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    let open = false, swapped = false;
    dialog.addEventListener("close", () => { dialog.remove(); if (!swapped) resolve(open); });
    other?.addEventListener("click", () => { swapped = true; dialog.close(); void askForAgent(title, verb).then(resolve); });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = file.files?.[0];
      if (!chosen) return;
      wrong.hidden = true;
      go.setAttribute("aria-busy", "true");
      keys.unlock(chosen, password.value).then(
        () => { open = true; dialog.close(); },
        (problem: unknown) => { wrong.textContent = whatWentWrong(problem); wrong.hidden = false; go.removeAttribute("aria-busy"); password.select(); },
      );
    });
    dialog.showModal();
    file.focus();
  });
}
