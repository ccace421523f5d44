"""`astrai-slides clean`."""

from pathlib import Path

import click

from astrai_slides.base.cache import FOLDER_VARIABLE, Store, default_folder


@click.command()
@click.option(
    "--cache-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help=f"Folder of the cache  [default: .cache/astrai-slides, or ${FOLDER_VARIABLE}]",
)
def clean(cache_dir: Path | None) -> None:
    """Remove what was kept of earlier builds. The next build draws and encodes everything anew."""
    store = Store(cache_dir or default_folder())
    removed = store.clear()
    click.echo(f"{store.folder}: {removed / 1e6:.1f} MB removed" if removed else f"{store.folder}: nothing to remove")
