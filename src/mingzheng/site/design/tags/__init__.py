"""Template tags, by what they show: facts, frames of a page, acts, tables."""
