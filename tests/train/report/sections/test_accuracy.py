"""Tables of accuracy."""

from tests.train.report.conftest import section


def test_the_leaky_splits_stand_beside_the_project_that_came_before(page: str) -> None:
    own = section(page, "The splits of the student project")
    assert "| S1: CNN, int8 | 60 | 100.0 | 0.010 |" in own
    assert "| S1: CNN of the student project, made again | 203 | 81.8 | 0.500 |" in own
    assert "| S1: CNN of the student project, as reported | - | 88.67 | 1.041 |" in own
    assert "*leaky*" in own
    assert "31.5" in section(page, "New artists")
