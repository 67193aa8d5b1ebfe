# SPDX-License-Identifier: BSD-3-Clause
"""Reads MorphML (NeuroML 1) and the morphologies of NeuroML 2 with the XML parser of the standard library.

``rdxml(file name, reader)`` fills the List ``sections`` of a reader (class Import3d_MorphML) with
Import3d_Section objects, one for each cable, parents first. Errors name file and line.
"""
import math
from xml.parsers import expat

from neuron import h

SOMA, AXON, DENDRITE, APICAL, UNKNOWN = 1, 2, 3, 4, 0
UNBRANCHED = "sao864921383"  # NeuroLex: a group of segments that is an unbranched section


class MorphologyError(ValueError):
    """What is wrong in a file, and where."""


class Node:
    """An element with its line. Names are without namespace."""

    def __init__(self, name, attributes, line):
        self.name, self.attributes, self.line = name, attributes, line
        self.children, self.text = [], ""

    def each(self, *names):
        return [c for c in self.children if c.name in names]

    def walk(self, *names):
        pending = [self]
        while pending:
            node = pending.pop()
            if node.name in names:
                yield node
            pending.extend(reversed(node.children))


class Document:
    def __init__(self, filename):
        self.filename = filename
        self.root = Node("", {}, 0)
        self._open = [self.root]
        parser = self._parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = self._start, self._end, self._characters
        try:
            with open(filename, "rb") as stream:
                parser.ParseFile(stream)
        except expat.ExpatError as error:
            raise MorphologyError(f"{filename}:{error.lineno}: {expat.ErrorString(error.code)}") from None

    def _start(self, name, attributes):
        plain = {key.split(":")[-1]: value for key, value in attributes.items()}
        node = Node(name.split(":")[-1], plain, self._parser.CurrentLineNumber)
        self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, name):
        self._open.pop()

    def _characters(self, text):
        self._open[-1].text += text

    def fail(self, node, why):
        raise MorphologyError(f"{self.filename}:{node.line}: {why}")

    def attribute(self, node, *names, default=None):
        for name in names:
            if name in node.attributes:
                return node.attributes[name]
        if default is None:
            self.fail(node, f"<{node.name}> has no attribute `{names[0]}`")
        return default

    def number(self, node, *names, default=None):
        text = self.attribute(node, *names, default=default)
        try:
            return float(text)
        except ValueError:
            self.fail(node, f"`{text}` is no number (attribute `{names[0]}` of <{node.name}>)")

    def point(self, node):
        place = tuple(self.number(node, axis) for axis in "xyz")
        diameter = self.number(node, "diameter", "diam")
        if not diameter >= 0:
            self.fail(node, f"the diameter must be >= 0, not {diameter:g}")
        return place + (diameter,)


class Segment:
    def __init__(self, node, number, parent, cable):
        self.node, self.id, self.parent, self.cable = node, number, parent, cable
        self.proximal = self.distal = None
        self.fraction = 1.0  # along the parent segment


class Cable:
    def __init__(self, number, name=""):
        self.id, self.name, self.segments, self.groups = number, name, [], []
        self.fraction = None  # along the parent cable, when the file says so


def type_of(names):
    """The kind of neurite that names of groups speak of."""
    for name in names:
        low = name.lower()
        if low.startswith("soma"):
            return SOMA
        if low.startswith("axon"):
            return AXON
        if "apical" in low:
            return APICAL
        if low.startswith(("dend", "basal")):
            return DENDRITE
    return UNKNOWN


def read_segments(document, cell):
    segments = {}
    for node in cell.walk("segment"):
        number = document.attribute(node, "id")
        if number in segments:
            document.fail(node, f"there is already a segment {number}")
        parent = node.attributes.get("parent")
        s = Segment(node, number, parent, node.attributes.get("cable"))
        for child in node.children:
            if child.name == "proximal":
                s.proximal = document.point(child)
            elif child.name == "distal":
                s.distal = document.point(child)
            elif child.name == "parent":  # NeuroML 2
                s.parent = document.attribute(child, "segment")
                s.fraction = document.number(child, "fractionAlong", default="1")
        if s.distal is None:
            document.fail(node, f"segment {number} has no <distal> point")
        if s.proximal is not None and s.proximal[:3] == s.distal[:3]:  # a sphere, as a cylinder of its diameter along y
            x, y, z, diameter = s.distal
            s.proximal = (x, y - diameter / 2, z, s.proximal[3])
            s.distal = (x, y + diameter / 2, z, diameter)
        segments[number] = s
    for s in segments.values():
        if s.parent is not None and s.parent not in segments:
            document.fail(s.node, f"segment {s.id} has the parent {s.parent}, which does not exist")
    return segments


def cables_of_version_1(document, cell, segments):
    cables = {}
    for node in cell.walk("cable"):
        if document.attribute(node, "id") in cables:  # a member of a cablegroup
            continue
        c = Cable(document.attribute(node, "id"), node.attributes.get("name", ""))
        if "fractAlongParent" in node.attributes or "fract_along_parent" in node.attributes:
            c.fraction = document.number(node, "fractAlongParent", "fract_along_parent")
        c.groups = [g.text.strip() for g in node.walk("group")]
        cables[c.id] = c
    for group in cell.walk("cablegroup"):
        for member in group.each("cable"):
            wanted = document.attribute(member, "id")
            if wanted in cables:
                cables[wanted].groups.append(group.attributes.get("name", ""))
    for s in segments.values():
        if s.cable is None:
            document.fail(s.node, f"segment {s.id} belongs to no cable")
        if s.cable not in cables:
            document.fail(s.node, f"segment {s.id} belongs to cable {s.cable}, which does not exist")
        cables[s.cable].segments.append(s)
    return [c for c in cables.values() if c.segments]


