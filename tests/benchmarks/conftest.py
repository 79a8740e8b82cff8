"""The benchmark's modules are imported from the repository's root: they are no part of the package."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
