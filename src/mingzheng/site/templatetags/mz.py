"""`{% load mz %}`: every component of the design system as a template tag. Examples: templates/components/README.md."""

from mingzheng.site.design import happenings
from mingzheng.site.design.tags import acts, facts, frames, tables
from mingzheng.site.design.tags.library import register

__all__ = ["acts", "facts", "frames", "happenings", "register", "tables"]
