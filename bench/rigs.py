#!/usr/bin/env python3
"""Writes realistic rig specs on parts of the catalogue, for timing the solver.

    bench/rigs.py FOLDER [--seed N] [--count K] [--family NAME]...

Every spec is `FAMILY-GPUS-SEED.yaml`. Without --seed the seeds are 1, 2 ... K; with it N, N + 1 ...
The same call writes the same bytes. A family is an intent: a "tight" rig is drawn around the edge of
what is possible, so that some have no layout, and nothing here knows which.

Parts, boards and what mates with what are real; how many of what a builder has, prices where the
catalogue has none, and mains are drawn.
"""

import argparse
import math
import pathlib
import random

import catalogue


class Card:
    def __init__(self, part, plug, plugs, least, most, thickness=61):
        self.part, self.plug, self.plugs = part, plug, plugs
        self.least, self.most = least, most  # W, power limit
        self.thickness = thickness  # mm


CARDS = [
    Card("nvidia-rtx-3090", "8pin", 2, 250, 350),
    Card("evga-ftw3-ultra-3090", "8pin", 3, 250, 350),
    Card("nvidia-rtx-3090-blower", "8pin", 2, 250, 350, 41),
    Card("nvidia-rtx-4090", "16pin", 1, 300, 450),
    Card("msi-gaming-x-slim-4090", "16pin", 1, 300, 450),
    Card("nvidia-rtx-6000-ada", "16pin", 1, 200, 300, 41),
    Card("nvidia-rtx-5090", "16pin", 1, 400, 575, 41),
]
GEN5 = {"nvidia-rtx-5090"}


class Platform:
    def __init__(self, board, cpu, cpus, style, wide, narrow):
        self.board, self.cpu, self.cpus = board, cpu, cpus
        self.style = style  # where cards hang: slots, slimsas, mcio, both
        self.wide, self.narrow = wide, narrow  # cards at x16, at x8


SLOTS = [
    Platform("asrockrack-romed8-2t", "amd-epyc-7302", 1, "slots", 7, 7),
    Platform("asrockrack-romed8-2t", "amd-epyc-7763", 1, "slots", 7, 7),
    Platform("supermicro-h12ssl-i", "amd-epyc-7532", 1, "slots", 5, 7),
    Platform("asus-wrx80e-sage-se", "amd-threadripper-pro-5000", 1, "slots", 7, 7),
    Platform("gigabyte-mz32-ar0", "amd-epyc-7402p", 1, "slots", 5, 7),
]
CABLES = [
    Platform("asrockrack-romed16qm3", "amd-epyc-7532", 1, "slimsas", 6, 12),
    Platform("asrockrack-genoad24qm32-2l2t", "amd-epyc-9354", 1, "mcio", 6, 12),
]
TWO_SOCKETS = [
    Platform("asrockrack-rome2d32gm-2t", "amd-epyc-7443", 2, "slimsas", 9, 19),
    Platform("asrockrack-rome2d32gm-2t", "amd-epyc-7302", 2, "slimsas", 9, 19),
    Platform("asrockrack-genoa2d24g-2l-plus", "amd-epyc-9354", 2, "mcio", 10, 20),
]
BOTH = Platform("asrockrack-rome2d16-2t", "amd-epyc-7443", 2, "both", 7, 8)
SLOTS_AND_MCIO = Platform("asrockrack-genoad8hm3", "amd-epyc-9354", 1, "slots-and-mcio", 6, 11)

