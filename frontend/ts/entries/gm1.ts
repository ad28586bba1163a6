// Suite GM-1 as a file of its own: brought by suites/suite.ts when a key, a lot or a seal names it.
export { gm1 } from "../suites/gm1";
