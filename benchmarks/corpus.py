"""The benchmark corpus: pinned packages from PyPI and the standard library; and packages that it has never seen.

The recipe of the project's measurements: seven packages and CPython's ``Lib`` are indexed (about 145 MB), two others
serve as unseen code, and fifteen more where false alarms are reported. Packages are downloaded once, into
``benchmarks/.cache``.
"""

import subprocess
import sys
from pathlib import Path

SEEN = (
    "Django==5.2.19",
    "SQLAlchemy==2.1.9",
    "Twisted==26.10.0",
    "botocore==1.44.5",
    "networkx==3.6.1",
    "sympy==1.14.0",
    "transformers==5.23.0",
)
UNSEEN = ("scikit-learn==1.9.1", "scipy==1.17.1")
# False alarms are reported on these and on UNSEEN. Whoever calibrates keeps away from all of them: a threshold that has
# seen the code it is judged by says nothing. These were drawn when the engine and its calibration were done
# (2026-11-25), in place of fifteen others that had been looked at on the way.
UNSEEN_REPORT = (
    "beets==2.14.1",
    "datasette==0.65.5",
    "dvc==3.67.1",
    "geopy==2.5.0",
    "glances==4.5.8",
    "gpiozero==2.0.1.post3",
    "locust==2.47.0",
    "music21==10.5.1",
    "obspy==1.5.1",
    "orange3==3.40.0",
    "pelican==4.12.0",
    "radicale==3.9.0",
    "spyder==6.1.8",
    "sqlfluff==4.5.0",
    "streamlink==8.6.3",
    "textual==8.2.8",
    "uproot==5.7.7",
    "vispy==0.17.0",
    "weasyprint==70.0",
    "zarr==3.1.6",
)
CACHE = Path(__file__).parent / ".cache"


def seen_folder() -> Path:
    """Return the folder of the indexed packages, downloading them the first time."""
    return _installed("seen", SEEN)


def seen_packages() -> list[str]:
    """Return the folder of each indexed package: a project each."""
    return [str(path) for path in sorted(seen_folder().iterdir()) if (path / "__init__.py").is_file()]


def unseen_folder() -> Path:
    """Return the folder of the packages that are never indexed."""
    return _installed("unseen", UNSEEN)


def unseen_report_folders() -> list[Path]:
    """Return the folders of the packages whose false alarms are reported: UNSEEN and UNSEEN_REPORT."""
    return [unseen_folder(), _installed("unseen-drawn", UNSEEN_REPORT)]


def python_texts(folder: Path, *, at_least_chars: int) -> list[str]:
    """Read the Python files below ``folder`` that are UTF-8 and long enough, sorted by path."""
    texts = []
    for path in sorted(folder.rglob("*.py")):
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        if len(text) >= at_least_chars and "\0" not in text:
            texts.append(text)
    return texts


def _installed(name: str, requirements: tuple[str, ...]) -> Path:
    folder = CACHE / name
    done = CACHE / f"{name}.txt"
    wanted = "\n".join(requirements)
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target", str(folder)]
        subprocess.run([*command, *requirements], check=True)
        done.write_text(wanted, encoding="utf-8")
    return folder
