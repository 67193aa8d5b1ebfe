# SPDX-License-Identifier: BSD-3-Clause
"""Simulations of neurons from Python.

    from neuron import h
    soma = h.Section(name="soma")
    soma.insert("hh")
    v = h.Vector().record(soma(0.5)._ref_v)
    h.load_file("stdrun.hoc")
    h.finitialize(-65)
    h.continuerun(10)

`h` is the simulator's top level. help(h.Vector), help(h.Vector.record) and neuron.help(name) explain.
"""
import atexit as _atexit
import os as _os
import sys as _sys

_hosted = "neuron.hoc" not in _sys.modules
if not _hosted:  # embedded: the running simulator has put it there
    hoc = _sys.modules["neuron.hoc"]
else:
    from . import hoc  # starts a simulator in this process
    _sys.modules["hoc"] = hoc

if not hoc._in_main_interpreter():
    raise ImportError("neuron works in Python's main interpreter only, not in a subinterpreter")

nrn = hoc.nrn
_sys.modules["neuron.nrn"] = nrn
h = hoc._h
n = hoc._n
HocError = hoc.HocError
HocTypeError, HocValueError, HocIndexError, HocOSError = hoc.HocTypeError, hoc.HocValueError, hoc.HocIndexError, hoc.HocOSError
numpy_element_ref = hoc.numpy_element_ref
embedded = _sys.argv[:1] == [""] and not getattr(_sys, "ps1", None)
_NEURON_INTERFACE = type(h)

from . import config  # noqa: E402
from .density_mechanism import DensityMechanism  # noqa: E402
from .doc import help  # noqa: E402,A004
from .hclass import HocBaseObject, hclass, new_hoc_class, new_point_process  # noqa: E402
from .psection import psection as _psection_of  # noqa: E402
from . import plots as _plots, units, vector_extras as _vector_extras  # noqa: E402,F401

nrn.set_psection(_psection_of)
hoc.__getattr__ = lambda name: _class_of_module(name)  # pickle finds classes by module and name

version = __version__ = config.version
nrn_dll_loaded = []
mechanism_prefix = _os.path.dirname(_os.path.abspath(__file__))
mechanism_suffix = ".so"
_atexit.register(hoc._at_exit)


def _end_all_ranks(kind, value, trace, _before=_sys.excepthook):
    """What nobody catches on one rank ends the job, after its message."""
    _before(kind, value, trace)
    _sys.stdout.flush()
    _sys.stderr.flush()
    hoc._abort_ranks(1)


def _exit(status=None, /):
    """sys.exit, of which the one in C makes no exception object while nobody catches it."""
    raise SystemExit(status)


if not embedded:
    _sys.excepthook = _end_all_ranks
if _hosted:  # the program `nrn` sees to it itself
    _sys.exit = _exit
    hoc._watch_exits()


def _class_of_module(name):
    """hoc.Vector, hoc.IClamp: the classes under the names that their reprs show."""
    found = None if name.startswith("__") else getattr(h, name, None)
    if isinstance(found, type):
        return found
    raise AttributeError(f"module 'hoc' has no attribute {name!r}")


def psection(section):
    """A dictionary of all there is to know about a section: geometry, mechanisms, ions, point processes."""
    return section.psection()


def load_mechanisms(path, warn_if_already_loaded=True):
    """Loads the mechanism packs below `path` (as compiled there by nrnivmodl). Returns whether there were any."""
    folder = _os.path.abspath(path)
    if folder in nrn_dll_loaded:
        if warn_if_already_loaded:
            print(f"Mechanisms already loaded from path: {path}.  Aborting.")
        return True
    if hoc.load_folder(folder) == 0:
        print(f"NEURON mechanisms not found in {path}.")
        return False
    nrn_dll_loaded.append(folder)
    return True


def numpy_from_pointer(pointer, size):
    """An array of `size` numbers that starts at a reference, as a copy of what is there now."""
    import numpy

    return numpy.array([pointer[i] for i in range(size)])


def nrn_dll(printpath=False):
    """The simulator's library, through ctypes."""
    import ctypes

    path = _os.path.join(config.prefix, "lib", "libnrnkernel.so")
    if printpath:
        print(path)
    return ctypes.CDLL(path)


def nrn_dll_sym(name, type=None):  # noqa: A002
    """A symbol of the simulator's library."""
    library = nrn_dll()
    return type.in_dll(library, name) if type else getattr(library, name)


def register_savestate(id_, store, restore):
    """Not provided: SaveState keeps what belongs to the simulator."""
    raise NotImplementedError("register_savestate is not provided by this simulator")


def format_exception(type, value, tb):  # noqa: A002
    """The text of an exception, as a traceback shows it."""
    import traceback

    return "".join(traceback.format_exception(type, value, tb))


def test(exit_on_error=True):
    """A quick check that a simulation works. Raises, or ends the program, when it does not."""
    from . import tests

    return tests.run(exit_on_error)


def test_rxd(exit_on_error=True):
    """Not provided: there is no reaction-diffusion module."""
    raise NotImplementedError("neuron.rxd is not provided by this simulator")
