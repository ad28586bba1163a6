// Native dialogs: asking before an act, saying why not, showing a refusal.
import { el, icon } from "./dom";
import { t } from "./wording";

export interface Need { what: string; met: boolean; who?: string; until?: string }
export interface Refusal { refused: string; what: string; todo?: string; source?: string; needs?: Need[]; field?: string }

/** Open a dialog of the page and wait for the answer: true for its confirming button. */
export function ask(dialog: HTMLDialogElement): Promise<boolean> {
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

/** Put a dialog on the page, show it, and take it away when it closes. */
export function show(dialog: HTMLDialogElement): HTMLDialogElement {
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  return dialog;
}

export function head(title: string, hint: string, sign = "alert"): HTMLElement {
  return el("div", { class: "dialog__h" }, icon(sign, true), el("div", {}, el("h2", {}, title), hint && el("p", { class: "hint" }, hint)),
    el("button", { type: "button", class: "x", "data-close": true, "aria-label": t("关闭") }, icon("close", true)));
}

/** The conditions of an act: met ones ticked, open ones with who supplies them and until when. */
export function needsList(needs: Need[]): HTMLElement {
  return el("ul", { class: "needs" }, ...needs.map((need) => el("li", { "data-state": need.met ? "met" : "open" },
    icon(need.met ? "check" : "circle"), el("span", {}, need.what),
    need.until ? el("span", { class: "hint" }, need.until) : null,
    need.who ? el("span", { class: "sub" }, need.who) : null)));
}

/** A refusal over the page; the form behind it keeps everything. */
export function showRefusal(refusal: Refusal): void {
  const login = refusal.refused === "access.login-first";
  const here = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  show(el("dialog", { class: "dialog", "aria-label": refusal.what },
    head(refusal.what || t("还不能办理"), refusal.todo ?? ""),
    el("div", { class: "dialog__b" },
      refusal.needs?.length ? needsList(refusal.needs) : null,
      refusal.source ? el("p", { class: "rule" }, refusal.source) : null,
      el("p", { class: "hint" }, t("已填内容都保留着。"))),
    el("div", { class: "dialog__f" }, el("span", { class: "sub code" }, refusal.refused),
      el("button", { type: "button", class: "btn", "data-close": true }, t("关闭")),
      login ? el("a", { class: "btn btn--main", href: here }, t("去登录")) : null)));
}

/** Close buttons and clicks beside a dialog. */
export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const hit = event.target;
    if (!(hit instanceof Element)) return;
    if (hit.closest("[data-close]")) hit.closest("dialog")?.close();
    else if (hit instanceof HTMLDialogElement && hit.matches(".drawer, .dialog:not(:has(form))")) hit.close();
  });
}
