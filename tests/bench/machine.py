"""What the figures were measured on: processor, memory and versions, and nothing that names the machine."""

import os
import platform
import re
import sqlite3
import sys
from pathlib import Path


def facts() -> dict[str, str]:
    """What → which, as it is printed above the table."""
    import django
    import psycopg

    return {
        "Processor": f"{os.cpu_count()} × {_processor()}",
        "Memory": _memory(),
        "System": f"{platform.system()} {platform.machine()}",
        "Python": sys.version.split()[0],
        "Django": django.get_version(),
        "PostgreSQL": _postgresql(),
        "psycopg": psycopg.__version__,
        "SQLite": sqlite3.sqlite_version,
    }


def _processor() -> str:
    return _first("model name", Path("/proc/cpuinfo")) or platform.machine()


def _first(name: str, file: Path) -> str:
    try:
        found = re.search(rf"^{name}\s*:\s*(.+)$", file.read_text(), re.MULTILINE)
    except OSError:
        return ""
    return found[1].strip() if found else ""


def _memory() -> str:
    kilobytes = _first("MemTotal", Path("/proc/meminfo")).split(" ")[0]
    return f"{int(kilobytes) / 1024**2:.0f} GB" if kilobytes else "not known"


def _postgresql() -> str:
    """The version of the server that the bench starts; "none" where it cannot be started."""
    import psycopg

    from tests.postgres import NoServer, server

    try:
        with server() as address, psycopg.connect(address) as connection:
            return connection.info.parameter_status("server_version") or "not known"
    except NoServer:
        return "none"
