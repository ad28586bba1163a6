from django.apps import AppConfig


class AwardConfig(AppConfig):
    name = "mingzheng.stages.award"
    label = "award"
    default_auto_field = "django.db.models.BigAutoField"
