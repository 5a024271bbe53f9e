"""``file_vibenet FILE``: VibeNet's seven attributes of a file."""

import sys

import vibenet

print(vibenet.load_model().predict(sys.argv[1]))
