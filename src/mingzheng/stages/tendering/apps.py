from django.apps import AppConfig


class TenderingConfig(AppConfig):
    name = "mingzheng.stages.tendering"
    label = "tendering"
    default_auto_field = "django.db.models.BigAutoField"
