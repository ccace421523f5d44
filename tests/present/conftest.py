"""What tests of previews share with those of decks."""

import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).parent.parent / "export"))
