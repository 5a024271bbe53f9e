"""Report of several runs on one page, by the rows of the protocol."""
