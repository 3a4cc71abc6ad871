"""The reference guide: what serves a country by its languages, its money and who is near."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from comity.registry.types import Told
from comity.report.rules.document.guide import Guide, guide
from comity.report.rules.guiding import Helper, Reader, Unfit, chosen, unfit
from comity.report.rules.kept import to_bytes
from comity.report.rules.tongue import Tongue
from tests.report.world import CUTOFF, entry

LESOTHO = Reader("LS", ("st", "en"), True, "AFR")
KENYA = Reader("KE", ("sw", "en"), False, "AFR")


def tool(key: str, **said: Any) -> Told:
    """A tool; `spoken` are the languages it is in."""
    made_ = entry(f"tool/{key}", phase="design", **said)
    renamed = {"language" if field == "spoken" else field: w for field, w in made_.said.items()}
    return replace(made_, said=renamed)


def made(*entries: Told, reader: Reader = KENYA, helpers: tuple[Helper, ...] = ()) -> str:
    say = Tongue("en", str)
    document = guide(Guide(say, reader, entries, helpers, CUTOFF, lambda name: f"/en/r/{name}"))
    return to_bytes(document).decode()


def test_what_is_in_other_languages_only_does_not_fit() -> None:
    assert unfit(tool("a", spoken="fr"), KENYA) is Unfit.LANGUAGE
    assert unfit(tool("a", spoken=["fr", "en"]), KENYA) is None
    assert unfit(tool("a"), KENYA) is None, "what is not stated is not held against it"
    assert unfit(tool("a", spoken="fr"), Reader()) is None, "a guide for all keeps everything"


def test_what_is_paid_does_not_fit_a_least_developed_country_without_a_fellowship() -> None:
    assert unfit(tool("a", cost="paid"), LESOTHO) is Unfit.COST
    assert unfit(tool("a", cost="paid", fellowship=True), LESOTHO) is None
    assert unfit(tool("a", cost="paid"), KENYA) is None


def test_what_is_free_comes_first_and_what_is_left_out_is_counted() -> None:
    rows = [tool("a", cost="paid"), tool("b", cost="free"), tool("c", spoken="fr")]
    choice = chosen(rows, "tool", KENYA)
    assert [told.name for told in choice.fitting] == ["tool/b", "tool/a"]
    assert choice.left == {Unfit.LANGUAGE: 1}
    assert "1 more are in other languages only" in made(*rows)


def test_a_guide_for_all_does_not_say_that_there_is_no_team() -> None:
    assert "Which teams are near depends on the country" in made(reader=Reader())
    assert "No national team of the same region or language" in made()
    near = Helper("gh-cert", "CERT-GH", "GH", True, ("en",))
    assert "CERT-GH" in made(helpers=(near,))


def test_a_long_list_says_what_it_leaves_out() -> None:
    rows = [tool(f"t-{n}", service="s") for n in range(203)]
    told = made(*rows)
    assert told.count("200 of 203 are listed here") == 2, "in its phase and under its service"
