"""Addresses of the portal."""

from django.urls import path

from mingzheng.readers.portal.web import service_pages, verifying, views

urlpatterns = [
    path("", views.home, name="home"),
    path("notices", views.notices, name="notices"),
    path("openings", views.openings, name="openings"),
    path("results", views.results, name="results"),
    path("search", views.search, name="search"),
    path("guide", service_pages.guide, name="guide"),
    path("guide/<slug:name>", service_pages.item, name="service"),
    path("guide/<slug:role>/<slug:category>", service_pages.role_guide, name="role-guide"),
    path("services/process", service_pages.process, name="service-process"),
    path("services/standards", service_pages.standards, name="service-standards"),
    path("services/fees", service_pages.fees, name="service-fees"),
    path("enter/public", service_pages.entrance_public, name="entrance-public"),
    path("enter/parties", service_pages.entrance_parties, name="entrance-parties"),
    path("enter/supervision", service_pages.entrance_supervision, name="entrance-supervision"),
    path("verify", verifying.verify, name="verify"),
    path("verify/<str:code>", verifying.code, name="verify-code"),
    path("verify-receipt.html", verifying.offline, name="verify-offline"),
]
