"""Whose upload is it: remembered under the vault's tag, so that the table names nobody."""

from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.refusal import refusal
from mingzheng.ledger import vault
from mingzheng.site.models import UploadOwner

NOT_YOUR_UPLOAD = refusal(
    "upload.not-found", what="没有找到这次上传。", todo="请重新选择文件上传。", status=404, evidence=False
)


def remember(upload: str, owner: Actor) -> None:
    """The actor's organisation owns this upload."""
    UploadOwner.objects.create(upload=upload, owner=vault.tag("upload", upload, owner.organisation))


def belongs(upload: str, organisation: UUID | None) -> bool:
    """Whether this organisation began the upload."""
    return UploadOwner.objects.filter(upload=upload, owner=vault.tag("upload", upload, organisation)).exists()


def require(upload: str, actor: Actor) -> None:
    """Refused unless the actor's organisation began it."""
    if not belongs(upload, actor.organisation):
        raise NOT_YOUR_UPLOAD()
