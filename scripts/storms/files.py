"""Files that are not what they should be: HTML decks, talk files, traces and results."""

import random
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from storms.case import Case, Storm, borrow, hold

BATCH = 500
"""Mutated inputs of a case."""
NAMES = ["paths", "film", "turning", "picture", "last"]


def _pages(browser: str) -> Callable[[Path, ExitStack], Any]:
    @contextmanager
    def cases(folder: Path, stack: ExitStack) -> Iterator[Case]:
        borrow("export", "export/html")
        import damaging
        from film_deck import write_film_deck

        page = write_film_deck(folder).read_bytes()
        script = damaging.look(len(NAMES))
        with _shown_by(browser, folder) as show:
            whole, hurt = folder / "whole.html", folder / "hurt.html"
            whole.write_bytes(page)
            right = show(whole, script)
            damaging.judged(right, right, NAMES)

            def case(choose: random.Random) -> str:
                # the parts in turn, of which the case takes one
                turns = islice(damaging.damages(page, choose.randrange(1 << 30)), choose.randrange(60), None)
                part, kind, at, damage = next(turns)
                hurt.write_bytes(damage)
                try:
                    return damaging.judged(show(hurt, script), right, NAMES, part in damaging.BEGINNING)
                except AssertionError as error:
                    raise AssertionError(f"{part}, {kind} at {at}: {error}") from error

            yield case

    return cases


@contextmanager
def _shown_by(browser: str, folder: Path) -> Iterator[Callable[[Path, str], Any]]:
    if browser == "firefox":
        from firefox import firefox

        (folder / "profile").mkdir()
        with firefox(folder / "profile") as started:

            def show(file: Path, script: str) -> Any:
                started.call("WebDriver:Navigate", url="about:blank")
                started.call("WebDriver:Navigate", url=file.as_uri())
                return started.run(script)

            yield show
        return
    from playwright.sync_api import sync_playwright

    with ExitStack() as closing:
        playwright = closing.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        closing.callback(chromium.close)
        page = chromium.new_context(viewport={"width": 640, "height": 360}).new_page()

        def show(file: Path, script: str) -> Any:
            page.goto("about:blank")
            page.goto(file.as_uri(), wait_until="commit")
            return page.evaluate(f"async () => {{ {script} }}")

        yield show


class _Folder:
    """As pytest's factory of temporary folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def getbasetemp(self) -> Path:
        return self._folder

    def mktemp(self, name: str) -> Path:
        made = self._folder / name
        made.mkdir(exist_ok=True)
        return made


@contextmanager
def _inputs(folder: Path, stack: ExitStack) -> Iterator[Case]:
    borrow("serving")
    import hypothesis
    import test_mutations
    from hypothesis import HealthCheck
    from hypothesis import strategies as st

    place = _Folder(folder)
    talks = test_mutations.talk_folder.__wrapped__(place)  # type: ignore[attr-defined]
    tests = {
        "results": (test_mutations.test_broken_results, {"tmp_path_factory": place}),
        "traces": (test_mutations.test_broken_traces, {"tmp_path_factory": place}),
        "talk files": (test_mutations.test_broken_talk_files, {"talk_folder": talks}),
    }
    settings = hypothesis.settings(
        max_examples=BATCH, database=None, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False
    )

    def case(choose: random.Random) -> tuple[str, int]:
        name = choose.choice(list(tests))
        test, arguments = tests[name]
        tried = 0

        def once(data: st.DataObject) -> None:
            nonlocal tried
            tried += 1
            test.hypothesis.inner_test(data=data, **arguments)  # type: ignore[attr-defined]

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            hypothesis.seed(choose.randrange(1 << 30))(settings(hypothesis.given(data=st.data())(once)))()
        hold(tried, "no input was made")
        return name, tried

    yield case


STORMS = (
    Storm("damaged-html", "HTML decks damaged anywhere, in Chromium", 300, _pages("chromium")),
    Storm("damaged-html-firefox", "the same in Firefox", 300, _pages("firefox")),
    Storm("mutated-inputs", "talk files, traces and results, changed where they have structure", 50_000, _inputs),
)
