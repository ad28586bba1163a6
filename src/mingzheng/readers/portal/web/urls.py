"""Addresses of the portal."""

from django.urls import path

from mingzheng.readers.portal.web import services, views

urlpatterns = [
    path("", views.home, name="home"),
    path("notices", views.notices, name="notices"),
    path("openings", views.openings, name="openings"),
    path("results", views.results, name="results"),
    path("search", views.search, name="search"),
    path("guide", services.guide, name="guide"),
    path("guide/<slug:name>", services.item, name="service"),
    path("guide/<slug:role>/<slug:category>", services.role_guide, name="role-guide"),
    path("services/process", services.process, name="service-process"),
    path("services/standards", services.standards, name="service-standards"),
    path("services/fees", services.fees, name="service-fees"),
    path("enter/public", services.entrance_public, name="entrance-public"),
    path("enter/parties", services.entrance_parties, name="entrance-parties"),
    path("enter/supervision", services.entrance_supervision, name="entrance-supervision"),
    path("verify", views.verify, name="verify"),
]
