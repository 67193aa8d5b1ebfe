# SPDX-License-Identifier: BSD-3-Clause
"""Reconstructed cells in every format, from small files written here."""
import math

import pytest


class Cell:
    def __str__(self):
        return "cell"


@pytest.fixture
def load(h, tmp_path):
    h.load_file("import3d.hoc")

    def read(reader, text):
        file = tmp_path / "cell"
        file.write_text(text)
        r = getattr(h, reader)()
        r.input(str(file))
        cell = Cell()
        h.Import3d_GUI(r, False).instantiate(cell)
        return cell, r

    return read


def points(section):
    return [(section.x3d(i), section.y3d(i), section.z3d(i), section.diam3d(i)) for i in range(section.n3d())]


def joined(section):
    seg = section.parentseg()
    return f"{seg.sec.name()}({seg.x:g})"


def test_soma_of_one_point_is_a_cylinder(load):
    cell, r = load("Import3d_SWC_read", "1 1 1 2 3 10 -1\n2 3 1 12 3 1 1\n3 3 1 40 3 0.5 2\n4 2 1 -8 3 0.4 1\n5 2 1 -50 3 0.2 4\n")
    assert points(cell.soma[0]) == [(-9, 2, 3, 20), (1, 2, 3, 20), (11, 2, 3, 20)]
    assert cell.soma[0](0.5).area() == pytest.approx(4 * math.pi * 100)
    assert joined(cell.dend[0]) == joined(cell.axon[0]) == "cell.soma[0](0.5)"
    assert points(cell.dend[0]) == [(1, 12, 3, 2), (1, 40, 3, 1)]  # from the sphere's surface, wherever that is
    assert [s.name() for s in cell.all] == ["cell.soma[0]", "cell.axon[0]", "cell.dend[0]"]
    assert int(r.sections.count()) == 3 and r.sections[1].parentsec == r.sections[0]


def test_soma_of_three_points_is_a_sphere(load):
    cell, _ = load("Import3d_SWC_read", "1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n4 3 0 5 0 1 1\n5 3 0 20 0 1 4\n")
    assert points(cell.soma[0]) == [(-5, 0, 0, 10), (0, 0, 0, 10), (5, 0, 0, 10)]  # the same sphere as one point
    assert joined(cell.dend[0]) == "cell.soma[0](0.5)"
    assert points(cell.dend[0]) == [(0, 5, 0, 2), (0, 20, 0, 2)]


def test_neurite_of_one_point_begins_in_the_soma(load):
    cell, _ = load("Import3d_SWC_read", "1 1 0 0 0 5 -1\n2 3 30 0 0 1 1\n")
    assert points(cell.dend[0]) == [(0, 0, 0, 2), (30, 0, 0, 2)]


def test_other_lines_between_those_of_a_soma_divide_it(load):
    """Observed of the reference: pieces begin with the point they hang on."""
    neurite = "4 3 9 2 0 1 2\n5 3 12 2 0 1 4\n"
    cell, _ = load("Import3d_SWC_read", f"1 1 0 0 0 5 -1\n2 1 0 1 0 5 1\n3 1 0 2 0 5 2\n{neurite}6 1 0 3 0 4 3\n7 1 0 4 0 4 6\n8 3 0 5 0 1 7\n9 3 0 9 0 1 8\n")
    assert points(cell.soma[0]) == [(0, 0, 0, 10), (0, 1, 0, 10), (0, 2, 0, 10)]
    assert points(cell.soma[1]) == [(0, 2, 0, 10), (0, 3, 0, 8), (0, 4, 0, 8)]
    assert [joined(s) for s in (cell.soma[1], cell.dend[0], cell.dend[1])] == ["cell.soma[0](1)", "cell.soma[0](0.5)", "cell.soma[1](1)"]


def test_a_soma_goes_on_from_its_first_point_beyond_a_neurite(load):
    neurite = "2 3 9 2 0 1 1\n3 3 12 2 0 1 2\n"
    cell, _ = load("Import3d_SWC_read", f"1 1 0 0 0 5 -1\n{neurite}4 1 0 3 0 4 1\n5 1 0 4 0 4 4\n")
    assert points(cell.soma[0]) == [(-5, 0, 0, 10), (0, 0, 0, 10), (5, 0, 0, 10)]
    assert points(cell.soma[1]) == [(0, 0, 0, 10), (0, 3, 0, 8), (0, 4, 0, 8)]
    assert joined(cell.soma[1]) == "cell.soma[0](0)"


