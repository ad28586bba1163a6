"""What the signing agent refuses, at its start and to a page, each with what happened and what to do."""

from mingzheng.kernel.refusal import refusal

MODULE_ABSENT = refusal(
    "agent.module-absent",
    what="密码设备的驱动模块无法使用：{problem}",
    todo="请核对 --module 的路径，并安装设备厂商的 PKCS#11 模块。",
    status=503,
    evidence=False,
)
TOKEN_ABSENT = refusal(
    "agent.token-absent",
    what="没有找到名为“{label}”的硬件钥匙。",
    todo="请插好硬件钥匙，核对 --token 的名称。现有：{present}",
    status=503,
    evidence=False,
)
PIN_WRONG = refusal(
    "agent.wrong-pin",
    what="硬件钥匙没有接受口令：{problem}",
    todo="请核对口令；多次输错会锁住硬件钥匙，那时请联系发证机构。",
    status=403,
    evidence=False,
)
KEY_ABSENT = refusal(
    "agent.no-key",
    what="硬件钥匙里没有可用的一对密钥和证书：{problem}",
    todo="请用 --certificate 指明证书文件，或用 --key 指明密钥名称。",
    status=422,
    evidence=False,
)
KEY_NOT_MADE = refusal(
    "agent.key-not-made",
    what="硬件钥匙没有生成新密钥：{problem}",
    todo="请换一个 --make 的名称；钥匙不能自己生成密钥的，请用厂商的工具生成后再用 --key 指明。",
    status=422,
    evidence=False,
)
SM2_NOT_YET = refusal(
    "agent.sm2-not-supported",
    what="这是国密（SM2）证书，签名助手还不支持国密硬件钥匙。",
    todo="国密硬件钥匙用厂商的 SKF、SDF 接口，不走 PKCS#11；请先使用密钥文件。",
    status=422,
    evidence=False,
)
ORIGIN_UNSUITABLE = refusal(
    "agent.unsuitable-origin",
    what="平台地址“{origin}”不能用。",
    todo="请写浏览器地址栏里的平台地址，如 https://centre.example；只有本机的平台才可用 http。",
    status=422,
    evidence=False,
)

FOREIGN = refusal(
    "agent.foreign-origin",
    what="签名助手只应答启动时指明的平台。",
    todo="请核对签名助手的 --origin 与浏览器地址栏是否相同。",
    status=403,
    evidence=False,
)
NOT_PAIRED = refusal(
    "agent.not-paired",
    what="本页面还没有与签名助手配对。",
    todo="请输入签名助手窗口里显示的配对码。",
    status=401,
    evidence=False,
)
CODE_WRONG = refusal(
    "agent.wrong-code",
    what="配对码不对，还可以试 {left} 次。",
    todo="请看签名助手的窗口，输入最新显示的配对码。",
    status=403,
    evidence=False,
)
TRIES_USED = refusal(
    "agent.too-many-tries",
    what="配对码输错太多次，签名助手不再接受配对。",
    todo="请关闭签名助手，重新启动后再配对。",
    status=429,
    evidence=False,
)
NOT_SIGNABLE = refusal(
    "agent.not-signable",
    what="签名助手不签这样的内容：{problem}",
    todo="请刷新页面后再试；仍然如此，请联系平台。",
    status=422,
    evidence=False,
)
DECLINED = refusal(
    "agent.declined",
    what="您在签名助手的窗口里没有同意。",
    todo="如需办理，请再按一次，并在签名助手的窗口里同意。",
    status=403,
    evidence=False,
)
BUSY = refusal(
    "agent.busy",
    what="签名助手正在等您对上一件事作答。",
    todo="请先在签名助手的窗口里作答，再试一次。",
    status=409,
    evidence=False,
)
TOKEN_REMOVED = refusal(
    "agent.token-removed",
    what="硬件钥匙已拔出，或不再应答。",
    todo="请插好硬件钥匙，重新启动签名助手后再配对。",
    status=503,
    evidence=False,
)
UNREADABLE = refusal(
    "agent.unreadable",
    what="签名助手读不懂这个请求。",
    todo="请刷新页面后再试。",
    status=400,
    evidence=False,
)
TOO_LARGE = refusal(
    "agent.too-large",
    what="要签的内容太大。",
    todo="请刷新页面后再试；仍然如此，请联系平台。",
    status=413,
    evidence=False,
)
NO_SUCH_PLACE = refusal(
    "agent.no-such-address",
    what="签名助手没有这个地址。",
    todo="请刷新页面后再试。",
    status=404,
    evidence=False,
)
