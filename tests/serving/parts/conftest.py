from collections.abc import Iterator

import pytest
from shared_paths import paths_shared


@pytest.fixture(scope="module", autouse=True)
def sooner() -> Iterator[None]:
    with paths_shared():
        yield
