"""Gradio without its memory: a page that forgets what passed through it."""

from typing import Any

import gradio

# Sessions whose last report is kept, for selections; a report is spans and sources, and nothing of the text.
MAX_SESSIONS = 200


class ForgetfulBlocks(gradio.Blocks):
    """A page whose sessions do not remember texts.

    Gradio 6 writes the last value of every input and output into the session, for deep links that this page does
    not have, and would keep 10,000 sessions. So each value is taken out again as soon as it has been used.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.state_session_capacity = MAX_SESSIONS

    async def preprocess_data(
        self, block_fn: Any, inputs: list[Any], state: Any, explicit_call: bool = False
    ) -> list[Any]:
        """Take the inputs of an event, and forget them.

        Anything but text is dropped first: Gradio would follow a reference to a file, or to an address, in it.
        """
        inputs = [value if isinstance(value, str) else None for value in inputs]
        processed = await super().preprocess_data(block_fn, inputs, state, explicit_call)
        _forget(state)
        return processed

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        """Send the outputs of an event, and forget them."""
        output = await super().postprocess_data(block_fn, predictions, state)
        _forget(state)
        return output


def _forget(state: Any) -> None:
    for config in state.config_values.values() if state else ():
        if config and "props" in config:
            config["props"]["value"] = None
