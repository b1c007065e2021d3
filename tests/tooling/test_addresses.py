"""No file of the tree says where packages come from, and every package is locked by hashes."""

import re

import pytest

from bin import check_addresses
from bin.set_up import REQUIREMENTS, ROOT

HOST = ".".join(("files", "pythonhosted", "org"))


def test_the_tree_is_free_of_addresses(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert check_addresses.main() == 0


@pytest.mark.parametrize("name", ["README.md", "cases/models.py", "requirements/base.txt"])
def test_a_registrys_host_is_found_in_any_file(name):
    faults = check_addresses.faults_in(name, f"x\nsee {HOST}/packages\n")
    assert list(faults) == [f"{name}:2: names a package registry's host"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("requirements/base.txt", "x @ https://example.org/x.whl"),
        ("requirements/base.txt", "--index-url somewhere"),
        ("requirements/dev.txt", "--extra-index-url somewhere"),
        ("requirements/dev.txt", "--find-links wheels"),
        ("package-lock.json", '"resolved": "x.tgz"'),
        ("package-lock.json", '"version": "file:../x"'),
        (".npmrc", "registry=mirror"),
    ],
)
def test_an_address_is_found_in_a_lock_file_only(name, line):
    assert list(check_addresses.faults_in(name, line)) == [f"{name}:1: a lock file may hold no address"]
    assert list(check_addresses.faults_in("docs/page.md", line)) == []


@pytest.mark.parametrize("name", ["base", "dev", "node", "uv"])
def test_every_locked_package_has_one_version_and_hashes(name):
    entries = re.split(r"\n(?=[a-z])", (REQUIREMENTS / f"{name}.txt").read_text().strip())
    assert entries
    assert [entry for entry in entries if not re.match(r"[\w.\[\],-]+==\S+", entry)] == []
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_tests_run_with_the_versions_that_the_service_runs_with():
    pinned = re.compile(r"^[\w.\[\]-]+==\S+", re.MULTILINE)
    base, dev = (set(pinned.findall((REQUIREMENTS / f"{name}.txt").read_text())) for name in ("base", "dev"))
    assert base - dev == set()
