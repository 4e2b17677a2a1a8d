#!/usr/bin/env python3
"""Rigtopo beside z3, clingo and CP-SAT on the same rigs, in one run.

    bench/run.py [--seed N] [--count K] [--family NAME]... [--limit S] [--only SOLVER]... [--raw FILE]

Draws the families of bench/rigs.py, runs rigtopo on the specs and the others on the 0-1 model that rigtopo
exports of them (`rigtopo export`), compares every answer, and prints tables. Solvers that are not
installed are named and left out. Exit: 0, or 1 when two answers disagree or a program crashed.
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile

import report
import rigs
import solvers

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Instance:
    """A spec and what everybody says of it."""

    def __init__(self, family, gpus, seed, spec):
        self.family, self.gpus, self.seed, self.spec = family, gpus, seed, spec
        self.name = spec.stem
        self.own, self.others, self.levels, self.problems = None, {}, None, []


def drawn(options, folder):
    for family in options.family or rigs.FAMILIES:
        for gpus in rigs.FAMILIES[family][1]:
            if options.gpus and gpus not in options.gpus:
                continue
            for seed in range(options.seed, options.seed + options.count):
                instance = Instance(family, gpus, seed, folder / f"{family}-{gpus}-{seed}.yaml")
                instance.spec.write_text(rigs.spec_text(family, gpus, seed), encoding="utf-8")
                yield instance


def run_instance(instance, own, others, limit, folder):
    """Answers of rigtopo and of the others; what is wrong goes into instance.problems."""
    models = {}
    for form in sorted({"opb"} | {o.form for o in others}):
        models[form] = folder / f"model.{form}"
        process = own.export(instance.spec, form, models[form])
        if process.status != 0:
            instance.problems.append(f"export {form}: {process.err.strip()[:200]}")
            return
    with open(models["opb"], encoding="utf-8") as text:
        instance.levels = solvers.Levels("".join(line for line in text if line.startswith("* level")))
    instance.own = own.solve(instance.spec, limit, folder / "out", instance.levels)
    for other in others:
        instance.others[other.name] = other.solve(models[other.form], limit, instance.levels)
    compare(instance)


def compare(instance):
    """Every pair of answers: is there a layout, and the cost of each level that both proved."""
    answers = [instance.own, *instance.others.values()]
    instance.problems += [f"{a.solver}: crashed {a.note}" for a in answers if a.status == "crash"]
    sure = [a for a in answers if a.status in ("optimal", "feasible", "infeasible")]
    for i, a in enumerate(sure):
        for b in sure[i + 1:]:
            if (a.status == "infeasible") != (b.status == "infeasible"):
                instance.problems.append(f"{a.solver} says {a.status}, {b.solver} says {b.status}")
            for level, (x, y) in enumerate(zip(a.costs, b.costs)):
                if x != y:
                    what = instance.levels.rows[level][0]
                    instance.problems.append(f"level {level + 1} ({what}): {a.solver} {x}, {b.solver} {y}")
                    break  # what comes after depends on it


def more_questions(instances, own, options, folder):
    """The ten best and a front, of rigs of 8 cards that have a layout; shopping cut after 1 s."""
    extra = {"10 best": [], "front links,price": [], "shopping, cut after 1 s": []}
    for i in instances:
        if i.gpus != 8 or i.own is None or i.own.status not in ("optimal", "feasible"):
            continue
        if i.family in ("feasible", "two-sockets"):
            for name, words in (("10 best", ["--top", "10"]), ("front links,price", ["--front", "links,price"])):
                extra[name].append((i, own.solve(i.spec, options.limit, folder / "out", None, *words)))
        if i.family.startswith("shopping") and i.own.status == "optimal":
            extra["shopping, cut after 1 s"].append((i, own.solve(i.spec, 1, folder / "out", i.levels)))
    return extra


def show_progress(instance):
    words = [f"{instance.name:24}"]
    for a in ([instance.own] if instance.own else []) + list(instance.others.values()):
        words.append(f"{a.solver} {a.status} {a.seconds:.2f} s")
    print(", ".join(words), file=sys.stderr)
    for problem in instance.problems:
        print(f"*** {instance.name}: {problem}", file=sys.stderr)


def raw(instance):
    answers = ([instance.own] if instance.own else []) + list(instance.others.values())
    return {"name": instance.name, "problems": instance.problems, "answers": [
        {"solver": a.solver, "status": a.status, "costs": a.costs, "cpu_s": round(a.whole, 3),
         "wall_s": round(a.wall, 3), "solver_s": round(a.seconds, 3), "first_s": a.first, "mib": round(a.mib)}
        for a in answers]}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1, help="first seed (default 1)")
    parser.add_argument("--count", type=int, default=3, help="seeds for each family and size (default 3)")
    parser.add_argument("--family", action="append", choices=rigs.FAMILIES, help="only these (default all)")
    parser.add_argument("--gpus", action="append", type=int, help="only rigs of so many cards")
    parser.add_argument("--limit", type=float, default=20, help="seconds for each solver and instance (default 20)")
    parser.add_argument("--only", action="append", choices=["none", "z3", "clingo", "cp-sat"],
                        help="only these beside rigtopo")
    parser.add_argument("--raw", type=pathlib.Path, help="write every answer there, as JSON")
    parser.add_argument("--program", default=os.environ.get("RIGTOPO", ROOT / "build" / "release" / "rigtopo"))
    return parser.parse_args()


def main():
    options = arguments()
    own = solvers.Rigtopo(options.program)
    if own.missing():
        sys.exit(own.missing())
    others = []
    for other in (solvers.Z3(), solvers.Clingo(), solvers.CpSat()):
        if options.only and other.name not in options.only:
            continue
        if other.missing():
            print(f"left out: {other.name}: {other.missing()}")
        else:
            others.append(other)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        instances = []
        for instance in drawn(options, folder):
            run_instance(instance, own, others, options.limit, folder)
            show_progress(instance)
            instances.append(instance)
        extra = more_questions(instances, own, options, folder)
    if options.raw:
        options.raw.write_text(json.dumps([raw(i) for i in instances], indent=1) + "\n", encoding="utf-8")
    report.show(instances, extra, others, options.limit)
    sys.exit(1 if any(i.problems for i in instances) else 0)


if __name__ == "__main__":
    main()
