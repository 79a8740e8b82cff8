"""Put the real output of commands into README.md and benchmarks/README.md: what stands there was printed by a run.

A block to refresh begins with a comment ``<!-- output of: COMMAND -->`` (shown as a console block) or
``<!-- content of: FILE -->`` (a table that a benchmark wrote), and ends with ``<!-- end -->``. Commands run in the
repository, with the folder of this Python first on the path; run ``make demo`` before.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "benchmarks/README.md")
_BLOCK = re.compile(r"<!-- (output|content) of: (.*?) -->\n.*?<!-- end -->", re.DOTALL)


def refreshed(page: str) -> str:
    """Return a page with every block made anew."""
    return _BLOCK.sub(_block, page)


def _block(found: re.Match[str]) -> str:
    kind, what = found.groups()
    if kind == "content":
        body = (ROOT / what).read_text(encoding="utf-8")
    else:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(  # noqa: S602 - the commands stand in our own pages
            what, shell=True, cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True
        )
        body = f"```console\n$ {what}\n{done.stdout.rstrip()}\n```\n"
    return f"<!-- {kind} of: {what} -->\n\n{body}\n<!-- end -->"


def main() -> None:
    """Refresh the pages in place."""
    for name in PAGES:
        page = ROOT / name
        page.write_text(refreshed(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
