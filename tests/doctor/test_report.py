"""What the doctor writes, on a terminal and elsewhere."""

import io
import os
import pty

from moodstream.doctor.finding import failure, ok, warning
from moodstream.doctor.report import Report


def written(found):
    stream = io.StringIO()
    report = Report(stream)
    report.show(found)
    return report, stream.getvalue()


def test_stages_findings_and_advice():
    report, text = written(["System", ok("one"), warning("two\nlines", "do this")])
    assert text == (
        "System\n"
        "  ok         one\n"
        "  warning    two\n"
        "             lines\n"
        "             -> do this\n"
        "0 failures, 1 warning.\n"
    )
    assert (report.warnings, report.failures) == (1, 0)


def test_the_last_line_sums_up():
    assert written(["System", ok("one")])[1].endswith("All is well.\n")
    found = [failure("a", "b"), failure("c", "d"), warning("e", "f"), warning("g", "h")]
    report, text = written(found)
    assert text.endswith("2 failures, 2 warnings.\n")
    assert report.failures == 2


def test_the_meter_is_for_terminals_and_is_erased():
    main, terminal = pty.openpty()
    with os.fdopen(terminal, "w") as stream:
        report = Report(stream)
        report.meter(-60.0)
        report.show([ok("level")])
        stream.flush()
        shown = os.read(main, 4096).decode()
    os.close(main)
    assert shown.startswith("\r  listening  " + "#" * 20 + "-" * 20 + "  -60.0 dBFS")
    assert shown.index("dBFS") < shown.rindex("\r\x1b[K", 0, shown.index("level"))
    stream = io.StringIO()
    Report(stream).meter(-60.0)
    assert stream.getvalue() == ""
