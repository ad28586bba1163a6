"""Parties: organisations and people, their roles, certificates, logins, and who may act for whom."""
