from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deposits", "0002_ways_back")]

    operations = [
        migrations.RemoveField(model_name="deposit", name="credit"),
        migrations.RemoveField(model_name="deposit", name="payer_account"),
        migrations.RemoveField(model_name="deposit", name="payer_name"),
    ]
