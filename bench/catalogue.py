"""What the generator knows of the catalogue beyond ids: read from topologies/, whose files are plain
enough for a few patterns (no YAML reader in Python's standard library)."""

import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "topologies"


def text_of(kind, part):
    return (FOLDER / kind / f"{part}.yaml").read_text(encoding="utf-8")


def ids(kind):
    return sorted(p.stem for p in (FOLDER / kind).glob("*.yaml"))


def watts(supply):
    """Greatest rating of a supply; 0 when none is written."""
    return max(map(int, re.findall(r"power: (?:\{value: )?(\d+) W", text_of("supply", supply))), default=0)


def outputs(supply, plug):
    """How many outputs of a kind a supply has of its own."""
    rows = re.findall(r"\{[^{}]*plug: " + re.escape(plug) + r"\b[^{}]*\}", text_of("supply", supply))
    return sum(int((re.search(r"count: (\d+)", row) or [0, 1])[1]) for row in rows)


def supply_type(supply):
    found = re.search(r"^type: (\S+)", text_of("supply", supply), re.M)
    return found[1] if found else "atx"


def atx_supplies(least_watts):
    """Supplies that can feed a board and cards, of a rating known at 230 V."""
    return [s for s in ids("supply")
            if supply_type(s) == "atx" and watts(s) >= least_watts and outputs(s, "pcie-8pin") >= 4]


def server_supplies():
    """Supplies without outputs of their own, with the breakout boards that fit them."""
    stems = {"crps": "generic-crps-", "hp-common-slot": "generic-hp-"}
    pairs = []
    for supply in ids("supply"):
        stem = stems.get(supply_type(supply))
        if stem and watts(supply) >= 1200:
            pairs += [(supply, b) for b in ids("breakout") if b.startswith(stem)]
    return pairs


def risers():
    """Everything between a port and a card, toys for mining and drives left out."""
    return [r for r in ids("riser") if not r.startswith(("usb-", "m2-"))]
