# SPDX-License-Identifier: BSD-3-Clause
"""A cell of NeuroML for CellBuild: its sections with 3-D points, subsets and, of version 1, mechanisms.

``read_neuroml(file name, builder)`` is what ``CellBuild.manage.neuroml(file name)`` calls.
"""
import re
import warnings

from neuron import h
from neuron.rdxml import Document, is_version_2, shapes_of_cell

# What the units of a file's numbers are in those of the simulator, by the name of the system of units.
PHYSIOLOGICAL = {"conductance": 1e-3, "voltage": 1.0, "capacitance": 1.0, "resistance": 1e3}  # mS/cm2, mV, uF/cm2, kohm cm
SI = {"conductance": 1e-4, "voltage": 1e3, "capacitance": 100.0, "resistance": 100.0}  # S/m2, V, F/m2, ohm m
CAPACITANCE = ("spec_capacitance", "specificCapacitance")
RESISTANCE = ("spec_axial_resistance", "specificAxialResistance")
SEGMENTS_PER_LENGTH = 0.1  # d_lambda, the builder's usual one


def identifier(text, otherwise):
    """A name that Hoc takes, and an index when the text ends with one."""
    found = re.fullmatch(r"(.*?)\[(\d+)\]", text.strip())
    name, index = (found[1], int(found[2])) if found else (text.strip(), None)
    name = re.sub(r"\W", "_", name, flags=re.ASCII)
    if not name or not name[0].isalpha():
        name = f"{otherwise}{name}"
    return name, index


def names_of(cables):
    """(name, index) of each cable; those of the same name are numbered."""
    wanted = [identifier(c.name, "section") for c in cables]
    count, taken, names = {}, set(), []
    for name, _ in wanted:
        count[name] = count.get(name, 0) + 1
    for name, index in wanted:
        if index is None or (name, index) in taken:
            index = next(k for k in range(len(wanted)) if (name, k) not in taken)
        taken.add((name, index))
        names.append((name, index, count[name] > 1))
    return names


def subset_of(builder, name, sections):
    subsets = builder.subsets.snlist
    for subset in subsets:
        if subset.name == name:
            return subset
    made = h.SNList(name)
    for section in sections:
        made.add(section)
    subsets.append(made)
    return made


def density_mechanisms():
    kinds, text, names = h.MechanismType(0), h.ref(""), set()
    for i in range(int(kinds.count())):
        kinds.select(i)
        kinds.selected(text)
        names.add(text[0])
    return names


def parameter(mechanism, name):
    """The mechanism's variable that a file calls `name`; None when it has none."""
    standard = h.MechanismStandard(mechanism, 1)
    known, text = set(), h.ref("")
    for i in range(int(standard.count())):
        standard.name(text, i)
        known.add(text[0])
    suffix = f"_{mechanism}"
    for candidate in [name] + (["gmax", "gbar", f"g{mechanism}bar", "g"] if name in ("gmax", "g", "gbar") else []):
        if candidate + suffix in known:
            return candidate + suffix
    return None


def groups_of(node, subsets, document):
    for group in node.walk("group"):
        name = group.text.strip()
        if name not in subsets:
            document.fail(group, f"there is no group `{name}` of cables")
        yield subsets[name]


def read_mechanism(document, node, scale, subsets):
    passive = node.attributes.get("passive_conductance", "false").lower() in ("true", "1") or node.attributes.get("passiveConductance", "false").lower() in ("true", "1")
    mechanism = "pas" if passive else document.attribute(node, "name")
    if mechanism not in density_mechanisms():
        warnings.warn(f"{document.filename}:{node.line}: there is no mechanism `{mechanism}`: it is left out", stacklevel=2)
        return
    standards = {}  # of each subset
    for entry in node.each("parameter"):
        name = document.attribute(entry, "name")
        variable = parameter(mechanism, name)
        if variable is None:
            document.fail(entry, f"the mechanism `{mechanism}` has no parameter `{name}`")
        value = document.number(entry, "value") * scale["voltage" if name.startswith("e") else "conductance"]
        for subset in groups_of(entry, subsets, document):
            if subset not in standards:
                standards[subset] = h.MechanismStandard(mechanism, 1)
                subset.ml.append(h.MStanWrap(standards[subset], 1))
            standards[subset].set(variable, value)


def read_biophysics(document, cell, subsets):
    for biophysics in cell.walk("biophysics"):
        units = biophysics.attributes.get("units", "Physiological Units")
        scale = SI if units.startswith("SI") else PHYSIOLOGICAL
        for node in biophysics.children:
            if node.name == "mechanism":
                read_mechanism(document, node, scale, subsets)
            elif node.name in CAPACITANCE + RESISTANCE:
                kind = 1 if node.name in CAPACITANCE else 0
                for entry in node.each("parameter"):
                    for subset in groups_of(entry, subsets, document):
                        value = h.FakeMechStan(kind)
                        value.value = document.number(entry, "value") * scale["capacitance" if kind else "resistance"]
                        subset.ml.append(h.MStanWrap(value, 0))
            else:
                warnings.warn(f"{document.filename}:{node.line}: <{node.name}> is not read", stacklevel=2)


def read_neuroml(filename, builder):
    document = Document(filename)
    cell = next(document.root.walk("cell"), None)
    if cell is None:
        document.fail(document.root.children[0], "the file has no <cell>")
    shapes = list(shapes_of_cell(document, cell))
    builder.topol.slist.remove_all()
    while len(builder.subsets.snlist) > 1:
        builder.subsets.snlist.remove(1)
    everything = builder.subsets.snlist[0]
    made, members = {}, {}
    for order, ((cable, points, parent, place), (name, index, is_array)) in enumerate(zip(shapes, names_of([s[0] for s in shapes]))):
        section = h.CellBuildSection(name, index, order, made.get(parent), place)
        section.isarray = is_array or index > 0
        for point in points:
            section.add_point(*point)
        builder.topol.slist.append(section)
        made[cable.id] = section
        for group in cable.groups:
            if section not in members.setdefault(group, []):
                members[group].append(section)
    builder.subsets.consist()
    subsets = {"all": everything}
    for group, sections in members.items():
        name = identifier(group, "group")[0]
        if group and group != "all" and name not in {s[0] for s in names_of([s[0] for s in shapes])}:
            subsets[group] = subset_of(builder, name, sections)
    segments = h.GeoSpec(7)
    segments.value = SEGMENTS_PER_LENGTH
    everything.geo.remove_all()
    everything.geo.append(segments)
    everything.ml.remove_all()
    if is_version_2(cell):
        if any(True for _ in cell.walk("biophysicalProperties")):
            warnings.warn(f"{filename}: biophysical properties of NeuroML 2 are not read", stacklevel=2)
    else:
        read_biophysics(document, cell, subsets)
