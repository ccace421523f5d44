"""`astrai-slides preview`."""

import threading
import webbrowser

import click

from astrai_slides.base.interrupts import check
from astrai_slides.cli.options import CommaSeparated
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.registry import FORMATS


@click.command()
@click.argument("targets", metavar="[TALK | DECK.py [SCENE...]]", nargs=-1)
@click.option(
    "--to",
    type=CommaSeparated(tuple(FORMATS)),
    default=(),
    help="Formats to write after each edit as well, where build writes them.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="Port on this machine; 0: any free one."
)
@click.option("--open/--no-open", "opens", default=True, help="Open the page in the browser.  [default: open]")
@click.option(
    "--follow/--no-follow",
    default=True,
    help="Go to the step that an edit changed; F in the page switches it.  [default: follow]",
)
@click.option(
    "--editor",
    is_flag=False,
    flag_value="",
    metavar="[COMMAND]",
    help="Open the line that made what is clicked on, in $VISUAL or $EDITOR, or by this command: 'code -g', 'vim', or "
    "any with {file} and {line} in it.",
)
def preview(
    targets: tuple[str, ...], to: tuple[str, ...], port: int, opens: bool, follow: bool, editor: str | None
) -> None:
    """Show a deck in the browser, and each edit of it as soon as it is saved.

    Prints the address of the page, which nobody else on the network can open, and follows the files that the deck is
    made of until Ctrl-C. Without a name it shows the only talk of presentations/.

    \b
    Examples:
      astrai-slides preview
      astrai-slides preview my_deck.py Intro --no-follow
      astrai-slides preview my_deck.py --editor code
      astrai-slides preview --to html,pptx,pdf,present
    """
    from astrai_slides.build.plan import UnknownTargetError
    from astrai_slides.build.rebuild import previewed, scratch_folder
    from astrai_slides.cli.editor import Editor
    from astrai_slides.present.preview import Preview

    named, *scenes = targets or (None,)
    try:
        target = previewed(named)
    except UnknownTargetError as error:
        raise click.UsageError(str(error)) from error
    if scenes and not target.endswith(".py"):
        raise click.UsageError(f"{target} is a talk, which names its scenes itself")
    open_line = None if editor is None else Editor(editor).open
    with scratch_folder() as scratch:
        try:
            shown = Preview(
                target, list(filter(None, scenes)), scratch, port=port, follow=follow, open_line=open_line, to=to
            )
        except OSError as error:
            raise AstraiSlidesError(
                f"port {port} cannot be had ({error.strerror}); choose another --port, or 0"
            ) from error
        click.echo(shown.address)
        if opens:
            threading.Thread(target=webbrowser.open, args=(shown.address,), daemon=True).start()
        shown.run(check)
