// Reading aloud: a button with data-speak="id" reads every [data-read] inside, and new ones as they come in.
import { onClick } from "./dom";
import { toast } from "./toast";
import { t } from "./wording";

let place: HTMLElement | null = null;
let button: HTMLElement | null = null;
const said = new Set<string>();

function voice(): SpeechSynthesisVoice | undefined {
  return speechSynthesis.getVoices().find((one) => one.lang.replace("_", "-").toLowerCase().startsWith("zh"));
}

function speak(): void {
  if (!place) return;
  for (const line of document.getElementById(place.id)?.querySelectorAll<HTMLElement>("[data-read]") ?? []) {
    const text = line.dataset["read"] || line.textContent || "";
    if (said.has(text)) continue;
    said.add(text);
    const words = new SpeechSynthesisUtterance(text);
    words.lang = "zh-CN";
    const found = voice();
    if (found) words.voice = found;
    speechSynthesis.speak(words);
  }
}

function stop(): void {
  speechSynthesis.cancel();
  button?.setAttribute("aria-pressed", "false");
  place = button = null;
}

export function startSpeech(): void {
  if (!("speechSynthesis" in window)) {
    for (const one of document.querySelectorAll<HTMLElement>("[data-speak]")) one.hidden = true;
    return;
  }
  onClick("[data-speak]", (hit) => {
    if (hit === button) { stop(); return; }
    stop();
    if (speechSynthesis.getVoices().length && !voice()) toast(t("这台设备没有中文语音。"));
    button = hit;
    button.setAttribute("aria-pressed", "true");
    place = document.getElementById(hit.dataset["speak"] ?? "");
    said.clear();
    speak();
  });
  document.addEventListener("mz:redrawn", speak);
}
