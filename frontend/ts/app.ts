// What every page runs. Each part takes over only what it finds; without any of it the pages still work as plain forms.
import { startActs } from "./act";
import { startAgent } from "./agent-dialog";
import { startCertificateFiles } from "./certificate-file";
import { startClock } from "./clock";
import { startCopy } from "./copy";
import { startDemo } from "./demo";
import { startDialogs } from "./dialogs";
import { startDrafts } from "./drafts";
import { startDrawer } from "./drawer";
import { startLive } from "./live";
import { startAsking } from "./redraw";
import { startLogin } from "./login";
import { startMenus } from "./menu";
import { startRows } from "./rows";
import { startScores } from "./scores";
import { startSpeech } from "./speech";
import { startWhy } from "./why";

startClock();
startDialogs();
startWhy();
startMenus();
startActs();
startDrafts();
startDrawer();
startCopy();
startRows();
startScores();
startSpeech();
startLogin();
startAgent();
startCertificateFiles();
startLive();
startAsking();
startDemo();
for (const tab of document.querySelectorAll<HTMLElement>(".tabs > [aria-current]")) tab.parentElement?.scrollTo({ left: tab.offsetLeft - 48 }); // phones
for (const log of document.querySelectorAll<HTMLElement>("[data-newest]")) log.scrollTop = log.scrollHeight; // what was said last is in sight
document.documentElement.dataset["ready"] = "";