def test_branched_soma(load):
    text = "1 1 0 0 0 3 -1\n2 1 5 0 0 5 1\n3 1 10 0 0 6 2\n4 1 0 5 0 4 1\n5 1 0 9 0 4 4\n6 3 12 0 0 1 3\n7 3 30 0 0 1 6\n8 3 0 12 0 1 5\n9 3 0 30 0 1 8\n"
    cell, _ = load("Import3d_SWC_read", text)
    assert points(cell.soma[0]) == [(0, 0, 0, 6), (5, 0, 0, 10), (10, 0, 0, 12)]
    assert points(cell.soma[1]) == [(0, 0, 0, 6), (0, 5, 0, 8), (0, 9, 0, 8)]
    assert joined(cell.soma[1]) == "cell.soma[0](0)"
    assert [joined(s) for s in cell.dend] == ["cell.soma[0](1)", "cell.soma[1](1)"]
    assert points(cell.dend[1]) == [(0, 9, 0, 2), (0, 12, 0, 2), (0, 30, 0, 2)]


def test_neurites_on_the_branch_point_where_a_soma_begins(load):
    text = "1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n4 3 0 5 0 1 1\n5 3 0 20 0 1 4\n6 2 0 -9 0 1 1\n7 2 0 -30 0 1 6\n8 4 0 -8 0 1 2\n9 4 0 -30 0 1 8\n"
    cell, _ = load("Import3d_SWC_read", text)
    assert len(cell.soma) == 2 and joined(cell.soma[1]) == "cell.soma[0](0)"
    assert joined(cell.axon[0]) == joined(cell.dend[0]) == "cell.soma[0](0)" and joined(cell.apic[0]) == "cell.soma[0](1)"
    assert points(cell.dend[0]) == [(0, 5, 0, 2), (0, 20, 0, 2)]
    assert points(cell.apic[0]) == [(0, -5, 0, 2), (0, -8, 0, 2), (0, -30, 0, 2)]


def test_soma_of_many_points(load):
    text = "1 1 0 0 -5 2 -1\n2 1 0 0 0 5 1\n3 1 0 0 2 6 2\n4 1 0 0 6 1 3\n5 1 0 0 10 7 4\n6 1 0 0 15 2 5\n7 3 0 9 0 1 2\n8 3 0 30 0 1 7\n9 3 0 0 40 1 6\n"
    cell, _ = load("Import3d_SWC_read", text)
    assert cell.soma[0].L == pytest.approx(20) and cell.soma[0].diam == pytest.approx(8.1)
    assert [joined(s) for s in cell.dend] == ["cell.soma[0](0.5)", "cell.soma[0](1)"]


def test_branches_end_sections_and_types_split_them(load):
    text = "1 1 0 0 0 5 -1\n2 4 0 6 0 1 1\n3 4 0 9 0 1 2\n4 4 3 12 0 1 3\n5 4 -3 12 0 1 3\n6 7 0 15 0 0.5 4\n7 7 0 18 0 0.5 6\n"
    cell, _ = load("Import3d_SWC_read", text)
    assert len(cell.apic) == 3 and len(cell.dend_7) == 1
    assert joined(cell.dend_7[0]) == "cell.apic[1](1)"
    assert points(cell.apic[1]) == [(0, 9, 0, 2), (3, 12, 0, 2)]


@pytest.mark.parametrize(
    "text, where",
    [("1 1 0 0 0 5 -1\n2 3 x 0 0 1 1\n", ":2: `x`"), ("1 1 0 0 0 5\n", ":1: 6 numbers"), ("1 1 0 0 0 5 -1\n2 3 0 1 0 1 9\n", ":2: point 2 has the parent 9"),
     ("1 1 0 0 0 5 -1\n1 3 0 1 0 1 1\n", ":2: there is already"), ("1 1 0 0 0 5 -1\n2 3 0 1 0 1 3\n3 3 0 1 0 1 2\n", ":2: point 2 belongs to a loop"),
     ("# nothing\n", "no points"), ("1 1 0 0 0 0 -1\n", "radius")],
)
def test_malformed_swc(load, text, where):
    with pytest.raises(Exception, match=where.replace("(", r"\(")):
        load("Import3d_SWC_read", text)


