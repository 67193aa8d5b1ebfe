# SPDX-License-Identifier: BSD-3-Clause
"""Functions that hand back a text need a variable for it: a str given by mistake is refused, never silently left as it was."""
import pytest


@pytest.fixture
def calls(h, soma, tmp_path):
    """(what takes a text, index of its text argument, arguments) triples."""
    soma.insert("hh")
    (tmp_path / "words").write_text("first second\nthird\n" * 10)
    file = h.File(str(tmp_path / "words"))
    file.ropen()
    strings, types, standard = h.StringFunctions(), h.MechanismType(0), h.MechanismStandard("hh", 1)
    types.select("hh")
    yield {
        "head": (strings.head, 2, ["hello", "l", "?"], "he"), "tail": (strings.tail, 2, ["hello", "e", "?"], "llo"),
        "left": (strings.left, 0, ["hello", 2], "he"), "right": (strings.right, 0, ["hello", 2], "llo"),
        "sprint": (h.sprint, 0, ["?", "%d", 3], "3"), "sscanf": (h.sscanf, 2, ["word", "%s", "?"], "word"),
        "selected": (types.selected, 0, ["?"], "hh"), "name": (standard.name, 0, ["?"], "hh"),
        "variable name": (standard.name, 0, ["?", 0], "gnabar_hh"), "getname": (file.getname, 0, ["?"], str(tmp_path / "words")),
        "gets": (file.gets, 0, ["?"], "first second\n"), "scanstr": (file.scanstr, 0, ["?"], "third"),
    }
    file.close()


def test_a_reference_to_a_string_takes_the_text(h, calls):
    for function, place, arguments, expected in calls.values():
        variable = h.ref(arguments[place])
        function(*arguments[:place], variable, *arguments[place + 1:])
        assert variable[0] == expected


def test_a_value_is_refused_and_says_what_to_give(h, calls):
    for name, (function, _, arguments, _) in calls.items():
        with pytest.raises(TypeError, match=r"must be a variable that holds a string.*h\.ref"):
            pytest.fail(f"{name} answered {function(*arguments)}")


def test_texts_are_still_read_from_values(h):
    assert h.StringFunctions().len("four") == 4
    assert h.ParallelContext().broadcast("text", 0) == 4
    assert h.Vector(2).label("name") == "name"


def test_hoc_functions_may_write_into_what_python_gave(h):
    h("""func text_argument_length() { sprint($s1, "%s and more", $s1)  $s1 = "changed"  return 1 }""")
    assert h.text_argument_length("given") == 1
