"""How each solver is run on an instance, and what it says: one class for each.

Times are CPU seconds of the process and its children, so that what else the machine does matters
less; a limit is in seconds of wall time, the way every one of the programs understands it.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent


class Process:
    """A finished program: its output, times and memory."""

    def __init__(self, command, kill_after, env=None):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            start = time.monotonic()
            child = subprocess.Popen([str(c) for c in command], stdout=out, stderr=err, env=env)
            timer = threading.Timer(kill_after, child.kill)
            timer.start()
            _, self.status, usage = os.wait4(child.pid, 0)
            timer.cancel()
            child.returncode = self.status
            self.wall = time.monotonic() - start
            self.cpu = usage.ru_utime + usage.ru_stime
            self.mib = usage.ru_maxrss / 1024
            self.killed = self.wall >= kill_after
            self.out, self.err = (read(f) for f in (out, err))


def read(file):
    file.seek(0)
    return file.read().decode("utf-8", "replace")


class Answer:
    """What a solver says of an instance. `costs` holds the levels whose optimum it proved, in order."""

    def __init__(self, solver, status, process, costs=()):
        self.solver, self.status, self.costs = solver, status, list(costs)
        self.seconds, self.mib, self.wall = process.cpu, process.mib, process.wall
        self.whole = process.cpu
        self.first = None  # seconds to the first layout
        self.note = "" if process.status in (0, 256) or status != "crash" else f"wait status {process.status}"

    @property
    def done(self):
        return self.status in ("optimal", "infeasible")


class Levels:
    """The levels of a model as its comments name them."""

    LINE = re.compile(r"^\S+ level (\d+): (.*) \[(.*)\] = (\S+) ([+-]) (\S+) \* cost$", re.M)

    def __init__(self, text):
        self.rows = [(what, float(offset), float(sign + step))
                     for _, what, _, offset, sign, step in self.LINE.findall(text)]

    def cost(self, i, value):
        _, offset, step = self.rows[i]
        return round((value - offset) / step)


class Rigtopo:
    name = "rigtopo"

    def __init__(self, program):
        self.program = program

    def missing(self):
        return "" if pathlib.Path(self.program).exists() else f"no program at {self.program}"

    def export(self, spec, form, path):
        return Process([self.program, "export", form, spec, "-o", path], 120)

    def solve(self, spec, limit, folder, levels, *more):
        """Repairs of an infeasible rig come after its proof and take up to as long again, twice."""
        process = Process([self.program, "solve", spec, "--time-limit", limit, "--format", "json", "--stats",
                           "-o", folder, *more], 4 * limit + 30)
        try:
            document = json.loads(process.out)
        except ValueError:
            return Answer(self.name, "crash", process)
        answer = Answer(self.name, document.get("status", "crash"), process)
        answer.document = document
        shown = [l for l in document.get("objective", []) if not l["wish"] in ("heat", "noise")]
        for i, level in enumerate(shown):
            if not level["proved"] or levels is None:
                break
            answer.costs.append(levels.cost(i, level["value"]))
        share = process.cpu / max(process.wall, 1e-9)  # its own clock shows wall time
        stats = document.get("statistics", {})
        answer.seconds = (stats.get("encode_ms", 0) + stats.get("solve_ms", 0)) / 1000 * share
        first = re.search(r"([\d.]+) ms +\d+ calls +first layout", process.err)
        reading = re.search(r"reading +([\d.]+) ms", process.err)
        if first and reading and answer.status in ("optimal", "feasible"):
            parts = [float(reading[1]), stats.get("encode_ms", 0), float(first[1])]
            answer.first = sum(parts) / 1000 * share
        return answer


class Z3:
    name, form = "z3", "smtlib"

    def missing(self):
        return "" if shutil.which("z3") else "no z3 (Debian package z3)"

    def solve(self, model, limit, levels):
        process = Process(["z3", f"-T:{limit:g}", "-smt2", model], limit + 10)
        word = process.out.split("\n", 1)[0].strip()
        if word == "unsat":
            return Answer(self.name, "infeasible", process)
        if word != "sat":
            known = process.killed or word in ("unknown", "timeout", "")
            return Answer(self.name, "unknown" if known else "crash", process)
        found = {int(n): int(cost) for n, cost in re.findall(r"\(level(\d+) (\d+)\)", process.out)}
        costs = [found.get(i + 1, 0) for i in range(len(levels.rows))]
        return Answer(self.name, "optimal", process, costs)


class Clingo:
    name, form = "clingo", "aspif"

    def missing(self):
        return "" if shutil.which("clingo") else "no clingo (Debian package gringo)"

    def solve(self, model, limit, levels):
        process = Process(["clingo", "--mode=clasp", model, "--configuration=tweety", "--opt-strategy=usc,oll",
                           "--quiet=1,2,2", f"--time-limit={limit:g}"], limit + 10)
        if "UNSATISFIABLE" in process.out:
            return Answer(self.name, "infeasible", process)
        if "OPTIMUM FOUND" in process.out:
            line = re.findall(r"^Optimization : (.*)$", process.out, re.M)[-1]
            return Answer(self.name, "optimal", process, [int(c) for c in line.split()])
        cut = process.killed or "INTERRUPTED" in process.out or "UNKNOWN" in process.out
        status = "feasible" if "SATISFIABLE" in process.out else "unknown"
        return Answer(self.name, status if cut else "crash", process)


class CpSat:
    name, form = "cp-sat", "opb"

    def missing(self):
        if not shutil.which("node"):
            return "no node (Debian package nodejs)"
        folder = os.environ.get("OR_TOOLS_WASM", os.getcwd())
        if not (pathlib.Path(folder) / "node_modules" / "or-tools-wasm").exists():
            return "no or-tools-wasm: `npm install or-tools-wasm` in a folder, which OR_TOOLS_WASM then names"
        return ""

    def solve(self, model, limit, levels):
        process = Process(["node", HERE / "cpsat.mjs", model, limit], limit + 30)
        try:
            document = json.loads(process.out)
        except ValueError:
            return Answer(self.name, "unknown" if process.killed else "crash", process)
        answer = Answer(self.name, document["status"], process, document["costs"])
        # Without the start of WebAssembly, which is no matter of solving.
        answer.seconds = document["seconds"] * process.cpu / process.wall
        return answer
