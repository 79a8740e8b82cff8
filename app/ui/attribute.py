"""The Attribute tab: paste code, see which of its lines stand in the training set, and what that asks for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio

from codewhence.app.ui import inert, states
from codewhence.app.ui.answer import answer, selected
from codewhence.app.ui.services import Sample, Services
from codewhence.records import FileReport

# Cuts a huge paste in the browser already. A code point is two UTF-16 units at most, so what is left of a text over
# the limit is still over it, and is answered as such.
_CUT = f"(text) => [(text || '').slice(0, {2 * (states.MAX_TEXT_CHARS + 1)})]"

# `${value}` and nothing else: Gradio puts values into it by a JavaScript template literal, which is not read again.
# Handlebars' braces would make a program of what a user pastes.
_SUMMARY = '<div class="cw-summary" role="status">${value}</div>'
_CODE = '<div class="cw-viewer">${value}</div><p class="cw-unseen" role="status" data-announce></p>'
_PANEL = '<div class="cw-selected" role="region" aria-label="Selected match">${value}</div>'

_HINT = (
    '<p class="cw-keys"><kbd>Ctrl</kbd> <kbd>Enter</kbd> checks · <kbd>Esc</kbd>, <kbd>Tab</kbd> leaves the editor</p>'
)

# Where the answer stands below the editor it is brought into view, once all of it is there.
_ANSWER = """
const bring = () => {
  if (element.getBoundingClientRect().top > window.innerHeight * 0.4) element.scrollIntoView();
};
watch("value", () => setTimeout(bring, 100));
"""

_PICKS = """
element.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-sample]");
  if (pick) trigger("select", { sample: Number(pick.dataset.sample) });
});
"""

# Not queued: a queue would keep the text until its turn. Private: none of them is an API.
_EVENT: dict[str, Any] = {
    "queue": False,
    "api_visibility": "private",
    "show_progress": "hidden",
    "trigger_mode": "always_last",
}


def build(services: Services) -> None:
    """Lay out the tab inside the current Gradio context."""
    report = gradio.State(None, time_to_live=3600)
    with gradio.Row(elem_id="cw-attribute", equal_height=False):
        with gradio.Column(elem_id="cw-input", min_width=280):
            editor = gradio.Code(label="Code to check", elem_id="cw-editor", lines=14, buttons=[])
            check = gradio.Button("Check", variant="primary", elem_id="cw-check")
            picks = _html(_HINT + "${value}", _pick_list(services.samples), js_on_load=_PICKS)
        with gradio.Column(elem_id="cw-result", min_width=280):
            before = states.empty(services.checker.index_summary, has_samples=bool(services.samples))
            summary = _html(_SUMMARY, before, js_on_load=_ANSWER)
            with gradio.Row(elem_id="cw-found", equal_height=False):
                with gradio.Column(elem_id="cw-left", min_width=280):
                    code = _html(_CODE, "", js_on_load=_script())
                with gradio.Column(elem_id="cw-right", min_width=280):
                    panel = _html(_PANEL, states.NO_SELECTION)

    def on_check(text: str | None) -> tuple[str, str, str, FileReport | None]:
        found = answer(services, text)
        return found.summary, found.code, found.panel, found.report

    def on_pick(event: gradio.EventData) -> tuple[str, str, str, str, FileReport | None]:
        text = _sample_text(services.samples, getattr(event, "sample", None))
        return text, *on_check(text)

    def on_select(kept: FileReport | None, event: gradio.EventData) -> str:
        return selected(services, kept, getattr(event, "match", None))

    outputs = [summary, code, panel, report]
    check.click(on_check, [editor], outputs, js=_CUT, **_EVENT)
    # Not post-processed: the editor would strip a sample's blanks. (A subclass of it would not, but Gradio writes a
    # stub file beside the module of every subclass of a component.)
    picks.select(on_pick, None, [editor, *outputs], postprocess=False, **_EVENT)
    code.select(on_select, [report], [panel], **_EVENT)


def _pick_list(samples: Sequence[Sample]) -> str:
    if not samples:
        return ""
    items = "".join(
        f'<li><button type="button" data-sample="{place}"><b>{inert.name(sample.title)}</b>'
        f"<span>{inert.name(sample.description)}</span></button></li>"
        for place, sample in enumerate(samples)
    )
    return f'<div class="cw-picks"><h2>Samples that match</h2><ul>{items}</ul></div>'


def _sample_text(samples: Sequence[Sample], place: object) -> str:
    is_place = isinstance(place, int) and 0 <= place < len(samples)
    return samples[place].text if is_place else ""


def _html(template: str, value: str, *, js_on_load: str | None = None) -> gradio.HTML:
    return gradio.HTML(value, html_template=template, js_on_load=js_on_load, apply_default_css=False)


def _script() -> str:
    return Path(__file__).with_name("viewer.js").read_text(encoding="utf-8")
