"""The stage as a Django app."""

from django.apps import AppConfig


class ConsultingConfig(AppConfig):
    name = "mingzheng.stages.consulting"
    label = "consulting"
    default_auto_field = "django.db.models.BigAutoField"
