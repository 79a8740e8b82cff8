"""Train the token model that ships with the package (index/touched/token_model.py).

    python -m benchmarks.fit_token_model

Python from pinned PyPI projects that are in no other list of the benchmarks, the other languages from the pinned
projects of ``benchmarks/lexing_corpus.py``, each language cut at ``MAX_BYTES``. The same downloads, the same file.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpus import CACHE
from benchmarks.lexing_corpus import LANGUAGES, source_files
from codewhence.index.tokens import code_points, tokenize_codes
from codewhence.index.touched.streams import Stream, read_stream
from codewhence.index.touched.token_model import PATH, train

FOLDER = CACHE / "token-model"
MAX_BYTES = {"python": 30_000_000}
OTHER_MAX_BYTES = 6_000_000
MAX_FILE_BYTES = 400_000
PYTHON = (
    "babel==2.18.0",
    "fsspec==2026.9.0",
    "gevent==26.9.0",
    "hatch==1.18.2",
    "huggingface_hub==2.4.0",
    "ipykernel==7.4.0",
    "jupyter_client==8.10.0",
    "lxml==6.1.3",
    "mitmproxy==11.0.2",
    "nbconvert==7.17.2",
    "notebook==7.6.5",
    "oauthlib==4.0.1",
    "openpyxl==3.1.5",
    "passlib==1.7.4",
    "pexpect==4.9.0",
    "prompt_toolkit==3.0.53",
    "psycopg==3.3.9",
    "pyasn1==0.6.5",
    "pycparser==3.12",
    "pyserial==3.5",
    "python-docx==1.2.0",
    "reportlab==5.1.0",
    "rope==1.15.2",
    "SCons==4.11.1",
    "tinydb==4.9.0",
    "toolz==1.2.0",
    "traitlets==5.16.1",
    "urllib3==2.8.0",
    "uvicorn==0.54.0",
    "wagtail==8.0.1",
    "websockets==17.4",
    "xlsxwriter==3.3.1",
    "yt-dlp==2026.10.26",
    "zeep==4.3.3",
)


def main() -> None:
    """Train, write, and print what was read."""
    n_read = dict.fromkeys(LANGUAGES, 0)
    model = train(_streams(n_read))
    PATH.write_bytes(model.to_bytes())
    print(f"{PATH}: {PATH.stat().st_size / 1e6:.2f} MB from {model.n_tokens} tokens")
    for language, n_bytes in n_read.items():
        print(f"{language:12s}{n_bytes / 1e6:8.1f} MB")


def _streams(n_read: dict[str, int]) -> Iterator[Stream]:
    for language in LANGUAGES:
        for text in _python_texts() if language == "python" else (file.text for file in source_files(language)):
            if n_read[language] >= MAX_BYTES.get(language, OTHER_MAX_BYTES):
                break
            n_read[language] += len(text)
            codes = code_points(f"{text}\n")
            yield read_stream([(text, language)], codes, tokenize_codes(codes))


def _python_texts() -> Iterator[str]:
    for path in sorted(_python_folder().rglob("*.py"), key=lambda path: hashlib.sha256(path.name.encode()).digest()):
        data = path.read_bytes()
        if 200 <= len(data) <= MAX_FILE_BYTES:
            try:
                yield data.decode("utf-8")
            except UnicodeDecodeError:
                continue


def _python_folder() -> Path:
    done = FOLDER / "done.txt"
    wanted = "\n".join(PYTHON)
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target", str(FOLDER)]
        subprocess.run([*command, *PYTHON], check=True)
        done.write_text(wanted, encoding="utf-8")
    return FOLDER


if __name__ == "__main__":
    main()
