"""Keeps one command running for as long as whoever started it lives, then ends it and removes its folder.

Run as `python guard.py SPEC` with a pipe as standard input. The pipe is the sign of life: the kernel closes it however
the other end dies, `kill -9` included, so no server outlives its tests. SPEC is a JSON object:

- `home`: the folder the command runs in. Its output goes to `console.log` there, and the folder is removed at the end.
- `command`: the program and its arguments. It is killed rather than asked: its data is thrown away, and a Neo4j that is
  asked takes ten seconds.
- `last`: a command to run after that, or an empty list.

When the command ends by itself, its exit code is written to `ended` in the folder, which stays until the pipe closes,
so that its logs can still be read.
"""

import json
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ENDED = "ended"
CONSOLE = "console.log"
# Seconds between two looks at the command; the pipe is noticed at once.
LOOK = 0.2


def guard(home: Path, command: list[str], last: list[str]) -> None:
    """Run `command` in `home` until standard input closes; then kill it, run `last` and remove `home`."""
    try:
        with (home / CONSOLE).open("wb") as console:
            child = subprocess.Popen(
                command, cwd=home, stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT
            )
        try:
            while child.poll() is None:
                if select.select([sys.stdin], [], [], LOOK)[0]:
                    return
            (home / ENDED).write_text(str(child.returncode))
            sys.stdin.buffer.read()
        finally:
            child.kill()
            child.wait()
            if last:
                subprocess.run(last, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    # A polite end of the guard is an end of the command too: SystemExit passes through both `finally`s.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    spec = json.loads(sys.argv[1])
    guard(Path(spec["home"]), spec["command"], spec["last"])
