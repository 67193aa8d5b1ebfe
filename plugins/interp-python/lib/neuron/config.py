# SPDX-License-Identifier: BSD-3-Clause
"""Where this installation is, and what it was built with."""
import os as _os

prefix = _os.path.abspath(_os.path.join(_os.path.dirname(__file__), "..", "..", "..", ".."))
version = "9.0.0"  # the interface that programs expect; `nrn config --version` is the simulator's own
arguments = {"NRN_ENABLE_RX3D": False, "NRN_ENABLE_MPI": True, "NRN_ENABLE_INTERVIEWS": False}