def members_of(groups, name, seen=()):
    """Segments of a NeuroML 2 group and of those that it includes."""
    group = groups.get(name)
    if group is None or name in seen:
        return []
    found = [m.attributes.get("segment") for m in group.each("member")]
    for included in group.each("include"):
        found += members_of(groups, included.attributes.get("segmentGroup"), seen + (name,))
    return found


def cables_of_version_2(document, cell, segments):
    groups = {document.attribute(g, "id"): g for g in cell.walk("segmentGroup")}
    cables = []
    for name, group in groups.items():
        if group.attributes.get("neuroLexId") != UNBRANCHED:
            continue
        c = Cable(name, name)
        for number in members_of(groups, name):
            if number not in segments:
                document.fail(group, f"segmentGroup {name} has the member {number}, which does not exist")
            segments[number].cable = name
            c.segments.append(segments[number])
        cables.append(c)
    by_id = {c.id: c for c in cables}
    children = {}
    for s in segments.values():
        children.setdefault(s.parent, []).append(s)
    for s in segments.values():  # what no group claims: chains without branches
        if s.cable is not None:
            continue
        parent = segments.get(s.parent)
        goes_on = parent is not None and parent.cable in by_id and by_id[parent.cable].name == "" and len(children[s.parent]) == 1 and s.fraction == 1
        if goes_on and s.proximal in (None, parent.distal):
            s.cable = parent.cable
        else:
            s.cable = f"cable of segment {s.id}"
            by_id[s.cable] = Cable(s.cable)
            cables.append(by_id[s.cable])
        by_id[s.cable].segments.append(s)
    for name in groups:
        inside = set(members_of(groups, name))
        for c in cables:
            if name != c.id and all(s.id in inside for s in c.segments) and name.lower() != "all":
                c.groups.append(name)
    for c in cables:
        if c.name:
            c.groups.append(c.name)
    return cables


def length(points):
    return sum(math.dist(a[:3], b[:3]) for a, b in zip(points, points[1:]))


def in_order(document, cables, segments):
    """Cables with their parents first."""
    by_id = {c.id: c for c in cables}
    done, ordered = set(), []
    for cable in cables:
        waiting = []
        while cable is not None and cable.id not in done:
            if cable in waiting:
                document.fail(cable.segments[0].node, f"cable {cable.id} is its own ancestor")
            waiting.append(cable)
            parent = segments.get(cable.segments[0].parent)
            cable = by_id[parent.cable] if parent is not None else None
        for c in reversed(waiting):
            done.add(c.id)
            ordered.append(c)
    return ordered


def shapes_of_cell(document, cell):
    """Yields of each cable, parents first: itself, its points (x, y, z, diameter), its parent cable's id (or None) and place there."""
    segments = read_segments(document, cell)
    if not segments:
        document.fail(cell, "the cell has no segments")
    cables = (cables_of_version_2 if is_version_2(cell) else cables_of_version_1)(document, cell, segments)
    points_of, ends_of = {}, {}
    for cable in in_order(document, cables, segments):
        begin = cable.segments[0]
        parent = segments.get(begin.parent)
        if begin.proximal is None and parent is None:
            document.fail(begin.node, f"segment {begin.id} has neither a parent nor a <proximal> point")
        points = [begin.proximal if begin.proximal is not None else parent.distal]
        ends = {}
        for s in cable.segments:
            points.append(s.distal)
            ends[s.id] = len(points) - 1
        points_of[cable.id], ends_of[cable.id] = points, ends
        place = 0.0 if parent is None else place_on_parent(cable, parent, points_of[parent.cable], ends_of[parent.cable], begin.fraction)
        yield cable, points, None if parent is None else parent.cable, place


def is_version_2(cell):
    return any(True for _ in cell.walk("segmentGroup")) or not any(True for _ in cell.walk("cable"))


def sections_of_cell(document, cell, first_id):
    made = {}
    for cable, points, parent, place in shapes_of_cell(document, cell):
        section = h.Import3d_Section(0, len(points))
        for i, p in enumerate(points):
            section.set_pnt(i, *p)
        # The original takes no notice of the groups of version 1: its sections are all called dend_0.
        section.type = type_of(cable.groups) if is_version_2(cell) else UNKNOWN
        section.id = first_id + len(made)
        section.line = cable.segments[-1].node.line
        if parent is not None:
            section.parentsec = made[parent]
            section.parentx = place
        made[cable.id] = section
    return list(made.values())


def place_on_parent(cable, parent, points, ends, fraction):
    if cable.fraction is not None:
        return cable.fraction
    end = ends[parent.id]
    whole = length(points)
    if whole == 0:
        return 1.0
    return (length(points[:end]) + fraction * length(points[end - 1 : end + 1])) / whole


def rdxml(filename, reader):
    document = Document(filename)
    cells = list(document.root.walk("cell"))
    if not cells:
        document.fail(document.root.children[0], "the file has no <cell>")
    for cell in cells:
        for section in sections_of_cell(document, cell, int(reader.sections.count())):
            reader.sections.append(section)
