"""Editors, as they are told a file and a line."""

import pytest

from astrai_slides.cli.editor import Editor
from astrai_slides.errors import AstraiSlidesError


@pytest.mark.parametrize(
    ("command", "run"),
    [
        ("code", ["code", "-g", "a b.py:7"]),
        ("code -g", ["code", "-g", "a b.py:7"]),
        ("/opt/x/codium --wait", ["/opt/x/codium", "--wait", "-g", "a b.py:7"]),
        ("vim", ["vim", "+7", "a b.py"]),
        ("emacsclient -n", ["emacsclient", "-n", "+7", "a b.py"]),
        ("subl", ["subl", "a b.py:7"]),
        ("pycharm", ["pycharm", "--line", "7", "a b.py"]),
        ("mine --at={line} {file} --new", ["mine", "--at=7", "a b.py", "--new"]),
        ("'my editor' -x", ["my editor", "-x", "+7", "a b.py"]),
    ],
)
def test_editors_are_told_a_line_as_each_takes_it(command: str, run: list[str]) -> None:
    assert Editor(command, {"VISUAL": "other"}).command("a b.py", 7) == run


def test_without_a_command_it_is_the_editor_of_the_environment() -> None:
    assert Editor("", {"VISUAL": "code", "EDITOR": "vi"}).command("f", 1)[0] == "code"
    assert Editor("", {"EDITOR": "vi"}).command("f", 1)[0] == "vi"
    for command, told in (("", "no editor is named"), ("  ", "no editor is named"), ("'x", "cannot be read")):
        with pytest.raises(AstraiSlidesError, match=told):
            Editor(command, {})
    assert "absent-editor cannot be started" in Editor("absent-editor").open("f", 1)
