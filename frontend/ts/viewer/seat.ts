// The evaluation seat: reading left, scoring right. What is read marks its part of the score sheet and never moves what is typed.
import { headingFor, type Heading } from "./contents";
import { Pane, type Shown } from "./pane";
import { keep, recall } from "./places";
import { t } from "../wording";

const PLACE = `mz:seat:${location.pathname}`;
const ROOM_FOR_TWO = matchMedia("(min-width: 1600px)");

/** Take over a seat. */
export function startSeat(seat: HTMLElement): void {
  const doc = seat.querySelector<HTMLElement>("[data-pane]");
  const sheet = seat.querySelector<HTMLFormElement>("form.score");
  if (!doc || !sheet) return;
  const pristine = doc.cloneNode(true) as HTMLElement;
  const first = new Pane(doc, (shown) => { keep(PLACE, shown); markScores(sheet, shown.bid); }, (bid, file, headings) => offerJumps(sheet, bid, file, headings));
  const kept = recall<Shown>(PLACE);
  const bid = kept.bid && first.bids.includes(kept.bid) ? kept.bid : first.bids[0];
  if (bid) first.show(bid, kept.bid === bid ? kept.file : -1);
  startSides(seat, sheet, first);
  startBeside(seat, first, pristine);
  sheet.addEventListener("click", (event) => {
    const hit = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-read-bid]") : null;
    if (!hit) return;
    side(seat, "read");
    const { readBid = "", file, page } = hit.dataset;
    first.show(readBid, file ? Number(file) : undefined, Number(page) || 0);
    first.focus();
  });
}

/** The part of the score sheet that belongs to the bid being read is marked, and comes into sight unless somebody types. */
function markScores(sheet: HTMLFormElement, bid: string): void {
  for (const one of sheet.querySelectorAll<HTMLElement>("[data-group]")) {
    const now = one.dataset["group"] === bid;
    one.toggleAttribute("data-current", now);
    const list = one.closest<HTMLElement>(".score__list");
    if (now && list && list.scrollHeight > list.clientHeight && !sheet.contains(document.activeElement)) list.scrollTop = one.offsetTop - list.offsetTop;
  }
}

/** A criterion that the bidder's own contents name gets a button that goes to the page. */
function offerJumps(sheet: HTMLFormElement, bid: string, file: number, headings: Heading[]): void {
  for (const one of sheet.querySelectorAll<HTMLElement>(`[data-criterion][data-for="${CSS.escape(bid)}"]`)) {
    const button = one.querySelector<HTMLElement>("[data-read-bid]"), found = headingFor(one.dataset["criterion"] ?? "", headings);
    if (!button || !found) continue;
    button.dataset["file"] = String(file);
    button.dataset["page"] = String(found.page);
    button.title = found.title;
    button.textContent = t("第 {n} 页", { n: found.page });
    button.hidden = false;
  }
}

/** On a phone one side at a time. */
function startSides(seat: HTMLElement, sheet: HTMLFormElement, first: Pane): void {
  seat.addEventListener("click", (event) => {
    const hit = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-side], a[href^='#score-']") : null;
    if (!hit) return;
    side(seat, hit.dataset["side"] ?? "score");
    if (hit.dataset["side"] !== "read") sheet.querySelector(`[data-group="${CSS.escape(first.shown.bid)}"]`)?.scrollIntoView({ block: "start" });
  });
}

function side(seat: HTMLElement, name: string): void {
  seat.dataset["showing"] = name;
  for (const one of seat.querySelectorAll<HTMLElement>("[data-side]")) one.setAttribute("aria-pressed", String(one.dataset["side"] === name));
  if (seat.offsetTop > scrollY + 8 || seat.offsetTop < scrollY - 8) if (getComputedStyle(seat).display === "block") seat.scrollIntoView({ block: "start" });
}

/** A wide screen takes a second pane beside the first. */
function startBeside(seat: HTMLElement, first: Pane, pristine: HTMLElement): void {
  const button = seat.querySelector<HTMLElement>("[data-beside]");
  if (!button) return;
  let second: Pane | null = null;
  const end = (): void => {
    second?.end();
    second?.root.remove();
    second = null;
    seat.removeAttribute("data-two");
    button.setAttribute("aria-pressed", "false");
  };
  button.addEventListener("click", () => {
    if (second) return end();
    const root = pristine.cloneNode(true) as HTMLElement;
    for (const one of root.querySelectorAll("[id]")) one.removeAttribute("id");
    root.querySelector("[data-beside]")?.remove();
    first.root.after(root);
    seat.setAttribute("data-two", "");
    button.setAttribute("aria-pressed", "true");
    second = new Pane(root, () => undefined, () => undefined);
    const { bid, file } = first.shown, others = first.bids;
    const next = others[(others.indexOf(bid) + 1) % others.length];
    if (next) second.show(next, file); // the same file of the next bid, which is what one compares
  });
  const fits = (): void => { button.hidden = !ROOM_FOR_TWO.matches || first.bids.length < 2; if (button.hidden) end(); };
  ROOM_FOR_TWO.addEventListener("change", fits);
  fits();
}
