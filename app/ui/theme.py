"""The page's look: Gradio's theme in our palette, with fonts that come with it, and the style sheet."""

from pathlib import Path

import gradio

# Beware: the SemiBold files of Gradio's bundled fonts hold a few dozen glyphs only (IBM Plex Mono has no "A"), and
# 600 is what Gradio loads by default. 400 and 700 are whole.
_WEIGHTS = (400, 700)

_COLORS = {
    "body_background_fill": "#f6f7f9",
    "body_background_fill_dark": "#10141b",
    "body_text_color": "#1c2330",
    "body_text_color_dark": "#e3e8f0",
    # Gradio's own subdued text has a contrast of 1.9 on white.
    "body_text_color_subdued": "#525c6e",
    "body_text_color_subdued_dark": "#a3adbd",
    "background_fill_primary": "#ffffff",
    "background_fill_primary_dark": "#161b24",
    "background_fill_secondary": "#f6f7f9",
    "background_fill_secondary_dark": "#10141b",
    "border_color_primary": "#dfe3e9",
    "border_color_primary_dark": "#2b3340",
    "block_background_fill": "#ffffff",
    "block_background_fill_dark": "#161b24",
    "block_border_color": "#dfe3e9",
    "block_border_color_dark": "#2b3340",
    "block_label_text_color": "#525c6e",
    "block_label_text_color_dark": "#a3adbd",
    "button_primary_background_fill": "#24324a",
    "button_primary_background_fill_dark": "#cfd9ea",
    "button_primary_background_fill_hover": "#34456a",
    "button_primary_background_fill_hover_dark": "#e6ecf6",
    "button_primary_text_color": "#ffffff",
    "button_primary_text_color_dark": "#161b24",
    "button_secondary_background_fill": "#ffffff",
    "button_secondary_background_fill_dark": "#1d2430",
    "button_secondary_text_color": "#1c2330",
    "button_secondary_text_color_dark": "#e3e8f0",
    "button_secondary_border_color": "#c9d0da",
    "button_secondary_border_color_dark": "#3a4454",
    "button_border_width": "1px",
}


def theme() -> gradio.themes.Base:
    """Return Gradio's theme in our colors, light and dark."""
    return gradio.themes.Base(
        primary_hue=gradio.themes.colors.slate,
        neutral_hue=gradio.themes.colors.slate,
        radius_size=gradio.themes.sizes.radius_sm,
        font=[gradio.themes.LocalFont("IBM Plex Sans", weights=_WEIGHTS), "system-ui", "sans-serif"],
        font_mono=[gradio.themes.LocalFont("IBM Plex Mono", weights=_WEIGHTS), "ui-monospace", "monospace"],
    ).set(**_COLORS)


def style_sheet() -> Path:
    """Return the path of the style sheet."""
    return Path(__file__).with_name("page.css")
