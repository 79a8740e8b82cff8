"""The page: a heading, and one tab for each entry of a table."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio

from codewhence.app.ui import attribute
from codewhence.app.ui.keeping import ForgetfulBlocks
from codewhence.app.ui.services import Services

TITLE = "codewhence"
SUBTITLE = "Where a piece of code comes from, and what keeping it asks for"


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the page.

    Attributes:
        tab_id: Stable name, for links.
        label: What people read: short, for six of them share a phone's width.
        build: Lays the tab out inside the current Gradio context.
    """

    tab_id: str
    label: str
    build: Callable[[Services], None]


TABS = (Tab("attribute", "Attribute", attribute.build),)


def page(services: Services) -> gradio.Blocks:
    """Build the page, to be mounted in a server."""
    with ForgetfulBlocks(title=TITLE, fill_width=True, analytics_enabled=False, delete_cache=(3600, 3600)) as blocks:
        gradio.HTML(
            f'<header class="cw-header"><h1>{TITLE}</h1><p>{SUBTITLE}</p></header>',
            apply_default_css=False,
        )
        with gradio.Tabs(elem_id="cw-tabs"):
            for tab in TABS:
                with gradio.Tab(tab.label, id=tab.tab_id):
                    tab.build(services)
    return blocks
