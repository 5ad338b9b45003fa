"""Fetches the Neo4j Community server with Maven into a cache, once for each version."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Seconds. About 125 MB the first time.
DOWNLOAD_TIMEOUT = 900

# Maven's own repositories are used, as they are configured on the machine.
_POM = """<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>peacegraph.tests</groupId><artifactId>neo4j-server</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{version}</version></dependency>
    <dependency><groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId><version>{version}</version></dependency>
  </dependencies>
</project>
"""


class DownloadFailed(Exception):
    """Maven is missing, or could not fetch the server; the message says which."""


def server_jars(version: str) -> Path:
    """The folder with the jars of Neo4j Community `version`, downloaded if it is not in the cache.

    The cache is `peacegraph/neo4j-VERSION` under XDG_CACHE_HOME, by default ~/.cache. A download is made beside it and
    renamed when it is complete. Raises DownloadFailed.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "peacegraph"
    jars = cache / f"neo4j-{version}"
    if not jars.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(cache / f"neo4j-{version}.lock"):
            if not jars.is_dir():
                _download(version, jars)
    return jars


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _download(version: str, jars: Path) -> None:
    mvn = shutil.which("mvn")
    if mvn is None:
        raise DownloadFailed(f"Neo4j {version} is not in {jars.parent} and there is no `mvn` on PATH to download it")
    # What an interrupted download left; the lock is ours, so nobody is at work there.
    for remains in jars.parent.glob(f"{jars.name}.part-*"):
        shutil.rmtree(remains, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix=f"{jars.name}.part-", dir=jars.parent))
    try:
        pom, lib = part / "pom.xml", part / "lib"
        pom.write_text(_POM.format(version=version))
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={lib}", "-DincludeScope=runtime"]
        _run_maven([mvn, "-q", "-B", "-Dstyle.color=never", "-f", str(pom), *goal], version)
        lib.rename(jars)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _run_maven(command: list[str], version: str) -> None:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DOWNLOAD_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as fault:
        raise DownloadFailed(f"Maven did not fetch Neo4j {version} within {DOWNLOAD_TIMEOUT} seconds") from fault
    if done.returncode != 0:
        raise DownloadFailed(f"Maven could not fetch Neo4j {version}:\n{(done.stdout + done.stderr).strip()[-2000:]}")
