"""`{% load mz %}`: every component of the design system as a template tag. Examples: templates/components/README.md."""

from mingzheng.site.demo import tags as demo_tags
from mingzheng.site.design import happenings
from mingzheng.site.design.tags import acts, facts, frames, tables
from mingzheng.site.design.tags.library import register

__all__ = ["acts", "demo_tags", "facts", "frames", "happenings", "register", "tables"]
