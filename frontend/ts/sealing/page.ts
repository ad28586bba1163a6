// Pages that seal and pages that release a key. Markup:
//   <form data-seal="bidding.submit_bid" data-lot [data-terms="{TENDER.json}", else /lots/<lot>/sealing.json] [data-uploads="/upload"] [data-next]>
//     inputs summary.*, input[type=file], input[name=consent]; [data-progress] with steps and [data-seal-pause|cancel];
//     [data-seal-unfinished hidden] with [data-seal-continue] and [data-seal-discard] for a bid left by an earlier page.
//   <form data-release="opening.release_key" data-lot data-bid data-seal-json [data-opening-key] [data-next]>
// The content key goes beside the signed fields, as a secret that is neither signed nor recorded; with an opening key it
// goes wrapped for that key.
import { NoAnswer, perform, Refused, type Done } from "../act";
import { now } from "../clock";
import { showRefusal, type Refusal } from "../dialogs";
import { freshNonce, icon, jsonHeaders } from "../dom";
import { collect, mark, Unreadable, type Json } from "../fields";
import { sealProgress, type SealProgress } from "../seal-progress";
import { askForKey, sign } from "../signing";
import { t } from "./words";
import { bareKey, current, forget, type Job, LocalRefusal, releaseKey, seal, type SealingTerms, type SealJson, send, type SignedSeal, type Summary, unfinished, type Waiting } from "./index";
import type { OpenKey } from "../keys/keyfile";

const CHINA = 8 * 3600_000;

/** The deployment's time as it stands in the ledger. */
const moment = (): string => `${new Date(now() + CHINA).toISOString().slice(0, -1)}000+08:00`;

async function openKey(title: string, verb: string): Promise<OpenKey | null> {
  return await current() ?? (await askForKey(title, verb) ? current() : null);
}

/** What the summary's controls say: empty ones left out, the price with two decimals. */
export function summaryOf(fields: Record<string, Json>): Summary {
  const given = fields["summary"];
  const summary: Summary = {};
  if (!given || typeof given !== "object" || Array.isArray(given)) return summary;
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "number" || (typeof value === "string" && value.trim())) summary[name] = typeof value === "string" ? value.trim() : value;
  }
  const price = summary["price"];
  if (typeof price === "string" && /^\d+(\.\d{1,2})?$/.test(price)) {
    const [yuan = "", cents = ""] = price.split(".");
    summary["price"] = `${yuan.replace(/^0+(?=\d)/, "")}.${cents.padEnd(2, "0")}`;
  }
  return summary;
}

/** The rail of steps above the form: everything before `at` is done. */
function rail(at: number): void {
  document.querySelectorAll<HTMLElement>("ol.steps > li").forEach((step, n) => {
    const state = n < at ? "done" : n === at ? "now" : "next", sign = step.querySelector("i");
    step.dataset["state"] = state;
    if (state === "now") step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
    sign?.replaceChildren(state === "done" ? icon("check") : String(n + 1));
  });
}

class Composer {
  private job: Job | null = null;
  private paused = false;
  private resume: () => void = () => undefined;
  private gate: Promise<void> = Promise.resolve();
  private cancelled = false;
  private readonly shown: SealProgress | null;
  private readonly region: HTMLElement | null;

  constructor(private readonly form: HTMLFormElement) {
    this.region = form.querySelector<HTMLElement>("[data-progress]");
    this.shown = this.region && sealProgress(this.region);
    form.addEventListener("submit", (event) => { event.preventDefault(); void this.run(() => this.fresh()); });
    form.querySelector("[data-seal-pause]")?.addEventListener("click", (event) => this.pause(event.currentTarget as HTMLElement));
    form.querySelector("[data-seal-cancel]")?.addEventListener("click", () => this.cancel());
    form.addEventListener("input", () => { if (form.getAttribute("aria-busy") !== "true") this.filled(); });
    this.filled();
    void this.offer();
  }

  /** Which step the person is at while filling in. */
  private filled(): void {
    const files = [...this.form.querySelectorAll<HTMLInputElement>("input[type=file]")].some((one) => one.files?.length);
    rail(!files ? 0 : this.form.checkValidity() ? 2 : 1);
  }

  /** A bid sealed here before and not submitted: continue or give it up. */
  private async offer(): Promise<void> {
    const left = await unfinished(this.lot), place = this.form.querySelector<HTMLElement>("[data-seal-unfinished]");
    if (!left || !place) return;
    place.hidden = false;
    place.querySelector("[data-seal-continue]")?.addEventListener("click", () => void this.run(() => this.deliver(left.waiting, left.file)));
    place.querySelector("[data-seal-discard]")?.addEventListener("click", () => { place.hidden = true; void forget(left.waiting); });
  }

  private async terms(): Promise<SealingTerms> {
    const given = this.form.dataset["terms"];
    if (given) return JSON.parse(given) as SealingTerms;
    const answer = await fetch(`/lots/${this.lot}/sealing.json`, { headers: { Accept: "application/json" } }).catch(() => { throw new NoAnswer(true); });
    if (!answer.ok) throw new NoAnswer(false);
    return await answer.json() as SealingTerms;
  }

  private get lot(): string { return this.form.dataset["lot"] ?? ""; }

  private async run(work: () => Promise<void>): Promise<void> {
    if (this.form.getAttribute("aria-busy") === "true") return;
    this.form.setAttribute("aria-busy", "true");
    this.cancelled = false;
    try {
      await work();
    } catch (problem) {
      this.failed(problem);
    } finally {
      this.job = null;
      this.form.removeAttribute("aria-busy");
    }
  }

