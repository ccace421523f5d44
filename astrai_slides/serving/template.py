"""What `astrai-slides new --from serving` begins with: the talk on continuous batching, whole."""

import re
from pathlib import Path

_PACKAGED = Path(__file__).resolve().parent / "_flagship"
_CHECKOUT = Path(__file__).resolve().parents[2]
_SCENE = "continuous_batching.py"
_TALK = "continuous-batching.toml"


def serving_template() -> tuple[Path, str, str]:
    """Return the talk as a template: the file of its scene, its class, and the text of its talk file.

    What is taken for the scene and the title stands in marks. The files are in the wheel, or else in the checkout that
    this is.
    """
    packaged = _PACKAGED.is_dir()
    scene = (_PACKAGED if packaged else _CHECKOUT / "slides") / _SCENE
    talk = ((_PACKAGED if packaged else _CHECKOUT / "presentations") / _TALK).read_text("utf-8")
    for key in ("scene", "title"):
        talk = re.sub(rf"^{key} = .*$", f"{key} = @{key.upper()}@", talk, count=1, flags=re.MULTILINE)
    return scene, "ContinuousBatching", talk
