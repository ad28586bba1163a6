// A refusal of the tools on the bidder's own machine, with the same stable codes the server uses.

const WORDS: Record<string, [what: string, todo: string]> = {
  "key.wrong-password": ["口令不对，密钥文件没有打开。", "请核对口令后再试；口令只在您的设备上使用，不会上传。"],
  "key.unreadable": ["这不是完整的密钥文件（.mzkey）。", "请选择领取证书时保存的密钥文件。"],
  "key.certificate-mismatch": ["密钥文件里的私钥与证书不是一对。", "请使用同一次领取的密钥和证书。"],
  "key.locked": ["密钥没有打开。", "请先选择密钥文件并输入口令。"],
  "agent.absent": ["本机的签名助手没有应答。", "请启动签名助手；浏览器问起时，允许本页连接本机。"],
  "agent.foreign-origin": ["签名助手是为另一个平台地址启动的。", "请用 --origin 指明浏览器地址栏里的地址，重新启动。"],
  "agent.not-paired": ["签名助手不认识本页面。", "请再按一次，输入它窗口里显示的配对码。"],
  "agent.wrong-code": ["配对码不对。", "请输入签名助手窗口里最新显示的配对码。"],
  "agent.too-many-tries": ["配对码输错太多次，签名助手不再接受配对。", "请关闭签名助手，重新启动后再配对。"],
  "agent.not-signable": ["签名助手不签这样的内容。", "请刷新页面后再试；仍然如此，请联系平台。"],
  "agent.declined": ["没有在签名助手的窗口里同意，什么都没有签。", "如需办理，请再按一次。"],
  "agent.busy": ["签名助手正在等您对上一件事作答。", "请先在它的窗口里作答，再试一次。"],
  "agent.token-removed": ["硬件钥匙已拔出，或不再应答。", "请插好硬件钥匙，重新启动签名助手后再试。"],
  "agent.too-large": ["要签的内容太大，签名助手不接受。", "请刷新页面后再试；仍然如此，请联系平台。"],
  "agent.unreadable": ["签名助手的应答不对。", "请更新签名助手，重新启动后再试。"],
  "suite.not-loaded": ["国密算法的程序没有取到。", "请检查网络后再试。"],
  "seal.unknown-suite": ["本页面不支持标段要求的密码算法套件。", "请用命令行工具 mingzheng seal 加密。"],
  "key.wrong-suite": ["您的证书与本标段要求的密码算法套件不同。", "请使用同一套件的证书（国密或国际算法）。"],
  "seal.unreadable": ["封签或标段参数的格式不对。", "请刷新页面后再试。"],
  "seal.summary-invalid": ["开标一览表填写有误。", "请改正后再加密；报价以元为单位，写两位小数。"],
  "seal.too-large": ["文件总大小超过本标段上限。", "请压缩或精简后重新加密。"],
  "seal.file-changed": ["有文件在加密过程中被改动。", "请关闭正在编辑该文件的程序，再加密一次。"],
  "seal.wrong-key": ["这把密钥打不开这份投标文件。", "请使用加密时所用的本人证书和密钥。"],
  "seal.not-your-envelope": ["封签上的证书不是您的证书。", "请使用加密时所用的本人证书。"],
  "seal.truncated": ["加密文件不完整。", "请重新上传完整的文件。"],
  "seal.chunks-reordered": ["加密文件的分块次序被调换。", "文件已被改动，不能采用。"],
  "seal.chunk-foreign": ["加密文件有分块不属于这份投标文件，或已被改动。", "文件已被改动，不能采用。"],
  "seal.content-contradicts": ["解密后的内容与封签的承诺不一致。", "请联系主持人。"],
  "seal.failed": ["加密没有完成。", "请检查本机磁盘空间和浏览器版本后再试。"],
  "seal.cancelled": ["已取消加密。", "可以重新开始。"],
  "upload.refused": ["服务器没有接受上传。", "请刷新页面后再试；已传的部分会接着传。"],
};

/** Something was refused. `code` is stable; the message is for people, in Chinese. */
export class LocalRefusal extends Error {
  readonly what: string;
  readonly todo: string;
  constructor(readonly code: string, readonly detail = "") {
    const [what, todo] = WORDS[code] ?? ["操作没有完成。", "请再试一次。"];
    super(what + (detail ? ` ${detail}` : ""));
    this.name = "LocalRefusal";
    this.what = what + (detail ? `（${detail}）` : "");
    this.todo = todo;
  }
}
