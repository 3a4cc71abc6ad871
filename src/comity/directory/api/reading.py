"""What the pages show, for machines: whom to call, teams in every format, what is around them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from ninja.errors import HttpError

from comity.directory import reads
from comity.directory import types as t
from comity.directory.api.answering import Answer, held, said, viewer
from comity.directory.formats import any as formats
from comity.directory.formats import rfc2350

router = Router()
NAMES = ("q", "country", "kind", "region", "community", "freshness")


@router.get("/responsible", summary="Whom to call", operation_id="responsible")
def responsible(request: HttpRequest, q: str) -> Answer:
    """`q`: an address, a network, an AS number, a domain or a country. The teams that answer,
    nearest first, each with the rule that chose it; the rest of a constituency is not told. Where
    no contact of any of them may be seen, `through` names communities of the country."""
    return answered(reads.responsible(viewer(request), q, now=timezone.now()))


def answered(found: reads.Answers) -> Answer:
    """The answers as JSON; the command line prints the same rows."""
    return {
        "question": {"kind": found.question.kind.value, "value": found.question.value}
        | ({"special": found.question.special} if found.question.special else {}),
        "table_of_networks": found.table.name if found.table else None,
        "answers": [
            {
                "team": row.team.code,
                "name": row.team.name,
                "country": row.team.country,
                "kinds": row.kinds,
                "sample": row.team.sample,
                "rule": row.answer.rule.value,
                "matched": row.answer.matched,
                "via_table": bool(row.via),
                "contested": row.answer.contested,
                "said": said(row.said),
                **_reached(row.reached),
            }
            for row in found.rows
        ],
        "through": [
            {"community": row.code, "name": row.name, "website": row.website}
            for row in found.through
        ],
    }


def _reached(how: reads.Reached) -> Answer:
    return {
        "contacts": [
            {
                "purpose": row.purpose,
                "kind": row.kind,
                "value": row.value,
                "marking": f"TLP:{row.handling.label}",
                "hours": row.hours,
                "verified_on": row.verified_on,
            }
            for row in how.contacts
        ],
        "local_time": how.local.isoformat(timespec="minutes") if how.local else None,
        "hours": how.hours,
        "languages": how.languages,
        "website": how.website,
        "last_tested": how.verified_on,
        "freshness": how.freshness.value,
    }


@router.get("/teams", summary="Teams, by a cursor", operation_id="teams")
def teams(
    request: HttpRequest,
    q: str = "",
    country: str = "",
    kind: str = "",
    region: str = "",
    community: str = "",
    freshness: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Answer:
    """Each team once, whatever is added meanwhile: send `next` back as `cursor`."""
    wanted = reads.Wanted(q, country, kind, region, community, freshness)
    today = timezone.now().date()
    page = reads.listed(viewer(request), wanted, today, cursor=cursor, limit=limit)
    return {
        "items": [row_of(row) for row in page.items],
        "next": page.next,
        "limit": page.limit,
    }


def row_of(row: reads.TeamRow) -> Answer:
    return {
        "code": row.team.code,
        "name": row.team.name,
        "country": row.team.country,
        "kinds": row.kinds,
        "sample": row.team.sample,
        "last_tested": row.verified_on,
        "freshness": row.freshness.value,
        "changed": row.team.changed,
    }


@router.get("/teams.{form}", summary="All teams in one file of a format", operation_id="teams_file")
def teams_file(
    request: HttpRequest,
    form: str,
    q: str = "",
    country: str = "",
    kind: str = "",
    region: str = "",
    community: str = "",
    freshness: str = "",
) -> HttpResponse:
    """`form`: first, ti, cerebrate, csv, xlsx or vcard. What the caller may see, no more."""
    wanted = reads.Wanted(q, country, kind, region, community, freshness)
    rows = reads.narrowed(viewer(request), wanted, timezone.now().date()).order_by("seq")
    return file(form, reads.records(viewer(request), list(rows)), "teams")


def file(form: str, records: list[t.TeamRecord], name: str) -> HttpResponse:
    """Records in a format, with the media type of it."""
    if form not in formats.WRITERS or (form == "rfc2350" and len(records) != 1):
        raise HttpError(404, f"Ask for one of {', '.join(sorted(formats.WRITERS))}.")
    media, ending = formats.MEDIA_TYPES[form]
    response = HttpResponse(formats.WRITERS[form](records), content_type=media)
    if media != "application/json" and not media.startswith("text/plain"):
        response.headers["Content-Disposition"] = f'attachment; filename="{name}{ending}"'
    return response


_ENDINGS = {
    "csv": "csv",
    "xlsx": "xlsx",
    "vcf": "vcard",
    "first.json": "first",
    "ti.json": "ti",
    "cerebrate.json": "cerebrate",
}


@router.get("/teams/{slug:code}.{ending}", summary="A team in a format", operation_id="team_file")
@held
def team_file(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """`ending`: csv, xlsx, vcf, first.json, ti.json or cerebrate.json."""
    who = viewer(request)
    team = reads.team(who, code)
    form = _ENDINGS.get(ending)
    if form is None:
        raise HttpError(404, f"Ask for {', '.join(_ENDINGS)}.")
    return file(form, [reads.record(who, team)], code)


@router.get("/teams/{code}/rfc2350.txt", summary="As RFC 2350", operation_id="team_rfc2350")
@held
def team_rfc2350(request: HttpRequest, code: str) -> HttpResponse:
    """Under the headings of appendix D, dated by the last change of the record."""
    who = viewer(request)
    team = reads.team(who, code)
    text = rfc2350.write([reads.record(who, team)], dated=team.changed.date().isoformat())
    return HttpResponse(text, content_type=formats.MEDIA_TYPES["rfc2350"][0])


@router.get("/teams/{code}/keys.asc", summary="Public keys, as text", operation_id="team_keys")
@held
def team_keys(request: HttpRequest, code: str) -> HttpResponse:
    """Keys that stand: none that is revoked or waits for a second person."""
    who = viewer(request)
    record = reads.record(who, reads.team(who, code))
    texts = [key.text.strip() for key in record.keys if key.text and not key.revoked]
    body = "\n".join([*texts, ""]) if texts else ""
    return HttpResponse(body, content_type="text/plain; charset=us-ascii")


@router.get("/teams/{code}", summary="A team with who says what", operation_id="team")
@held
def team(request: HttpRequest, code: str) -> Answer:
    """Everything that stands and the caller may see; constituencies up to 50 of a kind."""
    found = reads.profile(viewer(request), code, now=timezone.now())
    return profile_of(found)


def profile_of(found: reads.Profile) -> Answer:
    row = found.team
    return {
        "code": row.code,
        "name": row.name,
        "country": row.country,
        "same_as": row.same_as,
        "sample": row.sample,
        "reviewed_on": row.reviewed_on,
        "reviews": [
            {"part": review.subject.value, "last": review.verified_on, "due": review.on}
            for review in found.reviews
        ],
        "review_due": row.review_due,
        "changed": row.changed,
        "values": [
            {
                "field": value.field,
                "value": value.value,
                "marking": f"TLP:{value.handling.label}",
                "said": said(value.said),
            }
            for rows in found.values.values()
            for value in rows
        ],
        **_reached(found.reached),
        "keys": [
            {
                "id": key.row.pk,
                "kind": key.row.kind,
                "fingerprint": key.row.fingerprint,
                "algorithm": key.row.algorithm,
                "bits": key.row.bits,
                "expires": key.row.expires,
                "revoked": key.row.revoked,
                "faults": key.row.faults,
                "purpose": key.row.purpose,
                "state": key.state.value,
                "said": said(key.row.said),
            }
            for key in found.keys
        ],
        "holdings": [
            {
                "kind": group.kind.value,
                "values": [
                    {"value": piece.value, "marking": f"TLP:{piece.handling.label}"}
                    | (
                        {"claimed_too_by": [other.code for other in others]}
                        if (others := found.contested.get((piece.kind, piece.value)))
                        else {}
                    )
                    for piece in group.rows
                ],
                "more": group.more,
                "said": said(group.said),
            }
            for group in found.holdings
        ],
        "communities": [
            row.community.code for row in found.memberships if row.community is not None
        ],
    }
