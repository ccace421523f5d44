"""A preview in a real browser: where one is, what follows an edit, what an error does, and what is written at last."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser
from previewing import DECK, Previewed, environment, previewing, started

from astrai_slides.base.scratch import PREFIX

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")


@pytest.fixture(scope="module")
def shown(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Previewed]:
    with previewing(chromium, tmp_path_factory.mktemp("previewed")) as preview:
        yield preview


@pytest.fixture
def preview(shown: Previewed) -> Previewed:
    """The preview with the deck as it was, not following."""
    before = shown.revision
    changed = shown.deck.read_text("utf-8") != DECK
    shown.page.uncheck("#follow")
    shown.deck.write_text(DECK, "utf-8")
    if changed:
        shown.changed(before, state="ready")
    return shown


def test_an_edit_is_seen_at_the_step_and_moment_where_one_is(preview: Previewed) -> None:
    preview.seek("2", 0.25)
    place, before, colour = preview.place, preview.revision, preview.page.screenshot()
    preview.edit("fill_color=BLUE", "fill_color='#ff0000'")
    preview.changed(before, state="ready")
    assert preview.place == place == ("2", "middle", "0.250")
    assert preview.page.screenshot() != colour


def test_the_picture_is_without_the_buttons_that_a_deck_has_in_other_frames(preview: Previewed) -> None:
    frame = next(each for each in preview.page.frames if "/deck.html" in each.url)
    assert frame.locator(".slides > section").count() > 0
    assert frame.locator("#controls").count() == 0


def test_a_step_that_is_put_in_before_does_not_move_the_place(preview: Previewed) -> None:
    preview.seek("2", 0.25)
    before = preview.revision
    second = "        self.play(box.animate.shift(RIGHT)"
    preview.edit(second, f"        self.play(FadeIn(Square()), run_time=0.5)\n        self.next_slide()\n{second}")
    preview.changed(before, state="ready")
    assert preview.place == ("3", "middle", "0.250")


def test_the_page_goes_to_the_step_that_an_edit_changed_until_f_is_pressed(preview: Previewed) -> None:
    preview.page.check("#follow")
    preview.seek("1", 0.25)
    before = preview.revision
    preview.edit("shift(UP)", "shift(2 * UP)")
    preview.changed(before, state="ready")
    assert preview.place == ("3", "end", "0.500")
    preview.page.frames[1].focus("body")
    preview.page.keyboard.press("f")
    assert not preview.page.is_checked("#follow")
    before = preview.revision
    preview.edit("shift(RIGHT)", "shift(2 * RIGHT)")
    preview.changed(before, state="ready")
    assert preview.place == ("3", "end", "0.500")


def test_what_an_edit_left_does_not_travel_and_the_page_is_as_one_that_is_opened_anew(preview: Previewed) -> None:
    answers: list[str] = []
    preview.page.on("response", lambda response: answers.append(response.url))
    before = preview.revision
    kept = preview.parts()["chunk-0"]
    preview.edit("shift(UP)", "shift(3 * UP)")
    preview.changed(before, state="ready")
    assert answers
    for asked in answers:
        update = preview.page.request.get(asked).json()["update"]
        assert "/update?" in asked
        assert update is None or kept not in str(update)
    opened = preview.page.context.new_page()
    opened.goto(f"{preview.address}deck.html")
    opened.wait_for_selector('html[data-state="ready"]', state="attached")
    fresh = opened.evaluate("Object.fromEntries([...document.querySelectorAll('script[id]')].map(s => [s.id, s.text]))")
    steps = "JSON.stringify(astrai.steps)"
    assert preview.parts() == fresh
    assert preview.script(steps) == opened.evaluate(steps)
    assert preview.script("document.querySelectorAll('.slides section').length") == 3
    opened.close()


def test_a_speaker_view_follows_edits(preview: Previewed) -> None:
    sums = "document.getElementById('sums').text"
    before = preview.revision
    preview.edit("shift(UP)", "shift(4 * UP)")
    preview.changed(before, state="ready")
    preview.page.frames[1].focus("body")
    with preview.page.expect_popup() as waiting:
        preview.page.keyboard.press("s")
    view = waiting.value
    view.wait_for_selector("html[data-step]", state="attached")
    assert view.evaluate(sums) == preview.script(sums)
    before = preview.revision
    preview.edit("shift(4 * UP)", "shift(5 * UP)")
    with view.expect_event("load"):
        preview.changed(before, state="ready")
    view.wait_for_selector("html[data-step]", state="attached")
    assert view.evaluate(sums) == preview.script(sums)
    view.close()


def test_an_update_that_did_not_arrive_is_asked_for_again(preview: Previewed) -> None:
    before = preview.revision
    preview.page.route("**/update?*", lambda route: route.abort(), times=1)
    preview.edit("shift(UP)", "shift(6 * UP)")
    preview.changed(before, state="ready")


def test_the_strip_follows_the_deck_after_an_error(preview: Previewed) -> None:
    with preview.page.expect_event("pageerror"):
        preview.script(
            "{ const deck = window.astrai; let asked = false; Object.defineProperty(window, 'astrai', {get() {"
            "if (asked) return deck; asked = true; throw Error('once'); }}) }"
        )
    assert preview.complaints == ["once"]
    preview.complaints.clear()
    preview.seek("3", 0.25)


def test_an_error_stands_over_the_last_picture_with_its_line_and_goes_with_the_mend(preview: Previewed) -> None:
    preview.seek("2", 0.25)
    before = preview.revision
    preview.edit("FadeIn(box)", "FadeIn(bax)")
    preview.changed(before, state="error")
    message = preview.page.inner_text("#message")
    assert "deck.py:8" in message
    assert "self.play(FadeIn(bax), run_time=0.5)" in message
    assert "NameError" in message
    assert preview.place == ("2", "middle", "0.250")
    before = preview.revision
    preview.edit("FadeIn(bax)", "FadeIn(box)")
    preview.changed(before, state="ready")
    assert not preview.page.is_visible("#message")


@pytest.mark.parametrize(
    ("line", "said"),
    [("import sys; sys.exit(3)", "SystemExit"), ("import os; os._exit(7)", "7"), ("raise BaseException('no')", "no")],
)
def test_a_deck_may_end_its_process(preview: Previewed, line: str, said: str) -> None:
    before = preview.revision
    preview.edit("        box = Square", f"        {line}\n        box = Square")
    preview.changed(before, state="error")
    assert said in preview.page.inner_text("#message")


def test_a_deck_may_print_move_about_and_never_end(preview: Previewed) -> None:
    before = preview.revision
    preview.edit(
        "        box = Square",
        "        import os; os.chdir('/'); print('hello')\n        while True: pass\n        box = Square",
    )
    preview.page.wait_for_function("() => document.getElementById('state').textContent.includes('recording')")
    preview.edit("        while True: pass\n", "")
    preview.edit("shift(UP)", "shift(-UP)")
    preview.changed(before, state="ready")
    assert preview.page.request.get(preview.address).ok


def test_an_editor_may_write_by_renaming(preview: Previewed) -> None:
    for colour in ("'#00ff00'", "'#ffff00'"):
        before = preview.revision
        draft = preview.folder / ".deck.py.swp"
        draft.write_text(DECK.replace("fill_color=BLUE", f"fill_color={colour}"), "utf-8")
        draft.replace(preview.deck)
        preview.changed(before, state="ready")


def test_of_many_saves_the_last_is_what_is_shown_and_written(preview: Previewed) -> None:
    for number in range(20):
        preview.deck.write_text(DECK.replace("shift(UP)", f"shift({number + 2} * UP)"), "utf-8")
        preview.page.wait_for_timeout(100)
    preview.deck.write_text(DECK.replace("class Talk(Slide):", "class Last(Slide):"), "utf-8")
    preview.page.wait_for_function("() => document.getElementById('deck').contentDocument.title === 'Last'")
    preview.wait(state="ready")


def test_what_is_shown_is_what_a_build_writes_from_nothing(preview: Previewed, tmp_path: Path) -> None:
    chance = random.Random(5)
    for _ in range(3):
        before = preview.revision
        old, new = chance.choice(
            [("RIGHT)", "2 * RIGHT)"), ("UP)", "3 * UP)"), ("=BLUE", "='#123456'"), ("0.5)", "0.4)")]
        )
        text = preview.deck.read_text("utf-8")
        preview.deck.write_text(text.replace(old, new) if new not in text else text.replace(new, old), "utf-8")
        preview.changed(before, state="ready")
    shown = preview.page.request.get(f"{preview.address}deck.html").body()
    command = [
        sys.executable,
        "-m",
        "astrai_slides",
        "-q",
        "build",
        "deck.py",
        "--to",
        "html",
        "--force",
        "--out",
        str(tmp_path),
    ]
    subprocess.run(command, cwd=preview.folder, env=environment(tmp_path), check=True)
    assert shown == (tmp_path / "Talk.html").read_bytes()


def test_a_frame_is_reached_by_its_key_and_the_strip_says_where_one_is(preview: Previewed) -> None:
    preview.seek("2", 0.25)
    fps = preview.script("astrai.fps")
    preview.page.click("#on")
    preview.wait(seconds=f"{0.25 + 1 / fps:.3f}")
    preview.page.keyboard.press("[")
    preview.wait(seconds="0.250")
    preview.page.keyboard.press(".")
    preview.wait(seconds=f"{0.25 + 1 / fps:.3f}")
    preview.page.keyboard.press(",")
    preview.wait(seconds="0.250")
    assert preview.page.inner_text("#time") == "0.25 / 0.50 s"
    assert preview.page.inner_text("#objects").endswith("objects")
    preview.page.select_option("#step", "2")
    preview.wait(step="3", at="end")


def test_it_starts_on_a_broken_deck_and_a_missing_module_heals_it(chromium: Browser, tmp_path: Path) -> None:
    with previewing(chromium, tmp_path, deck=f"import helper\n{DECK}") as preview:
        preview.wait(state="error")
        assert "deck.py:1" in preview.page.inner_text("#message")
        (tmp_path / "helper.py").write_text("COLOUR = 1\n", "utf-8")
        preview.wait(state="ready")
        before = preview.revision
        (tmp_path / "helper.py").write_text("COLOUR = 1 / 0\n", "utf-8")
        preview.changed(before, state="error")
        assert "helper.py:1" in preview.page.inner_text("#message")


@pytest.mark.long
def test_ctrl_c_leaves_no_process_and_no_folder_though_the_deck_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    lines = (
        "import os, subprocess",
        "other = subprocess.Popen(['sleep', '600'])",
        "open('pids', 'w').write(f'{os.getpid()} {other.pid} ')",
        "while True: pass",
        "box = Square",
    )
    endless = "\n".join(f"        {line}" for line in lines)
    (tmp_path / "deck.py").write_text(DECK.replace("        box = Square", endless), "utf-8")
    os.mkfifo(tmp_path / "pids")
    process = started(tmp_path)
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    family = [
        psutil.Process(process.pid),
        *psutil.Process(process.pid).children(recursive=True),
        *map(psutil.Process, pids),
    ]
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert list((tmp_path / "tmp").glob(f"{PREFIX}*")) == []
