"""What the shipped default calibration is fitted on: pinned projects of many authors that no benchmark reports on.

Python from PyPI, one folder a project; other languages from npm and Debian as ``language_corpus.py`` fetches them. None
of them is indexed or asked in ``touched_report``, ``foundation`` or ``significance``.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.corpus import CACHE
from benchmarks.language_corpus import Project, source_files

FOLDER = CACHE / "calibration"
PYTHON = (
    "anyio==4.16.0",
    "arviz==0.23.4",
    "astroid==4.3.4",
    "astropy==8.0.2",
    "asyncssh==2.24.1",
    "attrs==26.1.0",
    "beautifulsoup4==4.15.0",
    "biopython==1.88",
    "bottle==0.13.4",
    "buildbot==4.3.0",
    "cherrypy==18.10.0",
    "click==8.5.1",
    "coverage==7.17.4",
    "cryptography==50.0.2",
    "cvxpy==1.9.3",
    "djangorestframework==3.18.3",
    "dulwich==1.2.21",
    "fabric==3.2.3",
    "falcon==4.4.0",
    "fastapi==0.165.0",
    "flask==3.1.3",
    "flax==0.12.8",
    "gensim==4.4.0",
    "geopandas==1.2.0",
    "gitpython==3.2.1",
    "gunicorn==27.0.1",
    "html5lib==1.1",
    "httpcore==1.0.9",
    "httpx==0.28.1",
    "hypothesis==6.170.17",
    "imageio==2.38.1",
    "ipython==9.18.1",
    "isort==9.0.2",
    "jedi==0.20.1",
    "jinja2==3.1.6",
    "joblib==1.6.0",
    "jsonschema==4.26.0",
    "keras==3.15.1",
    "kombu==5.7.0",
    "luigi==3.8.1",
    "markdown==3.11.3",
    "marshmallow==4.4.0",
    "matplotlib==3.11.2",
    "mkdocs==1.6.1",
    "mne==1.13.2",
    "mongoengine==0.29.3",
    "moviepy==2.2.1",
    "nilearn==0.14.1",
    "nox==2026.10.20",
    "numba==0.68.1",
    "parso==0.8.7",
    "peewee==4.5.3",
    "pillow==13.0.0",
    "pony==0.7.20",
    "pulp==3.3.2",
    "pydantic==2.14.4",
    "pyglet==2.1.19",
    "pygments==2.21.0",
    "pylint==4.1.4",
    "pyomo==6.10.1",
    "pyqtgraph==0.14.0",
    "pyramid==2.1",
    "pyro-ppl==1.9.2",
    "pytest==9.2.0",
    "redis==8.1.0",
    "requests==2.34.2",
    "rich==15.0.0",
    "rq==3.0.0",
    "ruamel.yaml==0.19.1",
    "sanic==25.12.1",
    "scapy==2.8.0",
    "scikit-image==0.26.0",
    "seaborn==0.13.2",
    "selenium==4.52.0",
    "shap==0.51.0",
    "starlette==1.10.0",
    "streamlit==1.67.0",
    "supervisor==4.3.0",
    "tornado==6.6.1",
    "tortoise-orm==1.1.9",
    "trio==0.35.0",
    "twine==7.0.0",
    "werkzeug==3.1.9",
    "wtforms==3.3.2",
)
OTHERS: dict[str, tuple[Project, ...]] = {
    "c": (
        Project("source", "dash", "0.5.12-2"),
        Project("source", "mosquitto", "2.0.11-1.2+deb12u2"),
        Project("source", "lighttpd", "1.4.69-1"),
        Project("source", "jq", "1.6-2.1+deb12u2"),
        Project("source", "zsh", "5.9-4"),
        Project("source", "rsync", "3.2.7-1+deb12u6"),
        Project("source", "h2o", "2.2.5+dfsg2-7"),
    ),
    "go": (
        Project("package", "golang-github-spf13-cobra-dev", "1.6.1-1"),
        Project("package", "golang-github-gin-gonic-gin-dev", "1.8.1-1"),
        Project("package", "golang-github-prometheus-client-golang-dev", "1.14.0-3"),
        Project("package", "golang-google-grpc-dev", "1.33.3-2"),
        Project("package", "golang-github-go-git-go-git-dev", "5.4.2-3"),
        Project("package", "golang-github-hashicorp-raft-dev", "1.1.2-1"),
        Project("package", "golang-github-gorilla-websocket-dev", "1.5.0-2"),
        Project("package", "golang-github-dgraph-io-badger-dev", "2.2007.2-3"),
        Project("package", "golang-github-miekg-dns-dev", "1.1.50-2"),
        Project("package", "golang-github-yuin-goldmark-dev", "1.5.4-1"),
        Project("package", "golang-github-jmoiron-sqlx-dev", "1.3.5-1"),
        Project("package", "golang-github-xanzy-go-gitlab-dev", "0.73.1-2"),
        Project("package", "golang-github-gdamore-tcell-dev", "1.3.0-3"),
        Project("package", "golang-github-valyala-fasthttp-dev", "1:1.31.0-4"),
    ),
    "java": (
        Project("source", "commons-io", "2.11.0-2"),
        Project("source", "libcommons-lang3-java", "3.12.0-2+deb12u1"),
        Project("source", "libcommons-collections4-java", "4.2-1"),
        Project("source", "junit4", "4.13.2-3"),
        Project("source", "jsoup", "1.15.3-1"),
        Project("source", "libjoda-time-java", "2.10.14-1"),
        Project("source", "apache-log4j1.2", "1.2.17-11"),
        Project("source", "commons-math3", "3.6.1-3"),
        Project("source", "guava-libraries", "31.1-1"),
        Project("source", "antlr4", "4.7.2-5"),
    ),
    "javascript": (
        Project("npm", "express", "5.3.0"),
        Project("npm", "lodash", "4.18.1"),
        Project("npm", "underscore", "1.13.8"),
        Project("npm", "axios", "1.21.1"),
        Project("npm", "commander", "15.1.0"),
        Project("npm", "async", "3.2.6"),
        Project("npm", "handlebars", "4.7.10"),
        Project("npm", "koa", "3.3.0"),
        Project("npm", "fastify", "5.12.8"),
        Project("npm", "nodemailer", "10.6.1"),
        Project("npm", "ws", "8.23.0"),
        Project("npm", "three", "0.187.0"),
        Project("npm", "moment", "2.31.0"),
        Project("npm", "jsdom", "31.0.1"),
        Project("npm", "highlight.js", "11.12.0"),
        Project("npm", "marked", "18.2.1"),
    ),
    "rust": (
        Project("package", "librust-clap-dev", "4.0.32-1"),
        Project("package", "librust-rayon-dev", "1.6.1-1"),
        Project("package", "librust-hyper-dev", "0.14.19-1"),
        Project("package", "librust-rand-dev", "0.8.5-1"),
        Project("package", "librust-image-dev", "0.24.3-1"),
        Project("package", "librust-chrono-dev", "0.4.23-2"),
        Project("package", "librust-regex-automata-dev", "0.1.8-2"),
        Project("package", "librust-num-bigint-dev", "0.4.3-2"),
        Project("package", "librust-rustls-dev", "0.20.8-4"),
        Project("package", "librust-petgraph-dev", "0.6.2-1"),
        Project("package", "librust-tracing-subscriber-dev", "0.3.16-2"),
        Project("package", "librust-reqwest-dev", "0.11.13-1"),
        Project("package", "librust-h2-dev", "0.3.13-2"),
        Project("package", "librust-pest-dev", "2.5.2-1"),
    ),
}


def project_folders() -> list[Path]:
    """Return one folder a project, with its code alone, downloading what is not there; sorted by name."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    folders = [_python_project(requirement) for requirement in PYTHON]
    folders += [_other_project(project, language) for language, projects in OTHERS.items() for project in projects]
    return sorted(folders)


def _python_project(requirement: str) -> Path:
    folder = FOLDER / requirement.partition("==")[0]
    done = folder.with_name(folder.name + ".txt")
    if not done.exists() or done.read_text(encoding="utf-8") != requirement:
        shutil.rmtree(folder, ignore_errors=True)
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-compile",
            "--only-binary=:all:",
        ]
        subprocess.run([*command, "--target", str(folder), requirement], check=True)
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".py":
                path.unlink()
        done.write_text(requirement, encoding="utf-8")
    return folder


def _other_project(project: Project, language: str) -> Path:
    folder = FOLDER / project.name.replace("/", "+")
    done = folder.with_name(folder.name + ".txt")
    wanted = f"{language} {project.version}"
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        for relative, path in source_files(project, language):
            target = folder / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        done.write_text(wanted, encoding="utf-8")
    return folder