NESTED = """; a comment
(ImageCoords)
("CellBody" (Color Red) (CellBody) (0 0 0 0.1) (10 0 0 0.1) (10 6 0 0.1) (0 6 0 0.1))
((Color Blue) (Dendrite)
 (10 3 0 2) (20 3 0 1.5 S1)
 <(21 4 0 0.3)>
 (Dot (Color White) (Name "m") (22 3 0 0.5))
 ( (25 6 0 1) (30 9 0 1) Normal
 | (25 0 0 1)
   ( (30 -3 0 0.8) High | (30 3 0 0.7) Incomplete )
 )
)
( (Axon) (0 3 0 1) (-30 3 0 0.5) Generated )
"""


def test_neurolucida_version_3(load):
    cell, _ = load("Import3d_Neurolucida3", NESTED)
    assert len(cell.dend) == 5 and len(cell.axon) == 1 and len(cell.soma) == 1
    assert [joined(s) for s in cell.dend] == ["cell.soma[0](0.5)", "cell.dend[0](1)", "cell.dend[0](1)", "cell.dend[2](1)", "cell.dend[2](1)"]
    assert points(cell.dend[1]) == [(20, 3, 0, 1), (25, 6, 0, 1), (30, 9, 0, 1)]  # as thick as its own first point
    soma = cell.soma[0]
    assert soma.n3d() == 21 and soma.L == pytest.approx(9.62, rel=1e-6)
    assert soma.diam3d(10) == pytest.approx(6, rel=0.03)


# Diameters of the 21 points that stand for an outline, as NEURON 9.0.1 has them: convex, concave, and out of the plane.
OUTLINES = [
    ([(0, 0, 0), (5, 3, 0), (12, 4, 0), (18, 1, 0), (19, -3, 0), (12, -6, 0), (5, -5, 0)], (0.59851, 1.48078, 0, 4.56381), (9.79829, -0.44837, 0, 9.54955), (18.99807, -2.37751, 0, 1.65656)),
    ([(0, 0, 0), (4, 6, 0), (8, 2, 0), (12, 7, 0), (6, 4, 0), (18, 5, 0), (22, 0, 0), (16, -6, 0), (17, -3, 0), (13, -4, 0), (15, -7, 0), (5, -6, 0), (2, -2, 0)],
     (1.24412, 3.29125, 0, 3.79947), (11.07662, 0.28110, 0, 11.43546), (20.90912, -2.72905, 0, 2.15970)),
    ([(0, 0, 0), (4, 6, 2), (8, 2, 4), (12, 7, 6), (14, 15, 8), (18, 20, 9), (22, 18, 10), (20, 12, 7), (17, 3, 6), (13, -4, 4), (5, -6, 3), (2, -2, 1)],
     (4.29226, -4.73635, 1.62396, 5.19984), (12.82916, 6.84741, 5.59673, 6.35152), (21.36606, 18.43116, 9.56950, 2.78955)),
    ([(0, 0, 0), (10, 0, 0), (3, 8, 0)], (8.79132, -1.03527, 0, 0.44682), None, None),
]


@pytest.mark.parametrize("outline, first, middle, last", OUTLINES)
def test_neurolucida_outline(load, outline, first, middle, last):
    text = '("CellBody" (CellBody)' + "".join(f"({x} {y} {z} 0.3)" for x, y, z in outline) + ")\n((Dendrite) (0 0 0 2) (0 50 0 2))\n"
    cell, _ = load("Import3d_Neurolucida3", text)
    soma = points(cell.soma[0])
    assert len(soma) == 21
    for k, expected in ((0, first), (10, middle), (20, last)):
        if expected:
            assert soma[k] == pytest.approx(expected, abs=2e-5)


