"""A Hub to test against: the demo's, with the failures of the real one."""

from hub.server import FailingHub

__all__ = ["FailingHub"]
