# SPDX-License-Identifier: BSD-3-Clause
"""Sizes that no machine has: an error before anything is allocated."""
import subprocess
import sys

import pytest

HUGE = [1e10, 3e10, 1e11, 1e12]


@pytest.mark.parametrize("size", HUGE)
def test_vectors_refuse(h, size):
    with pytest.raises((MemoryError, RuntimeError)):
        h.Vector(size)
    v = h.Vector([1, 2, 3])
    for grow in (lambda: v.resize(size), lambda: v.indgen(0, size, 1), lambda: v.buffer_size(size), lambda: v.copy(h.Vector(2), size),
                 lambda: v.resample(v, size), lambda: v.hist(v, 0, size, 1), lambda: v.sumgauss(0, size, 1, 1)):
        with pytest.raises((MemoryError, RuntimeError)):
            grow()
    assert v.to_python() == [1, 2, 3]


@pytest.mark.parametrize("size", HUGE)
def test_matrices_refuse(h, size):
    for rows, columns, kind in ((size, 1, 1), (1, size, 1), (size, size, 1), (size, 1, 2)):
        with pytest.raises((MemoryError, RuntimeError)):
            h.Matrix(rows, columns, kind)
    m = h.Matrix(2, 2)
    for grow in (lambda: m.resize(size, size), lambda: m.bcopy(0, 0, 1, 1, size, size, m), lambda: m.bcopy(0, 0, 9e18, 1)):
        with pytest.raises((MemoryError, RuntimeError)):
            grow()
    assert (m.nrow(), m.ncol()) == (2, 2)


@pytest.mark.parametrize("text", ["double too_large[1e9][3]", "objref too_many[1e9][3]", "create too_long[1e9]",
                                  "objref big_vector\nbig_vector = new Vector(3e10)"])
def test_hoc_refuses(h, text, capfd):
    assert not h(text)
    error = capfd.readouterr().err
    assert "not enough memory" in error or "too large" in error


def test_a_limit_of_the_process_is_respected():
    text = """import resource
resource.setrlimit(resource.RLIMIT_RSS, (100_000_000, 100_000_000))
from neuron import h
h.Vector(1e7)
try:
    h.Vector(2e7)
except MemoryError as error:
    print(error)"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("not enough memory: 2e+07 elements need 0.16 GB, and 0.1 GB are left")
