"""Addresses of a demo. Included in demo mode only (site/urls.py); a test proves that production has none of them."""

from django.urls import path

from mingzheng.site.demo import views

urlpatterns = [
    path("demo/stage", views.stage, name="demo-stage"),
    path("demo/cast/<slug:login>", views.continue_as, name="demo-continue"),
    path("demo/guide", views.guide, name="demo-guide"),
    path("demo/proof", views.proof, name="demo-proof"),
]
