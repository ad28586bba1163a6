"""Addresses of desks and lots."""

from django.urls import path

from mingzheng.site.desks import views

urlpatterns = [
    path("desk", views.desk, name="desk"),
    path("lots/<uuid:lot>", views.lot, name="lot"),
    path("messages", views.messages, name="messages"),
]
