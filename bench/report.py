"""The tables of a run: families, growth, targets, disagreements."""

from tables import Table, median, middle_and_worst, ratio, seconds, solved, speedup


def has_layout(i):
    return any(a.status in ("optimal", "feasible") for a in [i.own, *i.others.values()])


def has_none(i):
    return any(a.status == "infeasible" for a in [i.own, *i.others.values()])


def families(instances, others, limit):
    table = Table("family", "n", "no layout", "rigtopo: solver", "whole process", "first layout",
                  *[o.name for o in others], "ratio, solver", "ratio, whole")
    names = list(dict.fromkeys(i.family for i in instances))
    for name in names + (["all"] if len(names) > 1 else []):
        group = [i for i in instances if name in (i.family, "all")]
        own = [i.own for i in group]
        none = sum(map(has_none, group))
        by_solver, n = speedup(group, limit, lambda a: a.seconds)
        by_whole, _ = speedup(group, limit, lambda a: a.whole)
        table.row(name, len(group), f"{100 * none / len(group):.0f} %", solved(own),
                  middle_and_worst([a.whole for a in own if a.done]),
                  middle_and_worst([a.first for a in own if a.first is not None]),
                  *[solved([i.others[o.name] for i in group]) for o in others],
                  f"{ratio(by_solver)} ({n})", ratio(by_whole))
    return table


def growth(groups, others):
    table = Table("", "n", "rigtopo: solver", "first layout", "MiB", *[o.name for o in others])
    for name, group in groups.items():
        if not group:
            continue
        own = [i.own for i in group]
        table.row(name, len(group), solved(own), middle_and_worst([a.first for a in own if a.first is not None]),
                  f"{max(a.mib for a in own):.0f}", *[solved([i.others[o.name] for i in group]) for o in others])
    return table


def proved_levels(i, count):
    return i.own.status == "optimal" or len(i.own.costs) >= count


class Targets:
    """Each row: what, target, measured, and whether it is met."""

    def __init__(self):
        self.table = Table("what", "target", "measured", "met")

    def times(self, what, target, numbers, of, most_median=None, most=None):
        """All of `of` had to be solved; `numbers` holds the seconds of those that were."""
        if of == 0:
            return
        met = len(numbers) == of and (most_median is None or median(numbers) <= most_median)
        met = met and (most is None or max(numbers) <= most)
        self.table.row(what, target, f"{len(numbers)}/{of} {middle_and_worst(numbers)}", "yes" if met else "**no**")

    def value(self, what, target, measured, met):
        self.table.row(what, target, measured, "yes" if met else "**no**")


def targets(instances, extra, limit):
    t = Targets()
    plain = [i for i in instances if not i.family.startswith("shopping")]
    small = [i for i in plain if 4 <= i.gpus <= 8]
    eight = [i for i in plain if i.gpus == 8 and has_layout(i)]
    t.times("first layout, 8 GPUs", "20 ms", [i.own.first for i in eight if i.own.first is not None], len(eight),
            most=0.02)
    able = [i for i in small if not has_none(i)]
    t.times("every level proved, 4 to 8 GPUs, no shopping", "median 200 ms, worst 2 s",
            [i.own.seconds for i in able if i.own.done], len(able), 0.2, 2)
    unable = [i for i in small if has_none(i)]
    t.times("no layout: proof and conflict", "median 100 ms, worst 1 s",
            [i.own.seconds for i in unable if i.own.done], len(unable), 0.1, 1)
    for name, most in (("10 best", 1), ("front links,price", 5)):
        answers = [a for _, a in extra[name]]
        t.times(f"{name}, 8 GPUs", f"{most} s", [a.seconds for a in answers if a.status == "optimal"], len(answers),
                most=most)
    largest = [i for i in instances if i.family == "shopping-60-40-20" and i.gpus == 8 and not has_none(i)]
    t.times("shopping 60/40/20, 8 GPUs", "proved in 10 s", [i.own.seconds for i in largest if i.own.done],
            len(largest), most=10)
    big = [i for i in plain if i.gpus == 16 and not has_none(i)]
    t.times("16 GPUs, first four levels", "10 s", [i.own.seconds for i in big if proved_levels(i, 4)], len(big),
            most=10)
    if instances:
        most = max(i.own.mib for i in instances)
        t.value("memory", "200 MB", f"{most:.0f} MiB", most * 1.048576 <= 200)
    by_solver, n = speedup(instances, limit, lambda a: a.seconds)
    if n:
        t.value(f"against the best of the others ({n} instances)", "10x", ratio(by_solver), by_solver >= 10)
    return t.table


def after_one_second(pairs):
    """How far the price is from the best one when the search is cut after 1 s."""
    lines = []
    for i, cut in pairs:
        prices = [[l["value"] for l in a.document["objective"] if l["wish"] == "price"] for a in (i.own, cut)]
        if cut.status not in ("optimal", "feasible") or not all(prices):
            lines.append(f"{i.name}: no layout after 1 s")
        else:
            best, found = prices[0][0], prices[1][0]
            lines.append(f"{i.name}: price {found:g} after 1 s, {best:g} is best")
    return lines


def show(instances, extra, others, limit):
    bad = [i for i in instances if i.own is None]
    whole = [i for i in instances if i.own is not None]
    print(f"\nCPU seconds, median / worst of those that came to an end within {limit:g} s; n/m: so many of so many.\n")
    print(families(whole, others, limit).text())
    print("\nGrowth with the number of cards (family feasible)\n")
    sizes = sorted({i.gpus for i in whole if i.family == "feasible"})
    print(growth({f"{n} GPUs": [i for i in whole if i.family == "feasible" and i.gpus == n] for n in sizes},
                 others).text())
    print("\nGrowth with the catalogue on offer (risers-supplies-breakouts)\n")
    shops = [(name, n) for name in dict.fromkeys(i.family for i in whole if i.family.startswith("shopping"))
             for n in (4, 8)]
    print(growth({f"{name}, {n} GPUs": [i for i in whole if (i.family, i.gpus) == (name, n)] for name, n in shops},
                 others).text())
    print("\nTargets\n")
    print(targets(whole, extra, limit).text())
    for line in after_one_second(extra["shopping, cut after 1 s"]):
        print(line)
    problems = [(i.name, p) for i in instances for p in i.problems]
    print(f"\n{len(problems)} disagreements, crashes or specs that do not load" if problems or bad
          else "\nAll answers agree.")
    for name, problem in problems:
        print(f"*** {name}: {problem}")
    open_ones = [f"{i.name} ({i.own.status})" for i in whole if not i.own.done]
    if open_ones:
        print(f"Not solved by rigtopo in {limit:g} s: {', '.join(open_ones)}")
