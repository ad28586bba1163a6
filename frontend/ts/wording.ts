// How things are said in the browser; the same words as src/mingzheng/site/design/wording.py. Chinese is the source.

const english: Record<string, string> = {
  "已到": "reached",
  "{d} 天 {h} 小时": "{d} d {h} h",
  "{h} 小时 {m} 分": "{h} h {m} min",
  "{m} 分 {s} 秒": "{m} min {s} s",
  "服务器时间": "server time",
  "服务器时间，本机慢 {n} 秒": "server time, this computer is {n} s slow",
  "服务器时间，本机快 {n} 秒": "server time, this computer is {n} s fast",
  "本机慢 {n}，请校时": "this computer is {n} slow, set its clock",
  "本机快 {n}，请校时": "this computer is {n} fast, set its clock",
  "{n} 秒": "{n} s",
  "{n} 分": "{n} min",
  "演示时钟": "demo clock",
  "演示时钟，{n} 倍速": "demo clock, {n} times as fast",
  "已暂停，时限停止计算": "suspended, deadlines do not run",
  "周日": "Sun", "周一": "Mon", "周二": "Tue", "周三": "Wed", "周四": "Thu", "周五": "Fri", "周六": "Sat",
  "已办理，{t}": "Done, {t}",
  "已复制": "Copied",
  "没有复制成功，请手动选择": "Could not copy, please select the text",
  "保存凭证": "Save the promise",
  "没有提交成功，已填内容都在。": "Not submitted. Everything you typed is still here.",
  "网络在 {t} 中断。重试不会重复办理。": "The network failed at {t}. Trying again will not do it twice.",
  "平台在 {t} 没有给出结果。重试不会重复办理。": "The platform gave no result at {t}. Trying again will not do it twice.",
  "重试": "Try again",
  "关闭": "Close",
  "取消": "Cancel",
  "还不能办理": "Not possible yet",
  "已填内容都保留着。": "Everything you typed is kept.",
  "去登录": "Sign in",
  "请用数字证书签名": "Sign with your certificate",
  "这件事有法律效力。私钥只在本机使用，不会离开浏览器。": "This act binds. Your private key is used on this computer only and never leaves the browser.",
  "密钥文件（.mzkey）": "Key file (.mzkey)",
  "密钥口令": "Password of the key",
  "签名": "Sign",
  "口令不对，或文件不是密钥文件。": "Wrong password, or not a key file.",
  "国密算法的程序没有取到。": "The code of the SM2 suite could not be fetched.",
  "请检查网络后再试。": "Check the network and try again.",
  "您的证书与本标段要求的密码算法套件不同。": "Your certificate belongs to another suite than the lot asks for.",
  "请使用同一套件的证书（国密或国际算法）。": "Use a certificate of the same suite (SM2 or P-256).",
  "口令不对，密钥文件没有打开。": "Wrong password, the key file was not opened.",
  "请核对口令后再试；口令只在您的设备上使用，不会上传。": " Check the password; it is used on your device only.",
  "这不是完整的密钥文件（.mzkey）。": "This is not a whole key file (.mzkey).",
  "请选择领取证书时保存的密钥文件。": " Choose the key file you kept when you got the certificate.",
  "密钥文件里的私钥与证书不是一对。": "The private key in the file does not belong to its certificate.",
  "请使用同一次领取的密钥和证书。": " Use the key and certificate that were issued together.",
  "密钥没有打开。": "The key is not open.",
  "请先选择密钥文件并输入口令。": " Choose the key file and enter its password first.",
  "已恢复您还没有提交的内容。": "What you had not submitted yet was restored.",
  "正在上传 {name}，{p}%": "Uploading {name}, {p}%",
  "网络中断，正在等待。已传的部分不会丢。": "The network is away, waiting. Nothing that arrived is lost.",
  "服务器没有接受上传。": "The server did not accept the upload.",
  "请刷新页面后再试；已传的部分会接着传。": " Reload the page and try again; the upload goes on where it stopped.",
  "格式不对": "Not readable",
  "正在读取": "Loading",
  "取不到证明，请稍后再试。": "The proof could not be fetched, please try again.",
  "还需约 {n}": "about {n} left",
  "已处理 {a}，共 {b}，{c}/秒": "{a} of {b}, {c}/s",
  "正在计算": "working it out",
  "停止播报": "Stop reading aloud",
  "这台设备没有中文语音。": "This device has no Chinese voice.",
  "回执不成立。": "The receipt is refused. ",
  "真实，且没有被改动。": "Genuine and unchanged. ",
  "前后一致，来源未证明。": "Consistent, origin not proven. ",
  "{at}，账本位置 {n}，共 {size} 项。": "{at}, ledger position {n} of {size}. ",
  "平台与 {n} 家共签方的签名一致。": "Signed by the platform and {n} cosigners.",
  "所用密钥由平台公布；独立核验请用监督部门或共签单位给您的密钥文件。": " The keys are those the platform publishes; for an independent check bring a key file from the supervisor or a cosigner.",
  "要证明来源，请用监督部门或共签单位给您的密钥文件核验。": "To prove the origin, check it with a key file from the supervisor or a cosigner.",
  "登录没有成功": "Could not sign in",
  "硬件钥匙（本机签名助手）": "Hardware key (signing agent)",
  "用硬件钥匙登录": "Sign in with a hardware key",
  "请用硬件钥匙签名": "Sign with your hardware key",
  "配对": "Pair",
  "硬件钥匙的口令只在签名助手的窗口里输入，不经过浏览器。": "The PIN is typed in the window of the signing agent only, never in the browser.",
  "在本机启动签名助手，并指明本平台：": "Start the signing agent on this computer for this centre:",
  "签名助手窗口里显示的配对码": "Pairing code shown in the agent's window",
  "签名助手没有给出结果，请再试。": "The signing agent gave no result, please try again.",
  "请在签名助手的窗口里确认": "Confirm in the window of the signing agent",
  "核对那里显示的内容；同意后，本页自动继续。": "Check what it shows; once you agree, this page goes on by itself.",
  "正在等待签名助手": "Waiting for the signing agent",
  "本机的签名助手没有应答。": "The signing agent of this computer does not answer.",
  "请启动签名助手；浏览器问起时，允许本页连接本机。": " Start it, and allow this page to reach this computer if the browser asks.",
  "签名助手是为另一个平台地址启动的。": "The signing agent was started for another address.",
  "请用 --origin 指明浏览器地址栏里的地址，重新启动。": " Start it again with --origin and the address the browser shows.",
  "签名助手不认识本页面。": "The signing agent does not know this page.",
  "请再按一次，输入它窗口里显示的配对码。": " Press again and type the pairing code it shows.",
  "配对码不对。": "Wrong pairing code.",
  "请输入签名助手窗口里最新显示的配对码。": " Type the newest code shown in the agent's window.",
  "配对码输错太多次，签名助手不再接受配对。": "Too many wrong pairing codes; the signing agent pairs no more.",
  "请关闭签名助手，重新启动后再配对。": " Stop the signing agent, start it again and pair anew.",
  "签名助手不签这样的内容。": "The signing agent does not sign such a text.",
  "请刷新页面后再试；仍然如此，请联系平台。": " Reload the page and try again; if it stays so, tell the platform.",
  "没有在签名助手的窗口里同意，什么都没有签。": "You did not agree in the agent's window; nothing was signed.",
  "如需办理，请再按一次。": " To go on, press again.",
  "签名助手正在等您对上一件事作答。": "The signing agent waits for your answer to the question before.",
  "请先在它的窗口里作答，再试一次。": " Answer in its window first, then try again.",
  "硬件钥匙已拔出，或不再应答。": "The hardware key was removed or no longer answers.",
  "请插好硬件钥匙，重新启动签名助手后再试。": " Plug it in, start the signing agent again, then try again.",
  "要签的内容太大，签名助手不接受。": "What is to be signed is too large for the signing agent.",
  "签名助手的应答不对。": "The signing agent answered wrongly.",
  "请更新签名助手，重新启动后再试。": " Update the signing agent, start it again, then try again.",
  "正在核对证书": "Checking the certificate",
  "第 {n} 页": "page {n}",
  "网络中断，请重试。": "The network failed, please try again.",
};

