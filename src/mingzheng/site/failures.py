"""Error pages: plain, in both languages, without any detail. They ask neither database nor session: those may be what failed."""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from mingzheng.adapters.storage.port import StorageFault
from mingzheng.kernel.refusal import refusal
from mingzheng.site.answers import as_json, wants_json
from mingzheng.site.limits import TOO_MANY

RETRY_SECONDS = 10
SAID = {
    400: refusal("http.400", what="这个请求读不懂。", todo="请返回上一页，刷新后再试。", status=400, evidence=False),
    403: refusal("http.403", what="没有接受这个请求。", todo="请刷新页面或重新登录后再试。", status=403, evidence=False),
    404: refusal("http.404", what="没有这一页。", todo="请核对链接。", status=404, evidence=False),
    413: refusal("http.413", what="提交的内容太大。", todo="大文件请用投标文件上传，不要放在表单里。", status=413, evidence=False),
    500: refusal("http.500", what="平台出了故障，刚才的操作没有生效。", todo="请稍后重试。", status=500, evidence=False),
    503: refusal("http.503", what="平台暂时不能办理。", todo="请稍后再提交一次；同一次提交不会生效两次。", status=503, evidence=False),
    507: refusal("http.507", what="平台存储空间不足，刚才的操作没有生效。", todo="请稍后再提交一次；同一次提交不会生效两次。", status=507, evidence=False),
}  # fmt: skip


def _page(request: HttpRequest, status: int) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(as_json(SAID[status]()), status=status)
    return HttpResponse(render_to_string(f"errors/{min(status, 503)}.html"), status=status)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token is missing or old; why is nobody's business."""
    return _page(request, 403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Not to be read, or too large."""
    large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return _page(request, 413 if large else 400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 404)


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """Asked too often: the refusal with the time to wait, and `Retry-After` for programs."""
    refused = TOO_MANY(seconds=seconds)
    if wants_json(request):
        answer: HttpResponse = JsonResponse(as_json(refused), status=429)
    else:
        answer = HttpResponse(render_to_string("errors/429.html", {"seconds": seconds}), status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def unavailable(request: HttpRequest, status: int = 503) -> HttpResponse:
    """The database does not answer, or there is no space: it may be tried again; a nonce keeps it from happening twice."""
    answer = _page(request, status)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    fault = sys.exc_info()[1]
    if isinstance(fault, OperationalError | InterfaceError):
        return unavailable(request)
    if isinstance(fault, StorageFault) and fault.code == "full":
        return unavailable(request, 507)
    return _page(request, 500)
