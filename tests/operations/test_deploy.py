"""The deployment guide holds: its steps can be carried out, and it names all that the program is told."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bin.rehearsal import StepFailed, run, steps

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs" / "deploy.md").read_text()
VARIABLE = re.compile(r"\bKSCMP_[A-Z_]+\b")
# Of tests, of development and of the rehearsal; nothing that somebody who deploys is to set.
NOT_OF_A_DEPLOYMENT = {"KSCMP_CHROMIUM", "KSCMP_DEBUG", "KSCMP_PLAIN_STATIC", "KSCMP_SOURCE", "KSCMP_OIDC_"}


@pytest.mark.long
@pytest.mark.rehearsal
def test_every_step_of_the_guide_can_be_carried_out() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bin.rehearse_deploy"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "docs/deploy.md holds" in done.stdout


def test_the_guide_names_every_variable_that_the_program_reads() -> None:
    sources = [*(ROOT / "kscmp_review").rglob("*.py"), *(ROOT / "docs" / "deploy").iterdir()]
    read = {name for source in sources for name in VARIABLE.findall(source.read_text())}
    assert read - NOT_OF_A_DEPLOYMENT - set(VARIABLE.findall(GUIDE)) == set()


def test_the_guide_has_the_steps_that_are_rehearsed() -> None:
    assert set(steps(GUIDE)) == {"as-root", "install", "secrets", "first", "daily", "upgrade", "drill"}


def test_steps_of_one_name_follow_each_other() -> None:
    guide = "```sh one\na\n```\n\n```sh two\nb\n```\n\n```sh one\nc\n```\n"
    assert steps(guide) == {"one": "a\nc\n", "two": "b\n"}


def test_a_step_that_fails_is_named_with_what_it_said(tmp_path: Path) -> None:
    assert run("fine", "echo said", cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}) == "said\n"
    with pytest.raises(StepFailed, match="broken: exit status 3\nbefore"):
        run("broken", "echo before; exit 3; echo after", cwd=tmp_path, env={"PATH": "/usr/bin:/bin"})


def daily(folder: Path, *, failing: str = "") -> subprocess.CompletedProcess[str]:
    """The daily script with a manage.py of the test's, of which one command may fail."""
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(f'#!/bin/sh\necho "$2"\n[ "$2" = backup ] && : > "$3"\n[ "$2" != "{failing}" ]\n')
    python.chmod(0o755)
    script = [ROOT / "docs" / "deploy" / "daily.sh", folder]
    return subprocess.run(script, cwd=folder, capture_output=True, text=True, check=False)


def an_old_backup(folder: Path) -> Path:
    old = folder / "2020-01-01T000000.backup"
    subprocess.run(["touch", "-d", "40 days ago", old], check=True)
    return old


def test_the_daily_work_drops_old_backups_once_a_new_one_is_there(tmp_path: Path) -> None:
    old = an_old_backup(tmp_path)
    done = daily(tmp_path)
    assert (done.returncode, done.stdout.split()[:2]) == (0, ["erase_expired", "backup"])
    assert not old.exists()
    assert len(list(tmp_path.glob("*.backup"))) == 1


@pytest.mark.parametrize("failing", ["erase_expired", "backup", "verify_audit", "send_reminders"])
def test_a_failure_of_the_daily_work_is_told_stops_nothing_and_keeps_what_is_old(
    tmp_path: Path, failing: str
) -> None:
    old = an_old_backup(tmp_path)
    done = daily(tmp_path, failing=failing)
    assert done.returncode == 1
    assert old.exists()
    assert done.stdout.split() == daily(tmp_path).stdout.split()
