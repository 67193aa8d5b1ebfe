# SPDX-License-Identifier: BSD-3-Clause
"""All there is to know about a section, as a dictionary."""
import sys as _sys

_hoc = _sys.modules["neuron.hoc"]


def _values(section, getter, length):
    if length > 1:
        return [[getter(seg)[i] for i in range(length)] for seg in section]
    return [getter(seg) for seg in section]


def _mechanism(section, name):
    result = {}
    for variable, length, _units, _kind in _hoc.mechanism_variables(name):
        result[variable] = _values(section, lambda seg, v=variable: getattr(getattr(seg, name), v), length)
    return result


def _mechanism_names():
    """In the order of MechanismType."""
    h, names = _sys.modules["neuron"].h, []
    types, name = h.MechanismType(0), h.ref("")
    for i in range(int(types.count())):
        types.select(i)
        types.selected(name)
        names.append(name[0])
    return names


def psection(section):
    """The dictionary that Section.psection() returns."""
    density, ions, points = {}, {}, {}
    here = {mechanism.name() for mechanism in section(0.5)}
    for name in _mechanism_names():
        if name not in here:
            continue
        if name.endswith("_ion"):
            ions[name[: -len("_ion")]] = _mechanism(section, name)
        else:
            density[name] = _mechanism(section, name)
    for seg in section.allseg():
        for point in seg.point_processes():
            points.setdefault(point.hname().split("[")[0], set()).add(point)
    pts3d = [(section.x3d(i), section.y3d(i), section.z3d(i), section.diam3d(i)) for i in range(int(section.n3d()))]
    return {
        "point_processes": points,
        "density_mechs": density,
        "ions": ions,
        "morphology": {
            "L": section.L,
            "diam": [seg.diam for seg in section],
            "pts3d": pts3d,
            "parent": section.parentseg(),
            "trueparent": section.trueparentseg(),
        },
        "nseg": section.nseg,
        "Ra": section.Ra,
        "cm": [seg.cm for seg in section],
        "regions": set(),
        "species": set(),
        "name": section.hname(),
        "hoc_internal_name": section.hoc_internal_name(),
        "cell": section.cell(),
    }