def test_neurolucida_somata_beside_each_other(load):
    outline = lambda x: '("CellBody" (CellBody)' + "".join(f"({x + dx} {y} 0 0.3)" for dx, y in ((-6, 0), (0, 5), (6, 0), (0, -5))) + ")\n"  # noqa: E731
    cell, _ = load("Import3d_Neurolucida3", outline(0) + outline(100) + "((Dendrite) (10 0 0 2) (30 0 0 1))\n((Dendrite) (110 0 0 2) (130 0 0 1))\n")
    assert len(cell.soma) == 2 and cell.soma[1].parentseg() is None
    assert [joined(s) for s in cell.dend] == ["cell.soma[0](0.5)", "cell.soma[1](0.5)"]


def test_neurolucida_outline_of_one_point_is_a_circle(load):
    cell, _ = load("Import3d_Neurolucida3", '("CellBody" (CellBody) (0 0 0 2))\n((Dendrite) (0 0 0 2) (0 5 0 2))\n')
    soma = cell.soma[0]
    assert soma.n3d() == 20
    assert soma.x3d(1) == pytest.approx(0.94581723) and soma.y3d(1) == pytest.approx(-0.32469952) and soma.diam3d(1) == 1


@pytest.mark.parametrize("text, line", [("((Dendrite)\n (0 0 0 1)\n (0 5 0 1", 3), ("((Axon) (1 2) )", 1), ("((Dendrite) (0 0 0 1) (0 1 0 1)", 1)])
def test_malformed_neurolucida(load, text, line):
    with pytest.raises(Exception, match=f"cell:{line}: "):
        load("Import3d_Neurolucida3", text)


def test_neurolucida_outlines_above_each_other_are_one_soma(load):
    outline = lambda half, z: '("CellBody" (CellBody)' + "".join(f"({half * x} {half * y} {z} 0.1)" for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))) + ")\n"  # noqa: E731
    cell, r = load("Import3d_Neurolucida3", outline(5, 0) + outline(10, 2) + "((Dendrite) (0 4 0 2) (0 50 0 1))\n")
    assert [pytest.approx(p, abs=1e-4) for p in points(cell.soma[0])] == [(-0.0495, -0.0495, 0, 12.1197), (-0.0990, -0.0990, 2, 24.2395)]
    assert len(cell.soma) == 1 and points(cell.dend[0]) == [(0, 4, 0, 2), (0, 50, 0, 1)]
    assert [int(s.is_subsidiary) for s in r.sections] == [0, 1, 0]
    tree = r.sections[2]
    assert tree.first == 1 and tree.raw.getval(2, 0) == pytest.approx(1) and tree.d[0] == 0.01  # half way between the outlines


def test_neurolucida_sections_of_one_point_are_left_out(load):
    soma = '("CellBody" (CellBody) (-5 -5 0 0.1) (5 -5 0 0.1) (5 5 0 0.1) (-5 5 0 0.1))\n'
    cell, _ = load("Import3d_Neurolucida3", soma + "((Dendrite) (0 6 0 2) ((3 15 0 1) | (-3 15 0 0.8)))\n((Axon) (0 -6 0 1))\n")
    assert not hasattr(cell, "axon") and [joined(s) for s in cell.dend] == ["cell.soma[0](0.5)", "cell.soma[0](0.5)"]
    assert points(cell.dend[1]) == [(0, 6, 0, pytest.approx(0.8)), (-3, 15, 0, pytest.approx(0.8))]


CLASSIC_SOMA = "V3 text file\n[2,41] (-5, -5, 0) 0.1\n[1,41] (5, -5, 0) 0.1\n[1,41] (5, 5, 0) 0.1\n[1,41] (-5, 5, 0) 0.1\n"


