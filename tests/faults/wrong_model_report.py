"""The wrong model in figures: its errors by kind and by who caught them, and what became of the messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tests.faults.injection_effects import Consequences
from tests.faults.wrong_model_catchers import CATCHERS, caught_by
from tests.faults.wrong_model_errors import Answer, ModelError
from tests.faults.wrong_model_truth import differences, stands
from tests.support.generated_mails import GeneratedMail


class Read(NamedTuple):
    """One mail: what the model said about it, and what it led to."""

    mail: GeneratedMail
    answer: Answer | None
    done: Consequences


def wrong_model_report(read: Sequence[Read], seed: int, title: str) -> str:
    """A table for the terminal."""
    errors = [(error, one) for one in read if one.answer for error in one.answer.errors]
    fields = sum(one.answer.fields for one in read if one.answer)
    table: dict[str, Counter[str]] = {}
    for error, one in errors:
        table.setdefault(error.kind, Counter())[caught(error, one)] += 1
    booked = [one for one in read if one.done.orders]
    wrong = [one for one in booked if differences(one.mail, one.done)]
    faulty = [one for one in read if one.answer and one.answer.errors]
    width = max([*map(len, table), 24])
    lines = [
        "",
        f"Wrong model, {title}: seed {seed}, {len(read)} messages, {sum(1 for one in read if one.answer)} read by "
        f"the model; {len(errors)} of {fields} fields wrong, in {len(faulty)} messages.",
        "  " + "kind of error".ljust(width) + "".join(c.rjust(13) for c in CATCHERS) + "total".rjust(8),
    ]
    lines += [_row(kind, table[kind], width) for kind in sorted(table)]
    lines.append(_row("all", sum(table.values(), Counter[str]()), width))
    lines += [
        f"  booked by themselves: {len(booked)}, of which {sum(one in faulty for one in booked)} in spite of an error "
        f"of the model; booked wrongly: {len(wrong)} ({len(wrong) / max(1, len(booked)):.1%})",
        "  outcomes: "
        + ", ".join(
            f"{o} {n}" for o, n in Counter(o for one in read for o in one.done.outcomes).most_common()
        ),
    ]
    return "\n".join(lines)


def caught(error: ModelError, one: Read) -> str:
    """Who caught an error of a message."""
    return caught_by(error, one.done.reports[0], stands=stands(error, one.mail, one.done))


def _row(kind: str, counts: Counter[str], width: int) -> str:
    return (
        f"  {kind.ljust(width)}"
        + "".join(str(counts[c] or "-").rjust(13) for c in CATCHERS)
        + str(counts.total()).rjust(8)
    )
