// The worker that seals: reads files in slices, encrypts, keeps the ciphertext. The page stays responsive meanwhile.
import { LocalRefusal } from "../keys/refusal";
import { keeping } from "../sealing/keeping";
import type { FromWorker, Order, ToWorker } from "../sealing/messages";
import { sealBid } from "../sealing/seal";

const port = self as unknown as { postMessage(message: FromWorker): void; onmessage: ((event: MessageEvent<ToWorker>) => void) | null };

let gate: Promise<void> = Promise.resolve();
let openGate: () => void = () => undefined;
let cancelled = false;

port.onmessage = ({ data }) => {
  if (data.do === "seal") void seal(data.order);
  else if (data.do === "pause") gate = new Promise((resolve) => { openGate = resolve; });
  else openGate();
  if (data.do === "cancel") cancelled = true;
};

async function turn(): Promise<void> {
  await gate; // a pause or cancel comes in while the next piece is read
  if (cancelled) throw new LocalRefusal("seal.cancelled");
}

async function seal(order: Order): Promise<void> {
  const kept = await keeping(`${crypto.randomUUID()}.mzb`);
  let told = 0;
  try {
    const signed = await sealBid(order, {
      write: (bytes) => kept.write(bytes),
      turn,
      progress(done, total) {
        if (done < total && performance.now() - told < 100) return;
        told = performance.now();
        port.postMessage({ told: "progress", done, total });
      },
    });
    port.postMessage({ told: "sealed", signed, ...(await kept.finish()) });
  } catch (problem) {
    await kept.drop();
    const refused = problem instanceof LocalRefusal ? problem : null;
    port.postMessage({ told: "refused", code: refused?.code ?? "seal.failed", detail: refused?.detail ?? String(problem) });
  }
}
