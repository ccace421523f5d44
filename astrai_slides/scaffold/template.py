"""What a talk can begin as: ours, and what packages bring by entry points of the group `astrai_slides.templates`.

Such an entry point names a function without parameters that returns what `Template` holds, as a plain tuple, so that a
package need not import ours for it.
"""

import re
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError

GROUP = "astrai_slides.templates"
FOLDER = Path(__file__).resolve().parent / "templates"
OWN = ("blank", "steps", "comparison")

SCENE_MARK = "@SCENE@"
TITLE_MARK = "@TITLE@"


@dataclass(frozen=True, slots=True)
class Template:
    """A deck to begin with: the file of its scene, which has the class `class_name`, and the text of its talk file.

    In `talk`, `@SCENE@` and `@TITLE@` stand for the TOML strings of the scene and the title.
    """

    scene: Path
    class_name: str
    talk: str

    def scene_for(self, class_name: str) -> str:
        """Return the source of the scene, whose class is called `class_name`."""
        return re.sub(rf"\b{re.escape(self.class_name)}\b", class_name, self.scene.read_text("utf-8"))

    def talk_for(self, scene: str, title: str) -> str:
        """Return a talk file that shows `scene`, as `FILE.py:CLASS`, under `title`."""
        return self.talk.replace(SCENE_MARK, _toml(scene)).replace(TITLE_MARK, _toml(title))


def template_names() -> list[str]:
    """Names of the templates that there are, ours first."""
    return [*OWN, *sorted({each.name for each in entry_points(group=GROUP)} - set(OWN))]


def load_template(name: str) -> Template:
    """Return the template `name`, which is one of `template_names`.

    Raises AstraiSlidesError if a package that brings it is broken.
    """
    if name in OWN:
        talk = (FOLDER / f"{name}.toml").read_text("utf-8")
        return Template(FOLDER / f"{name}.py", f"{name.capitalize()}Talk", talk)
    entry = next(each for each in entry_points(group=GROUP) if each.name == name)
    package = entry.dist.name if entry.dist else entry.module
    try:
        scene, class_name, talk = entry.load()()
        return Template(Path(scene), str(class_name), str(talk))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
    raise AstraiSlidesError(
        f"the template {name!r} of the package {package} cannot be loaded: {reason}; mend or uninstall {package}"
    )


def _toml(text: str) -> str:
    """Return a name or title, which has no control characters, as a TOML string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
