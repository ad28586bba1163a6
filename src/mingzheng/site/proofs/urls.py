"""Addresses of proofs; /checkpoint and /tile are what C2SP log clients read."""

from django.urls import path

from mingzheng.site.proofs import views

urlpatterns = [
    path("proof/<int:position>", views.proof, name="proof"),
    path("proof/<int:position>.json", views.public_receipt, name="proof-receipt"),
    path("receipts", views.receipts, name="receipts"),
    path("receipts/<int:number>.json", views.own_receipt, name="own-receipt"),
    path("keys.json", views.keys, name="keys"),
    path("keys.txt", views.trust, name="trust"),
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("tile/<int:level>/<path:name>", views.tile, name="tile"),
]
