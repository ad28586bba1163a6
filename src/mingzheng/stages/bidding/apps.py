from django.apps import AppConfig


class BiddingConfig(AppConfig):
    name = "mingzheng.stages.bidding"
    label = "bidding"
    default_auto_field = "django.db.models.BigAutoField"