  private async fresh(): Promise<void> {
    const { fields, files } = collect(this.form);
    const key = await openKey(t("请打开数字证书，为本单位封装"), t("封装"));
    if (!key) return;
    const terms = await this.terms();
    if (this.region) this.region.hidden = false;
    const consent = fields["consent"] === true && terms.rescue !== null;
    rail(2);
    this.shown?.step("key", "done");
    this.shown?.step("certificate", "done");
    this.shown?.step("rescue", consent ? "done" : "wait", consent ? t("已同意") : t("未同意"));
    this.shown?.step("encrypt", "now");
    const order = { summary: summaryOf(fields), files: [...files.values()].flat(), terms, key, consent, at: moment() };
    this.job = seal(order, (done, total) => {
      this.shown?.amount(done, total);
      if (done === total && key.agent) this.shown?.say(t("请在签名助手的窗口里确认"));
    });
    const { waiting, file } = await this.job.done;
    this.shown?.step("encrypt", "done");
    this.shown?.step("sign", "done");
    await this.deliver(waiting, file);
  }

  private async deliver(waiting: Waiting, file: Blob): Promise<void> {
    if (this.region) this.region.hidden = false;
    rail(3);
    this.shown?.step("upload", "now");
    const id = await send(waiting, file, this.form.dataset["uploads"] ?? "/upload", jsonHeaders, {
      progress: (done, total) => this.shown?.amount(done, total),
      waiting: (pause) => this.shown?.say(t("网络中断，{n} 秒后接着传", { n: Math.ceil(pause / 1000) })),
      turn: async () => { await this.gate; if (this.cancelled) throw new LocalRefusal("seal.cancelled"); },
    });
    this.shown?.step("upload", "done");
    rail(4);
    this.shown?.step("submit", "now");
    try {
      const done = await perform(this.form.dataset["seal"] ?? "", { lot: this.lot, upload: id, seal: waiting.seal }, true, waiting.nonce);
      if (!done) return;
      this.shown?.step("submit", "done");
      await forget(waiting);
      finished(this.form, done);
    } catch (problem) {
      if (problem instanceof Refused && problem.refusal.refused.startsWith("seal.")) await forget(waiting); // it must be sealed anew
      throw problem;
    }
  }

  private pause(button: HTMLElement): void {
    this.paused = !this.paused;
    button.setAttribute("aria-pressed", String(this.paused));
    if (this.paused) {
      this.gate = new Promise((resolve) => { this.resume = resolve; });
      this.job?.pause();
    } else {
      this.resume();
      this.job?.resume();
    }
  }

  private cancel(): void {
    this.cancelled = true;
    this.paused = false;
    this.resume();
    this.job?.cancel();
  }

  private failed(problem: unknown): void {
    for (const step of this.region?.querySelectorAll<HTMLElement>('.work [data-state="now"]') ?? []) this.shown?.step(step.dataset["step"] ?? "", "failed");
    if (problem instanceof LocalRefusal && problem.code === "seal.cancelled") {
      if (this.region) this.region.hidden = true;
      return;
    }
    if (problem instanceof LocalRefusal && problem.code === "seal.summary-invalid" && mark(this.form, `summary.${problem.detail}`, problem.todo)) return;
    tell(problem, this.form);
  }
}

function finished(form: HTMLFormElement, done: Done): void {
  form.dispatchEvent(new CustomEvent("mz:done", { bubbles: true, detail: done }));
  const next = form.dataset["next"];
  if (next) location.assign(next);
  else location.reload();
}

function tell(problem: unknown, form: HTMLFormElement): void {
  if (problem instanceof Unreadable) mark(form, problem.control.name, t("格式不对"));
  else if (problem instanceof Refused) showRefusal(problem.refusal);
  else if (problem instanceof LocalRefusal) showRefusal({ refused: problem.code, what: t(problem.what), todo: t(problem.todo) });
  else if (problem instanceof NoAnswer) showRefusal({ refused: "network", what: t("没有提交成功，已填内容都在。"), todo: t("请再按一次；不会重复办理。") });
  else {
    console.error(problem);
    showRefusal({ refused: "failed", what: t("操作没有完成。"), todo: t("请再试一次。") });
  }
}

/** Unwrap the content key with the bidder's own key and release it. */
async function release(form: HTMLFormElement): Promise<void> {
  const key = await openKey(t("请打开数字证书，解密本单位的投标文件"), t("解密"));
  if (!key) return;
  const given = JSON.parse(form.dataset["sealJson"] ?? "{}") as SealJson | SignedSeal;
  const own = "seal" in given ? given.seal : given, opening = form.dataset["openingKey"];
  const content_key = opening ? await releaseKey(key, own, opening) : await bareKey(key, own);
  const act = form.dataset["release"] ?? "", fields = { lot: form.dataset["lot"] ?? "", bid: form.dataset["bid"] ?? "" };
  const nonce = freshNonce(), signature = await sign(act, fields, nonce);
  if (!signature) return;
  const answer = await fetch(`/act/${act}`, {
    method: "POST",
    headers: { ...jsonHeaders(), "Content-Type": "application/json" },
    body: JSON.stringify({ fields, nonce, secrets: { content_key }, signature }),
  }).catch(() => { throw new NoAnswer(true); });
  const said = await answer.json().catch(() => null) as Done | Refusal | null;
  if (said && "refused" in said && said.what) throw new Refused(said);
  if (!answer.ok || !said || "refused" in said) throw new NoAnswer(false);
  finished(form, said);
}

/** Take over the sealing and releasing forms of this page, now and after redraws. */
export function startSealing(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-seal]")) new Composer(form);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset["release"]) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    release(form).catch((problem: unknown) => tell(problem, form)).finally(() => form.removeAttribute("aria-busy"));
  });
}
