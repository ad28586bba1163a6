"""The outside world behind ports: for each part a real implementation and a local default."""
