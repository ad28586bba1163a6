// Hardware keys for the person: pairing with the signing agent of this machine, and waiting for an answer given there.
import * as keys from "./keys";
import { head, show } from "./dialogs";
import { el, meta } from "./dom";
import { t } from "./wording";

const PATIENCE = 300; // milliseconds before the page says that it waits: an agent that does not ask answers sooner

/** The port of signing agents, 0 where this centre does not use them. */
export const agentPort = (): number => Number(meta("mz-agent")) || 0;

const words = (problem: unknown): string =>
  problem instanceof keys.LocalRefusal ? `${t(problem.what)}${t(problem.todo)}` : t("签名助手没有给出结果，请再试。");

/** Ask for the pairing code; true once the hardware key is in use. */
export function askForAgent(title = t("请用硬件钥匙签名"), verb = t("配对")): Promise<boolean> {
  const code = el("input", { class: "input code", id: "mz-agent-code", required: true, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 12, placeholder: "XXXX-XXXX" });
  const wrong = el("p", { class: "field__x", "data-tone": "bad", role: "alert", hidden: true });
  const go = el("button", { type: "submit", class: "btn btn--main" }, verb);
  const form = el("form", { "data-nodraft": true },
    head(title, t("硬件钥匙的口令只在签名助手的窗口里输入，不经过浏览器。"), "key"),
    el("div", { class: "dialog__b" },
      el("p", {}, t("在本机启动签名助手，并指明本平台：")),
      el("p", { class: "code code--long" }, `mingzheng agent --module … --token … --origin ${location.origin}`),
      el("div", { class: "field" }, el("label", { for: "mz-agent-code" }, t("签名助手窗口里显示的配对码")), code), wrong),
    el("div", { class: "dialog__f" }, el("span", { class: "sub" }), el("button", { type: "button", class: "btn", "data-close": true }, t("取消")), go));
  const dialog = el("dialog", { class: "dialog", "aria-label": title }, form);
  return new Promise((resolve) => {
    let open = false;
    dialog.addEventListener("close", () => resolve(open));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (go.getAttribute("aria-busy")) return;
      wrong.hidden = true;
      go.setAttribute("aria-busy", "true");
      keys.unlockAgent(agentPort(), code.value).then(
        () => { open = true; dialog.close(); },
        (problem: unknown) => { wrong.textContent = words(problem); wrong.hidden = false; go.removeAttribute("aria-busy"); code.select(); },
      );
    });
    show(dialog);
    code.focus();
  });
}

/** While the agent's window waits for an answer, say so here. Closing gives up waiting; nothing is signed for this page then. */
export function startAgent(): void {
  document.addEventListener("mz:agent", (event) => {
    const { stop, ended } = (event as CustomEvent<keys.AgentWaiting>).detail;
    const title = t("请在签名助手的窗口里确认");
    const dialog = el("dialog", { class: "dialog", "aria-label": title, "data-agent-waiting": true },
      head(title, t("核对那里显示的内容；同意后，本页自动继续。"), "key"),
      el("div", { class: "dialog__b" }, el("p", { role: "status" }, el("i", { class: "spin" }), " ", t("正在等待签名助手"))),
      el("div", { class: "dialog__f" }, el("span", { class: "sub" }), el("button", { type: "button", class: "btn", "data-close": true }, t("取消"))));
    const later = setTimeout(() => { show(dialog).addEventListener("close", stop); }, PATIENCE);
    void ended.then(() => { clearTimeout(later); dialog.close(); });
  });
}
