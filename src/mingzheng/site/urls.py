"""Addresses. Every view behind them is registered with its roles (tests/architecture compares)."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from mingzheng.site.acts.door import act
from mingzheng.site.live.views import live
from mingzheng.site.views import demo_clock, demo_pay, health, language

urlpatterns: list[URLPattern | URLResolver] = [
    path("act/<str:name>", act, name="act"),
    path("live", live, name="live"),
    path("language", language, name="language"),
    path("health", health, name="health"),
]
if settings.SIMULATED:
    urlpatterns += [
        path("demo/clock", demo_clock, name="demo-clock"),
        path("demo/bank/pay", demo_pay, name="demo-bank-pay"),
    ]
if settings.MINGZHENG_MODE == "demo":
    urlpatterns.append(path("", include("mingzheng.site.demo.urls")))


def _present(name: str) -> bool:
    """Whether this module exists (a stage's pages come with the stage)."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


for _part in (
    "mingzheng.site.desks", "mingzheng.site.audit", "mingzheng.site.uploads", "mingzheng.site.design", "mingzheng.site.proofs", "mingzheng.site.api",
    *(f"mingzheng.stages.{stage}.web" for stage in settings.STAGES),
    *(f"mingzheng.readers.{name}.web" for name in settings.READER_APPS),
):  # fmt: skip
    if _present(f"{_part}.urls"):
        urlpatterns.append(path("", include(f"{_part}.urls")))

handler400 = "mingzheng.site.failures.bad_request"
handler403 = "mingzheng.site.failures.forbidden"
handler404 = "mingzheng.site.failures.not_found"
handler500 = "mingzheng.site.failures.broken"
