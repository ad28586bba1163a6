"""What suites, certificates, key files and sealed bids refuse, each with what happened and what to do."""

from mingzheng.kernel.refusal import refusal

SUITE_UNKNOWN = refusal(
    "seal.unknown-suite",
    what="密码算法套件“{suite}”不在本平台接受的范围内。",
    todo="请用本平台当前提供的工具重新加密或签名。",
)
SUITE_ABSENT = refusal(
    "seal.suite-absent",
    what="这台机器缺少密码算法套件“{suite}”所需的算法。",
    todo="请管理员按此处理：{problem}",
    status=503,
    evidence=False,
)

CERTIFICATE_UNREADABLE = refusal(
    "certificate.unreadable",
    what="数字证书文件无法读取。",
    todo="请核对证书文件是否完整，或向发证机构重新领取。",
    status=422,
)
CERTIFICATE_EXPIRED = refusal(
    "certificate.expired",
    what="数字证书已于 {until} 到期。",
    todo="请向发证机构办理续期后再操作。",
    source="电子签名法 16；RG-4.1-2",
    status=403,
)
CERTIFICATE_NOT_YET = refusal(
    "certificate.not-yet-valid",
    what="数字证书自 {since} 起才生效。",
    todo="请核对证书，或在生效后再操作。",
    source="RG-4.1-2",
    status=403,
)
CERTIFICATE_FOREIGN = refusal(
    "certificate.unknown-authority",
    what="数字证书不是本平台认可的机构签发的。",
    todo="请使用本平台公布的发证机构签发的证书。",
    source="电子签名法 18；RG-4.1-2",
    status=403,
)
CERTIFICATE_USAGE = refusal(
    "certificate.wrong-usage",
    what="这张数字证书不能用于签名和解密：{problem}",
    todo="请使用签发给本人、可签名和加密的证书。",
    source="RG-4.1-2",
    status=403,
)
CERTIFICATE_REVOKED = refusal(
    "certificate.revoked",
    what="数字证书（序列号 {serial}）已被吊销。",
    todo="请向发证机构查询原因并重新领取。",
    source="电子签名法 15；RG-4.1-2",
    status=403,
)
CERTIFICATE_UNCERTAIN = refusal(
    "certificate.standing-unknown",
    what="暂时无法向发证机构“{issuer}”核实证书是否有效。",
    todo="请几分钟后再试；急办的请联系交易中心服务台。已经办成的事项不受影响。",
    source="电子签名法 15；RG-4.1-2",
    status=503,
)

ACT_UNREADABLE = refusal(
    "signature.unreadable",
    what="签名内容的格式不对：{problem}",
    todo="请刷新页面，用本人证书再签一次。",
    status=422,
)
SIGNATURE_WRONG = refusal(
    "signature.wrong",
    what="签名与内容或证书不一致。",
    todo="请刷新页面，用本人证书再签一次；内容签名后不要改动。",
    source="电子签名法 13",
    status=403,
)

KEY_PASSWORD = refusal(
    "key.wrong-password",
    what="口令不对，密钥文件没有打开。",
    todo="请核对口令后再试；口令只在您的设备上使用，不会上传。",
    status=403,
    evidence=False,
)
KEY_PASSWORD_SHORT = refusal(
    "key.password-too-short",
    what="口令太短，至少 {least} 个字符。",
    todo="请换一个更长的口令。",
    status=422,
    evidence=False,
)
KEY_UNREADABLE = refusal(
    "key.unreadable",
    what="这不是完整的密钥文件（.mzkey）：{problem}",
    todo="请选择领取证书时保存的密钥文件。",
    status=422,
    evidence=False,
)
KEY_OTHER_SUITE = refusal(
    "key.wrong-suite",
    what="这把密钥属于密码算法套件 {suite}，这里要求 {wanted}。",
    todo="请使用 {wanted} 的证书和密钥。",
    status=422,
)
KEY_MISMATCH = refusal(
    "key.certificate-mismatch",
    what="密钥文件里的私钥与证书不是一对。",
    todo="请使用同一次领取的密钥和证书。",
    status=422,
    evidence=False,
)

