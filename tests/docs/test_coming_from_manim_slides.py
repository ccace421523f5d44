"""The page for users of manim-slides: its rows are all that there is, by introspection, and each is held by a test."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
import manim_slides
import pytest
from manim_slides.__main__ import cli as stock
from manim_slides.config import BaseSlideConfig, Keys
from manim_slides.convert import PDF, Converter, HtmlZip, PowerPoint, RevealJS
from manim_slides.docs.manim_slides_directive import ManimSlidesDirective
from manim_slides.slide.animation import Wipe, Zoom

from astrai_slides.cli import main
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.page import HtmlTable, given_settings

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "coming-from-manim-slides.md"
VERDICTS = {"same", "better", "other", "not", "not yet"}

COMMANDS, COMMON = "Commands", "Options of several commands"
RENDER, PRESENT, CONVERT = "Options of `render`", "Options of `present`", "Options of `convert`"
KEYS = "Keys of `present`"
HTML, PDF_OPTIONS, PPTX = "`-c` for HTML and zip", "`-c` for PDF", "`-c` for PPTX"
CLASS, NEXT_SLIDE, ANIMATIONS = "What a deck's class says", "What `next_slide` takes", "What `wipe` and `zoom` take"
EMBEDDED, HABITS = "In documentation and notebooks", "Habits"

API = "tests/recording/run/test_manim_slides_api.py::"
RECORD = "tests/recording/run/test_record.py::"
STAGE = "tests/export/html/test_html_stage.py::"
LOOKS = "tests/export/html/test_html_page.py::"
SETTINGS = "tests/export/html/test_html_settings.py::"
CLOCK = "tests/export/html/test_html_clock.py::"
BUILD = "tests/cli/test_build_command.py::"
PAGES = "tests/cli/test_build_page.py::"
AGAIN = "tests/build/test_build_again.py::"
PLAN = "tests/build/test_build.py::"
SLIDES = "tests/export/pptx/test_pptx.py::"
PAPER = "tests/export/pdf/test_pdf.py::"
PLAIN = "tests/export/test_plain_deck.py::"
SCENES = "tests/build/test_scenes.py::"
SIZES = "tests/export/test_size_and_rate.py::test_options_size_and_fps_go_before_the_deck_and_the_deck_before_quality"
PIXELS = "tests/fidelity/test_720p.py::test_painted_frames_are_stock_frames"

EVERY_FORMAT = BUILD + "test_a_deck_that_knows_nothing_of_us_is_built_in_every_format"
HIDES = CLOCK + "test_the_pointer_hides_after_three_seconds_without_a_move"
ONE_FILE = "tests/export/html/test_html.py::test_nothing_is_loaded_from_anywhere"
CONTROLS = SETTINGS + "test_controls_are_tapped_and_take_no_key_for_themselves"
LINK = STAGE + "test_a_deep_link_shows_the_end_state"
SPEAKER = (
    "tests/export/html/test_html_speaker.py::test_it_shows_this_step_and_the_next_with_the_notes_and_keys_go_both_ways"
)
STYLES = SETTINGS + "test_own_styles_are_applied_with_pictures_and_fonts_and_nothing_is_asked_for"
NOTHING_NEEDED = API + "test_settings_of_what_manim_slides_keeps_change_nothing"

PROOFS: dict[str, dict[str, str]] = {
    COMMANDS: {
        "render": EVERY_FORMAT,
        "present": PLAIN + "test_manim_slides_presents_it",
        "list-scenes": "tests/cli/test_list.py::test_steps_are_listed_in_order",
        "checkhealth": "tests/cli/test_doctor.py::test_a_machine_that_was_set_up_is_well",
    },
    COMMON: {
        "--help": "tests/cli/test_main.py::test_every_command_has_help_and_stands_in_the_readme",
        "--version": "tests/cli/test_main.py::test_version",
        "--verbosity": BUILD + "test_quiet_prints_paths_only",
        "--folder": EVERY_FORMAT,
        "--config": PAGES + "test_a_talk_file_says_the_same_and_the_command_line_goes_before_it",
    },
    RENDER: {
        "--CE": PIXELS,
        "--fps": SIZES,
        "--resolution": SIZES,
        "-q": PLAN + "test_qualities_are_those_of_manim",
        "--disable_caching": BUILD + "test_a_second_build_says_that_nothing_changed_and_force_does_it_again",
        "--preview": "tests/cli/test_opening.py::test_the_first_format_is_opened_a_page_in_the_browser",
        "--renderer": "tests/recording/run/test_opengl.py::test_steps_are_filmed_and_the_build_says_so",
    },
    PRESENT: {
        "SCENES": PLAN + "test_talks_by_name_and_by_file_and_decks_with_scenes",
        "--start-paused": STAGE + "test_it_opens_still_on_the_first_frame_and_each_press_plays_one_step",
        "--full-screen": STAGE + "test_full_screen",
        "--hide-mouse": HIDES,
        "--aspect-ratio": LOOKS + "test_what_is_seen_fits_any_window",
        "--start-at": LINK,
        "--next-terminates-loop": STAGE + "test_finish_loop_completes_the_turn_and_a_second_press_does_not_wait",
        "--show-info-window": SPEAKER,
    },
    KEYS: {
        "NEXT": STAGE + "test_next_during_a_step_cuts_to_the_following_one_at_once",
        "PREVIOUS": STAGE + "test_back_lands_still_on_the_end_of_the_step_before",
        "REPLAY": STAGE + "test_replay_and_reverse",
        "REVERSE": STAGE + "test_replay_and_reverse",
        "PLAY_PAUSE": STAGE + "test_space_pauses_and_resumes_where_it_was",
        "FULL_SCREEN": STAGE + "test_full_screen",
        "HIDE_MOUSE": HIDES,
        "QUIT": ONE_FILE,
    },
    CONVERT: {
        "SCENES": PLAN + "test_talks_by_name_and_by_file_and_decks_with_scenes",
        "DEST": EVERY_FORMAT,
        "--open": "tests/cli/test_opening.py::test_the_first_format_is_opened_a_page_in_the_browser",
        "--to": BUILD + "test_every_other_format_is_built_under_a_name_of_its_own",
        "--one-file": ONE_FILE,
        "--use-template": STYLES,
        "--show-config": "tests/talk/test_talk_page.py::test_what_a_command_line_cannot_mean_is_said",
    },
    HTML: {
        "slide_number": SETTINGS + "test_the_slide_number_is_what_is_asked_for",
        "controls": CONTROLS,
        "progress": SETTINGS + "test_the_progress_bar_can_be_left_out",
        "loop": SETTINGS + "test_a_looping_deck_goes_from_its_last_step_to_its_first_and_back",
        "auto_slide": SETTINGS + "test_a_kiosk_plays_every_step_by_itself_and_begins_again",
        "auto_slide_stoppable": SETTINGS + "test_space_holds_a_kiosk_where_it_rests",
        "background_color": SETTINGS + "test_the_background_is_seen_about_the_picture_and_not_in_it",
        "title": PAGES + "test_a_deck_without_a_talk_file_is_called_what_title_says",
        "one_file": ONE_FILE,
        "template": STYLES,
        "width": LOOKS + "test_what_is_seen_fits_any_window",
        "hash": STAGE + "test_a_reload_keeps_the_step_at_its_end_even_in_a_burst",
        "hash_one_based_index": LINK,
        "jump_to_slide": STAGE + "test_jump_by_number_home_and_end",
        "keyboard": STAGE + "test_swipes",
        "overview": STAGE + "test_overview_shows_every_step_and_goes_to_the_chosen_one",
        "pause": STAGE + "test_black_out_hides_and_holds_and_any_press_only_lights",
        "help": STAGE + "test_help_lists_every_key_and_any_key_closes_it",
        "hide_inactive_cursor": HIDES,
        "show_notes": LOOKS + "test_print_with_notes",
        "embedded": SETTINGS + "test_a_page_that_shows_a_deck_in_a_frame_presses_its_keys",
        "post_message": SETTINGS + "test_a_page_that_shows_a_deck_in_a_frame_presses_its_keys",
        "post_message_events": STAGE + "test_the_script_interface",
        "default_timing": "tests/export/sheet/test_notes.py::test_a_sheet_tells_planned_and_running_times",
        "pdf_separate_fragments": LOOKS + "test_print_is_one_vector_page_a_step",
        "auto_play_media": STAGE + "test_it_opens_still_on_the_first_frame_and_each_press_plays_one_step",
    },
    PDF_OPTIONS: {
        "frame_index": PAPER + "test_pages_look_like_the_end_states",
        "resolution": PAPER + "test_every_text_is_found_where_it_stands",
    },
    PPTX: {
        "width": SLIDES + "test_other_aspects",
        "auto_play_media": SLIDES + "test_a_video_plays_on_entry_and_the_end_state_follows_it",
        "poster_frame_image": SLIDES + "test_the_poster_is_the_first_frame",
    },
    CLASS: {
        "Slide": PIXELS,
        "play": RECORD + "test_steps_have_the_settings_of_their_slides",
        "next_section": API + "test_sections_of_a_slide_are_steps_with_settings",
        "render": API + "test_a_render_of_the_decks_own_is_called",
        "canvas": API + "test_the_canvas_names_what_stays",
        "wipe": API + "test_wipe_and_zoom_take_what_they_take",
        "start_skip_animations": RECORD + "test_skipped_steps_are_left_out_but_have_happened",
        "wait_time_between_slides": API + "test_loops_have_no_wait_where_the_deck_says_so",
        "disable_caching": NOTHING_NEEDED,
        "skip_reversing": NOTHING_NEEDED,
    },
    NEXT_SLIDE: {
        "loop": STAGE + "test_a_loop_repeats_until_next",
        "auto_next": STAGE + "test_auto_next_flows_on_and_back_over_it_stays",
        "playback_rate": CLOCK + "test_a_step_plays_at_its_own_rate_in_both_directions",
        "reversed_playback_rate": CLOCK + "test_a_step_plays_at_its_own_rate_in_both_directions",
        "notes": SLIDES + "test_notes_are_formatted",
        "dedent_notes": API + "test_notes_are_dedented_unless_they_are_not_to_be",
        "skip_animations": RECORD + "test_skipped_steps_are_left_out_but_have_happened",
        "src": RECORD + "test_files_are_steps",
        "direction": SCENES + "test_steps_that_are_below_others_are_a_level_of_their_own_in_a_plain_deck",
    },
    ANIMATIONS: {"current": API + "test_wipe_and_zoom_take_what_they_take"},
    EMBEDDED: {
        "ManimSlidesMagic": "tests/embed/test_jupyter.py::test_a_class_that_uses_other_cells_is_recorded_and_shown",
        "hide_source": "tests/embed/test_sphinx.py::test_documents_show_decks_and_follow_what_they_are_made_from",
        "template": "tests/embed/test_sphinx.py::test_faults_name_the_document_and_its_line",
    },
    HABITS: {
        "Several scenes on one command line": SCENES + "test_a_deck_of_several_scenes_has_sections_in_every_format",
        "A scene that only adds": SCENES
        + "test_a_class_without_a_construct_is_left_out_with_a_word_and_a_still_scene_is_a_step",
        "One scene fails": SCENES + "test_scenes_that_fail_are_named_at_the_end_and_the_others_are_built",
        "add_sound": SCENES + "test_a_sound_is_heard_in_mp4_when_it_was_added_and_told_of_elsewhere",
        "No scene named": PLAN + "test_a_deck_without_scenes_means_all_of_them",
        "Files moved without their assets": ONE_FILE,
        "media/": RECORD + "test_nothing_is_written_beside_the_deck",
        "Editing and rendering again": AGAIN + "test_only_the_step_that_changed_is_encoded_again",
        "Speaker's notes in a window of their own": SPEAKER,
    },
}
"""What holds each row, by the first name in it; rows that say "not" are held below."""


@dataclass(frozen=True)
class Row:
    """A row: its section, the names of manim-slides in it, what it says of them."""

    section: str
    names: tuple[str, ...]
    verdict: str
    here: str

    def __str__(self) -> str:
        return f"{self.section}: {self.names[0]}"


@cache
def rows() -> tuple[Row, ...]:
    return tuple(_rows())


def _rows() -> Iterator[Row]:
    section = ""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:]
        if section and line.startswith("| ") and not line.startswith("| manim-slides |"):
            first, verdict, here = (cell.strip() for cell in line.strip("|").split("|"))
            yield Row(section, tuple(re.findall(r"`([^`]+)`", first)) or (first,), verdict, here)


def names(section: str) -> set[str]:
    return {name for row in rows() if row.section == section for name in row.names}


def options(command: str) -> set[str]:
    """Options by their longest spelling, arguments as help texts write them."""
    found = stock.get_command(click.Context(stock), command)
    assert found is not None
    return _spelt(found)


def _spelt(command: click.Command) -> set[str]:
    return {
        max(each.opts, key=len) if isinstance(each, click.Option) else str(each.name).upper() for each in command.params
    }


def public(*kinds: type) -> set[str]:
    """What classes of manim-slides define for decks."""
    ours = [each for kind in kinds for each in kind.__mro__ if each.__module__.startswith("manim_slides")]
    return {name for each in ours for name in vars(each) if not name.startswith("_")}


def fields(converter: type[Converter]) -> set[str]:
    return set(converter.model_fields) - {"presentation_configs"}


def arguments(*functions: Callable[..., object]) -> set[str]:
    return {name for each in functions for name in inspect.signature(each).parameters} - {"self", "args", "kwargs"}


COMMON_OPTIONS = {"--help", "--version", "--verbosity", "--notify-outdated-version", "--folder", "--config"}
HANDED_ON = {"-q", "--fps", "--resolution", "--disable_caching", "--flush_cache", "--renderer", "-n", "--preview"}
"""What `render` hands on to manim, as far as people type it."""
Slide, ThreeDSlide = manim_slides.Slide, manim_slides.ThreeDSlide  # type: ignore[attr-defined]

THERE: dict[str, Callable[[], set[str]]] = {
    COMMANDS: lambda: set(stock.list_commands(click.Context(stock))),
    COMMON: lambda: COMMON_OPTIONS,
    RENDER: lambda: (options("render") - {"ARGS"}) | HANDED_ON,
    PRESENT: lambda: options("present") - COMMON_OPTIONS,
    CONVERT: lambda: options("convert") - COMMON_OPTIONS,
    KEYS: lambda: set(Keys.model_fields),
    HTML: lambda: fields(RevealJS) | fields(HtmlZip),
    PDF_OPTIONS: lambda: fields(PDF),
    PPTX: lambda: fields(PowerPoint),
    CLASS: lambda: public(Slide, ThreeDSlide) | (set(manim_slides.__all__) - {"__version__", "ManimSlidesMagic"}),
    NEXT_SLIDE: lambda: set(BaseSlideConfig.model_fields),
    ANIMATIONS: lambda: arguments(Slide.wipe, Slide.zoom, Wipe, Zoom),
    EMBEDDED: lambda: {"ManimSlidesMagic", *ManimSlidesDirective.option_spec},
}
"""What this manim-slides has, section by section."""


def test_it_is_about_the_manim_slides_that_is_installed() -> None:
    version = ".".join(manim_slides.__version__.split(".")[:2])
    assert f"manim-slides {version} " in PAGE.read_text("utf-8")


@pytest.mark.parametrize("section", THERE)
def test_every_name_of_manim_slides_has_its_row_and_no_row_is_about_nothing(section: str) -> None:
    there = THERE[section]()
    assert there - names(section) == set(), "manim-slides has more than the page tells"
    assert names(section) - there == set(), "the page tells of what manim-slides does not have"


def test_no_option_of_any_command_is_left_out() -> None:
    told = COMMON_OPTIONS | names(RENDER) | names(PRESENT) | names(CONVERT)
    for command in stock.list_commands(click.Context(stock)):
        left = options(command) - told - {"ARGS"}
        if command in ("wizard", "init"):
            # of commands that there are not: what they would do to a file of keys
            left -= {"--force", "--merge"}
        assert left == set(), command
    assert _spelt(stock) <= COMMON_OPTIONS


def test_sections_and_words_are_the_known_ones_and_no_name_stands_twice() -> None:
    assert {row.section for row in rows()} == {*THERE, HABITS}
    assert {row.verdict for row in rows()} <= VERDICTS
    for section in THERE:
        all_names = [name for row in rows() if row.section == section for name in row.names]
        assert len(all_names) == len(set(all_names)), section


@pytest.mark.parametrize("row", rows(), ids=str)
def test_every_row_is_held_by_a_test(row: Row) -> None:
    proof = PROOFS.get(row.section, {}).get(row.names[0])
    if proof is not None:
        assert row.verdict != "not", f"{proof} shows that there is one"
        file, _, test = proof.partition("::")
        assert test in found_in(file), proof
    elif row.verdict == "not":
        for name in row.names:
            assert is_refused(row.section, name), name
    else:
        pytest.fail("nothing holds this row")


def test_what_holds_rows_holds_one_that_is_there() -> None:
    firsts = {(row.section, row.names[0]) for row in rows()}
    assert [(section, name) for section, held in PROOFS.items() for name in held if (section, name) not in firsts] == []


@pytest.mark.parametrize("row", [row for row in rows() if row.section == HTML and row.verdict == "same"], ids=str)
def test_a_key_that_is_the_same_is_one_of_the_table_or_always_so(row: Row) -> None:
    if not row.here.startswith("always"):
        assert set(row.names) - {"title"} <= set(HtmlTable.known_keys())


@cache
def found_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def is_refused(section: str, name: str) -> bool:
    """Whether we say of what there is not that we do not know it."""
    if section == COMMANDS:
        return main.get_command(click.Context(main), name) is None
    if section == HTML:
        with pytest.raises(AstraiSlidesError, match=f"^{name}: unknown key"):
            given_settings([f"{name}=true"])
        return True
    build = main.get_command(click.Context(main), "build")
    assert build is not None
    option = name if name.startswith("-") else f"--{name}"
    with pytest.raises(click.NoSuchOption):
        build.make_context("build", ["deck.py", option])
    return True
