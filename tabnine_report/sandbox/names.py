"""Generate names of people and teams in many writing systems, so that clients are tested with all of them."""

import unicodedata
import uuid
from dataclasses import dataclass

import numpy as np

MAIL_DOMAIN = "acme.example"

Spelling = tuple[str, str]
"""A name as written, and its Latin letters for the email address."""


@dataclass(frozen=True)
class Identity:
    """A person in the API: `id` is a UUID, `username` the written name, `email` unique and plain ASCII."""

    id: str
    username: str
    email: str


@dataclass(frozen=True)
class _Region:
    """Given and family names that belong together; `weight` is the region's share of people."""

    weight: float
    given: tuple[Spelling, ...]
    family: tuple[Spelling, ...]
    family_first: bool = False
    joined_by: str = " "


def _latin(*names: str) -> tuple[Spelling, ...]:
    """Return names in Latin script with their spelling in the address, without accents."""
    letters = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "'": None})
    return tuple((name, _without_accents(name.lower().translate(letters))) for name in names)


def _without_accents(name: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))


_REGIONS = (
    _Region(
        0.46,
        _latin(
            "Anna", "Jürgen", "Björn", "Käthe", "Lukas", "Sören", "Zoë", "Emilia", "Jonas", "Günther", "Mia", "Felix"
        ),
        _latin(
            "Müller", "Weiß", "Schröder", "Özdemir", "Krüger", "Sørensen", "Lindström", "Bäcker", "Vogt", "Ångström"
        ),
    ),
    _Region(
        0.24,
        _latin(
            "José", "Inês", "François", "Chloé", "Łukasz", "Agnieszka", "Tomáš", "Șerban", "Ayşe", "Ștefan", "Núria"
        ),
        _latin("García", "Muñoz", "Lefèvre", "Żółkiewski", "Dvořák", "Şahin", "Kovačević", "O'Connor", "Gonçalves"),
    ),
    _Region(
        0.04,
        (("Ελένη", "eleni"), ("Γιώργος", "giorgos"), ("Δημήτρης", "dimitris")),
        (("Παπαδοπούλου", "papadopoulou"), ("Νικολάου", "nikolaou"), ("Αγγελής", "angelis")),
    ),
    _Region(
        0.06,
        (("Олена", "olena"), ("Дмитро", "dmytro"), ("Светлана", "svetlana"), ("Юрий", "yuriy")),
        (("Шевченко", "shevchenko"), ("Коваль", "koval"), ("Мельник", "melnyk"), ("Жук", "zhuk")),
    ),
    _Region(
        0.03,
        (("محمد", "mohammed"), ("فاطمة", "fatima"), ("يوسف", "youssef")),
        (("الحسن", "alhassan"), ("منصور", "mansour"), ("النجار", "alnajjar")),
    ),
    _Region(
        0.03,
        (("נועה", "noa"), ("יואב", "yoav"), ("תמר", "tamar")),
        (("כהן", "cohen"), ("לוי", "levi"), ("מזרחי", "mizrahi")),
    ),
    _Region(
        0.04,
        (("伟", "wei"), ("芳", "fang"), ("子涵", "zihan"), ("志强", "zhiqiang")),
        (("王", "wang"), ("李", "li"), ("张", "zhang"), ("欧阳", "ouyang")),
        family_first=True,
        joined_by="",
    ),
    _Region(
        0.03,
        (("陽子", "yoko"), ("健太", "kenta"), ("さくら", "sakura")),
        (("佐藤", "sato"), ("鈴木", "suzuki"), ("渡辺", "watanabe")),
        family_first=True,
    ),
    _Region(
        0.02,
        (("민준", "minjun"), ("서연", "seoyeon"), ("지우", "jiwoo")),
        (("김", "kim"), ("이", "lee"), ("박", "park")),
        family_first=True,
        joined_by="",
    ),
    _Region(
        0.02,
        (("สมชาย", "somchai"), ("กัญญา", "kanya")),
        (("ใจดี", "jaidee"), ("ศรีสุข", "srisuk"), ("วงศ์ไทย", "wongthai")),
    ),
    _Region(
        0.03,
        (("प्रिया", "priya"), ("अर्जुन", "arjun"), ("दीपिका", "deepika")),
        (("शर्मा", "sharma"), ("पटेल", "patel"), ("सिंह", "singh")),
    ),
)

_TEAM_NAMES = (
    *("Platform", "Zahlungsverkehr & Löhne", "Mobile", "Εφαρμογές", "Data Engineering", "Разработка"),
    *("Équipe Sécurité", "منصة البيانات", "Embedded / Ångström", "מערכות", "平台工程", "モバイル開発", "검색 팀"),
    *("ทีมคลาวด์", "भुगतान", "QA <Łódź>", "Site Reliability", "R&D", "Web", "Identity", "Machine Learning"),
    *("Développement commercial et relations avec les partenaires techniques", "Checkout", "Logistik"),
    *("Observability", "Vertrieb IT", "Firmware", "Integrationen", "Design"),
)
_DEFAULT_TEAM_NAME = "Default team"


def team_names(count: int) -> list[str]:
    """Return names for `count` teams, all different. The first one is the default team's."""
    numbered = [
        name if turn == 0 else f"{name} {turn + 1}"
        for turn in range(count // len(_TEAM_NAMES) + 1)
        for name in _TEAM_NAMES
    ]
    return [_DEFAULT_TEAM_NAME, *numbered][:count]


def identifiers(random: np.random.Generator, count: int) -> list[str]:
    """Return `count` UUIDs (version 4) from a seeded source."""
    drawn = random.bytes(16 * count)
    return [str(uuid.UUID(bytes=drawn[at : at + 16], version=4)) for at in range(0, len(drawn), 16)]


def identities(random: np.random.Generator, count: int) -> list[Identity]:
    """Return `count` people with names in proportion to the regions. Namesakes get a number in their address."""
    weights = np.array([region.weight for region in _REGIONS])
    regions = random.choice(len(_REGIONS), size=count, p=weights / weights.sum())
    picks = random.random((count, 2))
    namesakes: dict[str, int] = {}
    people = []
    for identifier, region_index, (given_pick, family_pick) in zip(
        identifiers(random, count), regions.tolist(), picks.tolist(), strict=True
    ):
        region = _REGIONS[region_index]
        given = region.given[int(given_pick * len(region.given))]
        family = region.family[int(family_pick * len(region.family))]
        written = (family[0], given[0]) if region.family_first else (given[0], family[0])
        local_part = f"{given[1]}.{family[1]}"
        namesakes[local_part] = turn = namesakes.get(local_part, 0) + 1
        email = f"{local_part}{turn if turn > 1 else ''}@{MAIL_DOMAIN}"
        people.append(Identity(identifier, region.joined_by.join(written), email))
    return people
