"""What an address and its query ask of the registry, checked; errors of the room as problems."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comity.kit.errors import KitError
from comity.kit.problems import BAD_INPUT, CONFLICT, TOO_LARGE, FieldError, pointer
from comity.kit.sheets import Unreadable
from comity.people.doors import CHANGED, Changed, as_problem, remark
from comity.registry import reads
from comity.registry.actions import kind_named
from comity.registry.actions.writing import Clash
from comity.registry.reads.facets import facet_names
from comity.registry.types import BadSubmission, Problem, RegistryError

OTHER = frozenset({"kind", "q", "after", "limit", "facets"})  # of a list's query; the rest: facets
MOST_VALUES = 50  # of facets, in one question
LONGEST_WORDS = 500  # characters searched for


def plain_errors(do: Callable[..., Any]) -> Callable[..., Any]:
    """What cannot be taken is a problem with place and remedy; what is not held is a 404."""

    @wraps(do)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return do(request, *args, **kwargs)
        except reads.NotHeld as error:
            raise Http404(str(error)) from error
        except Changed:
            words = _(
                "Load it again, look at what changed, and send your change with its new ETag."
            )
            return as_problem(request, CHANGED, words)
        except Clash as error:
            return remark(request, error, CONFLICT)
        except BadSubmission as error:
            found = tuple(field_error(problem) for problem in error.problems[:100])
            return as_problem(request, BAD_INPUT, _("Some fields cannot be used."), found)
        except Unreadable as error:
            return remark(request, error, TOO_LARGE if error.code == "too-large" else BAD_INPUT)
        except KitError as error:
            return remark(request, error)

    # The form of the request is read from here; the names in it are those of the door's module.
    checked.__signature__ = inspect.signature(do, eval_str=True)  # type: ignore[attr-defined]
    return checked


def field_error(problem: Problem) -> FieldError:
    """A problem of a record as RFC 9457 has it: "#/values/country"."""
    where = ("rows", problem.row) if problem.row else ()
    message, remedy = _(problem.message), _(problem.remedy)
    said = f"{message} ({problem.value})" if problem.value else message
    return FieldError(pointer(*where, "values", problem.field), said, remedy)


def question(request: HttpRequest, kind: str, text: str) -> reads.Question:
    """The question of a list. Raises `RegistryError` for a kind or a facet that there is none."""
    if kind:
        kind_named(kind)
    if len(text) > LONGEST_WORDS:
        raise RegistryError(
            gettext_noop("The search is too long"), "q", gettext_noop("Ask with fewer words.")
        )
    known = facet_names(kind)
    chosen: dict[str, tuple[str, ...]] = {}
    for name, values in request.GET.lists():
        if name in OTHER:
            continue
        if name not in known:
            raise _no_facet(name, known)
        chosen[name] = tuple(value for value in dict.fromkeys(map(str, values)) if value)
    if sum(len(values) for values in chosen.values()) > MOST_VALUES:
        raise RegistryError(
            gettext_noop("Too many values are asked for"),
            "facets",
            gettext_noop("Ask for 50 at most, or several times."),
        )
    return reads.Question(kind, text, {name: values for name, values in chosen.items() if values})


def wanted_facets(text: str, kind: str) -> tuple[str, ...]:
    """ "country,area" as names. Raises `RegistryError` for one that there is none."""
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    known = facet_names(kind)
    for name in names:
        if name not in known:
            raise _no_facet(name, known)
    return names


def _no_facet(name: str, known: tuple[str, ...]) -> RegistryError:
    return RegistryError(gettext_noop("There is no such facet"), name[:40], ", ".join(known))
