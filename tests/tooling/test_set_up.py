"""Set-up does a step once, does it again when its inputs change, and refuses a Python that is too old."""

import subprocess
import sys

import pytest

from bin import set_up


@pytest.fixture
def lock_file(tmp_path):
    path = tmp_path / "lock.txt"
    path.write_text("one==1\n")
    return path


def test_a_step_is_done_once_for_the_same_inputs(tmp_path, lock_file):
    done: list[str] = []
    for _ in range(2):
        set_up.once("x", stamp=tmp_path / ".stamp", inputs=[lock_file], step=lambda: done.append("x"))
    assert done == ["x"]


def test_a_step_is_done_again_when_an_input_changes(tmp_path, lock_file):
    stamp, done = tmp_path / ".stamp", []
    set_up.once("x", stamp=stamp, inputs=[lock_file], step=lambda: done.append("x"))
    lock_file.write_text("one==2\n")
    assert set_up.once("x", stamp=stamp, inputs=[lock_file], step=lambda: done.append("x"))
    assert done == ["x", "x"]


def test_a_step_that_failed_is_not_stamped_as_done(tmp_path, lock_file):
    def fail() -> None:
        raise SystemExit("no network")

    with pytest.raises(SystemExit, match="no network"):
        set_up.once("x", stamp=tmp_path / ".stamp", inputs=[lock_file], step=fail)
    assert not (tmp_path / ".stamp").exists()


def test_contents_moved_between_inputs_change_the_key(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    keys = set()
    for contents in (("xy", ""), ("x", "y"), ("", "xy")):
        for path, content in zip((first, second), contents, strict=True):
            path.write_text(content)
        keys.add(set_up.key_of([first, second]))
    assert len(keys) == 3


def test_an_older_python_is_refused_in_plain_words():
    script = (set_up.ROOT / "bin" / "set_up.py").read_text()
    older = f"import sys; sys.version_info = (3, 10, 9); exec({script!r})"
    finished = subprocess.run([sys.executable, "-c", older], capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert "needs Python 3.11 or later" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_node_comes_from_pypi_where_the_machine_has_none(monkeypatch):
    installed: list[str] = []
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(set_up, "install", installed.append)
    assert set_up.npm_command()[0] == set_up.VENV_PYTHON
    assert installed == ["node"]
