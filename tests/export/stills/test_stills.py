"""End states as pictures: what is in the folder, in each SVG, and on the contact sheet."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from documents import DOCUMENT, HEBREW, JAPANESE, talk
from lxml import etree
from PIL import Image
from similarity import GREEN, ssim

from astrai_slides.base.progress import ignore
from astrai_slides.export.stills.contact_sheet import WIDTH, write_contact_sheet
from astrai_slides.export.stills.folder import pictures_of, write_pngs, write_svgs
from astrai_slides.export.stills.svg import svg
from astrai_slides.recording.format.model import Recording, View
from astrai_slides.recording.paint.raster import rasterise, rgb

NAMES = ["01-title", "02-flow-static", "03-flow-turning", "04-going-on", "05-still"]
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module")
def made() -> Recording:
    return replace(talk(), width=320, height=180)


def shown(made: Recording, place: int, width: int, height: int) -> np.ndarray:  # type: ignore[type-arg]
    return rgb(rasterise(made.steps[place].end, made.blobs, width, height))


def test_each_step_is_a_png_of_the_decks_size_and_the_index_says_what_it_shows(made: Recording, tmp_path: Path) -> None:
    target = tmp_path / "talk-png" / "index.json"
    write_pngs(made, range(1, 6), target, ignore)
    assert sorted(path.name for path in target.parent.iterdir()) == [*(f"{name}.png" for name in NAMES), "index.json"]
    index = json.loads(target.read_text("utf-8"))
    assert index["size"] == [320, 180]
    assert index["steps"][0] | {"description": ""} == {
        "number": 1, "name": "title", "title": "Title & <more>", "file": "01-title.png", "description": "",
    }  # fmt: skip
    assert JAPANESE in index["steps"][0]["description"]
    for place, path in enumerate(pictures_of(target)):
        with Image.open(path) as image:
            assert (np.asarray(image.convert("RGB")) == shown(made, place, 320, 180)).all()


def test_of_a_deck_of_several_scenes_the_index_says_which_each_step_is_of(made: Recording, tmp_path: Path) -> None:
    target = tmp_path / "index.json"
    steps = (replace(made.steps[0], section="Intro"), made.steps[1])
    write_pngs(replace(made, steps=steps), (1, 2), target, ignore)
    told = json.loads(target.read_text("utf-8"))["steps"]
    assert [step.get("section") for step in told] == ["Intro", None]


def test_numbers_are_those_of_the_whole_deck_and_old_pictures_go_but_nothing_else(
    made: Recording, tmp_path: Path
) -> None:
    target = tmp_path / "index.json"
    for name in ("mine.png", "02.txt", "07-mine.png"):
        (tmp_path / name).write_bytes(b"not ours")
    write_pngs(made, range(1, 6), target, ignore)
    stays = tmp_path / "02-flow-static.png"
    before = stays.stat().st_mtime_ns
    write_pngs(replace(made, steps=made.steps[1:3]), (2, 103), target, ignore)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["002-flow-static.png", "02.txt", "07-mine.png", "103-flow-turning.png", "index.json", "mine.png"]
    write_pngs(replace(made, steps=made.steps[1:2]), (2,), target, ignore)
    again = stays.stat().st_mtime_ns
    assert again != before
    write_pngs(replace(made, steps=made.steps[1:3]), (2, 3), target, ignore)
    assert stays.stat().st_mtime_ns == again, "what is the same is not written again"


@pytest.mark.parametrize("said", ["", "[]", '{"steps": [{"file": "../01-other.png"}, {"file": "01/a.png"}]}', "\0"])
def test_an_index_of_somebody_elses_names_no_file_of_ours(said: str, tmp_path: Path) -> None:
    target = tmp_path / "index.json"
    target.write_text(said)
    assert pictures_of(target) == []
    assert pictures_of(tmp_path / "absent.json") == []


def test_titles_name_files_where_names_are_numbers_and_no_title_is_a_path(made: Recording, tmp_path: Path) -> None:
    titles = ["../../etc/passwd", "Größe: 3 > 2?", "7", "\0\n", "x" * 300]
    steps = [
        replace(step, name=str(n), title=title)
        for n, (step, title) in enumerate(zip(made.steps, titles, strict=True), 1)
    ]
    target = tmp_path / "index.json"
    write_svgs(replace(made, steps=tuple(steps)), range(1, 6), target, ignore)
    names = [path.name for path in pictures_of(target)]
    assert names == ["01-etc-passwd.svg", "02-grösse-3-2.svg", "03-7.svg", "04.svg", f"05-{'x' * 60}.svg"]


def test_an_svg_is_read_by_any_parser_asks_for_nothing_and_has_its_texts(made: Recording, tmp_path: Path) -> None:
    step = made.steps[0]
    root = etree.fromstring(svg(step, made.blobs, 320, 180).encode())
    assert (root.get("width"), root.get("height")) == ("320", "180")
    assert root.findtext(f"{SVG}title") == "Title & <more>"
    assert "Waiting & <Queue>" in str(root.findtext(f"{SVG}desc"))
    assert [each.text for each in root.iter(f"{SVG}text")] == ["Waiting & <Queue>", "two lines", HEBREW, JAPANESE]
    addresses = [value for each in root.iter() for name, value in each.items() if name == XLINK or "url(" in value]
    assert all(each.startswith(("#", "data:image/", "url(#")) for each in addresses)
    ids = {str(each.get("id")) for each in root.iter() if each.get("id")}
    assert {each.strip("#url()") for each in addresses if not each.startswith("data:")} == ids


def test_all_steps_are_on_the_contact_sheet_in_order_with_their_titles(made: Recording, tmp_path: Path) -> None:
    target = tmp_path / "talk.sheet.png"
    write_contact_sheet(made, range(1, 6), target, DOCUMENT)
    with Image.open(target) as image:
        sheet = np.asarray(image.convert("RGB"))
    assert sheet.shape[1] == WIDTH
    plain = bytearray()
    for place in range(5):
        found = located(sheet, place)
        x, y, width, height = found
        cell = sheet[y : y + height, x : x + width]
        view = made.steps[place].end.view
        if abs(view.width / view.height - width / height) < 0.02:
            assert ssim(cell, shown(made, place, width, height), GREEN) > 0.99, place
        title = sheet[y + height + 6 : y + height + 36, x : x + width].min(axis=2)
        plain.append(int((title < 100).any()))
    assert bytes(plain) == b"\x01" * 5, "a title stands beneath each"
    write_contact_sheet(replace(made, steps=made.steps[:0]), (), target, DOCUMENT)
    with Image.open(target) as image:
        assert image.width == WIDTH


def located(sheet: np.ndarray, place: int) -> tuple[int, int, int, int]:  # type: ignore[type-arg]
    """Where the picture number `place` of a sheet of three columns is: within its frame of grey lines."""
    grey = (199, 199, 204)
    lines = (sheet == grey).all(axis=2)
    column = 48 + place % 3 * ((WIDTH - 2 * 48 - 2 * 32) // 3 + 32)
    down = np.flatnonzero(lines[:, column + 40])
    top, bottom = down[::2][place // 3], down[1::2][place // 3]
    across = np.flatnonzero(lines[(top + bottom) // 2])
    left, right = across[::2][place % 3], across[1::2][place % 3]
    return int(left) + 1, int(top) + 1, int(right - left) - 1, int(bottom - top) - 1


@pytest.mark.long
def test_many_steps_stay_within_what_a_picture_can_be(made: Recording, tmp_path: Path) -> None:
    tall = replace(made.steps[0], end=replace(made.steps[0].end, ops=(), view=View(0, 0, 4, 32)))
    target = tmp_path / "many.png"
    write_contact_sheet(replace(made, width=40, height=320, steps=(tall,) * 40), range(1, 41), target, DOCUMENT)
    with Image.open(target) as image:
        assert (image.width, 20_000 < image.height <= 30_100) == (WIDTH, True)


@pytest.mark.parametrize(
    "index",
    [
        '{"steps": [{"file": "/etc/passwd"}]}',
        '{"steps": [{"file": "../01.png"}, {"file": "steps/01.png"}, {"file": ""}]}',
        '{"steps": [{"file": 5}, {"file": null}, {"file": "01\\u0000.png"}]}',
        '{"steps": 5}',
        '{"steps": [[]]}',
        "[" * 100_000,
    ],
)
def test_an_index_that_is_not_ours_names_nothing_of_ours(made: Recording, tmp_path: Path, index: str) -> None:
    target = tmp_path / "talk-png" / "index.json"
    target.parent.mkdir()
    target.write_text(index, "utf-8")
    (tmp_path / "01.png").write_bytes(b"mine")
    assert pictures_of(target) == []
    write_pngs(made, range(1, 6), target, ignore)
    assert (tmp_path / "01.png").read_bytes() == b"mine"
    assert len(pictures_of(target)) == 5
