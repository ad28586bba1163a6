"""Messages and their deliveries. Who is written to is hidden: a recipient list before the deadline would name bidders."""

from django.db import models

from mingzheng.kernel.ids import random_id
from mingzheng.ledger.vault import HiddenJSON, HiddenText


class Message(models.Model):
    id = models.UUIDField(primary_key=True, default=random_id)
    person_tag = models.CharField(max_length=32, db_index=True)
    person = HiddenText()
    lot_tag = models.CharField(max_length=32, default="", db_index=True)
    lot = HiddenText(default="")
    topic = models.CharField(max_length=60)
    title = HiddenText()
    text = HiddenText()
    told = HiddenJSON(default=dict)  # sources and facts of title and text, for other languages
    link = HiddenText(default="")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)


class Delivery(models.Model):
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=12, default="queued")  # queued, sent, delivered, read, failed, called
    address = HiddenText(default="")
    reference = HiddenText(default="")
    tries = models.IntegerField(default=0)
    next_try = models.DateTimeField(null=True, db_index=True)
    changed_at = models.DateTimeField()
    facts = HiddenJSON(default=dict)
