// Progress of long work (sealing, upload, decryption): percent, amount, speed and time left, and the list of steps.
// Markup: <div class="sealing" data-progress> with [data-percent], [data-left], progress, [data-amount], .work li[data-step].
import { icon } from "./dom";
import { size, span, t } from "./wording";

export interface SealProgress {
  /** Octets done of all; keeps the bar, the speed and the time left. */
  amount(done: number, total: number): void;
  /** A step's state, with a word at its end (a time, "4 / 5"). */
  step(name: string, state: "done" | "now" | "wait" | "failed", word?: string): void;
  /** A sentence under the bar instead of the amount. */
  say(sentence: string): void;
}

const ICONS = { done: "check", now: "refresh", wait: "circle", failed: "alert" } as const;

export function sealProgress(root: HTMLElement): SealProgress {
  const started = performance.now();
  let speed = 0, lastDone = 0, lastAt = started, shownAt = 0;
  const write = (selector: string, text: string): void => {
    const place = root.querySelector(selector);
    if (place) place.textContent = text;
  };
  return {
    amount(done, total) {
      const at = performance.now();
      if (at - lastAt > 400) {
        const current = ((done - lastDone) / (at - lastAt)) * 1000;
        speed = speed ? speed * 0.8 + current * 0.2 : current;
        lastDone = done; lastAt = at;
      }
      if (done < total && at - shownAt < 150) return;
      shownAt = at;
      const bar = root.querySelector("progress");
      if (bar) { bar.max = total || 1; bar.value = done; }
      write("[data-percent]", `${total ? Math.floor((done / total) * 100) : 100}%`);
      write("[data-left]", speed > 0 ? t("还需约 {n}", { n: span(Math.ceil((total - done) / speed)) }) : t("正在计算"));
      write("[data-amount]", t("已处理 {a}，共 {b}，{c}/秒", { a: size(done), b: size(total), c: size(speed) }));
    },
    step(name, state, word = "") {
      const line = root.querySelector<HTMLElement>(`.work [data-step="${CSS.escape(name)}"]`);
      if (!line) return;
      line.dataset["state"] = state;
      line.querySelector("svg")?.replaceWith(icon(ICONS[state]));
      const end = line.querySelector("span:last-child");
      if (end) end.textContent = word;
    },
    say(sentence) { write("[data-amount]", sentence); },
  };
}
