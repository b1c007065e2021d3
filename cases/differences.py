"""What changed between two versions of a risk profile, in sentences."""

from collections.abc import Mapping

from cases.models import Carried, ProfileLine, ProfileVersion


def differences(before: ProfileVersion | None, after: ProfileVersion) -> list[str]:
    """One sentence a difference, in the order of the new version; none for the first version."""
    if before is None:
        return []
    old = {line.characteristic_id: line for line in before.lines.all()}
    new = {line.characteristic_id: line for line in after.lines.all()}
    removed = [f"“{line.name}” removed." for key, line in old.items() if key not in new]
    added = [_added(line, old) for key, line in new.items() if key not in old]
    kept = [key for key in new if key in old]
    changed = [sentence for key in kept for sentence in _changes(old[key], new[key])]
    before_order = [key for key in old if key in new]
    moved = ["The order has changed."] if before_order != kept else []
    return removed + added + changed + moved


def _added(line: ProfileLine, old: Mapping[int, ProfileLine]) -> str:
    added = f"“{line.name}” added ({line.get_tier_display().lower()})"
    if line.taken_from_id is None:
        return f"{added}."
    source = old.get(line.taken_from_id)
    whose = f"“{source.name}”" if source else "a characteristic of before"
    if line.carried == Carried.ABSENT_ONLY:
        return f"{added}, split from {whose}: absent where that was absent, else not known."
    return f"{added}, split from {whose}: it began with the same answers."


def _changes(old: ProfileLine, new: ProfileLine) -> list[str]:
    sentences = []
    if old.name != new.name:
        sentences.append(f"“{old.name}” is now called “{new.name}”.")
    if old.tier != new.tier:
        sentences.append(f"“{new.name}” moved to the tier “{new.get_tier_display().lower()}”.")
    if old.problem != new.problem:
        speaks = f"speaks of “{new.problem}”" if new.problem else "speaks of no problem by name"
        sentences.append(f"“{new.name}” now {speaks}.")
    if old.guidance != new.guidance:
        sentences.append(f"The guidance of “{new.name}” has changed.")
    return sentences