# Risers on hand: part, pieces for each card. `{w}` is the width of the link.
RISERS = {
    "slots": [("ribbon-gen4-250", 1), ("ribbon-gen4-300-isolated", 1), ("cpayne-host-redriver-gen4", 1),
              ("slimsas-8i-cable-500", 2), ("slimsas-device-adapter-x16", 1)],
    "slimsas": [("slimsas-8i-cable-350", 2), ("slimsas-8i-cable-500", 2), ("slimsas-8i-cable-750", 2),
                ("slimsas-device-adapter-{w}", 1)],
    "mcio": [("mcio-8i-cable-350", 2), ("mcio-8i-cable-500", 2), ("mcio-8i-cable-750", 2),
             ("mcio-device-adapter-{w}", 1)],
}
RISERS["both"] = RISERS["slots"] + [("slimsas-8i-cable-750", 2)]
RISERS["slots-and-mcio"] = [("mcio-8i-cable-500", 1), ("mcio-device-adapter-x8", 1), ("mcio-8i-cable-750", 1),
                            ("ribbon-gen4-300-isolated", 1), ("ribbon-gen4-250", 1), ("mcio-device-adapter-x16", 1)]


class Rig:
    """A spec as data; families change it before it is written."""

    def __init__(self, rng, gpus, platform, card, wide=True):
        self.rng, self.gpus, self.platform, self.wide = rng, gpus, platform, wide
        self.cards = [(card, gpus)]
        self.generation = 4
        self.groups = 1
        self.frame = frame_for(gpus, platform)
        self.drive = platform.style == "slots"
        self.others = []
        self.stock = []
        self.code = rng.choice(["iec", "nec"])
        self.circuits = []
        self.want = ["links", "p2p", "price", "cable"]
        self.pins = []

    def watts(self, most=False):
        """Of cards at their least or greatest limit, and of the rest of the rig."""
        cards = sum(n * (c.most if most else c.least) for c, n in self.cards)
        return cards + 300 * self.platform.cpus + 150

    def buy(self, part, count, price):
        self.stock.append({"part": part, "max": count, "price": f"{price} EUR"})

    def own(self, part, count, **more):
        if count > 0:
            self.stock.append({"part": part, "owned": count, **more})

    def mount_risers(self, spare=1):
        """Risers enough for every card and `spare` more, some of them to be bought."""
        width = "x16" if self.wide else "x8"
        for part, each in RISERS[self.platform.style]:
            pieces = (self.gpus + spare) * (each if self.wide or "adapter" in part else 1)
            owned = self.rng.randint(0, pieces)
            price = self.rng.randrange(20, 90, 5)
            self.stock.append({"part": part.format(w=width), "owned": owned, "max": pieces,
                               "price": f"{price} EUR"})

    def plug_adapters(self, spare=1):
        if any(c.plug == "16pin" for c, _ in self.cards):
            self.own("adapter-3x8pin-to-12v-2x6", self.gpus + spare)
        self.own("plug-6plus2-as-6pin", self.gpus + spare)

    def supplies(self, slack=1.2, least_watts=1500):
        """Owned supplies of one or two models for the least power limit, and outputs to match."""
        plugs = sum(n * (c.plugs if c.plug == "8pin" else 3) for c, n in self.cards) + self.gpus
        models = self.rng.sample(catalogue.atx_supplies(least_watts), 2)
        model = models[0]
        count = max(math.ceil(self.watts() * slack / (0.9 * catalogue.watts(model))),
                    math.ceil(plugs / max(1, catalogue.outputs(model, "pcie-8pin"))))
        other = self.rng.randint(0, 1) if count > 1 else 0
        self.own(model, count - other)
        self.own(models[1], other)
        return count

    def mains(self, slack=1.4):
        """Circuits that carry the least limit times `slack`, the last one as large as it must be."""
        volts, sizes = (230, [16, 20, 32]) if self.code == "iec" else (240, [20, 30])
        share = 1.0 if self.code == "iec" else 0.8
        need = self.watts() * slack / 0.92
        while need > 0 or len(self.circuits) < 2:
            breaker = self.rng.choice(sizes)
            need -= volts * breaker * share
            name = chr(ord("A") + len(self.circuits))
            self.circuits.append({"id": name, "volts": f"{volts} V", "breaker": f"{breaker} A", "outlets": 4})

    def devices(self):
        rows = []
        width = "x16" if self.wide else "x8"
        for card, count in self.cards:
            link = f"{width} gen{self.generation}"
            limit = f"{card.least} W" if card.least == card.most else f"[{card.least} W, {card.most} W]"
            each = count // self.groups
            for g in range(self.groups):
                n = each if g + 1 < self.groups else count - each * (self.groups - 1)
                rows.append({"part": card.part, "count": n, "min_link": link, "power_limit": limit,
                             "group": f"team{g}"})
        if self.drive:
            rows.append({"part": "nvme-m2-gen4", "id": "boot"})
        return rows + self.others

    def text(self, name):
        lines = ["rigtopo: 1", f"name: {name}", f"board: {self.platform.board}", f"cpu: {self.platform.cpu}"]
        if self.platform.cpus > 1:
            lines.append(f"cpus: {self.platform.cpus}")
        lines += ["devices:"] + [f"  - {flow(d)}" for d in self.devices()]
        lines += [f"frame: {self.frame}"] if isinstance(self.frame, str) else ["frame:"] + self.frame
        lines += ["stock:"] + [f"  - {flow(s)}" for s in self.stock]
        lines += ["mains:", f"  code: {self.code}", "  circuits:"]
        lines += [f"    - {flow(c)}" for c in self.circuits]
        lines += ["platform: {memory: 8, drives: 1, other: 40 W}", "room: {temperature: 25 °C}"]
        lines += ["power: {sync: relay, common_return: true}", f"want: [{', '.join(self.want)}]"]
        lines += ["pins:"] + [f"  {p}" for p in self.pins] if self.pins else []
        return "\n".join(lines) + "\n"


