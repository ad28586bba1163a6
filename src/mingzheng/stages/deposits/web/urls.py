"""Addresses of deposits."""

from django.urls import path

from mingzheng.stages.deposits.web import views

urlpatterns = [
    path("deposits", views.deposits, name="deposits"),
    path("lots/<uuid:lot>/deposit", views.deposit, name="lot-deposit"),
    path("lots/<uuid:lot>/refunds", views.refunds, name="lot-refunds"),
]
