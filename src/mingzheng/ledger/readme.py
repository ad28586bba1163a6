"""README.txt of every archive folder: how anybody checks it with one command, and what that proves."""

README = """\
明证 · 档案 / Mingzheng archive

一条命令即可验证（只需要 Python 3.9 以上，不联网，不装任何东西）：
Check it with one command (Python 3.9 or later; no network, nothing to install):

    python3 -I verify.py --trust KEYS

KEYS 是您自己取得的密钥文件，不要用平台给的。请向监督部门或共签单位索取，每行一项：
KEYS is a text file you got yourself, not from the platform: ask the supervisor or the cosigners. One item a line:

    log VKEY
    receipts VKEY
    cosigner VKEY
    cosigner VKEY
    quorum 2

不带 --trust 也能运行：结论最多是“前后一致，来源未证明”。
Without --trust it runs too; then the verdict is at best "consistent, origin not proven".

手里有以前的检查点（共签单位随时提供最新的），再加 --after CHECKPOINT，可发现用旧账冒充新账或另写一本账。
If you kept an earlier checkpoint (cosigners hand out the newest), add --after CHECKPOINT: an older ledger shown as the
newest, or a second history, is refused.

退出码 0 表示通过；1 表示不通过，并指出文件、流和记录编号。
Exit status 0: accepted. 1: refused, with file, stream and entry number.

最好用您自己保存的 verify.py，而不是本文件夹里的这一份：
Better still, use a verify.py you already have instead of the one in this folder:

    python3 -I YOUR/verify.py --trust KEYS THIS_FOLDER

内容 / Contents
    manifest.json      全部文件的大小和摘要 / size and digest of every file
    manifest.sig       平台日志密钥对清单的签名 / signature over the manifest by the platform's log key
    keys.json          公钥（仅供参考）/ public keys (for reference)
    ledger/streams/    记录，一行一条，附在日志中的位置和证明 / entries, one a line, with place and proof
    ledger/checkpoint.txt  检查点：平台签名，共签单位签名 / checkpoint signed by the platform and its cosigners
    ledger/leaves.bin  全部叶子摘要 / all leaf hashes
    documents/ bids/   文件 / documents
格式说明见源代码 docs/formats/archive.md。Formats: docs/formats/archive.md of the source.
"""
