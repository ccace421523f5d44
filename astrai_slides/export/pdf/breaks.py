"""Where pages end."""

from collections.abc import Callable, Iterable, Iterator

from astrai_slides.export.pdf.flow import Row


def blocks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows that stay on one page, in order."""
    block: list[Row] = []
    for row in rows:
        block.append(row)
        if not row.kept:
            yield block
            block = []
    if block:
        yield block


def height(rows: Iterable[Row]) -> float:
    """Points that rows take together."""
    return sum(row.height for row in rows)


def write_down(
    rows: Iterable[Row],
    y: float,
    page: tuple[float, float],
    new_page: Callable[[], None],
    write: Callable[[Row, float], None],
    write_again: Callable[[Row, float], None],
) -> float:
    """Write rows from `y` down, going on at the top of another page where a block has no room; return where they end.

    `page` has the first and the last point of a page that may be written to. The head of a table that is broken is
    written again.
    """
    top, bottom = page

    def turned(first: Row) -> float:
        new_page()
        place = top
        for row in first.head:
            write_again(row, place)
            place += row.height
        return place

    for block in blocks(rows):
        if y > top and y + height(block) > bottom:
            y = turned(block[0])
        for row in block:
            # a block that is taller than a page
            if y > top + height(row.head) and y + row.height > bottom:
                y = turned(row)
            write(row, y)
            y += row.height
    return y
