"""Finds a Java that is new enough."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


def find_java(least: int) -> Path | None:
    """The `java` of the oldest installed Java whose feature version is `least` or newer; None where there is none.

    Looked for in JAVA_HOME, in /usr/lib/jvm and on PATH. The oldest, because a server's makers test it with the Java of
    its time.
    """
    fit = [(version, java) for java, version in _installed() if version >= least]
    return min(fit)[1] if fit else None


def installed_javas() -> str:
    """The feature versions found, for a message to people: "17, 25", or "none"."""
    return ", ".join(str(version) for version in sorted({version for _, version in _installed()})) or "none"


@cache
def _installed() -> tuple[tuple[Path, int], ...]:
    found = {}
    home, on_path = os.environ.get("JAVA_HOME"), shutil.which("java")
    candidates = [Path(home, "bin", "java")] if home else []
    candidates += sorted(Path("/usr/lib/jvm").glob("*/bin/java"))
    candidates += [Path(on_path)] if on_path else []
    for java in (candidate.resolve() for candidate in candidates):
        if java not in found and (version := _version(java)) is not None:
            found[java] = version
    return tuple(found.items())


def _version(java: Path) -> int | None:
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return feature_version(said.stderr + said.stdout)


def feature_version(banner: str) -> int | None:
    """The feature version in what `java -version` prints: 17 in `openjdk version "17.0.15"`, 8 in `"1.8.0_402"`."""
    match = _VERSION.search(banner)
    return int(match[1]) if match else None
