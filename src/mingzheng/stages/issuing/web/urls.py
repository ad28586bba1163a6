"""Addresses of papers."""

from django.urls import path

from mingzheng.stages.issuing.web import views

urlpatterns = [
    path("documents/<uuid:document>.pdf", views.document, name="document"),
    path("documents/<uuid:document>.sig", views.signature, name="document-signature"),
]
