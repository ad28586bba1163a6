"""Checkpoints are looked up by their time (the last one of each day goes into the archives of a large log)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_digests_and_keys")]
    operations = [
        migrations.RunSQL("create index ledger_checkpoint_at on ledger_checkpoint (at)", migrations.RunSQL.noop)
    ]
