"""Step `run`: has template-cli do what the inputs say, and tells the result."""

from __future__ import annotations

import json
import os

from action import annotate, jobs, summary
from action.channel import Channel, Failure
from action.inputs import Inputs
from action.tool import Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from action.jobs import Answer


def write_report(answer: Answer, directory: str) -> str:
    path = os.path.join(directory, "report.json")
    with open(path, "w", encoding="ascii") as file:
        json.dump(answer.document(), file, ensure_ascii=True)
        file.write("\n")
    return path


def step(environ: Mapping[str, str], channel: Channel) -> int:
    inputs = Inputs(environ)
    directory = environ.get("IN_DIRECTORY", "")
    if not os.path.isdir(directory):
        raise Failure("the step that gets template-cli made no directory", 70)
    job = jobs.JOBS[inputs.choice("command", jobs.JOBS)]
    job.refuse_foreign(inputs)
    fail = inputs.flag("fail-on-difference", default=job.fails)
    tell, mark = inputs.flag("summary", True), inputs.flag("annotations", True)
    answer = job.do(inputs, Tool(directory, channel), directory)
    for name, text in answer.outputs().items():
        channel.output(name, text)
    channel.output("report", write_report(answer, directory))
    failing = fail and answer.changed
    if tell:
        channel.summary(summary.text(answer, failing))
    if mark:
        annotate.write(answer, failing, inputs.workspace, channel)
    if failing:
        channel.failed(f"{answer.headline()} (fail-on-difference)")
    return int(failing)
