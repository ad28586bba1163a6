"""The limit of pages: a hundred milliseconds of server time, and beside it a page that shows nothing."""

BUDGET_MS = 100.0  # whoever waits this long feels an answer as immediate
BARE = "/health"  # the same processes, middleware and database, and nothing to render
