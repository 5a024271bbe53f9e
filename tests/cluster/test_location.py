"""Objects behind URLs: a store as S3 has it, and a plain web server."""

import functools
import os
import subprocess
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from moodstream.cluster.location import LocationError, Remote, expanded, local
from tests.cluster.conftest import running
from tests.support.program import run_program
from tests.support.replays import files_of

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-central-1",
}
BUCKET = "s3://music/my albums"


@pytest.fixture(scope="module")
def store(library):
    """A bucket with the library in it; the variables that lead there."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    variables = {**CREDENTIALS, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    client = boto3.client(
        "s3",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="eu-central-1",
    )
    where = {"LocationConstraint": "eu-central-1"}
    client.create_bucket(Bucket="music", CreateBucketConfiguration=where)
    for path in sorted(library.rglob("*")):
        if path.is_file():
            key = f"my albums/{path.relative_to(library)}"
            client.upload_file(str(path), "music", key)
    yield variables
    server.stop()


@pytest.fixture(scope="module")
def cluster(store, tmp_path_factory):
    with running(tmp_path_factory.mktemp("cluster")) as started:
        started.add_worker(**store)
        yield started


@pytest.fixture
def web(library):
    """The address of a web server with the library."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=library)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("style", ["csv", "jsonl"])
def test_a_bucket_is_heard_as_the_folder_is(cluster, store, library, uninterrupted, style):
    options = ("--format", style, "--dask", cluster.address)
    result = run_program("replay", BUCKET, *options, env={**os.environ, **store})
    expected = uninterrupted[style]
    assert result.stdout == expected.stdout.replace(str(library), BUCKET)
    told = expected.stderr.replace(str(library), BUCKET).splitlines()
    assert result.stderr.splitlines() == [line for line in told if "passed over" not in line]
    assert not [*Path(tempfile.gettempdir()).glob("moodstream-*/audio*")]


def test_a_bucket_continues_where_it_ended(cluster, store, tmp_path):
    out = tmp_path / "out"
    options = ("--format", "csv", "--resume", out, "--dask", cluster.address)
    environment = {**os.environ, **store}
    run_program("replay", f"{BUCKET}/a/0.flac", *options, env=environment)
    result = run_program("replay", f"{BUCKET}/a", *options, env=environment)
    assert "1 of 4 files are in" in result.stderr
    names = [f"{BUCKET}/a/{i}.flac" for i in range(3)]
    assert files_of(out.read_text(), "csv") == names


def test_the_web(cluster, web, library, uninterrupted):
    urls = [f"{web}/a/0.flac", f"{web}/absent.mp3", f"{web}/b/3.flac"]
    result = run_program("replay", *urls, "--format", "csv", "--dask", cluster.address)
    assert files_of(result.stdout, "csv") == [urls[0], urls[2]]
    assert f"Error: {urls[1]}: no such object" in result.stderr
    row = uninterrupted["csv"].stdout.splitlines()[1]
    assert result.stdout.splitlines()[1] == row.replace(str(library), web)


def test_what_cannot_be_listed_is_told(cluster, store):
    environment = {**os.environ, **store}
    for url, message in (
        ("s3://music/absent.flac", "no such object"),
        ("s3://absent-bucket/x.flac", "absent-bucket"),
        ("nonsense://x/y.flac", "nonsense"),
    ):
        result = run_program("replay", url, "--dask", cluster.address, env=environment)
        assert result.returncode == 1
        assert message in result.stderr


def test_a_url_stays_as_it_is_written():
    remote = Remote("s3://bucket//a b/ü.mp3")
    assert str(remote) == os.fspath(remote) == "s3://bucket//a b/ü.mp3"
    assert (remote.name, remote.suffix) == ("ü.mp3", ".mp3")
    assert not remote.is_dir()
    assert expanded([Path("x"), Path("/y")]) == [Path("x"), Path("/y")]


def test_an_object_is_copied_whole_and_removed(library):
    source = library / "a" / "0.flac"
    with local(f"file://{source}") as copy:
        assert copy != source
        assert copy.read_bytes() == source.read_bytes()
    assert not copy.parent.exists()
    with local(str(source)) as same:
        assert same == source
    with pytest.raises(LocationError, match="no such object"), local("file:///absent.flac"):
        pass


def test_paths_alone_need_no_fsspec():
    code = (
        "import sys; from pathlib import Path; from moodstream.cluster.location import local\n"
        "with local('/x') as path: print(path, 'fsspec' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout == "/x False\n"
