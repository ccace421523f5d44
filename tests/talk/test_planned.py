"""Times of steps, written into talk files that somebody wrote by hand."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lanes import examples

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.planned import retimed, with_planned, write_planned

TIMES = {"title": 12.0, "flow/static": 30.0}

EDITED = [
    ('title = "A"\n', 'title = "A"\n\n[planned]\ntitle = 12\n"flow/static" = 30\n'),
    ('title = "A"', 'title = "A"\n\n[planned]\ntitle = 12\n"flow/static" = 30\n'),
    ("", '[planned]\ntitle = 12\n"flow/static" = 30\n'),
    (
        "[planned]  # seconds\ntitle = 7  # be quick\n\n[deck]\nrows = 3\n",
        '[planned]  # seconds\ntitle = 12  # be quick\n"flow/static" = 30\n\n[deck]\nrows = 3\n',
    ),
    ("[planned]\n", '[planned]\ntitle = 12\n"flow/static" = 30\n'),
    ("[planned]", '[planned]\ntitle = 12\n"flow/static" = 30\n'),
    ("[ planned ]\n'title'=7.5", "[ planned ]\n'title'=12\n\"flow/static\" = 30\n"),
    (
        '[planned]\r\n"flow/static" = 1_0\r\nend = 5\r\n',
        '[planned]\r\n"flow/static" = 30\r\nend = 5\r\ntitle = 12\r\n',
    ),
    ("planned = { title = 7, end = 1 }  # all\n", 'planned = { title = 12, end = 1, "flow/static" = 30 }  # all\n'),
    ("planned = {}\nx = 1\n", 'planned = { title = 12, "flow/static" = 30 }\nx = 1\n'),
    ("planned.title = 7 # a\nx = 1\n", 'planned.title = 12 # a\nplanned."flow/static" = 30\nx = 1\n'),
    (
        'a = """\n[planned]\ntitle = 1\n"""\n[planned]\ntitle = 7\n',
        'a = """\n[planned]\ntitle = 1\n"""\n[planned]\ntitle = 12\n"flow/static" = 30\n',
    ),
    ("[deck.planned]\ntitle = 1\n", '[deck.planned]\ntitle = 1\n\n[planned]\ntitle = 12\n"flow/static" = 30\n'),
    ("a = [\n  1, # [planned]\n]\n", 'a = [\n  1, # [planned]\n]\n\n[planned]\ntitle = 12\n"flow/static" = 30\n'),
]


@pytest.mark.parametrize(("before", "after"), EDITED)
def test_only_times_are_written_where_a_person_would(before: str, after: str) -> None:
    assert with_planned(before, TIMES) == after


_names = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1, max_size=8
) | st.sampled_from(["title", "flow/static", "a b", "1", '"', "\\", "\x7f", "é"])
_seconds = st.integers(1, 5000).map(float) | st.floats(0.5, 100)
_times = st.dictionaries(_names, _seconds, max_size=5)
_other = st.sampled_from(
    [
        "x = 1 # [planned]\n",
        "# title = 3\n",
        't = """\n[planned]\ntitle = 2\n"""\n',
        "l = [\n {a = 1},\n [2],\n]\n",
        "\n",
        "  \t\n",
    ]
)


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


@st.composite
def _files(draw: st.DrawFn) -> str:
    """Talk files whose times are planned in one of the ways that TOML has."""
    planned = draw(_times)
    pairs = [f"{_key(name)} = {seconds!r}" for name, seconds in planned.items()]
    above = "".join(draw(st.lists(_other, max_size=3, unique=True)))
    remark = draw(st.sampled_from(["", "  # why", "\t"]))
    way = draw(st.sampled_from(["table", "inline", "dotted", "none"]))
    if way == "table":
        text = f"{above}[planned]{remark}\n" + "".join(f"{pair}{remark}\n{draw(_blank)}" for pair in pairs)
        text += draw(st.sampled_from(["", "\n[deck]\ntitle = 5\n", "[[rows]]\ntitle = 1\n[[rows]]\n"]))
    elif way == "inline":
        text = f"{above}planned = {{ {', '.join(pairs)} }}{remark}\n"
    elif way == "dotted":
        text = (
            above
            + "".join(f"planned.{pair}{remark}\n" for pair in pairs)
            + draw(st.sampled_from(["", "[deck]\na = 1\n"]))
        )
    else:
        text = above
    return text.removesuffix("\n") if draw(st.booleans()) else text


_blank = st.sampled_from(["", "\n", "# then\n"])


@settings(max_examples=examples(300))
@given(_files(), _times)
def test_a_file_says_the_new_times_and_every_line_of_it_that_says_something_else_is_as_it_was(
    text: str, times: dict[str, float]
) -> None:
    before = tomllib.loads(text)
    edited = with_planned(text, times)
    assert edited is not None
    after = tomllib.loads(edited)
    assert after.pop("planned", {}) == {**before.pop("planned", {}), **times}
    assert after == before
    remarks = re.compile(r"# (?:why|then|title)")
    assert remarks.findall(edited) == remarks.findall(text)
    assert with_planned(edited, times) == edited


def test_what_cannot_be_changed_is_left_and_told_of_with_what_to_write(tmp_path: Path) -> None:
    talk = tmp_path / "talk.toml"
    written = "[planned.title]\nx = 1\n"
    talk.write_text(written, "utf-8")
    with pytest.raises(AstraiSlidesError, match=r'talk\.toml: .*write there:\n  title = 12\n  "flow/static" = 30$'):
        write_planned(talk, TIMES)
    assert talk.read_text("utf-8") == written
    talk.write_text("x = ", "utf-8")
    with pytest.raises(AstraiSlidesError, match=r"talk\.toml: Invalid value"):
        write_planned(talk, TIMES)


def test_a_part_that_has_a_time_of_its_own_keeps_it_for_its_steps() -> None:
    plan = {"title": 5.0, "flow/a": 10.0, "flow/b": 20.0, "end": 3.0}
    took = {"title": 7.4, "flow/a": 50.2}
    assert retimed({}, plan, took) == {"title": 7, "flow/a": 50}
    assert retimed({"flow": 30}, plan, took) == {"title": 7, "flow": 70}
    assert retimed({"flow": 30, "flow/a": 10}, plan, took) == {"title": 7, "flow/a": 50, "flow": 70}
    assert retimed({"flow": 30, "end": 3}, plan, {"title": 0.2}) == {"title": 1}


def test_a_file_of_windows_keeps_its_mark_and_a_link_what_it_names(tmp_path: Path) -> None:
    file, link = tmp_path / "elsewhere" / "talk.toml", tmp_path / "talk.toml"
    file.parent.mkdir()
    file.write_bytes('\ufefftitle = "A"\r\n'.encode())
    file.chmod(0o600)
    link.symlink_to(file)
    write_planned(link, {"title": 12.0})
    assert file.read_bytes() == '\ufefftitle = "A"\r\n\r\n[planned]\r\ntitle = 12\r\n'.encode()
    assert (link.is_symlink(), file.stat().st_mode & 0o777) == (True, 0o600)
