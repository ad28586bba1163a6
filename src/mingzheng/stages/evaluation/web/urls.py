"""Addresses of evaluation."""

from django.urls import path

from mingzheng.stages.evaluation.web import views

urlpatterns = [
    path("evaluations", views.evaluations, name="evaluations"),
    path("lots/<uuid:lot>/evaluation", views.evaluation, name="lot-evaluation"),
    path("lots/<uuid:lot>/evaluation/report.pdf", views.report_file, name="evaluation-report"),
    path("lots/<uuid:lot>/evaluation/bids/<uuid:bid>/<int:part>", views.bid_file, name="evaluation-file"),
]
