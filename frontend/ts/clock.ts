// The server's time, carried on by the browser's monotonic counter. The machine's own clock is only compared, never used.
import { meta } from "./dom";
import { digits, span, t } from "./wording";

const WARN = 30 * 60, BAD = 5 * 60, DRIFT_ALARM = 5;
const CHINA = 8 * 3600_000;
const WEEK = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

let serverAtStart = 0;
let counterAtStart = 0;
let rate = 1;
let drift: number | null = null;

/** Milliseconds since 1970 on the deployment's clock. */
export const now = (): number => serverAtStart + (performance.now() - counterAtStart) * rate;

/** Set the clock from a page's `mz-now` and `mz-rate`; `at` is the counter when the server wrote it. */
export function setClock(iso: string, speed: number, at: number): void {
  const moment = Date.parse(iso);
  if (Number.isNaN(moment)) return;
  serverAtStart = moment;
  counterAtStart = at;
  rate = speed > 0 ? speed : 1;
  drift = meta("mz-mode") === "production" ? (Date.now() - now()) / 1000 : null;
}

/** 2026-11-24, 09:41:27 and the weekday, in UTC+8 whatever the machine's zone is. */
export function parts(moment: number): { day: string; time: string; weekday: string } {
  const there = new Date(moment + CHINA);
  const iso = there.toISOString();
  return { day: iso.slice(0, 10), time: iso.slice(11, 19), weekday: t(WEEK[there.getUTCDay()] ?? "") };
}

function word(): [text: string, state: string] {
  if (drift === null) return [rate === 1 ? t("演示时钟") : t("演示时钟，{n} 倍速", { n: rate }), ""];
  const off = Math.abs(drift);
  if (off > DRIFT_ALARM) {
    const n = off < 120 ? t("{n} 秒", { n: Math.round(off) }) : t("{n} 分", { n: Math.round(off / 60) });
    return [drift < 0 ? t("本机慢 {n}，请校时", { n }) : t("本机快 {n}，请校时", { n }), "drift"];
  }
  if (off < 0.05) return [t("服务器时间"), ""];
  const n = off.toFixed(1);
  return [drift < 0 ? t("服务器时间，本机慢 {n} 秒", { n }) : t("服务器时间，本机快 {n} 秒", { n }), ""];
}

function write(where: Element | null, text: string): void {
  if (where && where.textContent !== text) where.textContent = text;
}

function tick(): void {
  const current = now();
  const { day, time, weekday } = parts(current);
  const [said, state] = word();
  for (const clock of document.querySelectorAll<HTMLElement>("[data-clock]")) {
    if (clock.dataset["state"] === "stopped") continue;
    write(clock.querySelector("[data-clock-time]"), time);
    write(clock.querySelector("[data-clock-day]"), `${day} ${weekday}`);
    write(clock.querySelector("[data-clock-word]"), said);
    if (state) clock.dataset["state"] = state;
    else delete clock.dataset["state"];
  }
  for (const full of document.querySelectorAll("[data-clock-full]")) write(full, `${day} ${time}`);
  for (const left of document.querySelectorAll<HTMLElement>("[data-until]")) countDown(left, current);
  for (const bar of document.querySelectorAll<HTMLProgressElement>("progress[data-from][data-until]")) {
    const from = Date.parse(bar.dataset["from"] ?? ""), until = Date.parse(bar.dataset["until"] ?? "");
    bar.max = Math.max(1, until - from);
    bar.value = Math.min(bar.max, Math.max(0, current - from));
  }
}

function countDown(left: HTMLElement, current: number): void {
  if (left instanceof HTMLProgressElement) return;
  const seconds = (Date.parse(left.dataset["until"] ?? "") - current) / 1000;
  if (Number.isNaN(seconds)) return;
  write(left, left.dataset["form"] === "digits" ? digits(seconds) : span(seconds));
  const tone = seconds <= 0 ? "" : seconds < BAD ? "bad" : seconds < WARN ? "warn" : "";
  if (tone) left.dataset["tone"] = tone;
  else if (left.dataset["tone"] !== "info") delete left.dataset["tone"];
  if (seconds <= 0 && !left.dataset["reached"]) {
    left.dataset["reached"] = "1";
    // A deadline changes what the page may show: ask the server, a moment later, not the browser.
    if (seconds > -5) setTimeout(() => document.dispatchEvent(new CustomEvent("mz:deadline")), 1500 + Math.random() * 1500);
  }
}

/** Start from this page's meta elements. */
export function startClock(): void {
  const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  setClock(meta("mz-now"), Number(meta("mz-rate")) || 1, page?.responseStart ?? 0);
  tick();
  setInterval(tick, 250);
}
