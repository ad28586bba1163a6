// English of what only the sealing pages say; everything else is in ../wording.
import { isEnglish, t as said } from "../wording";

const english: Record<string, string> = {
  "请打开数字证书，为本单位封装": "Open your certificate to seal for your organisation",
  "封装": "Seal",
  "请打开数字证书，解密本单位的投标文件": "Open your certificate to decrypt your organisation's bid",
  "解密": "Decrypt",
  "已同意": "consented",
  "未同意": "not consented",
  "网络中断，{n} 秒后接着传": "The network is away; going on in {n} s",
  "请再按一次；不会重复办理。": "Press again; it will not be done twice.",
  "操作没有完成。": "It was not completed.",
  "请再试一次。": "Please try again.",
  "本页面不支持标段要求的密码算法套件。": "This page does not know the suite the lot asks for.",
  "请用命令行工具 mingzheng seal 加密。": "Seal with the command line: mingzheng seal.",
  "封签或标段参数的格式不对。": "The seal or the lot's parameters are badly formed.",
  "请刷新页面后再试。": "Reload the page and try again.",
  "开标一览表填写有误。": "The opening summary is not right.",
  "请改正后再加密；报价以元为单位，写两位小数。": "Correct it and seal again; the price is in yuan with two decimals.",
  "文件总大小超过本标段上限。": "The files are larger than this lot allows.",
  "请压缩或精简后重新加密。": "Make them smaller and seal again.",
  "有文件在加密过程中被改动。": "A file was changed while it was being sealed.",
  "请关闭正在编辑该文件的程序，再加密一次。": "Close the program that edits it and seal again.",
  "这把密钥打不开这份投标文件。": "This key does not open this bid.",
  "封签上的证书不是您的证书。": "The seal names another certificate than yours.",
  "请使用加密时所用的本人证书和密钥。": "Use the certificate and key it was sealed with.",
  "请使用加密时所用的本人证书。": "Use the certificate it was sealed with.",
  "加密没有完成。": "Sealing was not completed.",
  "请检查本机磁盘空间和浏览器版本后再试。": "Check the free disk space and the version of the browser.",
};

/** The text in the page's language, with {names} filled in. */
export const t = (text: string, facts: Record<string, string | number> = {}): string => said((isEnglish() && english[text]) || text, facts);
