"""What a clerk and the customer are told about dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from agents.supply.contract import SupplyInput
from agents.supply.days import OrderDays
from agents.supply.promise import Promise, first_day
from agents.supply.requested import HEADER_PATH, Wanted
from agents.supply.words import line_list, line_word
from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding
from orderdesk.policy.delivery import DeliveryPolicy


def date_findings(
    wanted: tuple[Wanted, ...],
    promises: Mapping[int, Promise],
    given: SupplyInput,
    days: OrderDays,
    policy: DeliveryPolicy,
) -> list[Finding]:
    """Findings per date as stated: an order's date that counts for many lines is talked about once."""
    groups: dict[str, list[Wanted]] = {}
    for entry in wanted:
        groups.setdefault(entry.path if entry.day else "", []).append(entry)
    findings: list[Finding] = []
    for path, group in groups.items():
        findings += [_missing(group, given)] if path == "" else _stated(group, promises, given, days, policy)
    findings += [_schedule(entry, given, days) for entry in wanted if entry.schedule]
    if days.after_cut_off:
        findings.append(_after_cut_off(given, days, policy))
    return findings


def _missing(group: list[Wanted], given: SupplyInput) -> Finding:
    return Finding(
        code="requested_date_missing",
        severity="info",
        path=HEADER_PATH,
        message=f"No delivery date is stated for {line_list(group, given)}; the earliest one is planned.",
        facts={"lines": line_list(group, given)},
    )


def _stated(
    group: list[Wanted],
    promises: Mapping[int, Promise],
    given: SupplyInput,
    days: OrderDays,
    policy: DeliveryPolicy,
) -> list[Finding]:
    entry = group[0]
    # The reader already asks which day is meant; nothing that rests on the wrong one may be said.
    if entry.ambiguous or entry.day is None:
        return []
    ready = [promises[w.line_index].ready.day for w in group if w.line_index in promises]
    earliest = max(ready, default=days.standard)
    if first_day(entry) < given.business_date:
        return [_past(entry, first_day(entry), earliest, given, group)]
    findings: list[Finding] = []
    if entry.day - given.business_date > timedelta(days=policy.far_date_days):
        findings.append(_far(entry, entry.day, given, group, policy))
    moved = days.working(entry.day)
    if moved != entry.day and not entry.schedule:
        findings.append(_moved(entry, entry.day, moved, given, group))
    late = [w for w in group if w.line_index in promises and promises[w.line_index].verdict == "late"]
    if late:
        offered = max(promises[w.line_index].ready.day for w in late)
        findings.append(_before_lead_time(entry, first_day(entry), offered, given, late))
    return findings


def _past(entry: Wanted, day: date, earliest: date, given: SupplyInput, group: list[Wanted]) -> Finding:
    return Finding(
        code="requested_date_past",
        severity="clarify",
        path=entry.path,
        message=(
            f"The delivery date {day} for {line_list(group, given)} is before the order's day "
            f"{given.business_date}; the earliest possible date is {earliest}."
        ),
        question="requested_date_past",
        facts={"requested": str(day), "earliest": str(earliest), "lines": _numbers(group, given)},
        options=(str(earliest),),
    )


def _far(
    entry: Wanted, day: date, given: SupplyInput, group: list[Wanted], policy: DeliveryPolicy
) -> Finding:
    return Finding(
        code="requested_date_far",
        severity="clarify",
        path=entry.path,
        message=(
            f"The delivery date {day} for {line_list(group, given)} is {(day - given.business_date).days} "
            f"days away, more than {policy.far_date_days}; it may be mistyped."
        ),
        question="requested_date_far",
        facts={"requested": str(day), "lines": _numbers(group, given)},
    )


def _moved(entry: Wanted, day: date, moved: date, given: SupplyInput, group: list[Wanted]) -> Finding:
    why = "a holiday" if day.isoweekday() < 6 else "a weekend day"
    return Finding(
        code="date_moved_to_working_day",
        severity="info",
        path=entry.path,
        message=(
            f"The delivery date {day} for {line_list(group, given)} is {why}; it is moved to the next "
            f"working day, {moved}."
        ),
        facts={"requested": str(day), "moved_to": str(moved)},
    )


def _before_lead_time(
    entry: Wanted, day: date, earliest: date, given: SupplyInput, late: list[Wanted]
) -> Finding:
    return Finding(
        code="date_before_lead_time",
        severity="clarify",
        path=entry.path,
        message=(
            f"The delivery date {day} cannot be met for {line_list(late, given)}; the earliest possible date "
            f"is {earliest}."
        ),
        question="date_before_lead_time",
        facts={"requested": str(day), "earliest": str(earliest), "lines": _numbers(late, given)},
        options=(str(earliest),),
    )


def _schedule(entry: Wanted, given: SupplyInput, days: OrderDays) -> Finding:
    line = given.draft.lines[entry.line_index]
    unit = line.uom.value if line.uom else line.uom_stated
    parts = "; ".join(
        f"{plain(part.quantity)} {unit}".strip() + f" on {days.working(part.day)}" for part in entry.schedule
    )
    return Finding(
        code="schedule_lines",
        severity="info",
        path=f"lines[{entry.line_index}].schedule",
        message=f"{line_word(entry, given)} is wanted in {len(entry.schedule)} deliveries: {parts}.",
        facts={"deliveries": parts},
    )


def _after_cut_off(given: SupplyInput, days: OrderDays, policy: DeliveryPolicy) -> Finding:
    return Finding(
        code="after_cut_off",
        severity="info",
        path="",
        message=(
            f"The order arrived after the cut-off of {policy.cut_off_time:%H:%M} ({policy.time_zone}) on "
            f"{given.business_date}; it counts from {days.start}."
        ),
        facts={"counts_from": str(days.start)},
    )


def _numbers(group: list[Wanted], given: SupplyInput) -> str:
    return ", ".join(str(given.draft.lines[w.line_index].line_number) for w in group)
