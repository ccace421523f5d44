"""Where the source of notes is wrapped a space stands, but not within a script that has none."""

import pytest

from astrai_slides.export.html.markdown import notes_html
from astrai_slides.export.shared.notes_parser import read

WRAPPED = {
    "English words\nare wrapped": "English words are wrapped",
    "先到先服务，\n之后再增长": "先到先服务，之后再增长",
    "在某一\n轮": "在某一轮",
    "请求**都在**\n等待": "请求都在等待",
    "请求的状态。\n（AstrAI 的名称）": "请求的状态。（AstrAI 的名称）",
    "它就是调和数：\nH(16)": "它就是调和数：H(16)",
    "每次得到一个\ntoken": "每次得到一个 token",
    "한국어\n단어": "한국어 단어",
}


@pytest.mark.parametrize("notes", WRAPPED)
def test_a_space_stands_only_where_the_script_has_spaces(notes: str) -> None:
    (line,) = read(notes)
    assert "".join(text for text, _ in line.runs) == WRAPPED[notes]
    html = notes_html(notes).removeprefix("<p>").removesuffix("</p>")
    assert html.replace("<strong>", "").replace("</strong>", "").replace("\n", " ") == WRAPPED[notes]
