"""The journal's file: whole lines survive, and one process at a time has it."""

import errno
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.mqtt.journal_file import NAME, Event, JournalFile

payloads = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=40)


def opened(directory):
    file = JournalFile(directory)
    return file, file.read(100)


@given(st.lists(payloads, max_size=20), st.sets(st.integers(1, 20)))
def test_what_was_entered_and_has_not_left_is_there_again(tmp_path_factory, texts, left):
    directory = tmp_path_factory.mktemp("state")
    events = [Event(n, "{" + text + "}") for n, text in enumerate(texts, 1)]
    file, _ = opened(directory)
    for event in events:
        file.enter(event)
    for seq in left:
        file.leave(seq, 7)
    file.close()
    file, content = opened(directory)
    assert content.events == [event for event in events if event.seq not in left]
    assert content.last == max([len(events), *left])
    assert content.lost == (7 if left else 0)
    file.rewrite(content.events, content.last, content.lost)
    file.close()
    file, again = opened(directory)
    assert again == content
    file.close()
    assert [path.name for path in directory.iterdir()] == [NAME]


def test_the_newest_are_kept_when_there_are_too_many(tmp_path):
    file, _ = opened(tmp_path)
    for n in range(1, 11):
        file.enter(Event(n, "{}"))
    file.close()
    file = JournalFile(tmp_path)
    content = file.read(3)
    assert [event.seq for event in content.events] == [8, 9, 10]
    assert content.lost == 7
    file.close()


def test_each_line_carries_its_checksum(tmp_path):
    file, _ = opened(tmp_path)
    file.enter(Event(41, '{"é":1}'))
    file.close()
    checksum, _, body = (tmp_path / NAME).read_bytes().rstrip(b"\n").partition(b" ")
    assert int(checksum, 16) == zlib.crc32(body)
    assert body.decode() == '+ 41 {"é":1}'


def test_it_belongs_to_one_process(tmp_path):
    file, _ = opened(tmp_path)
    with pytest.raises(OSError, match="another daemon") as caught:
        JournalFile(tmp_path)
    assert caught.value.errno == errno.EBUSY
    file.close()
    opened(tmp_path)[0].close()