@pytest.mark.parametrize(
    "text, expected",
    [  # radii; what the reference makes of them
        # a branch point ends a section, what follows it and what moves back to it are its branches
        ("[2,1] (0, 4, 0) 1\n[1,1] (0, 7, 0) 1\n[10,5] (0, 8, 0) 1\n[1,1] (0, 12, 0) 0.5\n[2,2] (0, 8, 0) 1\n[1,2] (5, 20, 0) 0.75\n",
         ["dend[0] (0, 4):2 (0, 7):2 (0, 8):2 on soma[0](0.5)", "dend[1] (0, 8):1 (0, 12):1 on dend[0](1)", "dend[2] (0, 8):1.5 (5, 20):1.5 on dend[0](1)"]),
        # at another depth: joined to the point seen from above
        ("[2,21] (0, 4, 0) 1\n[10,5] (0, 8, 0) 1\n[2,22] (0, 8, 3) 0.5\n[1,22] (5, 20, 0) 0.75\n",
         ["axon[0] (0, 4):2 (0, 8):2 on soma[0](0.5)", "axon[1] (0, 8):1 (0, 8):1 (5, 20):1.5 on axon[0](1)"]),
        # outside of the soma and on no branch point: hangs on the nearest
        ("[2,61] (0, 4, 0) 1\n[10,5] (0, 30, 0) 1\n[2,62] (0, 31, 0) 0.5\n[1,62] (5, 40, 0) 0.5\n[2,1] (9, 0, 0) 1\n[1,1] (20, 0, 0) 1\n",
         ["dend[0] (9, 0):2 (20, 0):2 on soma[0](1)", "apic[0] (0, 4):2 (0, 30):2 on soma[0](0.5)", "apic[1] (0, 31):1 (5, 40):1 on apic[0](1)"]),
    ],
)
def test_neurolucida_classic(load, text, expected):
    cell, _ = load("Import3d_Neurolucida_read", CLASSIC_SOMA + text)
    assert cell.soma[0].n3d() == 21 and cell.soma[0].diam3d(10) == pytest.approx(10)
    made = [s for s in cell.all if s.parentseg() is not None]
    told = [" ".join([s.name().split(".")[1], *(f"({x:g}, {y:g}):{d:g}" for x, y, _, d in points(s)), "on", joined(s).split(".", 1)[1]]) for s in made]
    assert told == expected


@pytest.mark.parametrize("text, why", [("[2,1] (0, 4, 0)\n", ":6: 5 numbers"), ("[2,1] (0, x, 0) 1\n", ":6: `x`"), ("", "")])
def test_malformed_neurolucida_classic(load, text, why):
    if why:
        with pytest.raises(Exception, match=why):
            load("Import3d_Neurolucida_read", CLASSIC_SOMA + text)
    else:
        with pytest.raises(Exception, match=":1: a line goes on"):
            load("Import3d_Neurolucida_read", "[1,1] (0, 0, 0) 1\n")


def test_eutectic(load):
    text = " No. points 9\n No. trees 2\n Text a cell\n\n Point  Type  Tag      X       Y       Z  Thick   Name    Attachment\n"
    rows = ["MTO 3 0 0 0 2.0 dend", "CP 3 5 0 0 1.5", "BP 3 10 0 0 1.5", "CP 3 12 2 0 1.0", "NE 3 15 5 0 1.0", "NE 3 15 -5 0 1.0", "BTO 2 0 0 0 1.0 axon", "NE 2 -20 0 0 0.5"]
    cell, _ = load("Import3d_Eutectic_read", text + "".join(f"{i} {row}\n" for i, row in enumerate(rows, 1)))
    assert len(cell.dend) == 3 and len(cell.axon) == 1
    assert points(cell.dend[1]) == [(10, 0, 0, 1), (12, 2, 0, 1), (15, 5, 0, 1)]  # the tag is the type, as in SWC
    with pytest.raises(Exception, match="belongs to no tree"):
        load("Import3d_Eutectic_read", "1 MTO 1 0 0 0 1\n2 NE 1 1 0 0 1\n3 CP 1 2 0 0 1\n")


NEUROML2 = """<neuroml xmlns="http://www.neuroml.org/schema/neuroml2" id="x">
 <cell id="c"><morphology id="m">
  <segment id="0" name="soma"><proximal x="0" y="0" z="0" diameter="10"/><distal x="0" y="10" z="0" diameter="10"/></segment>
  <segment id="1" name="d1"><parent segment="0" fractionAlong="0.5"/><proximal x="0" y="5" z="0" diameter="2"/><distal x="20" y="5" z="0" diameter="1"/></segment>
  <segment id="2" name="d2"><parent segment="1"/><distal x="40" y="5" z="0" diameter="1"/></segment>
  <segmentGroup id="soma_section" neuroLexId="sao864921383"><member segment="0"/></segmentGroup>
  <segmentGroup id="dend_section" neuroLexId="sao864921383"><member segment="1"/><member segment="2"/></segmentGroup>
  <segmentGroup id="soma_group"><include segmentGroup="soma_section"/></segmentGroup>
  <segmentGroup id="dendrite_group"><include segmentGroup="dend_section"/></segmentGroup>
 </morphology></cell></neuroml>
"""


