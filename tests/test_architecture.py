"""The floors of the house: an import that points up, or a pure package that meets Django, fails here."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = {
    "kscmp_review.accounts": 0,
    "kscmp_review.audit": 0,
    "kscmp_review.backup": 0,
    "kscmp_review.lookups": 0,
    "kscmp_review.pooled": 0,
    "kscmp_review.privacy": 0,
    "kscmp_review.sealing": 0,
    "kscmp_review.operations": 0,
    "kscmp_review.replica": 0,
    "cases": 1,
    "themes": 2,
    "kscmp_review": 3,
}
PURE = ("cases/matching", "themes/coding")
# What a pure package may import besides the standard library and itself.
PURE_MAY_IMPORT = frozenset[str]()
LAYERS = ("models", "permissions", "actions", "forms", "views", "urls")
HEAVY = ("pandas", "numpy", "pypandoc", "typst", "xlsxwriter", "python_calamine", "docx", "prometheus_client")


def modules(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(source: str, *, top_level_only: bool = False) -> set[str]:
    """Every module that the source imports, by full name; names imported from a package included."""
    tree = ast.parse(source)
    found: set[str] = set()
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def floor_of(module: str) -> int | None:
    """The floor of the longest name that fits; None for what is not of the house."""
    fitting = [name for name in FLOORS if module == name or module.startswith(f"{name}.")]
    return FLOORS[max(fitting, key=len)] if fitting else None


def pointing_up(module: str, source: str) -> list[str]:
    own = floor_of(module)
    assert own is not None
    return sorted(
        target for target in imports(source) if (floor := floor_of(target)) is not None and floor > own
    )


def layer_of(module: str) -> tuple[str, int] | None:
    parts = module.split(".")
    if len(parts) > 1 and parts[0] in ("cases", "themes") and parts[1] in LAYERS:
        return parts[0], LAYERS.index(parts[1])
    return None


def climbing(module: str, source: str) -> list[str]:
    """Imports of a layer above one's own in the same app: models that import views, and the like."""
    own = layer_of(module)
    if own is None:
        return []
    found = []
    for target in imports(source):
        other = layer_of(target)
        if other is not None and other[0] == own[0] and other[1] > own[1]:
            found.append(target)
    return sorted(found)


@pytest.mark.parametrize("path", modules("cases", "themes", "kscmp_review"), ids=name_of)
def test_no_import_points_up(path: Path) -> None:
    assert pointing_up(name_of(path), path.read_text()) == []


@pytest.mark.parametrize("path", modules("cases", "themes"), ids=name_of)
def test_inside_an_app_views_rest_on_forms_forms_on_actions_actions_on_models(path: Path) -> None:
    assert climbing(name_of(path), path.read_text()) == []


@pytest.mark.parametrize("path", modules(*PURE), ids=name_of)
def test_pure_packages_import_nothing_but_the_standard_library_and_each_other(path: Path) -> None:
    pure = tuple(package.replace("/", ".") for package in PURE)
    foreign = {
        target
        for target in imports(path.read_text())
        if target.split(".")[0] not in sys.stdlib_module_names | PURE_MAY_IMPORT
        and not target.startswith(pure)
    }
    assert foreign == set()


@pytest.mark.parametrize("path", modules("cases", "themes", "kscmp_review"), ids=name_of)
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    early = {name.split(".")[0] for name in imports(path.read_text(), top_level_only=True)}
    assert early.isdisjoint(HEAVY)


def names_the_floor_above(text: str) -> bool:
    """A string, URL name or template of the rooms above, spelt out."""
    return re.search(r"\bthemes\b", text) is not None


def test_cases_names_nothing_of_the_floor_above() -> None:
    sources = [*modules("cases"), *(ROOT / "templates" / "cases").rglob("*.html")]
    assert [str(path) for path in sources if names_the_floor_above(path.read_text())] == []


def test_wiring_is_imported_by_nothing() -> None:
    wiring = {"kscmp_review.settings", "kscmp_review.urls", "kscmp_review.wiring", "kscmp_review.views"}
    own = {"kscmp_review/urls.py"}
    importers = {
        str(path.relative_to(ROOT))
        for path in modules("cases", "themes", "kscmp_review")
        if imports(path.read_text()) & wiring
    }
    assert importers - own == set()


class TestTheDetectorsFailWhereTheyShould:
    def test_an_import_that_points_up(self) -> None:
        assert pointing_up("cases.models.case", "from themes.models import Theme") != []
        assert pointing_up("kscmp_review.audit.record", "import cases.models") != []

    def test_a_model_that_imports_a_view(self) -> None:
        assert climbing("cases.models.case", "from cases.views.home import home") == [
            "cases.views.home",
            "cases.views.home.home",
        ]

    def test_an_import_inside_a_function_is_seen(self) -> None:
        assert pointing_up("cases.ranking", "def f():\n    from themes import apps") != []

    def test_a_heavy_import_at_the_top(self) -> None:
        assert "pandas" in imports("import pandas as pd", top_level_only=True)
        assert "pandas" not in imports("def f():\n    import pandas", top_level_only=True)

    def test_a_url_name_of_the_floor_above(self) -> None:
        assert names_the_floor_above("{% url 'x' %} reviews/themes/")
