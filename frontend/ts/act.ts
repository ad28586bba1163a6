// Forms with data-act: one command each, sent once however often the button is pressed, never losing what was typed.
import { now, parts } from "./clock";
import { LocalRefusal } from "./keys";
import { ask, showRefusal, type Refusal } from "./dialogs";
import { el, freshNonce, icon, jsonHeaders } from "./dom";
import { forget } from "./drafts";
import { collect, mark, unmark, Unreadable, type Json } from "./fields";
import { complete, redraw } from "./redraw";
import { sign, type Signature } from "./signing";
import { toast } from "./toast";
import { uploadAll } from "./uploads";
import { t } from "./wording";

export interface Done {
  act: string;
  at: string;
  again: boolean;
  events: { kind: string; body: Record<string, Json> }[];
  told?: Record<string, Json>; // for this actor alone, in no entry
  entries: { number: number; digest: string; text: string; promise: unknown }[];
}

/** The platform did not answer in a way that says what happened: nothing is known, a repeat is safe. */
export class NoAnswer extends Error {
  constructor(readonly network: boolean) { super("no answer"); }
}

/** The platform said no, and why. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) { super(refusal.refused); }
}

/** Send one act. The same nonce never acts twice. Throws Refused or NoAnswer. */
export async function send(act: string, fields: Record<string, Json>, nonce: string, signature: Signature | null): Promise<Done> {
  let answer: Response;
  try {
    answer = await fetch(`/act/${act}`, {
      method: "POST",
      headers: { ...jsonHeaders(), "Content-Type": "application/json" },
      body: JSON.stringify(signature ? { fields, nonce, signature } : { fields, nonce }),
    });
  } catch { throw new NoAnswer(true); }
  const said = await answer.json().catch(() => null) as Done | Refusal | null;
  if (said && "refused" in said && said.what) throw new Refused(said);
  if (!answer.ok || !said || "refused" in said) throw new NoAnswer(false);
  return said;
}

/** Sign when needed and send; for pages that act without a form. Null when the person did not open a key. */
export async function perform(act: string, fields: Record<string, Json>, binds: boolean, nonce = freshNonce()): Promise<Done | null> {
  const signature = binds ? await sign(act, fields, nonce) : null;
  return binds && !signature ? null : send(act, fields, nonce, signature);
}

// The second click of a double click may come after a fast answer: for a moment after an act its form takes no other.
const SETTLING = 800;
const settled = new WeakMap<HTMLFormElement, number>();

async function submit(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  if (form.getAttribute("aria-busy") === "true" || performance.now() - (settled.get(form) ?? -SETTLING) < SETTLING) return;
  unmark(form);
  form.querySelector("[data-failed]")?.remove();
  const question = document.getElementById(form.dataset["confirm"] ?? "");
  if (question instanceof HTMLDialogElement && !(await ask(question))) return;
  const nonceField = form.querySelector<HTMLInputElement>('input[name="_nonce"]');
  const nonce = nonceField?.value || freshNonce();
  if (nonceField) nonceField.value = nonce;
  busy(form, button, true);
  try {
    const { fields, files } = collect(form, button);
    Object.assign(fields, await uploadAll(form, files));
    const act = form.dataset["act"] ?? "";
    const binds = "binds" in form.dataset;
    const signature = binds ? await sign(act, fields, nonce) : null;
    if (binds && !signature) return;
    const done = await send(act, fields, nonce, signature);
    settled.set(form, performance.now());
    forget(form);
    await finished(form, done, nonceField);
  } catch (problem) {
    failed(form, button, problem);
  } finally {
    busy(form, button, false);
  }
}

function busy(form: HTMLFormElement, button: HTMLElement | null, on: boolean): void {
  for (const one of [form, button]) {
    if (on) one?.setAttribute("aria-busy", "true");
    else one?.removeAttribute("aria-busy");
  }
}

async function finished(form: HTMLFormElement, done: Done, nonceField: HTMLInputElement | null): Promise<void> {
  form.dispatchEvent(new CustomEvent("mz:done", { bubbles: true, detail: done }));
  const body = { ...done.events[0]?.body, ...done.told };
  const next = form.dataset["next"]?.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(body[name] ?? "")));
  const words = form.dataset["done"] || t("已办理，{t}", { t: done.at.slice(11, 19) });
  if (next) {
    sessionStorage.setItem("mz:toast", words);
    location.assign(next);
    return;
  }
  toast(words, promiseLink(done));
  if (nonceField) nonceField.value = freshNonce();
  if (!("keep" in form.dataset)) form.reset();
  form.removeAttribute("aria-busy"); // a region around a busy form would not be redrawn
  const inRegion = form.closest("[data-live][id]:not(body)") !== null;
  await redraw().catch(() => undefined);
  if (inRegion && complete()) return;
  sessionStorage.setItem("mz:toast", words); // what this act changed stands outside the regions: show the page as it is now
  document.body.setAttribute("aria-busy", "true");
  location.reload();
}

/** The platform's signed promise, for the person's own records. */
function promiseLink(done: Done): HTMLAnchorElement | undefined {
  const promises = done.entries.filter((entry) => entry.promise);
  if (!promises.length) return undefined;
  const file = new Blob([JSON.stringify(promises.map(({ digest, text, promise }) => ({ digest, text, promise })), null, 1)], { type: "application/json" });
  return el("a", { href: URL.createObjectURL(file), download: `${done.act}-${done.at.slice(0, 19).replaceAll(":", "")}.json` }, t("保存凭证"));
}

function failed(form: HTMLFormElement, button: HTMLElement | null, problem: unknown): void {
  if (problem instanceof Unreadable) {
    mark(form, problem.control.name, t("格式不对"));
    return;
  }
  if (problem instanceof Refused) {
    const { refusal } = problem;
    const field = refusal.field ?? /[“"](\w+)[”"]/.exec(refusal.what)?.[1] ?? "";
    if (refusal.refused.startsWith("input.") && field && mark(form, field, `${refusal.what} ${refusal.todo ?? ""}`)) return;
    showRefusal(refusal);
    return;
  }
  if (problem instanceof LocalRefusal) {
    showRefusal({ refused: problem.code, what: t(problem.what), todo: t(problem.todo) });
    return;
  }
  if (!(problem instanceof NoAnswer)) console.error(problem);
  const network = problem instanceof NoAnswer && problem.network;
  const when = parts(now()).time;
  const again = el("button", { type: "button", class: "btn btn--s" }, icon("refresh"), t("重试"));
  again.addEventListener("click", () => void submit(form, button));
  form.append(el("div", { class: "note", "data-tone": "bad", role: "alert", "data-failed": true }, icon("alert"),
    el("span", {}, el("b", {}, t("没有提交成功，已填内容都在。")), network ? t("网络在 {t} 中断。重试不会重复办理。", { t: when }) : t("平台在 {t} 没有给出结果。重试不会重复办理。", { t: when }), " ", again)));
  again.scrollIntoView({ block: "nearest" });
}

/** Take over every act form of the page, now and after redraws. */
export function startActs(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset["act"]) return;
    event.preventDefault();
    void submit(form, (event as SubmitEvent).submitter);
  });
  const left = sessionStorage.getItem("mz:toast");
  if (left) { sessionStorage.removeItem("mz:toast"); toast(left); }
}
