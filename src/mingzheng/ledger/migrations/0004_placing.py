"""A round of the sequencer in two calls of the database instead of a dozen."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "0004_placing.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_checkpoints_by_time")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
