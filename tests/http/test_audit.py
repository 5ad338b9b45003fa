"""The service passes every server audit of the npm package graphql-http, run by Node.js as its makers run it."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

AUDIT = Path(__file__).parent / "audit"
LOCK = AUDIT / "package-lock.json"


def give_up(reason: str) -> None:
    """Skip so that nobody overlooks it, and fail where every test must run."""
    reason = f"the 61 audits of GraphQL over HTTP were NOT run: {reason}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def install(folder: Path) -> None:
    """Install the locked packages into `folder`, wholly or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(AUDIT / name, unfinished)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        run = subprocess.run(command, cwd=unfinished, capture_output=True, text=True, timeout=300, check=False)
        if run.returncode:
            give_up(f"npm ci failed\n{run.stdout}\n{run.stderr}")
        if not folder.exists():  # another run may have been quicker
            unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


@pytest.fixture(scope="session")
def audit() -> Path:
    """The folder of the audit with its packages installed, made once for each state of the lock."""
    if not shutil.which("node") or not shutil.which("npm"):
        give_up("node or npm is missing")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "peacegraph"
    folder = cache / f"graphql-http-audit-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"
    if not folder.exists():
        install(folder)
    shutil.copy(AUDIT / "run.mjs", folder)
    return folder


@pytest.mark.node
def test_all_61_audits_of_graphql_over_http_pass(audit: Path, service_url: str) -> None:
    command = ["node", "run.mjs", f"{service_url}/graphql"]
    run = subprocess.run(command, cwd=audit, capture_output=True, text=True, timeout=100, check=False)
    assert run.returncode == 0, run.stderr
    results = json.loads(run.stdout)
    assert [result for result in results if result["status"] != "ok"] == []
    assert len({result["id"] for result in results}) == len(results) == 61
