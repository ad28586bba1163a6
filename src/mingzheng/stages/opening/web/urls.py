"""Addresses of the hall."""

from django.urls import path

from mingzheng.stages.opening.web import views

urlpatterns = [path("lots/<uuid:lot>/hall", views.hall, name="lot-hall")]
