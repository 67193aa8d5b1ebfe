# SPDX-License-Identifier: BSD-3-Clause
"""What a call raises is a HocError, as programs for the reference expect, and of the type that Python programs expect."""
import pytest


def test_kinds_have_their_python_types(h, soma):
    import neuron

    for call, kind in ((lambda: h.Vector().append("text"), TypeError), (lambda: h.sin(), TypeError),
                       (lambda: h.sin("text"), TypeError), (lambda: h.Vector(3, 2, 1).x[5], IndexError), (lambda: h.log(1, 2), TypeError)):
        with pytest.raises(kind) as caught:
            call()
        if kind is TypeError:
            assert isinstance(caught.value, neuron.HocError) and isinstance(caught.value, RuntimeError)
            assert caught.value.kind and hasattr(caught.value, "lineno")


def test_missing_attributes_are_attribute_errors_with_a_hint(h, soma):
    for thing, name in ((h, "Vectr"), (soma, "nsegs"), (soma, "conect"), (soma(0.5), "are"), (soma(0.5), "hhh")):
        with pytest.raises(AttributeError, match="did you mean"):
            getattr(thing, name)
