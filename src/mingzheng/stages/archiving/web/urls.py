"""Addresses of archives."""

from django.urls import path

from mingzheng.stages.archiving.web import views

urlpatterns = [
    path("archives", views.archives, name="archives"),
    path("lots/<uuid:lot>/file", views.file, name="lot-file"),
    path("lots/<uuid:lot>/archive.json", views.state, name="lot-archive-state"),
    path("lots/<uuid:lot>/archive.zip", views.download, name="lot-archive"),
]
