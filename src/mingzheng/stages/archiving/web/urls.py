"""Addresses of archives."""

from django.urls import path

from mingzheng.stages.archiving.web import views

urlpatterns = [
    path("archives", views.archives, name="archives"),
    path("archives/inquiries", views.inquiries, name="archive-inquiries"),
    path("archives/inquiries/<uuid:inquiry>", views.inquired, name="archive-inquired"),
    path("archives/inquiries/<uuid:inquiry>/<int:number>", views.inquired, name="archive-inquired-item"),
    path("lots/<uuid:lot>/file", views.file, name="lot-file"),
    path("lots/<uuid:lot>/file/<int:number>", views.item, name="lot-file-item"),
    path("lots/<uuid:lot>/archive.json", views.state, name="lot-archive-state"),
    path("lots/<uuid:lot>/archive.zip", views.download, name="lot-archive"),
]
