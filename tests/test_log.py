"""Repeated warnings: at once, then seldom, and never forgotten."""

from structlog.testing import capture_logs

from moodstream.log import MAX_SUBJECTS, Seldom


class Clock:
    now_s = 1000.0

    def __call__(self):
        return self.now_s


def test_trouble_every_30_s_for_a_month_is_a_few_dozen_lines():
    clock = Clock()
    seldom = Seldom(clock)
    month = 30 * 2880
    with capture_logs() as entries:
        for _ in range(month):
            seldom.warning("no microphone", reason="absent")
            clock.now_s += 30
    assert 30 <= len(entries) <= 36
    assert "repeated" not in entries[0]
    assert entries[1]["repeated"] == 1
    unsaid = month - len(entries) - sum(entry.get("repeated", 0) for entry in entries)
    assert 0 <= unsaid <= 2880


def test_trouble_after_a_quiet_time_is_said_at_once():
    clock = Clock()
    seldom = Seldom(clock)
    with capture_logs() as entries:
        for _ in range(4):
            for _ in range(10):
                seldom.warning("disconnected")
            clock.now_s += 3600
    assert [entry.get("repeated", 0) for entry in entries] == [0, 9, 9, 9]


def test_kinds_of_trouble_do_not_hide_each_other():
    seldom = Seldom(Clock())
    with capture_logs() as entries:
        for _ in range(3):
            seldom.warning("refused", "login", reason="login")
            seldom.warning("refused", "id", reason="id")
    assert [entry["reason"] for entry in entries] == ["login", "id"]


def test_endless_kinds_of_trouble_do_not_fill_the_memory():
    seldom = Seldom(Clock())
    with capture_logs():
        for n in range(10 * MAX_SUBJECTS):
            seldom.warning("refused", str(n))
    assert len(seldom._said) == MAX_SUBJECTS
