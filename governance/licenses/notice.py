"""The text of THIRD-PARTY-NOTICES: whose code is kept, under which license, and the notices that go with it.

Everything in it is taken from the training set: copyright lines from the head of the source files and from the
license files that came with them, license texts whole. What the training set does not hold is said to be missing.
The text holds no date and follows no order but its own: same report, same bytes.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from codewhence.governance.licenses.copyright_lines import copyright_lines, head_copyright_lines
from codewhence.governance.licenses.obligations import in_order
from codewhence.governance.licenses.table import Obligation
from codewhence.records import AttributedMatch, Document, FileReport, Origin, Report, Verdict

_RULE = "=" * 78
_THIN_RULE = "-" * 78

# A terminal must not act on a license text. Form feeds stay: the GNU texts have them.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufeff]")


@dataclass(slots=True)
class _Project:
    """One project that kept text is taken from, at one revision."""

    origin: Origin
    licenses: set[str] = field(default_factory=set)
    obligations: set[str] = field(default_factory=set)
    places: set[tuple[str, int, int]] = field(default_factory=set)
    sources: set[tuple[str, str]] = field(default_factory=set)
    license_files: set[str] = field(default_factory=set)


_Key = tuple[str, str, str]


def third_party_notices(report: Report, document: Callable[[str], Document | None]) -> str:
    r"""Write the notices that the kept text of a report asks for.

    Each match that counts and may be kept with notice relies on its first source. Matches that may not be kept as
    they are do not belong in a notice: they are listed at the end, so that nobody ships the text unaware of them.

    Args:
        report: The report.
        document: Gives a document of the training set by its id, or ``None`` where it is not there.

    Returns:
        Plain text, lines ended by ``\n``.
    """
    projects = [project for _, project in sorted(_projects(report).items())]
    texts = _license_texts(projects, document)
    parts = ["THIRD-PARTY NOTICES\n", _introduction(report, n_projects=len(projects))]
    parts += [_section(project, document, texts) for project in projects]
    if texts:
        parts.append(_license_section(texts))
    attention = list(_attention(report))
    if attention:
        heading = f"{_RULE}\nNeeds attention: these matches are not covered by the notices above\n"
        parts.append("".join([heading, *attention]))
    return "\n".join(parts)


def _relied_on(report: Report) -> Iterator[tuple[FileReport, AttributedMatch]]:
    for file in report.files:
        for match in file.matches:
            if match.ignored is None and match.verdict is Verdict.KEEP_WITH_NOTICE:
                yield file, match


def _projects(report: Report) -> dict[_Key, _Project]:
    """Gather what is relied on by repository, revision and address."""
    projects: dict[_Key, _Project] = {}
    for file, match in _relied_on(report):
        source = match.match.sources[0]
        origin = source.origin
        key = (origin.repo, origin.revision or "", origin.origin_url or "")
        project = projects.setdefault(key, _Project(origin))
        project.licenses.add(match.licenses[0])
        project.obligations.update(match.obligations)
        project.places.add((file.path, match.start_line, match.end_line))
        project.sources.add((origin.path, source.doc_id))
        project.license_files.update(origin.license_files)
    return projects


def _license_texts(
    projects: Iterable[_Project], document: Callable[[str], Document | None]
) -> dict[str, tuple[int, str]]:
    """Number the license texts, each text once, by the id of the document that holds it."""
    numbers: dict[str, int] = {}
    texts: dict[str, tuple[int, str]] = {}
    for doc_id in (doc_id for project in projects for doc_id in sorted(project.license_files)):
        found = document(doc_id)
        text = _normalized(found.content) if found else ""
        if text:
            texts[doc_id] = (numbers.setdefault(text, len(numbers) + 1), text)
    return texts


def _introduction(report: Report, *, n_projects: int) -> str:
    index = f"index {_line(report.index.name)} ({_line(report.index.root[:12])})"
    if not n_projects:
        return f"Nothing that was matched in {index} is kept under a license that asks for notices.\n"
    projects = "1 third-party project" if n_projects == 1 else f"{n_projects} third-party projects"
    return f"Parts of the files named below stand in {projects},\nas found by codewhence in {index}.\n"


def _section(project: _Project, document: Callable[[str], Document | None], texts: dict[str, tuple[int, str]]) -> str:
    origin = project.origin
    lines = [
        _RULE,
        _line(origin.repo),
        "",
        f"Revision: {_line(origin.revision or 'not recorded')}",
        f"Address:  {_line(origin.origin_url or 'not recorded')}",
        f"License:  {' AND '.join(_grouped(sorted(project.licenses)))}",
        f"Asks for: {', '.join(in_order(Obligation(name) for name in project.obligations))}",
        "",
        "Found in:",
        *(f"  {_line(path)} {_line_range(start, end)}" for path, start, end in sorted(project.places)),
        "From:",
        *(f"  {_line(path)} ({doc_id})" for path, doc_id in sorted(project.sources)),
        "",
    ]
    notices = _copyright_of(project, document, texts)
    if notices:
        lines += ["Copyright lines:", *(f"  {notice}" for notice in notices), ""]
    else:
        lines += ["Copyright lines: none stand at the head of the source or in a license file.", ""]
    numbers = sorted({texts[doc_id][0] for doc_id in project.license_files if doc_id in texts})
    if numbers:
        lines.append(f"License text: {', '.join(f'[{number}]' for number in numbers)} below.")
    else:
        lines.append("License text: none came with the training set. Take it from the project before you ship.")
    n_missing = len(project.license_files - texts.keys())
    if n_missing and numbers:
        lines.append(f"License files that could not be read: {n_missing}. Take them from the project.")
    return "\n".join(lines) + "\n"


def _copyright_of(
    project: _Project, document: Callable[[str], Document | None], texts: dict[str, tuple[int, str]]
) -> list[str]:
    """Return the copyright lines of the sources' heads, then of the license files, each once."""
    notices: dict[str, None] = {}
    for _, doc_id in sorted(project.sources):
        found = document(doc_id)
        if found:
            notices.update(dict.fromkeys(head_copyright_lines(found.content)))
    for doc_id in sorted(project.license_files & texts.keys(), key=lambda item: texts[item][0]):
        notices.update(dict.fromkeys(copyright_lines(texts[doc_id][1])))
    return [_line(notice) for notice in notices]


