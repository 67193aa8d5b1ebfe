# SPDX-License-Identifier: BSD-3-Clause
"""The top level h: names, values, functions."""
import neuron
import pytest


def test_kernel_variables_are_read_and_written(h):
    h.celsius = 20
    assert h.celsius == 20
    h.celsius = 6.3


def test_unknown_name_suggests_a_near_one(h):
    with pytest.raises(AttributeError, match="Vector"):
        h.Vectro


def test_assigning_an_unknown_name_is_a_lookup_error(h):
    with pytest.raises(LookupError):
        h.no_such_name = 1


def test_assigning_a_function_or_class_is_a_type_error(h):
    for name in ("sin", "Vector"):
        with pytest.raises(TypeError):
            setattr(h, name, 3)


def test_functions_take_numbers_of_numpy(h):
    import numpy

    assert h.exp(numpy.float32(0)) == 1
    assert h.exp(numpy.int64(0)) == 1


def test_errors_of_calls_are_runtime_errors_with_details(h):
    with pytest.raises(RuntimeError) as caught:
        h.Vector(3).get(99)
    assert isinstance(caught.value, neuron.HocError)
    assert "99" in str(caught.value)


def test_only_sec_is_a_keyword(h):
    with pytest.raises(RuntimeError, match="section"):
        h.exp(1, section=3)
    with pytest.raises(TypeError):
        h.exp(1, sec=3)


def test_a_reference_reads_and_writes(h):
    r = h.ref(3)
    r[0] += 1.5
    assert r[0] == 4.5
    with pytest.raises(IndexError):
        r[1]


def test_documentation_comes_from_the_tables(h):
    assert "Vector" in h.Vector.__doc__
    assert "elements" in h.Vector.size.__doc__


def test_names_of_the_package():
    for name in ("load_mechanisms", "hclass", "HocBaseObject", "psection", "numpy_element_ref", "units", "version"):
        assert hasattr(neuron, name)
    with pytest.raises(ImportError, match="rxd"):
        __import__("neuron.rxd")
