"""Addresses of the consultation desk."""

from django.urls import path

from mingzheng.stages.consulting.web import views

urlpatterns = [
    path("consult", views.consult, name="consult"),
    path("consultations", views.consultations, name="consultations"),
    path("laws", views.laws, name="laws"),
]