def _license_section(texts: dict[str, tuple[int, str]]) -> str:
    parts = [f"{_RULE}\nLicense texts\n"]
    for number, text in sorted(set(texts.values())):
        parts.append(f"\n{_THIN_RULE}\n[{number}]\n\n{text}")
    return "".join(parts)


def _attention(report: Report) -> Iterator[str]:
    for file in report.files:
        for match in file.matches:
            if match.ignored is None and match.verdict in (Verdict.REWRITE, Verdict.UNKNOWN_LICENSE):
                place = f"{_line(file.path)} {_line_range(match.start_line, match.end_line)}"
                yield f"\n{place}: {match.verdict.value}\n  {_line(match.reason)}\n{_origin_line(match)}"


def _origin_line(match: AttributedMatch) -> str:
    if not match.match.sources:
        return ""
    source = match.match.sources[0]
    lines = _line_range(source.start_line, source.end_line)
    return f"  First source: {_line(source.origin.repo)}, {_line(source.origin.path)} {lines}\n"


def _grouped(expressions: list[str]) -> list[str]:
    """Put expressions with ``OR`` in parentheses, where more than one is joined."""
    if len(expressions) == 1:
        return expressions
    return [f"({text})" if " OR " in text else text for text in expressions]


def _line_range(start: int, end: int) -> str:
    return f"line {start}" if start == end else f"lines {start}-{end}"


def _line(text: str) -> str:
    """Keep a value on its line: a path or a name with line ends must not write lines of its own."""
    return "".join(character if character.isprintable() else " " for character in text)


def _normalized(text: str) -> str:
    r"""Return a license text with ``\n`` line ends, without blank lines around it and without control characters."""
    lines = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    body = "\n".join(line.rstrip() for line in lines).strip("\n")
    return f"{body}\n" if body else ""
