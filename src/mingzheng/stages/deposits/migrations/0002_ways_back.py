"""One refund for each paying account and one for a guarantee; what an earlier version kept in the deposit moves along."""

import django.db.models.deletion
from django.db import migrations, models

import mingzheng.ledger.vault
from mingzheng.ledger.writing import acting_as


def move(apps, schema_editor):
    """The last payer stood in the deposit: it becomes the one payment, and where there is a refund, its way back."""
    Deposit, Credit = apps.get_model("deposits", "Deposit"), apps.get_model("deposits", "Credit")
    Refund = apps.get_model("deposits", "Refund")
    with acting_as("deposits.migration"):
        for row in Deposit.objects.all():
            refund = Refund.objects.filter(deposit=row).first()
            if row.received:
                Credit.objects.create(
                    deposit=row, refund=refund, credit=row.credit, payer_name=row.payer_name,
                    payer_account=row.payer_account, amount=row.received, received_at=row.paid_at,
                )  # fmt: skip
            if refund is not None:
                refund.way, refund.principal = ("transfer" if row.received else "guarantee"), row.received
                refund.save()


class Migration(migrations.Migration):
    dependencies = [("deposits", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="refund",
            name="deposit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="deposits.deposit"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="principal",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=20),
        ),
        migrations.AddField(
            model_name="refund",
            name="way",
            field=models.CharField(default="transfer", max_length=10),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="Credit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credit", mingzheng.ledger.vault.HiddenText()),
                ("payer_name", mingzheng.ledger.vault.HiddenText()),
                ("payer_account", mingzheng.ledger.vault.HiddenText()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=20)),
                ("received_at", models.DateTimeField()),
                (
                    "deposit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="credits", to="deposits.deposit"
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credits",
                        to="deposits.refund",
                    ),
                ),
            ],
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
