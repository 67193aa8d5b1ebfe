# SPDX-License-Identifier: BSD-3-Clause
"""Extra equations beside the membrane's (used by reaction-diffusion): registration is refused by name."""


def register(call_block):
    """Not provided."""
    raise NotImplementedError("nonvint_block_supervisor.register is not provided by this simulator")


def unregister(call_block):
    """Not provided."""
    raise NotImplementedError("nonvint_block_supervisor.unregister is not provided by this simulator")


def clear():
    """Nothing is ever registered."""


def nonvint_block(method, size, pd1, pd2, tid):
    """Nothing is ever registered."""
    return 0


def ode_count_all(offset):
    """Number of extra equations: none."""
    return 0
