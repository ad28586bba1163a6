// Script of the pages that seal a bid or release its key.
import { setClock } from "../clock";
import { meta } from "../dom";
import { startSealing } from "../sealing/page";

const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
setClock(meta("mz-now"), Number(meta("mz-rate")) || 1, page?.responseStart ?? 0);
startSealing();
