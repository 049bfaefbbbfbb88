"""Values in license text: what is a number, a sum, a period, a duration or a place, and what only looks like one."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from licensecheck.captures import Capture, captures, jurisdiction, might_have

ROOT = Path(__file__).resolve().parent.parent


def found(text: str, kind: str) -> list[object]:
    return [c.value for c in captures(text) if c.kind == kind]


def sums(text: str) -> list[tuple[object, str | None]]:
    return [(c.value, c.currency) for c in captures(text) if c.kind == "money"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("once you serve 300 million people", 300_000_000),
        ("a ceiling of 450,000,000 accounts", 450_000_000),
        ("höchstens 2.500.000 Konten", 2_500_000),
        ("como máximo 3 000 000 cuentas", 3_000_000),
        ("serves 1'000'000 people", 1_000_000),
        ("用户总数达到2,000万的", 20_000_000),
        ("超过 3 亿用户", 300_000_000),
        ("用戶超過三億", 300_000_000),
        ("超过五百万名用户", 5_000_000),
        ("利用者数が２００万人を超える", 2_000_000),
        ("共1亿5000万人", 150_000_000),
        ("five million players", 5_000_000),
        ("five hundred million players", 500_000_000),
        ("one hundred and fifty thousand seats", 150_000),
        ("two hundred thousand (200,000) seats", 200_000),
        ("200,000 (two hundred thousand) seats", 200_000),
        ("half a million readers", 500_000),
        ("half a billion readers", 500_000_000),
        ("half of a million readers", 500_000),
        ("a quarter of a million readers", 250_000),
        ("over one quarter of one million readers", 250_000),
        ("the quarter of a million readers", 250_000),
        ("three quarters of a million readers", 750_000),
        ("Three-Quarters of a Billion readers", 750_000_000),
        ("a quarter of a million (250,000) readers", 250_000),
        ("in each quarter a million readers", 1_000_000),
        ("in the first half, a million readers", 1_000_000),
        ("over 30M installs", 30_000_000),
        ("over 30 M installs", 30_000_000),
        ("over 2B installs", 2_000_000_000),
        ("over 8k installs", 8_000),
        ("above 10^5 calls", 100_000),
        ("1.5 million readers", 1_500_000),
        ("1,5 Millionen Leser", 1_500_000),
        ("zwei Millionen Leser", 2_000_000),
        ("dos millones de lectores", 2_000_000),
        ("due milioni di lettori", 2_000_000),
        ("mil millones de lectores", 1_000_000_000),
        ("fewer than 40 employees", 40),
        ("more than 2000 seats", 2000),
        ("MORE THAN 50 EMPLOYEES", 50),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, value: int) -> None:
    assert found(text, "number") == [value]


def test_a_row_of_digits_ends_with_its_line() -> None:
    assert found("up to 100 000\n200 seats are more", "number") == [100_000, 200]


@pytest.mark.parametrize("text", ["half a 万", "a quarter of a 億", "10^0009999999999", "10^999999999999 users"])
def test_a_number_that_nobody_writes_is_passed_over_at_once(text: str) -> None:
    start = time.process_time()
    assert [c.value for c in captures(text) if c.kind == "number" and isinstance(c.value, int) and c.value > 10**30] == []
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "text",
    [
        "as Section 7.3 says",
        "Sections 2, 4(c) and 9 remain in force",
        "under Version 3.0 of these terms",
        "released on 2023-11-30",
        "released on June 3, 2023",
        "el 4 de abril de 2025",
        "2023年7月9日发布",
        "4. No warranty is given",
        "(2) no warranty is given",
        "## 5. Warranty",
        "item (iv) below",
        "the Gecko 3.2 weights",
        "the Gecko 3 weights",
        "the Gecko 70B weights",
        "a model of 70 billion parameters",
        "GPT-9 or x86",
        "Copyright (c) 2021 and 2024 The Authors",
        "more than fifty percent (50%) of the shares",
        "2 (Grant), 3 (Limits)",
        "第十二条 十分重要，万一不行，百分之三十",
        "one of the two parties",
        "see https://example.org/a/12345",
    ],
)
def test_a_label_a_date_or_a_share_is_no_number(text: str) -> None:
    assert [c for c in captures(text) if c.kind in ("number", "money", "term")] == []


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("takes in USD 30M", 30e6, "USD"),
        ("takes in $30 million", 30e6, "USD"),
        ("takes in US$3,000,000", 3e6, "USD"),
        ("takes in USD $3,000,000", 3e6, "USD"),
        ("takes in U.S. $3,000,000", 3e6, "USD"),
        ("three million US dollars", 3e6, "USD"),
        ("3,000,000 U.S. dollars", 3e6, "USD"),
        ("Three Million Dollars ($3,000,000)", 3e6, "USD"),
        ("three million (3,000,000) euros", 3e6, "EUR"),
        ("three quarters of a million dollars", 750e3, "USD"),
        ("a quarter of a million euros (€250,000)", 250e3, "EUR"),
        ("dos millones de dólares", 2e6, "USD"),
        ("2,50 € je Anfrage", 2.5, "EUR"),
        ("above €700k", 700e3, "EUR"),
        ("above £9,000", 9000.0, "GBP"),
        ("above HK$ 9,000", 9000.0, "HKD"),
        ("收入超过300万元", 3e6, "CNY"),
        ("收入超过人民币三千万元", 30e6, "CNY"),
        ("RMB 40 million", 40e6, "CNY"),
        ("收入超过500万美元", 5e6, "USD"),
        ("费用为￥5,000", 5000.0, "CNY"),
        ("売上高が2億円を超える", 2e8, "JPY"),
        ("料金は¥5,000です", 5000.0, "JPY"),
    ],
)
def test_a_sum_has_its_amount_and_its_currency(text: str, value: float, currency: str) -> None:
    assert sums(text) == [(value, currency)]
    assert found(text, "number") == []


def test_a_sum_repeated_in_parentheses_is_one_capture_and_another_sum_there_is_a_second() -> None:
    text = "of four million dollars ($4,000,000) or more"
    (capture,) = captures(text)
    assert text[capture.start : capture.end] == "four million dollars ($4,000,000)"
    assert sums("of four million dollars ($5,000,000) or more") == [(4e6, "USD"), (5e6, "USD")]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("daily active readers", "day"),
        ("readers per month", "month"),
        ("in the previous calendar month", "month"),
        ("100 million MAU", "month"),
        ("its annual turnover", "year"),
        ("in the last fiscal year", "year"),
        ("月活用户", "month"),
        ("日活用户", "day"),
        ("上一年度", "year"),
        ("月間利用者", "month"),
        ("年間売上高", "year"),
        ("monatlich aktive Leser", "month"),
        ("ingresos anuales", "year"),
        ("lettori mensili", "month"),
    ],
)
def test_a_period_is_day_month_or_year(text: str, period: str) -> None:
    assert set(found(text, "period")) == {period}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("within 45 days", 45),
        ("within forty-five (45) days", 45),
        ("for one (1) year", 365),
        ("for 12 months", 365),
        ("a 60-day notice", 60),
        ("for two weeks", 14),
        ("innerhalb von 14 Tagen", 14),
        ("有效期为五年", 1825),
        ("在15个工作日内", 15),
        ("30日以内に", 30),
    ],
)
def test_a_duration_is_counted_in_days(text: str, days: float) -> None:
    assert found(text, "term") == [days]
    assert found(text, "number") == []


@pytest.mark.parametrize("text", ["at least 16 years of age", "under 16 years old", "年满16岁"])
def test_an_age_is_a_number_and_no_duration(text: str) -> None:
    assert (found(text, "number"), found(text, "term")) == ([16], [])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("not in the European Union", ("EU",)),
        ("NOT IN THE EUROPEAN UNION", ("EU",)),
        ("residents of the EEA", ("EU", "IS", "LI", "NO")),
        ("within the UK", ("GB",)),
        ("the Republic of Korea", ("KR",)),
        ("the United\n   Kingdom", ("GB",)),
        ("the People\u2019s Republic of China", ("CN",)),
        ("mainland China", ("CN",)),
        ("PRC citizens", ("CN",)),
        ("the Hong Kong Special Administrative Region of the People's Republic of China", ("HK",)),
        ("under French law", ("FR",)),
        ("nach deutschem Recht", ("DE",)),
        ("según el derecho español", ("ES",)),
        ("le leggi italiane", ("IT",)),
        ("in the U.S.", ("US",)),
        ("Bosnia and Herzegovina", ("BA",)),
        ("in Côte d\u2019Ivoire", ("CI",)),
        ("欧盟境内", ("EU",)),
        ("歐盟境內", ("EU",)),
        ("中华人民共和国大陆地区", ("CN",)),
        ("韩国的用户", ("KR",)),
        ("大韓民国", ("KR",)),
        ("ドイツの法律", ("DE",)),
        ("im Vereinigten Königreich", ("GB",)),
        ("en el Reino Unido", ("GB",)),
        ("nella Corea del Sud", ("KR",)),
    ],
)
def test_a_place_has_its_country_codes(text: str, codes: tuple[str, ...]) -> None:
    assert found(text, "place") == [codes]


@pytest.mark.parametrize(
    "text",
    [
        "tell us more",
        "PLEASE CONTACT US TODAY",
        "a turkey and fine china",
        "the Chinese version prevails",
        "written in English",
        "IN OR AT AN ISLAND",
        "タイトルとタイプ",
    ],
)
def test_a_word_that_only_looks_like_a_place_is_none(text: str) -> None:
    assert found(text, "place") == []


def test_a_state_or_city_says_that_it_is_within_its_country() -> None:
    state, city = captures("the State of Georgia, with courts in Seattle")
    assert (state.value, state.name, state.within) == (("US",), "State of Georgia", True)
    assert (city.value, city.name, city.within) == (("US",), "Seattle", True)
    assert captures("in Georgia")[0] == Capture("place", 3, 10, ("GE",), None, "Georgia", False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The laws of the State of Oregon govern these terms.", "State of Oregon"),
        ("The laws of the United States and of the State of Oregon govern.", "State of Oregon"),
        ("PRC laws govern these terms.", "People's Republic of China"),
        ("Swiss law governs these terms, and the courts of Zurich hear disputes.", "Switzerland"),
        ("the laws of Spain, before the courts of Madrid", "Spain"),
        ("Es gilt das Recht der Bundesrepublik Deutschland.", "Germany"),
        ("本协议受中华人民共和国法律管辖", "People's Republic of China"),
        ("準拠法は日本法とする", "Japan"),
        ("The courts of Hangzhou hear disputes.", None),
        ("You keep to all laws.", None),
    ],
)
def test_the_jurisdiction_is_the_place_whose_law_governs(text: str, name: str | None) -> None:
    assert jurisdiction(text) == name


def test_captures_are_in_order_apart_and_inside_the_text() -> None:
    text = "In the EU, over ２０ million users per month or 三千万元 a year within 30 days, 中国 and $5 (five dollars)"
    spans = [(c.start, c.end) for c in captures(text)]
    assert spans == sorted(spans)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))


def test_the_quick_look_says_no_only_where_nothing_is() -> None:
    assert not might_have("You may not remove the notices from copies that are passed on.")
    for text in ("in France", "u.s. law", "ten million", "a monthly report", "the U.S. market", "５ users", "中国"):
        assert might_have(text) or captures(text) == ()


@pytest.mark.parametrize(
    "piece", ["7", "1,", "$", "1 ", "(1", "$1(", "United ", "two hundred ", "1万", "国", "千", "State of ", "per ", "A.", " "]
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        times = []
        for _ in range(3):
            start = time.process_time()
            captures(text)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(80_000) < 10 * seconds(20_000) + 0.05  # four times the text; a square would take sixteen times as long


def test_places_json_is_what_its_tool_writes() -> None:
    pytest.importorskip("babel", reason="Babel is a development dependency")
    run = subprocess.run([sys.executable, str(ROOT / "tools" / "places.py"), "--check"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_an_italian_article_before_a_place_is_no_part_of_its_name() -> None:
    found = captures("La licenza non vale nell'Unione Europea, né fuori dall\u2019Italia.")
    assert [c.value for c in found] == [("EU",), ("IT",)]
