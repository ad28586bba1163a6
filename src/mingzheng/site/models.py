"""The site's own tables."""

from mingzheng.site.deployment_clock import DeploymentClock

__all__ = ["DeploymentClock"]
