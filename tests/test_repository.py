"""What stands in the repository: locks, pins, and nothing that belongs to one machine."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements"
LOCKS = ("runtime", "dev")
PRODUCT = ("api", "graph", "seed", "peacegraph")

PACKAGE_INDEX = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|repo\d?\.maven\.|proxy\.golang\.org"
    r"|--(?:extra-)?index-url|--find-[l]inks"
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:(?:work|root)/|(?:home|Users)/\w+/|opt/wheels|tmp/brief)")


def committed_files() -> Iterator[tuple[Path, str]]:
    """Every text file that git holds or would take, with its text."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listing.split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path, text in committed_files()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def declared(name: str) -> dict[str, Requirement]:
    """The requirements written by hand in `requirements/<name>.in`, by package."""
    lines = (line.strip() for line in (REQUIREMENTS / f"{name}.in").read_text().splitlines())
    found = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def locked(name: str) -> dict[str, tuple[Requirement, int]]:
    """The pins of `requirements/<name>.txt`, by package, each with the number of its hashes."""
    text = (REQUIREMENTS / f"{name}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and line[0] not in "#-"]
    pins = [(Requirement(line.split("--hash=")[0]), line.count("--hash=sha256:")) for line in lines]
    return {canonicalize_name(pin.name): (pin, hashes) for pin, hashes in pins}


def version(pin: Requirement) -> Version:
    (specifier,) = pin.specifier
    assert specifier.operator == "==", f"{pin} is not pinned to one version"
    return Version(specifier.version)


def test_no_committed_file_names_a_package_index() -> None:
    assert lines_with(PACKAGE_INDEX) == []


def test_no_committed_file_names_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (PACKAGE_INDEX, "--index" + "-url https://example.org/simple"),
        (PACKAGE_INDEX, "https://py" + "pi.org/simple/edtf/"),
        (MACHINE_PATH, "see /wo" + "rk/shared"),
        (MACHINE_PATH, "cd /ho" + "me/someone/peacegraph"),
    ],
)
def test_an_index_or_a_machine_path_would_be_found(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_is_one_version_with_hashes(name: str) -> None:
    pins = locked(name)
    assert pins
    for pin, hashes in pins.values():
        assert version(pin).release
        assert hashes > 0, f"{pin} has no hash"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_no_address_and_takes_wheels_alone(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text()
    assert "://" not in text
    assert " @ " not in text
    assert [line for line in text.splitlines() if line.startswith("-")] == ["--only-binary :all:"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_fulfils_what_is_declared(name: str) -> None:
    pins = locked(name)
    for package, requirement in declared(name).items():
        assert package in pins, f"{package} is declared in {name}.in and not locked: run `make lock`"
        pin = version(pins[package][0])
        assert requirement.specifier.contains(pin), f"{requirement} is locked at {pin}: run `make lock`"


def test_the_dev_lock_is_the_runtime_lock_and_more() -> None:
    runtime = {package: str(pin) for package, (pin, _) in locked("runtime").items()}
    dev = {package: str(pin) for package, (pin, _) in locked("dev").items()}
    assert runtime.items() < dev.items()


def test_the_driver_of_neo4j_and_its_decoder_are_of_one_release() -> None:
    pins = locked("runtime")
    driver, decoder = version(pins["neo4j"][0]), version(pins["neo4j-rust-ext"][0])
    assert driver.release[:3] == decoder.release[:3]


def test_every_package_that_the_product_imports_is_declared_for_the_runtime() -> None:
    sources = [paths for name in PRODUCT for paths in (ROOT.glob(f"{name}.py"), (ROOT / name).rglob("*.py"))]
    imported = {module for paths in sources for path in paths for module in modules_imported_by(path)}
    foreign = imported - sys.stdlib_module_names - {*PRODUCT, "bench"}
    known = packages_distributions()
    packages = {module: {canonicalize_name(name) for name in known.get(module, [module])} for module in foreign}
    undeclared = sorted(module for module, names in packages.items() if not names & declared("runtime").keys())
    assert undeclared == []


def modules_imported_by(path: Path) -> Iterator[str]:
    """The top-level modules that a file imports, at its head or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_the_oldest_python_is_the_same_wherever_it_is_named() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    oldest = settings["mypy"]["python_version"]
    assert settings["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert f"PYTHON_OLDEST := {oldest}\n" in (ROOT / "Makefile").read_text()
    assert f"ARG PYTHON={oldest}\n" in (ROOT / "Dockerfile").read_text()
    for name in LOCKS:
        assert f"for every Python from {oldest} on" in (REQUIREMENTS / f"{name}.txt").read_text().splitlines()[0]


def test_every_decision_names_a_test_that_holds_it() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert decisions
    for decision in decisions:
        named = re.findall(r"\btests/[\w/]+\.py\b", decision.read_text(encoding="utf-8"))
        assert named, f"{decision.name} names no test"
        for test in named:
            assert (ROOT / test).is_file(), f"{decision.name} names {test}, which does not exist"


def test_code_and_data_each_have_their_licence_beside_them() -> None:
    assert (ROOT / "LICENSE").read_text().startswith("MIT License\n")
    data = (ROOT / "seed" / "LICENSE-DATA").read_text()
    assert "CC BY 4.0" in data
    assert "https://creativecommons.org/licenses/by/4.0/" in data
