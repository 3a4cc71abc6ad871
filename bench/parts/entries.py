"""Synthetic entries for the benchmarks of the registry: many, varied, in four scripts."""

from __future__ import annotations

import random
from collections.abc import Iterator

from comity.registry.types import Given, Record

WORDS = {
    "en": "national regional cyber incident response drill training workshop strategy assessment "
    "capacity cooperation exchange network team ministry agency programme forum guidance energy "
    "health finance telecom critical infrastructure awareness child online protection spam "
    "phishing malware vulnerability disclosure exercise standard study group report".split(),
    "fr": "réponse incident équipe atelier formation stratégie évaluation coopération réseau "
    "ministère agence programme infrastructure critique sensibilisation exercice rapport".split(),
    "ar": "الأمن السيبراني فريق الاستجابة للحوادث ورشة عمل تدريب استراتيجية وطنية تعاون شبكة "
    "وزارة هيئة برنامج بنية تحتية حرجة توعية تمرين تقرير".split(),
    "zh": "网络 安全 合作 事件 响应 团队 培训 战略 评估 能力 建设 演练 标准 报告".split(),
}
KINDS = ("activity", "project", "initiative", "training", "tool", "publication", "practice")
COUNTRIES = (
    "KE UG TZ RW ET NG GH SN CI MA DZ TN EG SA AE OM QA JO BR AR CL CO PE MX CR JM BB US CA IN BD "
    "LK NP BT CN JP KR VN TH MY SG ID PH FJ WS TO TV FR DE ES IT PL RO GR NO FI RU KZ UZ AM AZ GE"
).split()
AREAS = (
    "incident_response capacity_building information_sharing training exercises legal norms "
    "awareness critical_infrastructure child_online_protection cirt_establishment"
).split()


def records(count: int, seed: int = 130) -> Iterator[Record]:
    """So many entries with seven to twelve statements each, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - data, no secret
    for n in range(count):
        kind = KINDS[n % len(KINDS)]
        year = chance.randint(2005, 2026)
        said = [
            Given("title", _title(chance, "en", n), "en"),
            Given("summary", _words(chance, "en", 40), "en"),
            Given("url", f"https://example.org/entries/{n}"),
        ]
        for language in chance.sample(("fr", "ar", "zh"), chance.randint(0, 2)):
            said.append(Given("title", _title(chance, language, n), language))
        for country in chance.sample(COUNTRIES, chance.randint(1, 3)):
            said.append(Given("country", country))
        for area in chance.sample(AREAS, chance.randint(1, 3)):
            said.append(Given("area", area))
        if kind in ("activity", "project", "initiative"):
            said.append(Given("period", f"{year}-{chance.randint(1, 12):02d}"))
            body = f"Body {chance.randint(1, 400)}"
            said.append(Given("body", {"name": body, "body": ""}))
        if kind in ("tool", "training"):
            said.append(Given("cost", chance.choice(("free", "paid"))))
            said.append(Given("language", chance.choice(("en", "fr", "ar", "es"))))
        source = ("Synthetic record", f"https://example.org/sources/{n % 997}", f"{year}")
        yield Record(
            kind,
            f"syn-{n:06d}",
            "",
            tuple(Given(g.field, g.value, g.language, g.origin, *source, "", None) for g in said),
        )


def _lexicon(size: int = 6000) -> list[str]:
    """Made-up words beside the field's own, so that words are as rare as they are in life."""
    chance = random.Random(7)  # noqa: S311 - data, no secret
    ends = "ba co di fe ga lo mi nu pa ra so ti vo ze lan mer tor ver sin dal".split()
    return ["".join(chance.choices(ends, k=chance.randint(2, 4))) for _ in range(size)]


LEXICON = _lexicon()
_RANKS = [1 / (rank + 3) for rank in range(len(LEXICON))]  # Zipf


def _words(chance: random.Random, language: str, count: int) -> str:
    """One word in four is of the field; of these too, few are frequent and many are rare."""
    own = WORDS[language]
    ranks = [1 / (rank + 2) for rank in range(len(own))]
    field = chance.choices(own, ranks, k=max(1, count // 4))
    if language == "zh":
        return "".join(chance.choices(own, ranks, k=count))
    words = field + chance.choices(LEXICON, _RANKS, k=count - len(field))
    chance.shuffle(words)
    return " ".join(words)


def _title(chance: random.Random, language: str, n: int) -> str:
    return f"{_words(chance, language, chance.randint(4, 8))} {n}"
