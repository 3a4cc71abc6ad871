"""The parts that pages are made of: what they show, say to ears, and never let through."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from comity.mandate.types import WordOp
from comity.site.context import House


def part(name: str, reader: str = "en", /, **given: object) -> str:
    request = RequestFactory().get("/en/list?q=x&after=3")
    with translation.override(reader):
        given |= {"request": request, "house": House(request)}
        return render_to_string(f"parts/{name}.html", given)


def show(source: str, language: str = "en", **given: object) -> str:
    with translation.override(language):
        return Template("{% load house %}" + source).render(Context(given))


OPS = [WordOp("same", "to"), WordOp("del", "propose <b>"), WordOp("ins", "report")]


def test_a_redline_is_read_aloud_in_the_language_of_the_page() -> None:
    text = part("redline", "ar", ops=OPS, language="en")
    assert '<p class="redline law" lang="en" dir="ltr">' in text
    assert '<del><span class="sr" lang="ar" dir="rtl">حُذف: </span>propose &lt;b&gt;' in text
    assert 'lang="en"' not in part("redline", "en", ops=OPS, language="en").split(">")[0]


def test_a_list_leads_on_and_back_and_keeps_its_filter() -> None:
    text = part("pages", first=51, last=100, total=1304, before=1, after=101)
    assert "51 to 100 of 1,304" in text
    assert 'href="?q=x&amp;after=101"' in text and 'rel="prev"' in text
    assert "rel=" not in part("pages", first=1, last=2, total=2, before=None, after=None)


class Asked(forms.Form):
    network = forms.CharField(help_text="One address.", label="Network")
    remark = forms.CharField(required=False)


def test_a_fault_is_said_at_the_top_and_at_its_field() -> None:
    form = Asked({"network": "", "remark": "<b>"})
    assert not form.is_valid()
    top = part("errors", form=form)
    assert 'role="alert"' in top and "autofocus" in top and 'href="#id_network"' in top
    field = part("field", field=form["network"])
    assert 'class="field bad"' in field and 'aria-invalid="true"' in field
    described = field.split('aria-describedby="')[1].split('"')[0].split()
    assert described and all(f'id="{name}"' in field for name in described)
    other = part("field", field=form["remark"])
    assert "may stay empty" in other and "&lt;b&gt;" in other, "what was typed stays, made safe"
    assert part("errors", form=Asked({"network": "x"})).strip() == ""


def test_marks_are_never_translated_and_always_left_to_right() -> None:
    text = part("tlp", "ar", marking="TLP:AMBER+STRICT", colour="amber")
    assert 'translate="no"' in text and ">TLP:AMBER+STRICT<" in text


@pytest.mark.parametrize("name", ["chip", "empty", "note", "crumbs", "about"])
def test_words_given_to_a_part_are_made_safe(name: str) -> None:
    evil = "<script>x</script>"
    text = part(
        name, kind="good", word=evil, words=evil, here=evil, trail=[(evil, "/en/")], cite=evil
    )
    assert "<script" not in text and "&lt;script" in text


def test_dates_and_numbers_are_those_of_the_language() -> None:
    day = dt.date(2014, 10, 28)
    assert show("{{ d|day }}", "fr", d=day) == '<time datetime="2014-10-28">28 octobre 2014</time>'
    assert "28 أكتوبر 2014" in show("{{ d|day }}", "ar", d=day), "western digits, as ITU's texts"
    assert "2014年10月28日" in show("{{ d|day }}", "zh-hans", d=day)
    assert show("{{ n|number }}", "fr", n=1304) == "1\u202f304"
    assert show("{{ n|number }}", "ar", n=1304) == "1,304"
    assert show("{{ n|share }}", n=0.61) == "61%"
    assert show("{{ d|day }}{{ d|moment }}{{ d|clock }}", d=None) == ""


def test_a_moment_names_its_zone() -> None:
    at = dt.datetime(2026, 11, 21, 4, 10, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert "02:10 UTC" in show("{{ d|moment }}", d=at)
    assert 'datetime="2026-11-21T02:10Z"' in show("{{ d|clock }}", d=at)


def test_a_passage_in_another_language_says_so() -> None:
    assert show("{{ 'en'|foreign }}", "ar") == 'lang="en" dir="ltr"'
    assert show("{{ 'ar'|foreign }}", "en") == 'lang="ar" dir="rtl"'
    assert show("{{ 'en'|foreign }}", "en") == ""


def test_boxes_stand_in_a_group_with_a_legend_and_a_lone_box_before_its_label() -> None:
    class Form(forms.Form):
        scopes = forms.MultipleChoiceField(
            label="Scopes",
            choices=[("a", "Reading"), ("b", "Acting")],
            widget=forms.CheckboxSelectMultiple,
        )
        agreed = forms.BooleanField(label="Agreed")

    form = Form({})
    group, box = part("field", field=form["scopes"]), part("field", field=form["agreed"])
    assert group.startswith("<fieldset") and "<legend>Scopes</legend>" in group
    assert group.count('type="checkbox"') == 2 and 'class="err"' in group
    assert box.index("<input") < box.index("Agreed") and "<fieldset" not in box
