// A demo's bar and strip: continue as one of the cast with its own key, and keep both fresh. Finds nothing elsewhere.
import { setClock } from "./clock";
import * as keys from "./keys";
import { jsonHeaders, onClick } from "./dom";
import { redraw } from "./redraw";
import { t } from "./wording";

const EVERY = 4000, WHILE_LOADING = 2500;

interface Given { key: string; password: string }

/** The key file comes from the demo, is opened in this browser, and logs in as anybody's would. */
async function become(login: string, next: string): Promise<void> {
  const given = await post<Given>(`/demo/cast/${login}`);
  await keys.unlock(new Blob([given.key]), given.password);
  const asked = await fetch("/login/challenge", { headers: { Accept: "application/json" } });
  const { challenge } = await asked.json() as { challenge: string };
  await post("/login/certificate", { ...await keys.signChallenge(challenge), challenge, next });
  location.assign(next);
}

async function post<T>(address: string, content?: unknown): Promise<T> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { ...jsonHeaders(), "Content-Type": "application/json" },
    body: content === undefined ? "" : JSON.stringify(content),
  });
  const said = await answer.json().catch(() => ({})) as T & { what?: string };
  if (!answer.ok) throw new Error(said.what ?? t("登录没有成功"));
  return said;
}

/** What the bar says and offers; times that run and form tokens left out. */
const sense = (bar: HTMLElement): string =>
  [...bar.querySelectorAll("p, .loading, [data-cast], a")].map((one) => one.matches("p") ? one.firstElementChild?.nextSibling?.textContent ?? "" : one.outerHTML).join();

let pressing = false; // between pressing and letting go of a button its bar must not be exchanged

async function refresh(bar: HTMLElement): Promise<void> {
  if (document.hidden) return;
  const asked = performance.now();
  const here = encodeURIComponent(location.pathname + location.search);
  const answer = await fetch(`/demo/stage?here=${here}`, { cache: "no-store" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("demo-stage");
  if (!fresh) return;
  const loading = "loading" in bar.dataset, middle = (asked + performance.now()) / 2;
  if (loading) setClock(fresh.dataset["now"] ?? "", Number(fresh.dataset["rate"]) || 1, middle);
  if (pressing || bar.querySelector('[aria-busy="true"]')) return;
  if (sense(bar) !== sense(fresh)) {
    bar.replaceChildren(...document.adoptNode(fresh).childNodes);
    expand(bar, "open" in bar.dataset);
  }
  if (!loading) return;
  if (!("loading" in fresh.dataset)) delete bar.dataset["loading"];
  await redraw().catch(() => undefined); // what is being done shows on the page behind
}

/** On phones the cast is a drawer. */
function expand(bar: HTMLElement, open: boolean): void {
  bar.toggleAttribute("data-open", open);
  bar.querySelector("[data-cast-toggle]")?.setAttribute("aria-expanded", String(open));
}

/** Take over `[data-cast]` buttons; ask for the bar again every few seconds. */
export function startDemo(): void {
  const bar = document.querySelector<HTMLElement>("[data-stage]");
  if (!bar) return;
  onClick("[data-cast]", (hit) => {
    if (hit.getAttribute("aria-busy")) return;
    hit.setAttribute("aria-busy", "true");
    become(hit.dataset["cast"] ?? "", hit.dataset["next"] ?? "/desk").catch((problem: unknown) => {
      hit.removeAttribute("aria-busy");
      const wrong = bar.querySelector<HTMLElement>("[data-cast-error]");
      if (!wrong) return;
      wrong.textContent = problem instanceof TypeError ? t("网络中断，请重试。") : problem instanceof Error ? problem.message : t("登录没有成功");
      wrong.hidden = false;
    });
  });
  onClick("[data-cast-toggle]", () => { expand(bar, !("open" in bar.dataset)); });
  bar.addEventListener("pointerdown", () => { pressing = true; });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(() => { pressing = false; }));
  document.addEventListener("mz:redrawn", () => { if (!("loading" in bar.dataset)) void refresh(bar).catch(() => undefined); });
  document.querySelector<HTMLFormElement>("form[data-spoil]")?.addEventListener("submit", (event) => {
    event.submitter?.setAttribute("aria-busy", "true");
  });
  const again = (): void => {
    void refresh(bar).catch(() => undefined).finally(() => setTimeout(again, "loading" in bar.dataset ? WHILE_LOADING : EVERY));
  };
  setTimeout(again, WHILE_LOADING);
}
