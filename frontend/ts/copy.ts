// Codes that one click copies.
import { onClick } from "./dom";
import { toast } from "./toast";
import { t } from "./wording";

export function startCopy(): void {
  onClick("[data-copy]", (hit) => {
    navigator.clipboard.writeText(hit.dataset["copy"] ?? "").then(
      () => toast(t("已复制")),
      () => toast(t("没有复制成功，请手动选择")),
    );
  });
}
