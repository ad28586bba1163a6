// Signing in with a certificate: the key file stays in the browser, only the signed challenge travels.
import * as keys from "./keys";
import type { Refusal } from "./dialogs";
import { jsonHeaders } from "./dom";
import { askForAgent } from "./agent-dialog";
import { whatWentWrong } from "./signing";
import { t } from "./wording";

interface Welcome { next?: string }

async function enter(form: HTMLFormElement, next: string): Promise<void> {
  const file = form.querySelector<HTMLInputElement>('input[type="file"]')?.files?.[0];
  const password = form.querySelector<HTMLInputElement>('input[type="password"]')?.value ?? "";
  if (!file) return;
  await keys.unlock(file, password).catch((problem: unknown) => { throw new Error(whatWentWrong(problem)); });
  await prove(next);
}

/** Sign the challenge with the open key and go on. */
async function prove(next: string): Promise<void> {
  const asked = await fetch("/login/challenge", { headers: { Accept: "application/json" } });
  const { challenge } = await asked.json() as { challenge: string };
  const proof = await keys.signChallenge(challenge).catch((problem: unknown) => { throw new Error(whatWentWrong(problem)); });
  const answer = await fetch("/login/certificate", {
    method: "POST",
    headers: { ...jsonHeaders(), "Content-Type": "application/json" },
    body: JSON.stringify({ ...proof, challenge, next }),
  });
  const said = await answer.json().catch(() => ({})) as Welcome & Partial<Refusal>;
  if (!answer.ok) throw new Error([said.what ?? t("登录没有成功"), said.todo].filter(Boolean).join(" "));
  location.assign(said.next || next || "/desk");
}

/** `<form data-login>` with a key file, a password and a hidden `_next`; `[data-login-error]` shows what went wrong.
 * `[data-login-agent]` in it signs in with a hardware key instead. */
export function startLogin(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-login]");
  const attempt = (button: HTMLElement | null, work: (next: string) => Promise<void>): void => {
    if (!form) return;
    const wrong = form.querySelector<HTMLElement>("[data-login-error]");
    if (button?.getAttribute("aria-busy")) return;
    button?.setAttribute("aria-busy", "true");
    if (wrong) wrong.hidden = true;
    const next = form.querySelector<HTMLInputElement>('input[name="_next"], input[name="next"]')?.value ?? "";
    work(next).catch((problem: unknown) => {
      button?.removeAttribute("aria-busy");
      if (!wrong) return;
      wrong.textContent = problem instanceof TypeError ? t("网络中断，请重试。") : problem instanceof Error ? problem.message : t("登录没有成功");
      wrong.hidden = false;
    });
  };
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(form.querySelector("button"), (next) => enter(form, next));
  });
  form?.querySelector<HTMLElement>("[data-login-agent]")?.addEventListener("click", (event) => {
    const button = event.currentTarget as HTMLElement;
    attempt(button, async (next) => {
      if (await askForAgent(t("用硬件钥匙登录"))) await prove(next);
      else button.removeAttribute("aria-busy");
    });
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-forget-key]")) void keys.lock();
  });
}
