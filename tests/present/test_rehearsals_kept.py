"""What was rehearsed is not lost: not with the terminal, nor where its file cannot be written."""

import http.client
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlsplit

import pytest
from presenting import started, write_project

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="signals"), pytest.mark.long]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("kept"))


def kept(project: Path) -> Path:
    return project / "presentations" / "talk.rehearsals.json"


@contextmanager
def spoken(project: Path) -> Iterator[Popen[str]]:
    """A rehearsal in which the first two steps were shown, as its page tells the server."""
    process = started(project, "rehearse")
    assert process.stdout is not None
    place = urlsplit(process.stdout.readline().strip())
    assert place.hostname is not None
    orders = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    orders.request("GET", "/orders")
    answer = orders.getresponse()
    page = json.loads(answer.readline().partition(b"data:")[2])["page"]
    for index in (0, 1):
        for at_start in (True, False):
            said = {"page": page, "index": index, "atStart": at_start, "playing": False, "black": False}
            posted = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
            origin = {"Origin": f"http://{place.netloc}", "Content-Type": "application/json"}
            posted.request("POST", "/place", json.dumps(said), origin)
            assert posted.getresponse().status == 200
            time.sleep(0.1)  # which is what is measured
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143), (signal.SIGINT, 0)])
def test_a_terminal_that_is_closed_keeps_it(project: Path, number: signal.Signals, code: int) -> None:
    kept(project).unlink(missing_ok=True)
    with spoken(project) as process:
        process.send_signal(number)
        _, said = process.communicate(timeout=20)
        assert (process.returncode, "Traceback" in said) == (code, False), said
    (rehearsal,) = json.loads(kept(project).read_bytes())
    assert [step["seconds"] > 0 for step in rehearsal["steps"]] == [True, True, False]


def test_where_it_cannot_be_kept_it_is_shown(project: Path) -> None:
    kept(project).unlink(missing_ok=True)
    with spoken(project) as process:
        kept(project).mkdir()
        process.send_signal(signal.SIGINT)
        shown, said = process.communicate(timeout=20)
    kept(project).rmdir()
    assert (process.returncode, "Rehearsal of" in shown, "flow/static" in shown) == (1, True, True), said
    assert "talk.rehearsals.json: Is a directory; remove or rename" in said
