# SPDX-License-Identifier: BSD-3-Clause
"""Compiling NMODL from Python, by the command `nrn compile`."""
import os as _os
import subprocess as _subprocess

from . import config as _config


def compile(*paths, output=None):  # noqa: A001
    """Compiles folders or .mod files to a mechanism pack; raises CalledProcessError with the compiler's messages."""
    command = [_os.path.join(_config.prefix, "bin", "nrn"), "compile", *map(str, paths)]
    if output:
        command += ["-o", str(output)]
    return _subprocess.run(command, check=True, capture_output=True, text=True).stdout
