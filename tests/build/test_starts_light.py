"""What loading what a build needs does not load."""

import subprocess
import sys


def test_a_build_starts_without_unittest_mock_which_takes_asyncio_along() -> None:
    code = (
        "import sys; from astrai_slides.build.rebuild import load_all; load_all(); "
        "sys.exit(', '.join({'asyncio', 'unittest.mock'} & set(sys.modules)) or None)"
    )
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (started.returncode, started.stderr) == (0, "")
