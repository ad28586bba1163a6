"""Papers people can rely on outside the platform: each gets its code, its seal and its time-stamp after the act."""
