"""Statistics over answers, as tables of plain text."""

import statistics


def median(numbers):
    return statistics.median(numbers) if numbers else None


def seconds(x):
    if x is None:
        return "-"
    return f"{x * 1000:.0f} ms" if x < 0.9995 else f"{x:.1f} s"


def middle_and_worst(numbers):
    if not numbers:
        return "-"
    return f"{seconds(median(numbers))} / {seconds(max(numbers))}"


def ratio(x):
    return "-" if x is None else f"{x:.2g}x" if x < 10 else f"{x:.0f}x"


class Table:
    def __init__(self, *head):
        self.rows = [list(head)]

    def row(self, *cells):
        self.rows.append([str(c) for c in cells])

    def text(self):
        """Markdown, with columns lined up for reading as it is."""
        widths = [max(len(r[i]) for r in self.rows) for i in range(len(self.rows[0]))]
        lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(r, widths)) + " |" for r in self.rows]
        lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
        return "\n".join(lines)


def solved(answers):
    """`5/6 120 ms / 1.2 s`: how many came to an end, their median and worst."""
    done = [a.seconds for a in answers if a.done]
    return f"{len(done)}/{len(answers)} {middle_and_worst(done)}"


def best_of(answers, limit):
    """Seconds of the fastest that came to an end; the limit when none did, which is at least what it needs."""
    done = [a.seconds for a in answers if a.done]
    return min(done) if done else limit


def speedup(instances, limit, part):
    """Median of (best of the others) / rigtopo where that one needs more than 0.2 s. `part` takes rigtopo's seconds
    from its answer. An unfinished rigtopo counts with the limit, so that its ratio is 1 or less."""
    found = []
    for i in instances:
        if not i.others:
            continue
        best = best_of(i.others.values(), limit)
        if best > 0.2 and (i.own.done or any(a.done for a in i.others.values())):
            found.append(best / max(1e-4, part(i.own) if i.own.done else limit))
    return median(found), len(found)