def test_morphml_names_and_spheres_are_the_reference_s(load):
    xml = """<neuroml xmlns="http://morphml.org/neuroml/schema" xmlns:mml="http://morphml.org/morphml/schema" xmlns:meta="http://morphml.org/metadata/schema"><cells><cell name="c">
      <mml:segments><mml:segment id="0" cable="0"><mml:proximal x="1" y="2" z="3" diameter="10"/><mml:distal x="1" y="2" z="3" diameter="10"/></mml:segment>
      <mml:segment id="1" cable="1" parent="0"><mml:proximal x="1" y="7" z="3" diameter="2"/><mml:distal x="1" y="20" z="3" diameter="1"/></mml:segment></mml:segments>
      <mml:cables><mml:cable id="0" name="soma"><meta:group>soma_group</meta:group></mml:cable><mml:cable id="1" name="d" fractAlongParent="0.5"/></mml:cables></cell></cells></neuroml>"""
    cell, _ = load("Import3d_MorphML", xml)
    assert points(cell.dend_0[0]) == [(1, -3, 3, 10), (1, 7, 3, 10)]
    assert points(cell.dend_0[1]) == [(1, 7, 3, 2), (1, 20, 3, 1)] and joined(cell.dend_0[1]) == "cell.dend_0[0](0.5)"


def test_neuroml_2(load):
    cell, _ = load("Import3d_MorphML", NEUROML2)
    assert points(cell.dend[0]) == [(0, 5, 0, 2), (20, 5, 0, 1), (40, 5, 0, 1)]
    assert joined(cell.dend[0]) == "cell.soma[0](0.5)"


def test_malformed_xml(load):
    with pytest.raises(Exception, match="cell:2: "):
        load("Import3d_MorphML", "<neuroml>\n<cell></wrong></neuroml>")
    with pytest.raises(Exception, match="cell:3: .*diam"):
        load("Import3d_MorphML", NEUROML2.replace('z="0" diameter="10"/><distal', 'z="0"/><distal'))


def test_sections_may_be_changed_before_they_are_made(h, tmp_path):
    h.load_file("import3d.hoc")
    (tmp_path / "cell").write_text("1 1 0 0 0 5 -1\n2 3 0 6 0 1 1\n3 3 0 9 0 1 2\n")
    r = h.Import3d_SWC_read()
    imp = h.Import3d_GUI(r, 0)
    with pytest.raises(RuntimeError, match="input"):
        imp.instantiate(Cell())
    r.input(str(tmp_path / "cell"))
    assert imp.swc == r
    part = imp.swc.sections[1]
    assert (int(part.type), part.parentx, list(part.d), part.raw.getval(1, 2)) == (3, 0.5, [2, 2, 2], 9)
    part.type = 4
    part.d[2] = 0.5
    cell = Cell()
    imp.instantiate(cell)
    assert not hasattr(cell, "dend") and cell.apic[0].diam3d(1) == 0.5
    with pytest.raises((ValueError, RuntimeError)):
        imp.swc.sections[0].parentsec = part
    with pytest.raises(Exception, match="cannot be read"):
        r.input("no_such_file.swc")


ONE, TWO, ROW = "1 1 0 0 0 5 -1\n", "1 1 0 0 0 5 -1\n2 1 0 8 0 4 1\n", "1 1 0 0 0 5 -1\n2 1 0 4 0 5 1\n3 1 0 8 0 5 2\n"


