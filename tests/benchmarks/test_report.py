import pytest

from benchmarks.report import Goal, Report, figure, goals, page

REPORT = Report(
    "Speed",
    "How it is measured.",
    ("what", "CPU s", "note"),
    [("first", "1.25", "x"), ("the second", "100", "12 of 13")],
    [Goal("speed", "< 2 s", "1.25 s", reached=True), Goal("size", "< 1 MB", "3 MB", reached=False)],
)


def test_a_table_is_aligned_and_numbers_stand_right() -> None:
    _, about, table = REPORT.text.split("\n\n")
    assert about == "How it is measured."
    assert table.splitlines() == [
        "| what       | CPU s | note     |",
        "| ---------- | ----: | -------- |",
        "| first      |  1.25 | x        |",
        "| the second |   100 | 12 of 13 |",
    ]


def test_a_report_without_rows_has_no_table() -> None:
    assert Report("Peers", "Not measured: no network.").text == (
        "## Peers\n\nNot measured: no network."
    )


def test_goals_of_all_reports_are_gathered() -> None:
    assert goals([REPORT, Report("Other", "")]).rows == [
        ("speed", "< 2 s", "1.25 s", "yes"),
        ("size", "< 1 MB", "3 MB", "no"),
    ]
    assert goals([]).text == "## Goals\n\nNone was measured."


def test_a_page_holds_them_in_order() -> None:
    text = page([REPORT, Report("Other", "More.")])
    assert text.startswith("# Benchmarks\n")
    assert text.index("## Speed") < text.index("## Other")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.001234, "0.00123"), (1, "1.00"), (12.34, "12.3"), (99.96, "100"), (1234.5, "1234")],
)
def test_figures_have_three_digits(value: float, text: str) -> None:
    assert figure(value) == text
