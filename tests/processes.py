"""What the system tells of a running process, as Linux does under /proc."""

import re
from pathlib import Path


def children_of(pid: int) -> list[int]:
    """The processes that this one has started: of a server, its workers."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def bytes_held(pid: int | str, at: str = "VmRSS") -> int | None:
    """Resident memory of a process (or "self"), or the most it had ("VmHWM"); None where it is not told."""
    told = re.search(rf"^{at}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(told[1]) * 1024 if told else None
