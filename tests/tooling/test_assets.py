"""No served asset may show what only GOV.UK itself may use."""

from pathlib import Path

import pytest

from bin import build_assets

FONT_FACE = '@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2) format("woff2")}'
LOGO = "@media (forced-colors:active){.logo:before{mask-image:url(/assets/images/govuk-crest.svg)}}"
STYLE = (
    '@charset "UTF-8";:root{--colour:#fff}.link{font-family:GDS Transport,arial,sans-serif;color:red}'
    f"/*! Copyright Margaret Calvert & Henrik Kubel. */{FONT_FACE}"
    f".govuk-footer__crown{{margin:0}}{LOGO}@media print{{.link{{color:#000}}}}"
    "\n/*# sourceMappingURL=govuk-frontend.min.css.map */"
)


def packages(folder: Path, **contents: str) -> Path:
    """A `node_modules` with the four files the build reads, empty but for those in `contents`."""
    for source in build_assets.SOURCES:
        path = folder / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(contents.get(path.name.partition(".")[0].replace("-", "_") + path.suffix[1:], ""))
    return folder


def test_styles_keep_everything_but_what_is_reserved():
    assert build_assets.strip_style(STYLE) == (
        '@charset "UTF-8";:root{--colour:#fff}.link{font-family:arial,sans-serif;color:red}'
        "@media print{.link{color:#000}}\n"
    )


def test_scripts_lose_their_source_map_and_nothing_else():
    assert build_assets.strip_script("export{a};//# sourceMappingURL=a.js.map\n") == "export{a};\n"


def test_a_build_writes_styles_and_scripts_and_no_other_file(tmp_path):
    made = build_assets.build(packages(tmp_path / "in", govuk_frontendcss=STYLE), tmp_path / "out")
    written = {path for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert written == set(made)
    assert {path.suffix for path in written} == {".css", ".js"}


@pytest.mark.parametrize(
    "sabotage",
    [
        "@font-face {font-family:x;src:url(data:,{})}",
        ".a{font-family:gds  transport}",
        "/* the Crown */",
        "@import 'crest.css';",
        ".a{background:url(/assets/images/x.svg)}",
        ".a{background:url( 'x.svg' )}",
    ],
)
def test_a_build_refuses_what_stripping_did_not_catch_and_writes_nothing(tmp_path, sabotage):
    node_modules = packages(tmp_path / "in", accessible_autocompletecss=sabotage + "/* end */")
    with pytest.raises(build_assets.ReservedLeft, match="accessible-autocomplete"):
        build_assets.build(node_modules, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_failed_build_says_so_in_one_line(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    assert build_assets.main([str(tmp_path / "in"), str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.startswith("build_assets: ")
