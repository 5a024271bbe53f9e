import os
import signal
import stat
import subprocess
import sys

import pytest

from moodstream.whole_file import PART, written_whole


def test_text_and_bytes_replace_what_was_there(tmp_path):
    path = tmp_path / "file"
    path.write_text("before")
    with written_whole(path) as stream:
        stream.write(b"\x00after")
        assert path.read_text() == "before"
    assert path.read_bytes() == b"\x00after"
    with written_whole(path, "w") as stream:
        stream.write("für 会议")
    assert path.read_bytes() == "für 会议".encode()
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_old_file_and_no_part(tmp_path, error):
    path = tmp_path / "file"
    path.write_text("before")

    def write():
        with written_whole(path, "w") as stream:
            stream.write("x" * 100_000)
            raise error

    with pytest.raises(error):
        write()
    assert path.read_text() == "before"
    assert [*tmp_path.iterdir()] == [path]


def test_a_process_that_is_killed_leaves_the_old_file_and_the_next_write_clears_its_part(tmp_path):
    path = tmp_path / "file"
    path.write_text("before")
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from moodstream.whole_file import written_whole\n"
        "with written_whole(Path(sys.argv[1]), 'w') as stream:\n"
        "    stream.write('x' * 100_000); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, path], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_text() == "before"
    assert path.with_name("file" + PART).exists()
    with written_whole(path, "w") as stream:
        stream.write("after")
    assert path.read_text() == "after"
    assert [*tmp_path.iterdir()] == [path]


def test_a_link_in_place_of_the_part_is_not_followed(tmp_path):
    target = tmp_path / "precious"
    target.write_text("keep")
    path = tmp_path / "file"
    path.with_name("file" + PART).symlink_to(target)
    with written_whole(path, "w") as stream:
        stream.write("new")
    assert target.read_text() == "keep"
    assert not path.is_symlink()


def test_permissions_are_as_asked_before_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        with written_whole(tmp_path / "usual", "w"):
            pass
        with written_whole(tmp_path / "secret", "w", permissions=0o600):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "usual").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), written_whole(tmp_path / "absent" / "file"):
        pass
