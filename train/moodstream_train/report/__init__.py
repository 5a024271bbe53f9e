"""The report: results of several runs on one page, row by row of the protocol."""
