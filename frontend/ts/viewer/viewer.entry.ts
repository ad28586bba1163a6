// Pages with files to read load this besides app.js: a seat, and single readers that name their file.
import { Reader } from "./reader";
import { startSeat } from "./seat";

for (const seat of document.querySelectorAll<HTMLElement>("[data-seat]")) startSeat(seat);
for (const root of document.querySelectorAll<HTMLElement>("[data-reader][data-src]")) {
  void new Reader(root).open({ url: root.dataset["src"] ?? "", name: root.dataset["name"] ?? "", shown: true, why: "" });
}