SEAL_UNREADABLE = refusal(
    "seal.unreadable",
    what="封签的格式不对：{problem}",
    todo="请用本平台的工具重新加密后递交。",
    status=422,
)
SEAL_ALTERED = refusal(
    "seal.altered",
    what="封签的签名与内容或证书不一致，封签被改动过。",
    todo="请用本人证书重新加密后递交。",
    source="招标投标法实施条例 36；电子招标投标办法 28",
    status=403,
)
SEAL_OTHER_LOT = refusal(
    "seal.wrong-lot",
    what="这份投标文件是为另一个标段加密的。",
    todo="请在本标段的页面重新加密后递交。",
)
SEAL_OTHER_SUITE = refusal(
    "seal.wrong-suite",
    what="这份投标文件用的是 {suite}，本标段要求 {wanted}。",
    todo="请按本标段的参数重新加密后递交。",
)
SEAL_OTHER_CERTIFICATE = refusal(
    "seal.not-your-envelope",
    what="封签上的证书不是您的证书，这是另一投标人的投标文件。",
    todo="请递交用本人证书加密的投标文件。",
    status=403,
)
SEAL_OTHER_RESCUERS = refusal(
    "seal.wrong-rescue-holders",
    what="封签里的应急解密持有人与本标段公布的不一致。",
    todo="请重新打开标段页面获取最新参数，再加密递交。",
)
SEAL_REPLAYED = refusal(
    "seal.replayed",
    what="这份投标文件已经递交过，不能再次使用。",
    todo="如需替换，请重新加密生成新的投标文件。",
)
NOT_SEALED = refusal(
    "seal.not-sealed",
    what="上传的文件没有加密，平台拒收。",
    todo="请先在本页面或用 mingzheng seal 加密，再递交。",
    source="招标投标法实施条例 36；电子招标投标办法 26",
    status=422,
)
TRUNCATED = refusal(
    "seal.truncated",
    what="加密文件不完整：应有 {expected} 字节，实有 {actual} 字节。",
    todo="请重新上传完整的文件；中断的上传可以续传。",
    status=422,
)
DIGEST_DIFFERS = refusal(
    "seal.file-differs",
    what="加密文件与封签记载的摘要不一致。",
    todo="请上传与封签同时生成的那一份文件。",
    status=422,
)
CHUNK_MISPLACED = refusal(
    "seal.chunks-reordered",
    what="加密文件第 {part} 部分第 {chunk} 块的次序被调换。",
    todo="文件已被改动，不能采用；请核查保存和传输过程。",
)
CHUNK_FOREIGN = refusal(
    "seal.chunk-foreign",
    what="加密文件第 {part} 部分第 {chunk} 块不属于这份投标文件，或已被改动。",
    todo="文件已被改动，不能采用；请核查保存和传输过程。",
)
PART_CONTRADICTS = refusal(
    "seal.content-contradicts",
    what="解密后的内容与封签的承诺不一致（第 {part} 部分）。",
    todo="请由主持人依规裁定。",
)
PART_UNKNOWN = refusal(
    "seal.no-such-part",
    what="投标文件没有第 {part} 部分。",
    todo="请核对后再试。",
    status=404,
    evidence=False,
)
WRONG_KEY = refusal(
    "seal.wrong-key",
    what="这把密钥打不开这份投标文件。",
    todo="请使用加密时所用的本人证书和密钥。",
    status=403,
)
TOO_LARGE = refusal(
    "seal.too-large",
    what="文件共 {actual} 字节，超过本标段上限 {largest} 字节。",
    todo="请压缩或精简后重新加密递交。",
    status=413,
)
SUMMARY_INVALID = refusal(
    "seal.summary-invalid",
    what="开标一览表的“{field}”填写有误：{problem}",
    todo="请改正后再加密。",
    status=422,
    evidence=False,
)
SHARES_FEW = refusal(
    "seal.too-few-shares",
    what="应急解密需要 {needed} 份密钥份额，现有 {actual} 份。",
    todo="请其余持有人提交份额。",
)
SHARE_WRONG = refusal(
    "seal.share-wrong",
    what="{holder} 提交的密钥份额与封签的承诺不一致。",
    todo="请持有人用任命时的证书重新取出份额。",
)
NO_RESCUE = refusal(
    "seal.no-rescue",
    what="投标人没有同意应急解密，封签里没有密钥份额。",
    todo="只能由投标人本人解密。",
)
FILE_CHANGED = refusal(
    "seal.file-changed",
    what="文件“{name}”在加密过程中被改动。",
    todo="请关闭正在编辑该文件的程序，再加密一次。",
    status=422,
    evidence=False,
)

AGENT_SILENT = refusal(
    "agent.silent",
    what="本机端口 {port} 上没有签名助手应答。",
    todo="请在另一个窗口启动 mingzheng agent，并核对 --agent 的端口。",
    status=503,
    evidence=False,
)
AGENT_REFUSED = refusal(
    "agent.refused",
    what="签名助手没有办理：{problem}",
    todo="请看签名助手的窗口：核对配对码、--origin，并在询问时同意。",
    status=403,
    evidence=False,
)
