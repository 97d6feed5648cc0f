"""What a gate sees of the world: the tree, processes, tools, and steps shared with other gates."""

from __future__ import annotations

import os
from _thread import allocate_lock

from ci import policy
from ci.runner.model import Broken, Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from ci.runner.process import Completed, Supervisor
    from ci.runner.tree import Tree
    from ci.tools.lock import Lock
    from ci.tools.toolbox import Toolbox


def tail(text: str) -> str:
    lines = text.rstrip().splitlines()
    return "\n".join(lines[-policy.SHOWN_LINES :])


def clear(folder: str, but: str) -> None:
    """Makes a folder, or removes what an earlier run left in it, but for the file that comes next."""
    try:
        left = os.listdir(folder)
    except FileNotFoundError:
        os.makedirs(folder)
        return
    for name in left:
        if name != but:
            os.remove(os.path.join(folder, name))


def foreign(name: str) -> bool:
    """Whether a variable of the environment is no business of gates."""
    return name.startswith(policy.FOREIGN_ENVIRONMENT) and name != "PYTHON"


class Shared:
    """What the gates of one run have in common."""

    def __init__(self, tree: Tree, jobs: int, tell: Callable[[str], None], no_skips: bool = False) -> None:
        self.tree = tree
        self.jobs = jobs
        self.no_skips = no_skips
        self.tell = tell
        self.env = {name: value for name, value in os.environ.items() if not foreign(name)}
        self.env["PYTHONPYCACHEPREFIX"] = os.path.join(tree.root, "build", "ci", "pycache")
        self.env["UV_LINK_MODE"] = "copy"  # a file written to in place must not be uv's cache
        self.alone = False  # whether the process is this run and nothing else
        self.builds = True  # in the folders that runs share, not beside a run that does
        self._supervisor: Supervisor | None = None
        self._toolbox: Toolbox | None = None
        self._for_tools: Context | None = None
        self._lock = allocate_lock()
        self._steps: dict[str, _Step] = {}
        self._held: list[Lock] = []  # until the process ends: what has passed is yet to be kept
        self._suffix: str | None = None

    def claim(self, words: str) -> bool:
        """Has the folders that runs share for this run alone; whether another run had to end first."""
        from ci.runner.process import MARK
        from ci.tools.lock import Lock

        lock, free = Lock(self.tree.root, "build"), True
        self._held.append(lock)
        if not lock.take(wait=False):
            mark, _, holder = lock.signed().partition(" ")
            if mark and os.environ.get(MARK, "").startswith(mark):
                return False  # one of its gates has called this run, and waits for it
            free = False
            self.tell(f"waits for {holder or 'another run'}, which builds in this checkout")
            lock.take(wait=True)
        lock.sign(f"{self.supervisor.mark} `{words}` (process {os.getpid()})")
        return not free

    @property
    def suffix(self) -> str:
        """Of the names of folders that are this run's alone: nothing; beside a run that has those, -2; and so on."""
        from ci.tools.lock import Lock

        with self._lock:
            number = 1
            while self._suffix is None:
                name = f"-{number}" if number > 1 else ""
                lock = Lock(self.tree.root, f"log{name}")
                if lock.take(wait=False):
                    self._suffix = name
                    self._held.append(lock)
                else:
                    lock.drop()
                number += 1
            return self._suffix

    @property
    def supervisor(self) -> Supervisor:
        with self._lock:
            if self._supervisor is None:
                from ci.runner.process import Supervisor

                self._supervisor = Supervisor(self.alone)
            return self._supervisor

    @property
    def toolbox(self) -> Toolbox:
        if self._toolbox is None:
            from ci.tools.toolbox import Toolbox

            self._toolbox = Toolbox(self.tree.root, self._run_for_tools, self.tell)
        return self._toolbox

    def provide(self, tools: Iterable[str]) -> None:
        """Gets the tools that a run needs, before it begins."""
        wanted = list(tools)
        if wanted:
            self.toolbox.provide(wanted)

    def _run_for_tools(self, argv: Sequence[str]) -> None:
        from ci.tools.environment import Unavailable

        if self._for_tools is None:
            self._for_tools = Context(self, "tools")
        done = self._for_tools.run(argv)
        if done.code:
            said = done.text.strip().splitlines() or [f"exit {done.code}"]
            raise Unavailable(f"{os.path.basename(argv[0])}: {said[-1]}")

    def step(self, key: str) -> _Step:
        with self._lock:
            return self._steps.setdefault(key, _Step())

    def wild(self) -> list[str]:
        """The gates that print without end."""
        return self._supervisor.wild() if self._supervisor is not None else []

    def end(self, owner: str) -> None:
        if self._supervisor is not None:
            self._supervisor.end(owner)

    def close(self) -> None:
        if self._supervisor is not None:
            self._supervisor.close()


