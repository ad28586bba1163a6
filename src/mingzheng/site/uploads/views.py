"""tus over HTTP: POST /upload begins, HEAD asks how far, PATCH goes on, DELETE forgets."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from mingzheng.adapters.storage.port import StorageFault
from mingzheng.kernel import clock, ports
from mingzheng.kernel.ids import random_id
from mingzheng.kernel.page import page
from mingzheng.kernel.refusal import BAD_INPUT, refusal
from mingzheng.site.ports.sealing import LARGEST
from mingzheng.site.uploads import owned

VERSION = "1.0.0"
PIECE = 256 * 1024
DAYS = 7
STATUS = {"offset": 409, "busy": 423, "unknown": 404, "expired": 410, "too-long": 413, "full": 507}
FULL = refusal(
    "upload.storage-full",
    what="服务器存储空间不足，这一段没有保存。",
    todo="已传的部分都保留着，请稍后继续。",
    status=507,
    evidence=False,
)


def _answer(status: int, offset: int | None = None, **headers: str) -> HttpResponse:
    response = HttpResponse(status=status)
    response.headers["Tus-Resumable"] = VERSION
    if offset is not None:
        response.headers["Upload-Offset"] = str(offset)
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


@page({"bidder"})
@require_http_methods(["POST", "OPTIONS"])
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an upload of exactly `Upload-Length` bytes."""
    if request.method == "OPTIONS":
        return _answer(204, Tus_Version=VERSION, Tus_Extension="creation,termination", Tus_Max_Size=str(LARGEST))
    try:
        length = int(request.headers.get("Upload-Length", ""))
    except ValueError:
        raise BAD_INPUT(field="Upload-Length", problem="格式不对") from None
    if not 0 < length <= LARGEST:
        return _answer(413)
    upload = str(random_id())
    try:
        ports.get("store").create_upload(length=length, expires=clock.real() + timedelta(days=DAYS), id=upload)
    except StorageFault as fault:
        return _answer(STATUS.get(fault.code, 400))
    owned.remember(upload, request.actor)  # type: ignore[attr-defined]
    return _answer(201, 0, Location=f"/upload/{upload}")


@page({"bidder"})
@require_http_methods(["HEAD", "PATCH", "DELETE"])
def go_on(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Ask for, extend or forget an upload of one's own organisation."""
    owned.require(str(upload), request.actor)  # type: ignore[attr-defined]
    store = ports.get("store")
    try:
        if request.method == "DELETE":
            store.abort(str(upload))
            return _answer(204)
        if request.method == "HEAD":
            at = store.upload(str(upload))
            return _answer(200, at.offset, Upload_Length=str(at.length))
        if request.content_type != "application/offset+octet-stream":
            return _answer(415)
        offset = int(request.headers.get("Upload-Offset", "-1"))
        return _answer(204, store.append(str(upload), offset, _pieces(request)).offset)
    except StorageFault as fault:
        return _answer(STATUS.get(fault.code, 400), fault.offset)
    except ValueError:
        raise BAD_INPUT(field="Upload-Offset", problem="格式不对") from None


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(PIECE):
        yield piece
