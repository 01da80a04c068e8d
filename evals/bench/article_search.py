"""How fast the article search is: a made-up catalogue of 100,000 articles, p50 and p95 per line.

python -m evals.bench.article_search [number of articles]
"""

from __future__ import annotations

import random
import resource
import sys
import time
from itertools import product

from agents.matcher.attributes import analyse
from agents.matcher.compare import compare
from agents.matcher.tokeniser import TradeTokeniser
from tools.master.search import ArticleIndex

_THINGS = [
    "Hex cap screw",
    "Socket head screw",
    "Hex nut",
    "Flat washer",
    "Threaded rod",
    "Wedge anchor",
    "Wood screw",
]
_FINISHES = ["zinc plated", "stainless A2", "stainless A4", "black oxide", "brass", "hot dip galvanized"]
_GRADES = ["grade 5", "grade 8", "8.8", "10.9", "12.9", ""]
_EXTRAS = ["DIN 933", "DIN 931", "ISO 4762", "UNC", "fine thread", "with flange", "serrated", "nylon insert"]


def main() -> None:
    """Build, search, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rows = _catalogue(count)
    started = time.perf_counter()
    index = ArticleIndex(rows, TradeTokeniser())
    built = time.perf_counter() - started
    rng = random.Random(7)  # noqa: S311 - made-up queries, not secrets
    times: list[float] = []
    for row in rng.sample(rows, 300):
        query = _as_written(row["description"], rng)
        started = time.perf_counter()
        analysed = analyse(query)
        for hit in index.search(query, 50).hits[:12]:
            compare(analysed.attributes, analyse(hit.text).attributes)
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    print(f"articles {len(index):,}; built in {built:.1f} s; peak memory {_peak_mb():.0f} MB")
    print(f"per line: p50 {times[len(times) // 2]:.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms")


def _peak_mb() -> float:
    # kilobytes on Linux, bytes on macOS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _catalogue(count: int) -> list[dict[str, str]]:
    sizes = [f"M{d}x{n}" for d in (3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24) for n in range(10, 210, 5)]
    every = list(product(_THINGS, sizes, _FINISHES, _GRADES, _EXTRAS))
    random.Random(3).shuffle(every)  # noqa: S311
    return [
        {
            "sku": f"ART-{n:06}",
            "description": " ".join(filter(None, parts))
            + (f" type {n // len(every)}" if n >= len(every) else ""),
            "long_description": "",
            "category": "",
        }
        for n, parts in ((n, every[n % len(every)]) for n in range(count))
    ]


def _as_written(description: str, rng: random.Random) -> str:
    """As a customer writes it: words in another order, one left out, one mistyped."""
    words = description.lower().split()
    rng.shuffle(words)
    words = words[:-1] if len(words) > 4 else words
    at = rng.randrange(len(words))
    if words[at].isalpha() and len(words[at]) > 5:
        words[at] = words[at][:2] + words[at][3:]
    return " ".join(words)


if __name__ == "__main__":
    main()
