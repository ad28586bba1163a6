"""The description for programs is drawn from the registries and says all that can be posted; the written page is true."""

import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from mingzheng.ledger.writing import COMMANDS
from mingzheng.site.api.describing import description, schema_of

ROOT = Path(__file__).parents[2]


def test_every_act_that_somebody_may_post_is_described_with_its_fields() -> None:
    paths = description()["paths"]
    for act, command in COMMANDS.items():
        described = paths.get(f"/act/{act}")
        assert (described is not None) == bool(command.by - {"system"}), act
        if described:
            schema = described["post"]["requestBody"]["content"]["application/json"]["schema"]
            given = set(schema["properties"]["fields"]["properties"])
            given |= set(schema["properties"].get("secrets", {}).get("properties", {}))
            assert given == set(command.fields), act
            assert ("signature" in schema["required"]) == command.binds, act


def test_annotations_become_schemas() -> None:
    assert schema_of(UUID) == {"type": "string", "format": "uuid"}
    assert schema_of(list[int]) == {"type": "array", "items": {"type": "integer"}}
    assert schema_of(int | None) == {"anyOf": [{"type": "integer"}, {"type": "null"}]}


@pytest.mark.django_db
def test_anybody_reads_the_description() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    assert "/api/v1/lots/{lot}" in answer.json()["paths"]


def test_the_reference_in_the_documents_is_what_the_program_offers() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "api_reference.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
