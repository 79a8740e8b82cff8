"""Real code of five other languages, pinned: what is indexed and what is unseen, from Debian and npm.

Sources of a project come as Debian builds them (``apt-get source``, only the upstream archive), as a Debian package
that holds source code (``golang-*-dev``, ``librust-*-dev``), or as an npm package. Every project is downloaded once,
into ``benchmarks/.cache/languages``, with an apt configuration of its own: that of the machine is not touched.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.corpus import CACHE

FOLDER = CACHE / "languages"
SUFFIXES = {"c": (".c", ".h"), "go": (".go",), "java": (".java",), "javascript": (".js",), "rust": (".rs",)}
MAX_FILE_BYTES = 600_000  # larger ones are tables, bundles and amalgamations
# Generated, minified or another project's.
LEFT_OUT = ("dist", "build", "deps", "vendor", "node_modules")
DEBIAN = "http://deb.debian.org/debian bookworm main"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


@dataclass(frozen=True, slots=True)
class Project:
    """One project and where its source comes from.

    Attributes:
        kind: ``source``: upstream archive of a Debian source package; ``package``: a Debian package that holds
            sources; ``npm``: a package of the npm registry.
        name: In that registry.
        version: Exactly.
    """

    kind: Literal["source", "package", "npm"]
    name: str
    version: str


# At least 8 MB a language is indexed, at least 3 MB of other projects is unseen. Measured 2026-11.
SEEN: dict[str, tuple[Project, ...]] = {
    "c": (Project("source", "redis", "5:7.0.15-1~deb12u7"), Project("source", "git", "1:2.39.5-0+deb12u3")),
    "go": (
        Project("package", "golang-golang-x-tools-dev", "1:0.5.0+ds-1"),
        Project("package", "golang-golang-x-net-dev", "1:0.7.0+dfsg-1"),
    ),
    "java": (
        Project("source", "ant", "1.10.13-1"),
        Project("source", "jackson-databind", "2.14.0-1+deb12u1"),
    ),
    "javascript": (Project("npm", "eslint", "10.15.0"), Project("npm", "webpack", "5.112.2")),
    "rust": (
        Project("package", "librust-tokio-dev", "1.24.2-1"),
        Project("package", "librust-syn-dev", "1.0.107-1"),
        Project("package", "librust-rav1e-dev", "0.5.1-6"),
        Project("package", "librust-regex-syntax-dev", "0.6.27-1"),
        Project("package", "librust-gimli-dev", "0.27.0-1"),
    ),
}
UNSEEN: dict[str, tuple[Project, ...]] = {
    "c": (Project("source", "tmux", "3.3a-3"), Project("source", "bird2", "2.0.12-7")),
    "go": (
        Project("package", "golang-github-minio-minio-go-v7-dev", "7.0.46-1"),
        Project("package", "golang-github-pion-webrtc.v3-dev", "3.1.56-2"),
        Project("package", "golang-github-containers-image-dev", "5.23.1-4"),
    ),
    "java": (Project("source", "h2database", "2.1.214-1"),),
    "javascript": (
        Project("npm", "sequelize", "6.37.8"),
        Project("npm", "mongoose", "9.12.1"),
        Project("npm", "knex", "3.3.0"),
        Project("npm", "mocha", "12.0.3"),
    ),
    "rust": (
        Project("package", "librust-sequoia-openpgp-dev", "1.12.0-2"),
        Project("package", "librust-nix-dev", "0.26.1-3"),
    ),
}


def source_files(project: Project, language: str) -> list[tuple[str, Path]]:
    """Return the code files of a project in one language: path inside it and where it lies here, sorted."""
    folder = fetched(project)
    return [
        (str(path.relative_to(folder)), path)
        for path in sorted(folder.rglob("*"))
        if path.suffix in SUFFIXES[language]
        and path.is_file()
        and not path.is_symlink()
        and not path.name.endswith(".min.js")
        and not set(path.relative_to(folder).parts) & set(LEFT_OUT)
        and path.stat().st_size <= MAX_FILE_BYTES
    ]


def fetched(project: Project) -> Path:
    """Return the folder of a project's sources, downloading it the first time.

    Raises:
        subprocess.CalledProcessError: It is not to be had in this version, or not from here.
    """
    folder = FOLDER / project.name.replace("/", "+")
    done = folder.with_name(folder.name + ".txt")
    if not done.exists() or done.read_text(encoding="utf-8") != project.version:
        folder.mkdir(parents=True, exist_ok=True)
        archive = _downloaded(project, folder)
        command = ["dpkg-deb", "-x"] if archive.suffix == ".deb" else ["tar", "-xf"]
        target = [str(folder)] if archive.suffix == ".deb" else ["-C", str(folder)]
        subprocess.run([*command, str(archive), *target], check=True)
        archive.unlink()
        done.write_text(project.version, encoding="utf-8")
    return folder


def _downloaded(project: Project, folder: Path) -> Path:
    if project.kind == "npm":
        command = ["npm", "pack", "--silent", f"{project.name}@{project.version}"]
        name = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
        return folder / name
    wanted = f"{project.name}={project.version}"
    if project.kind == "package":
        apt(["download", wanted], folder=folder)
        return next(iter(sorted(folder.glob("*.deb"))))
    apt(["source", "--download-only", "--tar-only", wanted], folder=folder)
    return next(iter(sorted(folder.glob("*.orig.tar.*"))))


def apt(arguments: list[str], *, folder: Path) -> None:
    """Run ``apt-get`` in ``folder`` with package lists of our own."""
    state = CACHE / "apt"
    sources = state / "sources.list"
    options = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": state / "lists",
        "Dir::Cache": state / "cache",
        "APT::Sandbox::User": "root",  # the folder is ours, not readable for _apt
    }
    command = ["apt-get", "-qq", *(word for name, value in options.items() for word in ("-o", f"{name}={value}"))]
    if not sources.exists():
        (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        (state / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        lines = [f"{kind} [signed-by={KEYRING}] {DEBIAN}" for kind in ("deb", "deb-src")]
        sources.write_text("\n".join(lines) + "\n", encoding="utf-8")
        subprocess.run([*command, "update"], check=True)
    subprocess.run([*command, *arguments], cwd=folder, check=True)
