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
  "正在核对证书": "Checking the certificate",
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
