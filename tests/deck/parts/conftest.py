from collections.abc import Iterator

import pytest
from quick_texts import quick_texts


@pytest.fixture(scope="module", autouse=True)
def sooner() -> Iterator[None]:
    with quick_texts():
        yield
