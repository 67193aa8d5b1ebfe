# SPDX-License-Identifier: BSD-3-Clause
"""Python classes that extend the simulator's classes and Hoc templates."""
import sys as _sys

_hoc = _sys.modules["neuron.hoc"]


class _HocMeta(type):
    """Puts the class named by hoc_type among the bases."""

    def __new__(mcs, name, bases, namespace, hoc_type=None, **keywords):
        root = globals().get("HocBaseObject")
        if root is not None:
            known = [b for b in bases if b is not root and issubclass(b, _hoc.HocObject)]
            if hoc_type is None and not known:
                raise TypeError(f"class {name} needs hoc_type=, the class of the simulator that it extends")
            if hoc_type is not None:
                if not (isinstance(hoc_type, type) and issubclass(hoc_type, _hoc.HocObject)):
                    raise TypeError(f"hoc_type must be a class of the simulator, not {hoc_type!r}")
                if not any(issubclass(b, hoc_type) for b in bases):
                    bases = (*bases, hoc_type)
        return super().__new__(mcs, name, bases, namespace, **keywords)

    def __init__(cls, name, bases, namespace, hoc_type=None, **keywords):
        super().__init__(name, bases, namespace, **keywords)


class HocBaseObject(_hoc.HocObject, metaclass=_HocMeta):
    """Base of Python classes that extend a class: class Loud(HocBaseObject, hoc_type=h.Greeter)."""


def hclass(hoc_type):
    """A base class that extends `hoc_type`: class Cell(hclass(h.CellTemplate))."""
    if not isinstance(hoc_type, type):
        raise AttributeError(f"{hoc_type!r} has no class of the simulator")
    return _HocMeta("hclass", (HocBaseObject,), {}, hoc_type=hoc_type)


def new_hoc_class(name, doc=None):
    """A Python class that extends the template or class called `name`."""
    made = hclass(getattr(_hoc._h, name))
    made.__name__ = name
    made.__doc__ = doc or made.__doc__
    return made


new_point_process = new_hoc_class
