from django.apps import AppConfig


class NotifyingConfig(AppConfig):
    name = "mingzheng.stages.notifying"
    label = "notifying"
    default_auto_field = "django.db.models.BigAutoField"
