# SPDX-License-Identifier: BSD-3-Clause
"""Reaction-diffusion is not part of this simulator: importing it says so."""
raise ImportError("neuron.rxd (reaction-diffusion) is not provided by this simulator")
