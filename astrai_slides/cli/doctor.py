"""`astrai-slides doctor`."""

import json
from dataclasses import asdict

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array instead of a table.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Tell which parts this machine has, what each missing one costs, and how to get it.

    The exit code is 1 if a part is missing without which nothing can be built.
    """
    from astrai_slides.build.doctor import examine

    parts = []
    for part in examine():
        parts.append(part)
        if as_json:
            continue
        mark = "ok     " if part.ok else "MISSING" if part.required else "without"
        click.echo(f"{mark}  {part.name}: {part.found}")
        if not part.ok:
            click.echo(f"         costs: {part.cost}\n         remedy: {part.remedy}")
    if as_json:
        click.echo(json.dumps([asdict(part) for part in parts], indent=2, ensure_ascii=False))
    if any(part.required and not part.ok for part in parts):
        ctx.exit(1)
