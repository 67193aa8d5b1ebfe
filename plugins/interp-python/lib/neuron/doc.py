# SPDX-License-Identifier: BSD-3-Clause
"""Help from the simulator's own tables."""
import pydoc as _pydoc
import sys as _sys


def get_docstring(name, member=""):
    """The text for a top-level name or a member of a class ("Vector", "record")."""
    found = getattr(_sys.modules["neuron.hoc"]._h, name, None)
    if found is not None and member:
        found = getattr(found, member, None)
    return getattr(found, "__doc__", None) or ""


def help(thing=None):  # noqa: A001
    """help("finitialize"), help(h.Vector), help(h.Vector.record)."""
    if thing is None:
        print(_sys.modules["neuron"].__doc__)
    elif isinstance(thing, str) and (text := get_docstring(*thing.split(".", 1))):
        print(f"{thing}\n\n{text}")
    else:
        _pydoc.help(thing)
