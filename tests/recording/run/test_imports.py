"""What a deck can import: what `python -m manim` lets it import, while it is loaded and while it runs."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from astrai_slides.build.plan import plan
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.run.record import as_if_alone, record_scene

DECK = """
    from manim import Circle, Create
    from manim_slides import Slide

    from decks.shapes_of_the_project import SIDE


    class Importing(Slide):
        def construct(self):
            import shapes_beside_the_deck
            from other_shapes_of_the_project import SMALL

            assert (shapes_beside_the_deck.SIDE, SMALL) == (SIDE, 1)
            self.play(Create(Circle(SMALL)), run_time=0.1)
"""


FORGETFUL = """
    from manim import Circle, Scene


    class Importing(Scene):
        def construct(self):
            self.play(NAME(Circle()))
"""


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "decks"
    folder.mkdir()
    (folder / "importing.py").write_text(textwrap.dedent(DECK))
    (folder / "shapes_of_the_project.py").write_text("SIDE = 2\n")
    (folder / "shapes_beside_the_deck.py").write_text("SIDE = 2\n")
    (tmp_path / "other_shapes_of_the_project.py").write_text("SMALL = 1\n")
    monkeypatch.chdir(tmp_path)
    # as an installed command has it
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path and Path(path) != tmp_path])
    return Path("decks/importing.py")


def test_the_working_directory_and_the_decks_folder_can_be_imported_from(deck: Path, tmp_path: Path) -> None:
    before = sys.path[:]
    assert [job.scene_names for job in plan([str(deck)])] == ["Importing"]
    recording = record_scene(deck, "Importing", fps=10, width=320, height=180, media=tmp_path)
    assert len(recording.steps) == 1
    assert sys.path == before
    assert not {"decks", "decks.shapes_of_the_project", "shapes_beside_the_deck"} & set(sys.modules)


def test_a_folder_that_the_deck_adds_is_there_while_it_runs_and_no_longer(deck: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "shapes_elsewhere.py").touch()
    text = deck.read_text().replace("SIDE\n", "SIDE\nimport sys; sys.path.append('elsewhere')\n", 1)
    deck.write_text(text.replace("import shapes_beside", "import shapes_elsewhere, shapes_beside"))
    record_scene(deck, "Importing", fps=10, width=320, height=180, media=tmp_path)
    assert "elsewhere" not in sys.path


def test_the_first_module_is_the_one_that_stock_takes(deck: Path, tmp_path: Path) -> None:
    for folder in (tmp_path, deck.parent):
        (folder / "of_which_folder.py").write_text(f"WHERE = {folder.name!r}\n")
    deck.write_text(
        "import of_which_folder, manim\nclass Where(manim.Scene):\n    at = of_which_folder.WHERE\n"
        "    def construct(self):\n        self.wait()\n"
    )
    stock = "from pathlib import Path; from manim.utils.module_ops import get_module; import sys; "
    stock += "print(get_module(Path(sys.argv[1])).Where.at)"
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", stock, str(deck)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()
    from astrai_slides.recording.run.load import load_scene

    with as_if_alone(deck):
        assert load_scene(deck, "Where").at == told == "decks"


@pytest.mark.parametrize(
    ("name", "remedy"), [("FadeOut", "; it is manim's: from manim import FadeOut"), ("FadeAway", "")]
)
def test_a_name_of_manims_that_is_not_imported_is_told_with_its_import(tmp_path: Path, name: str, remedy: str) -> None:
    deck = tmp_path / "forgetful.py"
    deck.write_text(textwrap.dedent(FORGETFUL).replace("NAME", name))
    with pytest.raises(AstraiSlidesError) as raised:
        record_scene(deck, "Importing", fps=4, width=64, height=36)
    assert str(raised.value).endswith(f"NameError: name '{name}' is not defined{remedy}")