/** The page's language. */
export const isEnglish = (): boolean => document.documentElement.lang.startsWith("en");

/** The text in the page's language, with {names} filled in. */
export function t(text: string, facts: Record<string, string | number> = {}): string {
  const said = isEnglish() ? (english[text] ?? text) : text;
  return said.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}

const DAY = 86400, HOUR = 3600, MINUTE = 60;

/** Time left in its two largest units. */
export function span(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole <= 0) return t("已到");
  if (whole >= DAY) return t("{d} 天 {h} 小时", { d: Math.floor(whole / DAY), h: Math.floor((whole % DAY) / HOUR) });
  if (whole >= HOUR) return t("{h} 小时 {m} 分", { h: Math.floor(whole / HOUR), m: Math.floor((whole % HOUR) / MINUTE) });
  return t("{m} 分 {s} 秒", { m: Math.floor(whole / MINUTE), s: whole % MINUTE });
}

/** Time left as 22:33, 18:17:52, or in words from a day on. */
export function digits(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole >= DAY) return span(whole);
  const two = (n: number): string => String(n).padStart(2, "0");
  const tail = `${two(Math.floor((whole % HOUR) / MINUTE))}:${two(whole % MINUTE)}`;
  return whole >= HOUR ? `${Math.floor(whole / HOUR)}:${tail}` : tail;
}

/** 12.4 MB, 86 kB. */
export function size(octets: number): string {
  if (octets >= 1e6) return `${(octets / 1e6).toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MB`;
  return octets >= 1e3 ? `${Math.round(octets / 1e3)} kB` : `${octets} B`;
}

/** Every text that has English, for the test that compares with what the modules say. */
export const spoken: readonly string[] = Object.keys(english);
