# SPDX-License-Identifier: BSD-3-Clause
"""What Vector offers to NumPy's functions and to notebooks."""
import sys as _sys


def _as_array(thing):
    """Vectors become the arrays that share their numbers; also inside lists, tuples and dictionaries."""
    if isinstance(thing, _Vector):
        return thing.as_numpy()
    if isinstance(thing, (list, tuple)):
        return type(thing)(map(_as_array, thing)) if type(thing) in (list, tuple) else thing
    return {k: _as_array(v) for k, v in thing.items()} if type(thing) is dict else thing


def _array_function(self, function, types, args, keywords):
    """numpy.mean(vector) is what numpy.mean says of its numbers, not a call of Vector.mean with NumPy's keywords."""
    return function(*_as_array(args), **_as_array(keywords))


def _pretty(self, printer, cycle):
    """IPython shows the name and the first numbers."""
    n = len(self)
    numbers = ", ".join(f"{x:g}" for x in self[:8]) + (", ..." if n > 8 else "")
    printer.text(f"{self.hname()} with {n} element{'' if n == 1 else 's'}: [{numbers}]")


_Vector = _sys.modules["neuron.hoc"]._h.Vector
_Vector.__array_function__ = _array_function
_Vector._repr_pretty_ = _pretty
