"""The demo's process after its start: first the year, then, as long as the demo runs, the robots."""

import threading
import time
from uuid import UUID

import structlog
from django.db import Error, close_old_connections, connection

from mingzheng.site.demo import story
from mingzheng.site.demo.progress import Progress
from mingzheng.site.demo.robots import Robots
from mingzheng.site.demo.waiting import Counting

log = structlog.get_logger()
ROUND_SECONDS = 0.7
COUNT_SECONDS = 4.0


def run(stop: threading.Event, *, short: bool = False) -> None:
    """Until `stop`. A failure of the year ends the process: its supervisor starts it again, and it resumes."""
    with connection.cursor() as cursor:  # a crash of the database costs the last acts; the year resumes
        cursor.execute("set synchronous_commit = off")
    story.load(Progress.read(), short=short, going=lambda: not stop.is_set())
    story.go_on(Progress.read(), going=lambda: not stop.is_set())
    live = Progress.read().live
    robots, counting, counted = Robots(UUID(live) if live else None), Counting(), 0.0
    while not stop.is_set():
        try:
            robots.round()
            if time.monotonic() - counted >= COUNT_SECONDS:
                counted = time.monotonic()
                counting.refresh()
        except Error as error:
            log.warning("database_trouble", job="story", error=type(error).__name__)
            close_old_connections()
            connection.close()
        stop.wait(ROUND_SECONDS)
    connection.close()
