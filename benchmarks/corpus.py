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
# seen the code it is judged by says nothing.
UNSEEN_REPORT = (
    "aiohttp==3.14.5",
    "ansible-core==2.19.14",
    "bokeh==3.9.2",
    "celery==5.7.0",
    "dask==2026.8.0",
    "docutils==0.23",
    "mypy==2.4.1",
    "nltk==3.10.4",
    "pandas==3.1.1",
    "paramiko==5.1.0",
    "pymc==5.28.5",
    "Scrapy==2.19.0",
    "Sphinx==9.0.4",
    "statsmodels==0.15.0",
    "xarray==2026.9.0",
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
    return [unseen_folder(), _installed("unseen-report", UNSEEN_REPORT)]


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
