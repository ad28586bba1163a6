"""Addresses of results."""

from django.urls import path

from mingzheng.stages.award.web import views

urlpatterns = [path("lots/<uuid:lot>/award", views.award, name="lot-award")]
