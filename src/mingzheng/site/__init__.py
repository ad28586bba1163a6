"""Wiring: settings, addresses, doors, desks, the design system."""
