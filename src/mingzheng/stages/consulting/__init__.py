"""Consultation desk: questions online, by telephone and at the counter; answers with sources; complaints about service."""
