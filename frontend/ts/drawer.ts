// Evidence badges open the proof beside the page; with JavaScript off they are plain links.
import { el, onClick } from "./dom";
import { head } from "./dialogs";
import { t } from "./wording";

export function startDrawer(): void {
  onClick("a[data-proof]", (hit, event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void open((hit as HTMLAnchorElement).href, hit.dataset["proof"] ?? "");
  });
}

async function open(address: string, position: string): Promise<void> {
  document.querySelector("dialog.drawer")?.remove();
  const body = el("div", { class: "panel__b", "aria-busy": "true" }, t("正在读取"));
  const drawer = el("dialog", { class: "drawer", "aria-label": `${position}` }, body);
  drawer.addEventListener("close", () => drawer.remove());
  document.body.append(drawer);
  drawer.showModal();
  try {
    const answer = await fetch(address, { headers: { "X-Requested-With": "mz-drawer" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fragment = page.querySelector("[data-fragment]") ?? page.querySelector("main") ?? page.body;
    drawer.replaceChildren(document.adoptNode(fragment));
    if (!drawer.querySelector("[data-close]")) drawer.prepend(head(position, "", "seal"));
  } catch {
    body.removeAttribute("aria-busy");
    body.replaceChildren(t("取不到证明，请稍后再试。"), " ", el("a", { href: address }, address));
  }
}
