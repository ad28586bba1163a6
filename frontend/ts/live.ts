// One event stream for all tabs. The tab that holds the lock keeps it open for everybody's lots and tells the others;
// when it closes, the next tab takes over where it stopped.
import { meta } from "./dom";
import { concerned, redraw } from "./redraw";

interface Happened { stream: string; kind: string; position: number }
type Message = { leader: string } | { want: string[]; from: string } | { happened: Happened } | { line: "up" | "down" } | { gone: string };

const tab = Math.random().toString(36).slice(2);
const LOCK = "mz-live", CHANNEL = "mz-live", LAST = "mz:last-position";

let mine: string[] = [];
let position = -1;
let address = "/live";
const wants = new Map<string, string[]>();
let source: EventSource | null = null;
let opened = "";
let reopen = 0;
let pending = new Set<string>();
let timer = 0;

const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANNEL) : null;
const tell = (message: Message): void => channel?.postMessage(message);

function take(event: Happened): void {
  if (mine.length && !mine.some((lot) => event.stream === `lot:${lot}`)) return;
  document.dispatchEvent(new CustomEvent("mz:happened", { detail: event }));
  for (const id of concerned(event.kind)) pending.add(id);
  draw();
}

/** Redraw soon: many events make one redraw, and hundreds of pages do not all ask in the same instant. */
function draw(): void {
  if (!pending.size || timer || document.hidden) return;
  timer = window.setTimeout(() => {
    timer = 0;
    const ids = pending;
    pending = new Set();
    redraw(ids).catch(() => { for (const id of ids) pending.add(id); });
  }, 60 + Math.random() * 190);
}

function line(state: "up" | "down"): void {
  const shown = document.querySelector<HTMLElement>("[data-linestate]");
  if (shown) shown.hidden = state === "up";
}

/** Where to go on: the place this page was drawn at, or what the last leading tab saw a moment ago; -1 when neither is known. */
function last(): number {
  if (position >= 0) return position;
  const [seen = "-1", at = "0"] = (localStorage.getItem(LAST) ?? "").split("@");
  return Date.now() - Number(at) < 60_000 ? Number(seen) : -1;
}

function seen(event: Happened): void {
  position = event.position;
  localStorage.setItem(LAST, `${position}@${Date.now()}`);
}

function open(): void {
  const lots = [...new Set([...wants.values()].flat())].sort();
  if (source && opened === lots.join()) return;
  source?.close();
  opened = lots.join();
  const after = last();
  source = new EventSource(`${address}?lots=${lots.join(",")}${after >= 0 ? `&after=${after}` : ""}`);
  source.addEventListener("happened", (event) => {
    const happened = JSON.parse((event as MessageEvent<string>).data) as Happened;
    seen(happened);
    take(happened);
    tell({ happened });
  });
  source.onopen = () => {
    reopen = 0;
    line("up");
    tell({ line: "up" });
    if (after < 0) void redraw(); // what happened between drawing the page and now is not known: look once
  };
  source.onerror = () => {
    line("down");
    tell({ line: "down" });
    if (source?.readyState !== EventSource.CLOSED) return; // the browser reconnects by itself, with Last-Event-ID
    source = null;
    reopen = Math.min(reopen + 1, 5);
    setTimeout(open, 1000 * 2 ** reopen * (0.5 + Math.random()));
  };
}

function listen(leading: () => boolean): void {
  if (!channel) return;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("happened" in data) { position = data.happened.position; take(data.happened); }
    else if ("line" in data) line(data.line);
    else if ("leader" in data) tell({ want: mine, from: tab });
    else if ("want" in data) { wants.set(data.from, data.want); if (leading()) open(); }
    else if (wants.delete(data.gone) && leading()) open();
  };
}

/** Start when the page's body names its lots: `<body data-live="/live?lots=a,b">`. */
export function startLive(): void {
  document.addEventListener("mz:deadline", () => void redraw());
  const wish = document.body.dataset["live"];
  if (!wish) return;
  const url = new URL(wish, location.href);
  address = url.pathname;
  position = Number(meta("mz-position") || "-1");
  mine = (url.searchParams.get("lots") ?? "").split(",").filter(Boolean);
  wants.set(tab, mine);
  let leader = false;
  listen(() => leader);
  const lead = (): Promise<never> => { leader = true; tell({ leader: tab }); open(); return new Promise<never>(() => undefined); };
  if (navigator.locks && channel) {
    void navigator.locks.request(LOCK, lead);
    tell({ want: mine, from: tab });
  } else {
    void lead();
  }
  window.addEventListener("pagehide", () => { tell({ gone: tab }); source?.close(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) { location.reload(); } });
  document.addEventListener("visibilitychange", draw);
}
