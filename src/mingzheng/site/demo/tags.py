"""`{% demo_stage %}`: the cast bar and the guide strip; nothing anywhere but in a demo."""

from typing import Any

from django.conf import settings

from mingzheng.kernel import clock
from mingzheng.site.demo import guide, waiting
from mingzheng.site.demo.progress import Progress
from mingzheng.site.design.tags.library import register


@register.inclusion_tag("demo/stage.html", name="demo_stage", takes_context=True)
def demo_stage(context: Any) -> dict[str, Any]:
    """Who one may continue as, how far the loading is, and the next act of the journey."""
    if settings.MINGZHENG_MODE != "demo":
        return {"shown": False}
    request = context["request"]
    progress, now = Progress.read(), clock.now()
    closed = request.COOKIES.get(guide.CLOSED) == "closed"
    here = context.get("here") or request.get_full_path()
    actor = context["actor"]
    step = None if closed else guide.step(progress, proof_seen=guide.SEEN in request.COOKIES)
    ready = step is not None and bool(step.login) and bool(actor.person) and actor.name == step.name
    return {
        "shown": True, "people": waiting.cast_row(),
        "step": step, "ready": ready, "closed": closed, "progress": progress, "loading": progress.state == "loading",
        "month": clock.parse(progress.at).strftime("%Y-%m") if progress.at else now.strftime("%Y-%m"),
        "here": here, "home": here == "/", "actor": actor, "csrf_token": context.get("csrf_token"),
        "now": clock.text(now), "rate": context.get("mz_rate") or 1, "chapters": range(1, guide.CHAPTERS + 1),
    }  # fmt: skip
