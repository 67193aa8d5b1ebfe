# SPDX-License-Identifier: BSD-3-Clause
"""Switches of the incumbent's second engine, accepted so that programs run; there is one engine here, always the fast one."""
import sys as _sys

enable = False
gpu = False
num_gpus = 0
file_mode = False
cell_permute = 0
warp_balance = 0
verbose = 0
prcellstate = -1
model_stats = False
sim_config = None
save_path = None
restore_path = None
skip_write_model_to_disk = False
model_path = None


def valid_prcellstate():
    """Values that prcellstate takes."""
    return range(-1, 2**31)


def nrncore_arg(tstop):
    """Arguments for the other engine: none."""
    return ""


class CoreNEURONContextHelper:
    """with coreneuron(enable=True): nothing changes but the switches, which are put back."""

    def __init__(self, keywords):
        self._new, self._old = keywords, {}

    def __enter__(self):
        module = _sys.modules[__name__]
        for name, value in self._new.items():
            self._old[name] = getattr(module, name)
            setattr(module, name, value)
        return module

    def __exit__(self, *_):
        for name, value in self._old.items():
            setattr(_sys.modules[__name__], name, value)
        return False


class _Module(type(_sys)):
    def __call__(self, **keywords):
        return CoreNEURONContextHelper(keywords)


_sys.modules[__name__].__class__ = _Module
