"""Real code of each language that index/lexing knows, from pinned packages of Debian, npm and PyPI.

Packages are downloaded once, into ``benchmarks/.cache/lexing``, with an apt configuration of its own: nothing is
installed, the system's lists are not touched.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).parent / ".cache" / "lexing"
# Debian 12 (bookworm). A package that a point release has replaced is skipped with a note.
DEBIAN = {
    "go": (
        "golang-golang-x-tools-dev=1:0.5.0+ds-1", "golang-github-spf13-cobra-dev=1.6.1-1",
        "golang-google-grpc-dev=1.33.3-2", "golang-github-prometheus-client-golang-dev=1.14.0-3",
    ),
    "rust": (
        "librust-tokio-dev=1.24.2-1", "librust-regex-syntax-dev=0.6.27-1", "librust-regex-dev=1.7.1-1",
        "librust-serde-dev=1.0.152-2", "librust-syn-dev=1.0.107-1", "librust-clap-dev=4.0.32-1",
        "librust-hyper-dev=0.14.19-1", "librust-nix-dev=0.26.1-3",
    ),
    "ruby": (
        "ruby-activerecord=2:6.1.7.10+dfsg-1~deb12u2", "ruby-actionpack=2:6.1.7.10+dfsg-1~deb12u2",
        "ruby-activesupport=2:6.1.7.10+dfsg-1~deb12u2", "ruby-rack=2.2.22-0+deb12u1", "ruby-sinatra=3.0.5-3+deb12u1",
        "ruby-sequel=5.63.0-1", "ruby-sass=3.7.4-5", "ruby-mail=2.7.1+dfsg1-2", "rubocop=1.39.0+dfsg-1",
    ),
    "php": (
        "php-twig=3.5.1-1+deb12u3", "php-symfony-http-foundation=5.4.53+dfsg-0+deb12u1", "php-monolog=2.9.1-1",
        "php-doctrine-dbal=3.6.1+dfsg-1", "php-phpseclib=2.0.42-1+deb12u5", "php-guzzlehttp-guzzle=7.4.5-1",
        "phpmyadmin=4:5.2.1+dfsg-1+deb12u1", "wordpress=6.1.9+dfsg1-0+deb12u1", "postfixadmin=3.3.13-1",
    ),
    "shell": (
        "bash-completion=1:2.11-6", "testssl.sh=3.0.8+dfsg-1", "lynis=3.0.8-1.1", "dracut-core=059-4",
        "initramfs-tools-core=0.142+deb12u3", "dkms=3.0.10-8+deb12u1", "devscripts=2.23.4+deb12u2",
        "debootstrap=1.0.128+nmu2+deb12u2", "libtool=2.4.7-7~deb12u1",
    ),
    "sql": (
        "postgresql-15-postgis-3-scripts=3.3.2+dfsg-1", "postgresql-15-partman=4.7.2-1", "postgresql-15-pgtap=1.2.0-3",
        "icinga2-ido-pgsql=2.13.6-2+deb12u2", "roundcube-core=1.6.5+dfsg-1+deb12u9", "cacti=1.2.24+ds1-1+deb12u5",
    ),
}  # fmt: skip
DEBIAN_SOURCE = {
    "c": (
        "zlib=1:1.2.13.dfsg-1", "lua5.4=5.4.4-3+deb12u1", "jansson=2.14-2", "libuv1=1.44.2-1+deb12u1", "tmux=3.3a-3",
        "redis=5:7.0.15-1~deb12u7",
    ),
    "c++": ("leveldb=1.23-4", "fmtlib=9.1.0+ds1-2", "re2=20220601+dfsg-1", "snappy=1.1.9-3", "catch2=2.13.10-1"),
    "java": (
        "libcommons-lang3-java=3.12.0-2+deb12u1", "commons-io=2.11.0-2", "guava-libraries=31.1-1", "jsoup=1.15.3-1",
    ),
    "sql": ("postgresql-15=15.18-0+deb12u1",),
}  # fmt: skip
NPM = {
    "javascript": (
        "lodash@4.18.1", "express@5.3.0", "react-dom@19.3.1", "webpack@5.112.2", "eslint@10.15.0",
        "@mui/material@9.5.0",
    ),
    "typescript": ("rxjs@7.8.2", "zod@4.6.7", "effect@4.1.0", "@tanstack/react-query@5.108.0"),
}  # fmt: skip
PYPI = {"python": ("Django==5.2.19", "sympy==1.14.0", "networkx==3.6.1")}

_EXTENSIONS = {
    "c": (".c", ".h"),
    "c++": (".cc", ".cpp", ".hpp", ".h", ".cxx"),
    "go": (".go",),
    "java": (".java",),
    "javascript": (".js", ".mjs", ".cjs", ".jsx"),
    "php": (".php", ".inc"),
    "python": (".py",),
    "ruby": (".rb", ".rake", ".gemspec"),
    "rust": (".rs",),
    "shell": (".sh", ".bash"),
    "sql": (".sql",),
    "typescript": (".ts", ".tsx", ".mts"),
}
_SHELL_FIRST_LINE = re.compile(r"#!.*\b(?:ba|da|k|z)?sh\b|#.*(?:shell-script|bash completion)")
_LARGEST_BYTES = 400_000  # bundles and generated tables would outweigh everything else
LANGUAGES = tuple(sorted(_EXTENSIONS))


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus: ``path`` begins with the name of its package; ``text`` has line feeds only."""

    path: str
    text: str

    @property
    def is_measured(self) -> bool:
        """Whether the file is in the half for measuring; the other half is for looking at while rules are written."""
        return hashlib.sha256(self.path.encode()).digest()[0] % 2 == 1


