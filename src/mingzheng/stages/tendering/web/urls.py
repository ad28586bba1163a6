"""Addresses of notice, documents, questions."""

from django.urls import path

from mingzheng.stages.tendering.web import cases, editor, views

urlpatterns = [
    path("lots/<uuid:lot>/tender", views.tender, name="lot-tender"),
    path("lots/<uuid:lot>/tender/edit", editor.edit, name="lot-tender-edit"),
    path("lots/<uuid:lot>/cases", cases.of_lot, name="lot-cases"),
    path("cases", cases.queue, name="cases"),
    path("lots/<uuid:lot>/questions", views.questions, name="lot-questions"),
]
