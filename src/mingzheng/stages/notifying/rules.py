"""Rules of notifications."""

from mingzheng.kernel.refusal import refusal

NOT_YOUR_MESSAGE = refusal(
    "notifying.not-your-message",
    what="这条消息不是发给您的。",
    todo="请从自己的消息列表打开。",
    status=404,
    evidence=False,
)
CHANNELS = ("in_site", "email", "sms", "call")
FINAL = ("delivered", "read", "called")
TRIES = 5
