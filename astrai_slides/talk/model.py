"""The model that a deck names for its talk file, imported."""

import importlib
import inspect
from pathlib import Path
from typing import TypeVar

from astrai_slides.base.importing import importable
from astrai_slides.base.spelling import did_you_mean
from astrai_slides.errors import AstraiSlidesError

Base = TypeVar("Base")


def import_model(name: str, deck: Path, where: str, base: type[Base]) -> type[Base]:
    """The subclass of `base` that `name`, `package.module:Class`, stands for: installed, beside the file `deck`, or in
    the working directory.

    Raises AstraiSlidesError, beginning with `where`, if there is no such module or class, if it is another kind of
    class, if the module fails, or if it is the deck itself, which is not run to read a talk file.
    """
    module_name, _, class_name = name.partition(":")
    folder = deck.resolve().parent
    if folder.joinpath(*module_name.split(".")).with_suffix(".py") == deck.resolve():
        raise AstraiSlidesError(
            f"{where}: {module_name} is the deck itself, which is not run to read a talk file; move {class_name} to a "
            "module beside it"
        )
    try:
        with importable(folder):
            module = importlib.import_module(module_name)
    except AstraiSlidesError:
        raise
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and f"{module_name}.".startswith(f"{error.name}."):
            raise AstraiSlidesError(
                f"{where}: there is no module {error.name}; install the package that has it, or lay {module_name} "
                "beside the deck"
            ) from None
        raise AstraiSlidesError(
            f"{where}: {module_name} cannot be imported: {type(error).__name__}: {error}; mend that"
        ) from error
    found = getattr(module, class_name, None)
    if inspect.isclass(found) and issubclass(found, base):
        return found
    if found is not None:
        raise AstraiSlidesError(
            f"{where}: {name} is no subclass of {base.__module__}.{base.__name__}; derive it from that"
        )
    models = [
        each
        for each, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, base) and value is not base
    ]
    remedy = did_you_mean(class_name, models) if models else f"it defines no subclass of {base.__name__}"
    raise AstraiSlidesError(f"{where}: {module_name} has no class {class_name}; {remedy}")
