"""One digest algorithm a log, declared once; signing keys that replace one another; appending where the client hashes."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "0002_digests_and_keys.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
