"""Three pictures of the matching benchmark, as SVG: recall against false alarms, latency, build rate."""

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams["svg.hashsalt"] = "codewhence"  # the same picture, the same bytes

from matplotlib import pyplot  # noqa: E402 (the back end must be chosen before)

from benchmarks.queries import ALONE, NULL_FUNCTION  # noqa: E402 (as above)

CURVES = ("V2", "V3", "V4", "every identifier")
OURS = "#0b6e4f"
OTHERS = ("#c44536", "#e09f3e", "#335c67", "#7d5ba6", "#8d99ae", "#bc6c25", "#4a4e69", "#9a8c98", "#2a9d8f")
LOWEST_RATE = 0.0003  # of the axis: a rate of none is drawn here


def draw(results: dict[str, Any], folder: Path) -> None:
    """Write what can be drawn from these results."""
    folder.mkdir(parents=True, exist_ok=True)
    peers = {word: peer for word, peer in results["peers"].items() if "error" not in peer}
    if peers:
        _recall(peers, folder / "recall.svg")
        _latency(peers, folder / "latency.svg")
        _build(peers, folder / "build.svg")


def _recall(peers: dict[str, Any], path: Path) -> None:
    figure, axes = pyplot.subplots(1, len(CURVES), figsize=(14, 4.2), sharey=True)
    for axis, kind in zip(axes, CURVES, strict=True):
        for (word, peer), color in zip(peers.items(), _colors(peers), strict=True):
            curve = peer["sweep"]
            if kind not in curve["recall"]:
                continue
            alarms = [max(share, LOWEST_RATE) for share in curve["false_alarms"]]
            width = 2.4 if word == "ours" else 1.2
            shares = curve["recall"][kind]
            # Steps: between two thresholds there is none.
            axis.plot(alarms, shares, color=color, linewidth=width, label=peer["peer"], drawstyle="steps-post")
            if word == "ours":
                at = max(peer["operating"]["false_alarms"][NULL_FUNCTION]["rate"] or 0, LOWEST_RATE)
                axis.plot([at], [peer["operating"]["named"][kind][ALONE]["rate"]], "o", color=color, markersize=7)
        axis.axvline(0.01, color="#999999", linewidth=0.8, linestyle=":")
        axis.set(xscale="log", xlim=(LOWEST_RATE, 1), ylim=(0, 1.02), title=kind, xlabel="unseen functions flagged")
    axes[0].set_ylabel("copies whose source is named")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="lower center", ncols=5, frameon=False)
    figure.tight_layout(rect=(0, 0.14, 1, 1))
    _save(figure, path)


def _latency(peers: dict[str, Any], path: Path) -> None:
    timed = {word: peer["latency"]["find"] for word, peer in peers.items() if "find" in peer["latency"]}
    order = sorted(timed, key=lambda word: timed[word]["median_ms"], reverse=True)
    figure, axis = pyplot.subplots(figsize=(8, 0.45 * len(order) + 1.2))
    for row, word in enumerate(order):
        color = OURS if word == "ours" else OTHERS[2]
        axis.plot([timed[word]["median_ms"], timed[word]["p95_ms"]], [row, row], color=color, linewidth=2)
        axis.plot([timed[word]["median_ms"]], [row], "o", color=color)
    axis.set(xscale="log", xlabel="milliseconds for a text of 2,000 characters: median (dot) to 95th percentile")
    axis.set_yticks(range(len(order)), [peers[word]["peer"] for word in order])
    figure.tight_layout()
    _save(figure, path)


def _build(peers: dict[str, Any], path: Path) -> None:
    rates = {word: peer["build"]["mb_per_cpu_second"] for word, peer in peers.items()}
    rates = {word: value for word, value in rates.items() if value is not None}
    order = sorted(rates, key=lambda word: rates[word])
    figure, axis = pyplot.subplots(figsize=(8, 0.45 * len(order) + 1.2))
    colors = [OURS if word == "ours" else OTHERS[2] for word in order]
    bars = axis.barh([peers[word]["peer"] for word in order], [rates[word] for word in order], color=colors)
    labels = [f"{rates[word]:.1f}   (index / text {peers[word]['build']['index_to_text']:.2f})" for word in order]
    axis.bar_label(bars, labels, padding=4, fontsize=9)
    axis.set(xlabel="MB of text built a CPU second", xlim=(0, 1.5 * max(rates.values())))
    figure.tight_layout()
    _save(figure, path)


def _colors(peers: dict[str, Any]) -> list[str]:
    others = iter(OTHERS)
    return [OURS if word == "ours" else next(others) for word in peers]


def _save(figure: pyplot.Figure, path: Path) -> None:
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)
