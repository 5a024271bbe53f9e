import pytest

from moodstream.library.errors import LibraryError
from moodstream.library.track import read_results
from tests.support.program import run_program
from tests.test_hearing import HAPPY


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """Results of both forms."""
    return {
        form: run_program("replay", HAPPY, HAPPY.with_name("calm.flac"), "--format", form).stdout
        for form in ("csv", "jsonl")
    }


@pytest.fixture
def results(tmp_path):
    def write(text):
        path = tmp_path / "results"
        path.write_text(text)
        return path

    return write


def test_both_forms_say_the_same(texts, results):
    first, second = (read_results(results(text)) for text in texts.values())
    assert first == second
    assert [track.file for track in first] == [str(HAPPY), str(HAPPY.with_name("calm.flac"))]
    assert all(track.mood and track.duration for track in first)


def test_the_last_result_of_a_file_counts_and_a_cut_line_does_not(texts, results):
    rows = texts["csv"].splitlines(keepends=True)
    assert len(read_results(results("".join([*rows, rows[1]])))) == 2
    assert len(read_results(results("".join([*rows[:2], rows[2][:30]])))) == 1
    lines = texts["jsonl"]
    assert len(read_results(results(lines[:-20]))) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no column"),
        ("a,b\n1,2\n", "has no column arousal"),
        ('{"type":"state"}\n', "no result of a whole recording"),
        ('{"type":"summary","file":"x"}\n', "mood: missing"),
        ('{"type":"summary","file":3,"mood":"clam"}\n', "did you mean 'calm'"),
        ('{"type":"summary",\n', "replay --format csv"),
        (
            "file,mood,quadrant,confidence,valence,arousal,duration\nx,sad,Q3,9,0,0,1\n",
            "confidence",
        ),
        ("file,mood,quadrant,confidence,valence,arousal,duration\nx,sad,Q3,a,0,0,1\n", "replay"),
    ],
)
def test_what_is_no_result_is_told(results, text, message):
    with pytest.raises(LibraryError, match=message):
        read_results(results(text))


def test_a_file_of_results_that_is_absent_is_told(tmp_path):
    with pytest.raises(LibraryError, match="No such file"):
        read_results(tmp_path / "absent")
