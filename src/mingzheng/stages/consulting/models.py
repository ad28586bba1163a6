"""Questions. Words, names and numbers of people are hidden: a question before a deadline may tell who bids."""

from django.db import models

from mingzheng.kernel.ids import random_id
from mingzheng.ledger.vault import HiddenText


class Question(models.Model):
    id = models.UUIDField(primary_key=True, default=random_id)
    number = models.CharField(max_length=24, unique=True)
    category = models.CharField(max_length=20)
    channel = models.CharField(max_length=8)
    queue = models.CharField(max_length=12, default="person")  # person, duty
    asker_tag = models.CharField(max_length=32, default="", db_index=True)
    asker = HiddenText(default="")
    caller = HiddenText(default="")
    contact = HiddenText(default="")
    counter = models.CharField(max_length=12, default="")
    procedure = models.UUIDField(null=True, db_index=True)
    text = HiddenText()
    asked_at = models.DateTimeField()
    due = models.DateTimeField()
    first_responsible = models.UUIDField()
    handler = models.UUIDField()
    state = models.CharField(max_length=10, default="open")  # open, answered, referred
    answer = HiddenText(default="")
    citations = models.JSONField(default=list)
    referral = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    published = models.BooleanField(default=False)
