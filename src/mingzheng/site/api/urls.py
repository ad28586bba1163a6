"""Addresses of the JSON reads (docs/formats/api.md)."""

from django.urls import path

from mingzheng.site.api import dealing, describing, evaluation, hall, lots, result

urlpatterns = [
    path("api/v1/lots/<uuid:lot>", lots.lot, name="api-lot"),
    path("api/v1/lots/<uuid:lot>/board", hall.board, name="api-board"),
    path("api/v1/lots/<uuid:lot>/dealing", dealing.dealing, name="api-dealing"),
    path("api/v1/lots/<uuid:lot>/committee", evaluation.committee, name="api-committee"),
    path("api/v1/lots/<uuid:lot>/result", result.result, name="api-result"),
    path("api/v1/lots/<uuid:lot>/refunds", result.refunds, name="api-refunds"),
    path("api/v1/evaluations", evaluation.evaluations_of, name="api-evaluations"),
    path("api/v1/whoami", lots.whoami, name="api-whoami"),
    path("api/v1/openapi.json", describing.openapi, name="api-openapi"),
]
