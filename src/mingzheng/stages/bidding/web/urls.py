"""Addresses of bidding."""

from django.urls import path

from mingzheng.stages.bidding.web import views

urlpatterns = [
    path("bids", views.bids, name="bids"),
    path("lots/<uuid:lot>/sealing.json", views.sealing, name="lot-sealing"),
    path("lots/<uuid:lot>/bid", views.composer, name="lot-bid"),
    path("lots/<uuid:lot>/seal.json", views.own_seal, name="lot-own-seal"),
]
