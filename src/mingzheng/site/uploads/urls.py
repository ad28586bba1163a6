"""Addresses of uploads."""

from django.urls import path

from mingzheng.site.uploads import views

urlpatterns = [
    path("upload", views.begin, name="upload"),
    path("upload/<uuid:upload>", views.go_on, name="upload-part"),
]
