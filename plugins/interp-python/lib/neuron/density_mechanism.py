# SPDX-License-Identifier: BSD-3-Clause
"""Density mechanisms by name, as objects."""
import sys as _sys

_hoc = _sys.modules["neuron.hoc"]


class DensityMechanism:
    """A density mechanism: DensityMechanism("hh").insert(section). Also h.hh."""

    def __init__(self, name):
        try:
            self._ion, self._title, self._file = _hoc.mechanism_facts(name)
        except RuntimeError as error:
            raise Exception(f"No density mechanism: {name}. {error}") from None
        self._name = name

    @property
    def name(self):
        """Its name, as used by insert."""
        return self._name

    def __repr__(self):
        return f"neuron.DensityMechanism({self._name!r})"

    def __eq__(self, other):
        return isinstance(other, DensityMechanism) and other.name == self.name

    def __hash__(self):
        return hash(self._name)

    def insert(self, sections):
        """Inserts it in one section or all of an iterable."""
        for section in self._sections(sections):
            section.insert(self._name)
        return self

    def uninsert(self, sections):
        """Takes it out of one section or all of an iterable."""
        for section in self._sections(sections):
            section.uninsert(self._name)
        return self

    @property
    def file(self):
        """The pack it comes from."""
        return self._file

    @property
    def code(self):
        """Its title."""
        return self._title

    def is_ion(self):
        """Is it an ion's mechanism, as na_ion?"""
        return self._ion

    def is_netcon_target(self):
        """Density mechanisms receive no events."""
        return False

    def has_net_event(self):
        """Density mechanisms send no events."""
        return False

    def is_artificial(self):
        """Density mechanisms are part of the membrane."""
        return False

    @staticmethod
    def _sections(sections):
        return [sections] if isinstance(sections, _hoc.nrn.Section) else list(sections)