def flow(row):
    return "{" + ", ".join(f"{key}: {value}" for key, value in row.items()) + "}"


def frame_for(gpus, platform):
    if gpus > 12:
        return rows_of_mounts([(gpus // 2, 75), (gpus - gpus // 2, 75)])
    if gpus > 8:
        return "open-frame-12"
    if platform.style == "mcio" and platform.cpus > 1:
        return "rack-8gpu-row"
    if platform.style == "slots-and-mcio":
        return "open-frame-2020-8"
    return "open-frame-8"


def rows_of_mounts(rows, length=360, height=200, side_by_side=False):
    """An open frame with rows of (places, pitch), the lowest `height` over the board; all in mm."""
    lines = ["  id: bench-frame", "  kind: frame", "  extends: open-frame-12", "  mounts:"]
    left = 62
    for i, (count, pitch) in enumerate(rows):
        up = height if side_by_side else height + 220 * i
        lines.append("    - " + flow({
            "id": f"row{i}", "row": f"row{i}", "count": count, "pitch": f"{pitch} mm",
            "position": f"[{left} mm, 90 mm, {up} mm]", "thickness": f"{pitch} mm",
            "length": f"{length} mm", "height": "200 mm", "zone": "open"}))
        left += count * pitch if side_by_side else 0
    return lines


def platform_for(rng, gpus, wide, choices):
    return rng.choice([p for p in choices if (p.wide if wide else p.narrow) >= gpus])


def plain(rng, gpus, choices=None, wide=None):
    """A rig with room in every respect, nothing of it in stock yet."""
    wide = gpus <= 8 if wide is None else wide
    platform = platform_for(rng, gpus, wide, choices or SLOTS + CABLES + TWO_SOCKETS)
    fast = platform.style == "mcio"
    card = rng.choice([c for c in CARDS if fast or c.part not in GEN5])
    return Rig(rng, gpus, platform, card, wide)


def fill(rig, risers=1, supply_slack=1.3, mains_slack=1.5):
    rig.mount_risers(risers)
    rig.plug_adapters()
    rig.supplies(supply_slack)
    rig.mains(mains_slack)
    return rig


def feasible(rng, gpus):
    rig = plain(rng, gpus)
    if gpus >= 4 and rng.random() < 0.4:  # two models of cards
        other = rng.choice([c for c in CARDS if c.part not in GEN5])
        half = rng.randint(1, gpus - 1)
        rig.cards = [(rig.cards[0][0], half), (other, gpus - half)] if other != rig.cards[0][0] else rig.cards
    if rng.random() < 0.4:
        rig.want = ["links", "p2p", "power", "price", "cable"]
    return fill(rig)


def tight_lanes(rng, gpus):
    """Cards at x16 and drives or a network card besides, about as many lanes as there are."""
    near = [p for p in SLOTS + CABLES + TWO_SOCKETS if gpus - 1 <= p.wide <= gpus + 2]
    platform = rng.choice(near)
    rig = plain(rng, min(gpus, platform.wide), [platform])
    rig.cards, rig.gpus = [(rig.cards[0][0], gpus)], gpus
    if rig.drive:
        rig.others += [{"part": "nvme-m2-gen4", "id": f"drive{i}"} for i in range(rng.randint(0, 1))]
    if rig.platform.style == "slots" and rng.random() < 0.4:
        rig.others.append({"part": "nic-10gbe", "id": "net"})
    return fill(rig)


def tight_stock(rng, gpus):
    """About as many risers as cards, in mixed lengths; none to be bought."""
    rig = plain(rng, gpus)
    if rig.platform.style == "slots":
        lengths = ["ribbon-gen4-250", "ribbon-gen4-300", "ribbon-gen4-300-isolated", "ribbon-gen4-400"]
        total = gpus + rng.choice([-1, 0, 1, 2, 3])
        kits = rng.randint(0, 2)
        rig.own("cpayne-host-redriver-gen4", kits)
        rig.own("slimsas-8i-cable-500", 2 * kits)
        rig.own("slimsas-device-adapter-x16", kits)
        total -= kits
    else:
        lengths = [f"{rig.platform.style}-8i-cable-{mm}" for mm in ["500", "500", "750", "750"]]
        total = gpus * (2 if rig.wide else 1) + rng.choice([-1, 0, 2, 4])
        rig.own(f"{rig.platform.style}-device-adapter-{'x16' if rig.wide else 'x8'}", gpus)
    drawn = [rng.choice(lengths) for _ in range(total)]
    for part in sorted(set(drawn)):
        rig.own(part, drawn.count(part))
    rig.plug_adapters()
    rig.supplies(1.3)
    rig.mains(1.5)
    return rig


def tight_circuits(rng, gpus):
    """Breakers about as large as the cards need at their least limit."""
    rig = plain(rng, gpus)
    rig.mount_risers()
    rig.plug_adapters()
    rig.supplies(1.4)
    need = rig.watts() * rng.uniform(0.8, 1.2)
    volts, share = (230, 1.0) if rig.code == "iec" else (120, 0.8)
    count = rng.randint(2, 4)
    for i in range(count):
        amps = max(10, round(need / count / volts / share / 0.9 * rng.uniform(0.85, 1.15)))
        rig.circuits.append({"id": chr(ord("A") + i), "volts": f"{volts} V", "breaker": f"{amps} A",
                             "outlets": rng.randint(1, 3)})
    rig.want = ["links", "p2p", "power", "price", "cable"]
    return rig


def tight_mounts(rng, gpus):
    """Thick and thin cards; rows of wide and of narrow places, about as many as there are cards."""
    rig = plain(rng, gpus)
    thick, thin = rng.choice([c for c in CARDS if c.thickness > 50]), CARDS[2]
    some = rng.randint(1, gpus - 1)
    rig.cards = [(thick, some), (thin, gpus - some)]
    wide = max(1, some + rng.choice([-1, 0, 0, 1, 1]))
    narrow = max(1, gpus + rng.choice([0, 0, 1, 1]) - wide)
    rows = [(wide, rng.choice([64, 66, 75])), (narrow, rng.choice([42, 46, 55]))]
    rig.frame = rows_of_mounts(rng.sample(rows, 2), rng.choice([310, 340, 360]), 180, side_by_side=True)
    return fill(rig)


def reach(rng, gpus):
    """A frame that stands off the board, and few of the long risers."""
    rig = plain(rng, gpus)
    rig.frame = rows_of_mounts([(gpus // 2 + 1, rng.choice([65, 75, 90]))] * 2, height=rng.choice([160, 180, 200, 240]))
    fill(rig)
    long_ones = {"ribbon-gen4-300-isolated", "slimsas-8i-cable-500", "slimsas-8i-cable-750", "mcio-8i-cable-750"}
    for row in rig.stock:
        if row["part"] in long_ones:
            row["max"] = rng.randint(gpus // 2, 2 * gpus)
            row["owned"] = min(row["owned"], row["max"])
    return rig


def outputs(rng, gpus):
    """Supplies with power to spare and few outputs, about as many as there are plugs."""
    rig = plain(rng, gpus)
    rig.mount_risers()
    rig.plug_adapters(rng.choice([-1, 0, 1]))
    plugs = sum(n * (c.plugs if c.plug == "8pin" else 3) for c, n in rig.cards)
    left = plugs + rng.randint(0, gpus)
    models = [s for s in catalogue.atx_supplies(1300) if catalogue.outputs(s, "pcie-8pin") <= 9]
    while left > 0:
        model = rng.choice(models)
        rig.own(model, 1)
        left -= catalogue.outputs(model, "pcie-8pin")
        if rig.cards[0][0].plug == "16pin":
            left -= 3 * catalogue.outputs(model, "12v-2x6")
    rig.mains(1.6)
    return rig


def two_sockets(rng, gpus):
    """Two groups of cards that talk among themselves."""
    rig = plain(rng, gpus, TWO_SOCKETS + ([BOTH] if gpus <= 7 else []))
    rig.groups = 2
    rig.want = rng.choice([["links", "p2p", "price", "cable"], ["p2p", "links", "price", "cable"]])
    return fill(rig)


def switches(rng, gpus):
    """Cards behind one or two switches whose places are pinned; a few more on the board's slots."""
    rig = Rig(rng, gpus, SLOTS[0], rng.choice([CARDS[0], CARDS[4], CARDS[6]]))
    boards = 1 if gpus <= 6 else 2
    shelves = [flow({"id": f"shelf{i}", "position": f"[{400 + 150 * i} mm, 90 mm, 0 mm]", "thickness": "20 mm",
                     "length": "200 mm", "height": "420 mm"}) for i in range(boards)]
    rig.frame = ["  id: switch-shelf", "  kind: frame", "  extends: open-frame-8", "  direct: true",
                 "  card_length: 360 mm", "  mounts:"] + [f"    - {s}" for s in shelves] + [
        "    - {id: upper, row: upper, count: 6, pitch: 82 mm, position: [80 mm, 90 mm, 250 mm], thickness: 82 mm, "
        "length: 360 mm, height: 200 mm, zone: open}"]
    rig.drive = False
    rig.stock.append({"part": "cpayne-switch-gen4-5x16", "but": "{power: 40 W, thickness: 20 mm, length: 200 mm, "
                      "height: 400 mm}", "owned": boards})
    rig.own("cpayne-host-redriver-gen4", boards)
    rig.own("slimsas-8i-cable-500", 2 * boards)
    rig.buy("ribbon-gen4-300-isolated", 6, 80)
    rig.buy("ribbon-gen4-250", 6, 50)
    rig.plug_adapters()
    if rng.random() < 0.6:
        rig.own("adapter-2x8pin-to-eps", 3 * boards)
    rig.own("seasonic-prime-tx-1600", math.ceil(rig.watts() * rng.uniform(0.9, 1.4) / 1500) + 1)
    rig.mains(1.5)
    for i, port in zip(range(boards), ["PCIE7", "PCIE5"]):
        rig.pins.append(f"sw{i}: {{port: {port}, chain: [cpayne-host-redriver-gen4, "
                        f"{{part: slimsas-8i-cable-500, count: 2}}], mount: shelf{i}}}")
    return rig


def shopping(risers, supplies, breakouts):
    """Nothing owned but adapters; so many models on offer, or as many as the catalogue has."""

    def draw(rng, gpus):
        platform = SLOTS_AND_MCIO if gpus > 7 else rng.choice(SLOTS[:2] + [SLOTS_AND_MCIO])
        rig = Rig(rng, gpus, platform, rng.choice(CARDS[:3]), wide=False)
        rig.generation = 3
        rig.code = "iec"
        rig.want = ["links", "p2p", "price", "cable"]
        sold = [r for r, _ in RISERS[platform.style]]  # a set that can build the rig comes first
        rest = [r for r in catalogue.risers() if r not in sold]
        for part in (sold + rng.sample(rest, len(rest)))[:risers]:
            rig.buy(part, 2 * gpus if "cable" in part else gpus, rng.randrange(20, 160, 5))
        pairs = catalogue.server_supplies()
        names = sorted({b for _, b in pairs})
        offered = set(rng.sample(names, min(breakouts, len(names))))
        for name in sorted(offered):
            rig.buy(name, gpus, rng.randrange(25, 60, 5))
        pairs = [p for p in pairs if p[1] in offered]
        server = rng.sample(pairs, min(len(pairs), supplies // 2))
        for part, breakout in server:
            rig.buy(part, 4, rng.randrange(30, 120, 5))
            rig.stock[-1]["breakout"] = breakout
        for part in rng.sample(catalogue.atx_supplies(1000), supplies - len(server)):
            rig.buy(part, 4, round(catalogue.watts(part) * rng.uniform(0.12, 0.25)))
        for cable in ["cable-2x6pin-to-8pin", "cable-6pin-to-6pin", "plug-6plus2-as-6pin"]:
            rig.own(cable, 3 * gpus)
        rig.mains(1.6)
        return rig

    return draw


FAMILIES = {  # name: (function, sizes)
    "feasible": (feasible, [4, 6, 7, 8, 12, 16]),
    "lanes": (tight_lanes, [4, 6, 7, 8]),
    "stock": (tight_stock, [4, 6, 7, 8]),
    "circuits": (tight_circuits, [4, 6, 7, 8]),
    "mounts": (tight_mounts, [4, 6, 7, 8]),
    "reach": (reach, [4, 6, 7, 8]),
    "outputs": (outputs, [4, 6, 7, 8]),
    "two-sockets": (two_sockets, [4, 6, 8]),
    "switches": (switches, [4, 6, 8]),
    "shopping-6-6-4": (shopping(6, 6, 4), [4, 8]),
    "shopping-20-20-10": (shopping(20, 20, 10), [4, 8]),
    "shopping-60-40-20": (shopping(60, 40, 20), [4, 8]),
}


def spec_text(family, gpus, seed):
    name = f"{family}-{gpus}-{seed}"
    return FAMILIES[family][0](random.Random(name), gpus).text(name)


def specs(families, seeds):
    """(file stem, text) of every spec, in order."""
    for family in families:
        for gpus in FAMILIES[family][1]:
            for seed in seeds:
                yield f"{family}-{gpus}-{seed}", spec_text(family, gpus, seed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1, help="first seed (default 1)")
    parser.add_argument("--count", type=int, default=3, help="seeds for each family and size (default 3)")
    parser.add_argument("--family", action="append", choices=FAMILIES, help="only these (default all)")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for name, text in specs(options.family or FAMILIES, range(options.seed, options.seed + options.count)):
        (options.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        written += 1
    pairs = catalogue.server_supplies()
    print(f"{written} specs; the catalogue has {len(catalogue.risers())} models of risers (60 asked for), "
          f"{len(catalogue.atx_supplies(1000)) + len({s for s, _ in pairs})} of supplies (40), "
          f"{len(catalogue.ids('breakout'))} of breakout boards (20)")


if __name__ == "__main__":
    main()