@pytest.mark.parametrize(
    "text, expected",
    [  # what the reference makes of them
        # in the middle of a soma a neurite begins with its own points, if it has two
        (ROW + "4 3 10 10 0 1 2\n5 3 20 10 0 1 4\n", ["dend[0] (10, 10) (20, 10) on soma[0](0.5)"]),
        (ROW + "4 3 10 10 0 1 2\n", ["dend[0] (0, 4) (10, 10) on soma[0](0.5)"]),
        (ROW + "4 3 10 10 0 1 3\n5 3 20 10 0 1 4\n", ["dend[0] (0, 8) (10, 10) (20, 10) on soma[0](1)"]),
        # one that branches at its first point goes on into its first branch if its last one is of its type
        (TWO + "3 3 10 10 0 1 2\n4 3 20 10 0 1 3\n5 3 20 20 0 1 3\n",
         ["dend[0] (0, 8) (10, 10) (20, 10) on soma[0](1)", "dend[1] (10, 10) (20, 20) on dend[0](0)"]),
        (TWO + "3 3 10 10 0 1 2\n4 4 20 10 0 1 3\n5 3 20 20 0 1 3\n",
         ["dend[0] (0, 8) (10, 10) (20, 10) on soma[0](1)", "dend[1] (10, 10) (20, 20) on dend[0](0)"]),
        (TWO + "3 3 10 10 0 1 2\n4 3 20 10 0 1 3\n5 4 20 20 0 1 3\n",
         ["dend[0] (0, 8) (10, 10) on soma[0](1)", "dend[1] (10, 10) (20, 10) on dend[0](1)", "apic[0] (10, 10) (20, 20) on dend[0](0)"]),
        # not where it follows a soma of one point
        (ONE + "2 3 10 10 0 1 1\n3 3 20 10 0 1 2\n4 3 20 20 0 1 2\n",
         ["dend[0] (0, 0) (10, 10) on soma[0](0.5)", "dend[1] (10, 10) (20, 10) on dend[0](1)", "dend[2] (10, 10) (20, 20) on dend[0](1)"]),
        # points that do not follow each other in the file begin sections (here the reference joins points of two neurites)
        (ONE + "2 3 10 10 0 1 1\n3 4 0 -9 0 1 1\n4 3 20 10 0 1 2\n5 4 0 -20 0 1 3\n",
         ["dend[0] (0, 0) (10, 10) on soma[0](0.5)", "dend[1] (10, 10) (20, 10) on dend[0](1)",
          "apic[0] (0, 0) (0, -9) on soma[0](0.5)", "apic[1] (0, -9) (0, -20) on apic[0](1)"]),
        # a soma that branches, and what hangs on its fork
        ("1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n4 3 0 9 0 1 3\n5 3 9 0 0 1 1\n6 3 20 0 0 1 5\n",
         ["soma[1] (0, 0) (0, 5) on soma[0](0)", "dend[0] (0, 5) (0, 9) on soma[1](1)", "dend[1] (9, 0) (20, 0) on soma[0](0)"]),
    ],
)
def test_where_sections_begin(load, text, expected):
    cell, _ = load("Import3d_SWC_read", text)
    made = [s for s in cell.all if s.parentseg() is not None]
    told = [" ".join([s.name().split(".")[1], *(f"({x:g}, {y:g})" for x, y, _, _ in points(s)), "on", joined(s).split(".", 1)[1]]) for s in made]
    assert told == expected