def packages(language: str) -> list[str]:
    """Return the pinned packages of a language, as their registry writes them."""
    return [name for table in (DEBIAN, DEBIAN_SOURCE, NPM, PYPI) for name in table.get(language, ())]


def source_files(language: str) -> Iterator[SourceFile]:
    """Yield the files of a language, by the hash of their path, so that any cut takes some of every package."""
    folders = [folder for name in packages(language) if (folder := _unpacked(name)) is not None]
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= _LARGEST_BYTES:
                found.append((f"{folder.name}/{path.relative_to(folder).as_posix()}", path))
    found.sort(key=lambda item: hashlib.sha256(item[0].encode()).digest()[1:])
    for name, path in found:
        text = _text(name, path, language)
        if text is not None:
            yield SourceFile(name, text)


def _text(name: str, path: Path, language: str) -> str | None:
    extensions = _EXTENSIONS[language]
    if not name.endswith(extensions) and not (language == "shell" and "." not in path.name):
        return None
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not name.endswith(extensions) and not _SHELL_FIRST_LINE.match(text):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\0" not in text else None


def _unpacked(package: str) -> Path | None:
    """Return the folder of a package, downloading it the first time; None where its registry has it no more."""
    folder = CACHE / "unpacked" / re.sub(r"[^\w.+-]+", "_", package).strip("_")
    if folder.is_dir():
        return folder
    staging = folder.with_name(folder.name + ".part")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        _download(package, staging)
    except subprocess.CalledProcessError as error:
        print(f"{package} is left out: {error}", file=sys.stderr)
        return None
    staging.rename(folder)
    return folder


def _download(package: str, folder: Path) -> None:
    if any(package in names for names in NPM.values()):
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    elif any(package in names for names in PYPI.values()):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":none:", package]
        subprocess.run(command, cwd=folder, check=True)
    elif any(package in names for names in DEBIAN_SOURCE.values()):
        subprocess.run(["apt-get", "source", "--download-only", package], cwd=folder, check=True, env=_apt())
    else:
        subprocess.run(["apt-get", "download", package], cwd=folder, check=True, env=_apt())
    for path in sorted(folder.iterdir()):
        _extract(path, folder)
        path.unlink()


def _extract(path: Path, folder: Path) -> None:
    if path.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", path, folder / "deb"], check=True)
    elif path.suffix == ".whl":
        shutil.unpack_archive(path, folder / "wheel", "zip")
    elif (".orig" in path.name and ".tar" in path.name and not path.name.endswith(".asc")) or path.suffix == ".tgz":
        (folder / "tree").mkdir(exist_ok=True)
        subprocess.run(["tar", "xf", path, "-C", folder / "tree"], check=True)


def _apt() -> dict[str, str]:
    """Return the environment in which apt uses lists of its own."""
    root = CACHE / "apt"
    settings = root / "apt.conf"
    if not settings.exists():
        for name in ("lists/partial", "cache/archives/partial"):
            (root / name).mkdir(parents=True, exist_ok=True)
        (root / "status").touch()
        suite = "http://deb.debian.org/debian bookworm main\n"
        (root / "sources.list").write_text(f"deb {suite}deb-src {suite}", encoding="utf-8")
        lines = {
            "Dir::Etc::sourcelist": root / "sources.list", "Dir::Etc::sourceparts": "/dev/null", "Dir::State": root,
            "Dir::State::status": root / "status", "Dir::Cache": root / "cache", "APT::Sandbox::User": "root",
        }  # fmt: skip
        content = "".join(f'{name} "{value}";\n' for name, value in lines.items())
        subprocess.run(
            ["apt-get", "update", "-qq"], check=True, env=_written(settings, content), stdout=subprocess.DEVNULL
        )
    return {**os.environ, "APT_CONFIG": str(settings)}


def _written(settings: Path, content: str) -> dict[str, str]:
    settings.write_text(content, encoding="utf-8")
    return {**os.environ, "APT_CONFIG": str(settings)}
