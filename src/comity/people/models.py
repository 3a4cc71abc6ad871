"""How persons and accounts are kept."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class Account(AbstractUser):
    """Someone who signs in."""
