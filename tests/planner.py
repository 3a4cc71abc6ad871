"""What a test filled in is counted for PostgreSQL's planner, as autovacuum does in a house at work.

It cannot do so here: the rows are in a transaction that never commits. Without their numbers the
planner takes the tables for empty and reads them whole, again and again.
"""

from __future__ import annotations


def analyze() -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
