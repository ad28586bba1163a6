"""The site's own tables."""

from django.db import models

from mingzheng.site.deployment_clock import DeploymentClock


class UploadOwner(models.Model):
    """Whose upload it is, as a tag that names nobody."""

    upload = models.CharField(max_length=40, primary_key=True)
    owner = models.CharField(max_length=32)

    class Meta:
        db_table = "site_upload_owner"


__all__ = ["DeploymentClock", "UploadOwner"]
