"""Rules of notifications."""

from mingzheng.kernel.refusal import refusal

NOT_YOUR_MESSAGE = refusal(
    "notifying.not-your-message",
    what="这条消息不是发给您的。",
    todo="请从自己的消息列表打开。",
    status=404,
    evidence=False,
)
RECIPIENTS_SECRET = refusal(
    "notifying.recipients-secret",
    what="投标截止前不能查看消息发给了谁：收件人名单会透露潜在投标人。",
    todo="请在投标截止后查看；之前未送达的由平台按时重发。",
    source="招标投标法 22",
)
CHANNELS = ("in_site", "email", "sms", "call")
FINAL = ("delivered", "read", "called")
TRIES = 5