class _Step:
    def __init__(self) -> None:
        self.lock = allocate_lock()
        self.value: Any = None
        self.error: BaseException | None = None
        self.done = False


class Context:
    """One gate's view of the run."""

    def __init__(
        self, shared: Shared, name: str, args: Sequence[str] = (), inputs: Iterable[str] | None = None
    ) -> None:
        self.shared = shared
        self._inputs = inputs
        self._tree = shared.tree if inputs is None else None
        self.root = shared.tree.root
        self.jobs = shared.jobs
        self.no_skips = shared.no_skips
        self.notes: list[str] = []
        self.name = name
        self._args = list(args)
        self.ignored = list(args)  # as long as the gate has not asked for them
        self._lock = allocate_lock()
        self._commands = 0

    @property
    def args(self) -> list[str]:
        """What came after --."""
        self.ignored = []
        return self._args

    @property
    def toolbox(self) -> Toolbox:
        return self.shared.toolbox

    @property
    def tree(self) -> Tree:
        if self._tree is None:
            from ci.runner.tree import View

            self._tree = View(self.shared.tree, self._inputs or ())
        return self._tree

    def strays(self) -> list[str]:
        """What the gate looked at and has not declared."""
        return sorted(getattr(self._tree, "strays", ()))

    def tool(self, name: str) -> str:
        """The path of a tool; skips the gate when it cannot be had."""
        self.toolbox.check([name])
        return self.toolbox.path(name)

    def note(self, text: str) -> None:
        """Words for the gate's line, whatever its answer."""
        self.notes.append(text)

    def path(self, *parts: str) -> str:
        return os.path.join(self.root, *parts)

    def scratch(self, *parts: str) -> str:
        """A folder of the gate's own under build/, made when missing."""
        aside = () if self.shared.builds else (f"aside{self.shared.suffix}",)
        folder = self.path("build", "ci", *aside, *parts)
        os.makedirs(folder, exist_ok=True)
        return folder

    def run(self, argv: Sequence[str], *, cwd: str = "", env: Mapping[str, str] | None = None) -> Completed:
        """Runs a command to its end, output in a log of its own."""
        with self._lock:
            self._commands += 1
            number = self._commands
            name = f"{number:03}-{os.path.basename(argv[0])}.log"
            folder = self.path("build", "ci", f"log{self.shared.suffix}", self.name)
            if number == 1:
                clear(folder, but=name)
        log = os.path.join(folder, name)
        full = {**self.shared.env, **(env or {})}
        return self.shared.supervisor.run(self.name, argv, log, cwd or self.root, full)

    def must(self, argv: Sequence[str], *, cwd: str = "", env: Mapping[str, str] | None = None) -> str:
        """Runs a command that has to succeed, and returns its output."""
        done = self.run(argv, cwd=cwd, env=env)
        if done.code:
            raise Broken([self.failure(done)])
        return done.text

    def failure(self, done: Completed) -> Finding:
        """A finding for a command that failed and said nothing we can place."""
        shown = " ".join(done.argv)
        shown = shown if len(shown) < 200 else shown[:200] + " ..."
        log = os.path.relpath(done.log, self.root)
        return Finding(f"`{shown}` exits with {done.code} ({log})", details=tail(done.text))

    def once(self, key: str, make: Callable[[Context], Any]) -> Any:
        """The value of a step that several gates share: the first one makes it, the others wait."""
        step = self.shared.step(key)
        with step.lock:
            if not step.done:
                try:
                    step.value = make(self)
                except BaseException as error:
                    from ci.runner.process import Ended

                    if isinstance(error, Ended):
                        raise  # that gate is over; the next one makes the step
                    step.error = error
                step.done = True
        if step.error is not None:
            raise step.error
        return step.value
