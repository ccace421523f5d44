"""What pictures are compared by gives what scikit-image gives for the whole picture."""

import numpy as np
import pytest
from similarity import BAND, BT709, WINDOW, ssim, ssim_map
from skimage.metrics import structural_similarity


@pytest.mark.parametrize("height", [WINDOW, BAND - 1, BAND, BAND + 1, BAND + WINDOW, 3 * BAND + 4])
def test_bands_make_up_the_whole(height: int) -> None:
    random = np.random.default_rng(height)
    one = random.integers(0, 256, (height, 40, 4), np.uint8)
    other = one.copy()
    other[::3] = random.integers(0, 256, other[::3].shape, np.uint8)
    greys = (picture[..., :3] @ BT709 for picture in (one, other))
    wanted, whole = structural_similarity(*greys, data_range=255, full=True)
    assert np.abs(ssim_map(one, other, BT709) - whole).max() < 1e-4
    assert ssim(one, other, BT709) == pytest.approx(wanted, abs=1e-5)
    assert wanted < 0.9
