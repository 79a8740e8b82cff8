"""The table of peers: by the word that the command line uses, the module that holds each."""

from importlib import import_module

from benchmarks.peers.protocol import Peer

MODULES = {
    "ours": "ours:PEER",
    "infini-gram": "infini_gram:PEER",
    "suffix-array": "suffix_array:PEER",
    "copilot-rule": "copilot_rule:PEER",
    "data-portraits": "data_portraits:PEER",
    "data-portraits-head": "data_portraits:HEAD",
    "tantivy": "tantivy_phrase:PEER",
    "sqlite": "sqlite_trigram:PEER",
    "scanoss": "scanoss:PEER",
    "ripgrep": "ripgrep:PEER",
}


def open_peer(word: str) -> Peer:
    """Import a peer; its packages are needed only then."""
    module, _, name = MODULES[word].partition(":")
    return getattr(import_module(f"benchmarks.peers.{module}"), name)
