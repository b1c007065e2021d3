"""Build `vendor/govuk` from the npm packages, without what only GOV.UK itself may use.

    python bin/build_assets.py NODE_MODULES OUT

The GDS Transport font, the crown and the crest are reserved for GOV.UK. The font's `@font-face` rules and
its name, and every rule that shows a crown or a crest, are left out; no font, image or manifest is copied.
Source-map lines go too: they would point at files that are not served. The build fails where anything of
the kind is left.
"""

import re
import sys
from pathlib import Path

SOURCES = (
    "govuk-frontend/dist/govuk/govuk-frontend.min.css",
    "govuk-frontend/dist/govuk/govuk-frontend.min.js",
    "accessible-autocomplete/dist/accessible-autocomplete.min.css",
    "accessible-autocomplete/dist/accessible-autocomplete.min.js",
)
RESERVED = re.compile(
    r"gds\s*transport|crown|crest|@font-face|margaret calvert|sourceMappingURL", re.IGNORECASE
)
ADDRESS = re.compile(r"url\(\s*['\"]?(?!data:|#)", re.IGNORECASE)

SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S*")
FONT_NOTICE = re.compile(r"/\*!(?:(?!\*/).)*Margaret Calvert.*?\*/", re.DOTALL)
FONT_FACE = re.compile(r"@font-face\s*\{[^{}]*\}")
FONT_NAME = re.compile(r"['\"]?GDS Transport['\"]?\s*,\s*")
RULE = re.compile(r"[^{}]+\{[^{}]*\}")
EMPTY_BLOCK = re.compile(r"@(?:media|supports)[^{};]*\{\s*\}")


class ReservedLeft(ValueError):
    """Something that only GOV.UK may use, or an address with no file behind it, would be served."""


def strip_style(text: str) -> str:
    """A style sheet without the reserved font, crown and crest, nor source maps."""
    for pattern in (SOURCE_MAP, FONT_NOTICE, FONT_FACE, FONT_NAME):
        text = pattern.sub("", text)
    text = RULE.sub(lambda rule: "" if re.search(r"crown|crest", rule[0], re.IGNORECASE) else rule[0], text)
    return EMPTY_BLOCK.sub("", text).rstrip() + "\n"


def strip_script(text: str) -> str:
    """A script without its source map."""
    return SOURCE_MAP.sub("", text).rstrip() + "\n"


def check(name: str, text: str) -> None:
    """Raise `ReservedLeft` where `text` still holds something reserved, or a style sheet an address."""
    found = RESERVED.search(text) or (ADDRESS.search(text) if name.endswith(".css") else None)
    if found:
        raise ReservedLeft(
            f"{name}: {text[max(0, found.start() - 40) : found.end() + 40]!r} may not be served"
        )


def build(node_modules: Path, out: Path) -> list[Path]:
    """Write the stripped files into `out/vendor/govuk`, or none where one of them fails its check."""
    made: dict[Path, str] = {}
    for source in SOURCES:
        path = node_modules / source
        strip = strip_style if path.suffix == ".css" else strip_script
        text = strip(path.read_text(encoding="utf-8"))
        check(path.name, text)
        made[out / "vendor" / "govuk" / path.name] = text
    for target, text in made.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return list(made)


def main(arguments: list[str]) -> int:
    node_modules, out = (Path(argument) for argument in arguments)
    try:
        build(node_modules, out)
    except (ReservedLeft, OSError) as error:
        print(f"build_assets: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
