"""Signals without the enumerations of `signal`, which take as long to import as the rest of the runner."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as signal
else:
    try:
        import _signal as signal
    except ImportError:
        import signal

__all__ = ["signal"]
