"""Step `clean`: removes the directories that calls of the Action made in this job."""

from __future__ import annotations

import os
import shutil

from action.channel import TITLE, Channel, Failure, plain
from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def made(temporary: str) -> list[str]:
    """Directories that calls made: real ones, never a link that has such a name."""
    with os.scandir(temporary) as entries:
        ours = [e for e in entries if e.name.startswith(policy.ACTION_PREFIX) and e.is_dir(follow_symlinks=False)]
    return sorted(entry.path for entry in ours)


def step(environ: Mapping[str, str], channel: Channel) -> int:
    temporary = environ.get("RUNNER_TEMP")
    if not temporary:
        raise Failure("RUNNER_TEMP is not set: this is no step of a workflow", 3)
    removed = left = 0
    for folder in made(temporary) if os.path.isdir(temporary) else []:
        try:
            shutil.rmtree(folder)
            removed += 1
        except OSError as error:
            left += 1
            why = f"{plain(folder)} cannot be removed: {error.strerror}: {plain(str(error.filename))}"
            channel.command("warning", why, title=TITLE)
    channel.output("removed", str(removed))
    channel.output("left", str(left))
    return 0
