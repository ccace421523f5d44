"""Building in processes of their own, with and without fork."""

from pathlib import Path

import psutil
import pytest

from astrai_slides.present.build_processes import CAN_FORK, BuildProcesses, Done, Ready

DECK = """from manim import Scene


class One(Scene):
    def construct(self):
        {line}
        self.wait(0.1)
"""

pytestmark = pytest.mark.long


@pytest.mark.parametrize("fork", [False, *[True] * CAN_FORK])
def test_the_newest_order_is_carried_out_and_older_ones_are_ended(
    fork: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    (tmp_path / "scratch").mkdir()
    others = psutil.Process().children(recursive=True)
    processes = BuildProcesses("deck.py", [], tmp_path / "scratch", fork=fork)
    try:
        (tmp_path / "deck.py").write_text(DECK.format(line="open('begun', 'w').close()\n        while True: pass"))
        processes.order()
        assert isinstance(processes.news.get(timeout=120), Ready)
        family = psutil.Process().children(recursive=True)
        (tmp_path / "deck.py").write_text(DECK.format(line="print('hello')"))
        processes.order()
        news = next(news for news in iter(lambda: processes.news.get(timeout=120), None) if isinstance(news, Done))
        assert news.outcome.fault is None
        assert news.outcome.file is not None
        assert news.outcome.file.is_file()
        (tmp_path / "deck.py").write_text(DECK.format(line="import os; os._exit(7)"))
        processes.order()
        news = next(news for news in iter(lambda: processes.news.get(timeout=120), None) if isinstance(news, Done))
        assert "code 7" in str(news.outcome.fault)
        family += psutil.Process().children(recursive=True)
    finally:
        processes.close()
    own = set(family) - set(others)
    assert psutil.wait_procs(own, timeout=10)[1] == []
