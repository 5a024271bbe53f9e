"""The results of some runs on one page, row by row of the protocol."""

from moodstream_train.report.gathered import ReportError, is_seed_project
from moodstream_train.report.page import write

__all__ = ["ReportError", "is_seed_project", "write"]
