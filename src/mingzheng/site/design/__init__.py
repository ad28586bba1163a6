"""The design system's Python side: template tags, what every page's frame needs, the /design page."""