LEVEL_2 = """<?xml version="1.0"?>
<neuroml xmlns="http://morphml.org/neuroml/schema" xmlns:mml="http://morphml.org/morphml/schema" xmlns:bio="http://morphml.org/biophysics/schema">
<cells><cell name="c">
<mml:segments>
<mml:segment id="0" cable="0"><mml:proximal x="0" y="0" z="0" diameter="20"/><mml:distal x="20" y="0" z="0" diameter="20"/></mml:segment>
<mml:segment id="1" parent="0" cable="1"><mml:proximal x="20" y="0" z="0" diameter="2"/><mml:distal x="120" y="0" z="0" diameter="2"/></mml:segment>
<mml:segment id="2" parent="1" cable="1"><mml:distal x="220" y="0" z="0" diameter="1"/></mml:segment>
<mml:segment id="3" parent="2" cable="2"><mml:proximal x="220" y="0" z="0" diameter="1"/><mml:distal x="220" y="50" z="0" diameter="1"/></mml:segment>
</mml:segments>
<mml:cables><mml:cable id="0" name="Soma"/><mml:cable id="1" name="Dend1"/><mml:cable id="2" name="Dend2"/>
<mml:cablegroup name="soma_group"><mml:cable id="0"/></mml:cablegroup>
<mml:cablegroup name="dendrite_group"><mml:cable id="1"/><mml:cable id="2"/></mml:cablegroup>
<mml:cablegroup name="all"><mml:cable id="0"/><mml:cable id="1"/><mml:cable id="2"/></mml:cablegroup></mml:cables>
%s</cell></cells></neuroml>
"""
BIOPHYSICS = """<biophysics units="Physiological Units">
<bio:mechanism name="hh"><bio:parameter name="gnabar" value="200"><bio:group>soma_group</bio:group></bio:parameter></bio:mechanism>
<bio:mechanism name="leak" passive_conductance="true"><bio:parameter name="gmax" value="0.5"><bio:group>dendrite_group</bio:group></bio:parameter>
<bio:parameter name="e" value="-60"><bio:group>dendrite_group</bio:group></bio:parameter></bio:mechanism>
<bio:spec_capacitance><bio:parameter value="1.5"><bio:group>all</bio:group></bio:parameter></bio:spec_capacitance>
<bio:spec_axial_resistance><bio:parameter value="0.1"><bio:group>dendrite_group</bio:group></bio:parameter></bio:spec_axial_resistance>
</biophysics>
"""


def built(h, tmp_path, text):
    h.load_file("celbild.hoc")
    file = tmp_path / "cell.xml"
    file.write_text(text)
    builder = h.CellBuild()
    builder.manage.neuroml(str(file))
    builder.continuous = 1
    builder.cexport()
    return builder, {s.name(): s for s in h.allsec() if s.name() in ("Soma", "Dend1", "Dend2")}


def test_cell_builder_reads_neuroml(h, tmp_path):
    builder, sections = built(h, tmp_path, LEVEL_2 % "")
    # Names, points, places and numbers of segments are those of the reference for this file.
    assert points(sections["Dend1"]) == [(20, 0, 0, 2), (120, 0, 0, 2), (220, 0, 0, 1)]
    assert joined(sections["Dend2"]) == "Dend1(1)" and joined(sections["Dend1"]) == "Soma(1)"
    assert [sections[s].nseg for s in ("Soma", "Dend1", "Dend2")] == [1, 5, 3]
    assert sections["Dend1"].diam == pytest.approx(1.95)
    assert [(s.name, int(s.list.count())) for s in builder.subsets.snlist] == [("all", 3), ("soma_group", 1), ("dendrite_group", 2)]
    assert [s.name() for s in h.dendrite_group] == ["Dend1", "Dend2"]
    for s in sections.values():
        h.delete_section(sec=s)


def test_cell_builder_reads_mechanisms_of_neuroml(h, tmp_path):
    _, sections = built(h, tmp_path, LEVEL_2 % BIOPHYSICS)
    soma, dend = sections["Soma"], sections["Dend2"]
    assert soma.gnabar_hh == pytest.approx(0.2) and soma.gkbar_hh == 0.036 and soma.cm == 1.5
    assert dend.g_pas == pytest.approx(5e-4) and dend.e_pas == -60 and dend.Ra == pytest.approx(100)
    assert not h.ismembrane("pas", sec=soma) and not h.ismembrane("hh", sec=dend)
    for s in sections.values():
        h.delete_section(sec=s)


def test_cell_builder_says_where_neuroml_is_wrong(h, tmp_path):
    with pytest.raises(RuntimeError, match=r"cell.xml:15: there is no group `nowhere`"):
        built(h, tmp_path, LEVEL_2 % BIOPHYSICS.replace("<bio:group>soma_group", "<bio:group>nowhere"))
    with pytest.warns(UserWarning, match="there is no mechanism `unheard_of`"):
        _, sections = built(h, tmp_path, LEVEL_2 % BIOPHYSICS.replace('name="hh"', 'name="unheard_of"'))
    for s in sections.values():
        h.delete_section(sec=s)
