"""Start-up: which adapter stands behind which port, and every module that registers something is imported once."""

import importlib
from importlib.util import find_spec
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings


class SiteConfig(AppConfig):
    name = "mingzheng.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mingzheng.kernel import calendar
        from mingzheng.site import deployment_clock, logs, wiring
        from mingzheng.site.launch import faults

        logs.configure()
        calendar.watch_folder(Path(settings.MINGZHENG_STATE) / "calendar")
        wiring.wire()
        deployment_clock.install()
        faults.install(settings.MINGZHENG_MODE)
        for config in apps.get_app_configs():
            if config.name.startswith(("mingzheng.stages.", "mingzheng.readers.")):
                for part in ("events", "rules", "commands", "reactions", "jobs", "reader"):
                    if find_spec(f"{config.name}.{part}") is not None:
                        importlib.import_module(f"{config.name}.{part}")
