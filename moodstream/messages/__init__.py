"""Published messages: building, parsing and writing them."""
