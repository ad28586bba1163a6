"""Addresses of the portal."""

from django.urls import path

from mingzheng.readers.portal.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("notices", views.notices, name="notices"),
    path("openings", views.openings, name="openings"),
    path("results", views.results, name="results"),
    path("search", views.search, name="search"),
    path("guide", views.guide, name="guide"),
    path("verify", views.verify, name="verify"),
]
