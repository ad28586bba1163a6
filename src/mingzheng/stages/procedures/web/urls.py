"""Addresses of procedures."""

from django.urls import path

from mingzheng.stages.procedures.web import deliveries, views

urlpatterns = [
    path("procedures", views.procedures, name="procedures"),
    path("procedures/new", views.new_registration, name="new-registration"),
    path("plans/new", views.new_plan, name="new-plan"),
    path("procedures/<uuid:procedure>", views.procedure, name="procedure"),
    path("lots/<uuid:lot>/deliveries", deliveries.deliveries, name="lot-deliveries"),
    path("lots/<uuid:lot>/steer", views.steer, name="lot-steer"),
]
