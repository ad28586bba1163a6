"""The ledger's tables and the append function. Raw SQL on purpose: chains, order and immutability live in the database."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "0001_initial.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
