# SPDX-License-Identifier: BSD-3-Clause
"""Writes .pyi stubs of what the running simulator knows: python3 -m neuron.stubs [FOLDER].

The package has stubs of the built-in names. A project with mechanisms of its own may write its own stubs, for its editor.
"""
import inspect as _inspect
import keyword as _keyword
import os as _os
import sys as _sys

_HEAD = '''\
# Written by `python3 -m neuron.stubs` from the simulator's own tables.
from typing import Any, Iterable, Iterator, overload
from .nrn import Section, Segment
import numpy

class HocError(RuntimeError):
    kind: str
    hint: str
    filename: str | None
    lineno: int | None

class HocTypeError(HocError, TypeError): ...
class HocValueError(HocError, ValueError): ...
class HocIndexError(HocError, IndexError): ...
class HocOSError(HocError, OSError): ...

class Ref:
    """A reference to one datum: r[0] reads it, r[0] = x writes it."""
    def __getitem__(self, index: int) -> Any: ...
    def __setitem__(self, index: int, value: Any) -> None: ...

class HocObject:
    """Base of all classes of the simulator."""
    def hname(self) -> str: ...
    def same(self, other: Any) -> bool: ...
    def baseattr(self, name: str) -> Any: ...
'''

# What the tables say after "->", as a type.
_RETURNS = {"self": None, "Vector": "Vector", "Matrix": "Matrix", "List": "List", "Section": "Section", "Segment": "Segment",
            "string": "str", "str": "str", "name": "str", "list": "list[Any]", "dict": "dict[str, Any]", "bool": "bool"}

_SEQUENCE = {
    "Vector": ["def __len__(self) -> int: ...", "def __iter__(self) -> Iterator[float]: ...", "@overload",
               "def __getitem__(self, index: int) -> float: ...", "@overload", "def __getitem__(self, index: slice) -> Vector: ...",
               "def __setitem__(self, index: int | slice, value: Any) -> None: ...",
               *(f"def __{op}__(self, other: Any) -> Any: ..." for op in ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv")),
               "def __neg__(self) -> Vector: ...", "def as_numpy(self) -> numpy.ndarray[Any, numpy.dtype[numpy.float64]]: ...",
               "def to_python(self, target: Any = ...) -> Any: ...", "def from_python(self, source: Iterable[float]) -> Vector: ..."],
    "List": ["def __len__(self) -> int: ...", "def __iter__(self) -> Iterator[Any]: ...", "def __getitem__(self, index: int) -> Any: ..."],
    "SectionList": ["def __iter__(self) -> Iterator[Section]: ..."]}

_OWN = ["def __getattr__(self, name: str) -> Any: ...", "def __setattr__(self, name: str, value: Any) -> None: ...",
        'def __call__(self, text: str) -> bool: ...', "Section: type[nrn.Section]", "def ref(self, value: Any) -> hoc.Ref: ...",
        "def allsec(self) -> Iterator[nrn.Section]: ...", "def cas(self) -> nrn.Section: ...",
        "def setpointer(self, ref: hoc.Ref, name: str, target: Any) -> float: ..."]

_PACKAGE = '''\
# Written by `python3 -m neuron.stubs` from the simulator's own tables.
from typing import Any, Iterator
from . import config as config, gui as gui, hoc as hoc, nrn as nrn, units as units
from .density_mechanism import DensityMechanism as DensityMechanism
from .hclass import HocBaseObject as HocBaseObject, hclass as hclass
from .hoc import (HocError as HocError, HocIndexError as HocIndexError, HocOSError as HocOSError, HocTypeError as HocTypeError,
                  HocValueError as HocValueError)
from .nrn import Mechanism as Mechanism, Section as Section, Segment as Segment
'''

_TAIL = '''
h: _TopLevel
n: _TopLevel
version: str
__version__: str
def psection(section: Section) -> dict[str, Any]: ...
def load_mechanisms(path: str, warn_if_already_loaded: bool = ...) -> bool: ...
def help(thing: Any = ...) -> None: ...
def __getattr__(name: str) -> Any: ...
'''


def _usable(name):
    return name.isidentifier() and not _keyword.iskeyword(name) and not name.startswith("_")


def _function(name, doc, indent, class_name=None):
    """One def, with the result that the doc's signature names and the doc as its docstring."""
    first = (doc or "").split("\n")[0]
    word = first.split("->", 1)[1].split() if "->" in first else []
    returns = _RETURNS.get(word[0].strip(",.:;") if word else "", "Any") or class_name or "Any"
    section = "Section"
    if not class_name:  # in the top level, whose attributes hide the classes
        section = "nrn.Section"
        returns = f"nrn.{returns}" if returns in ("Section", "Segment") else f"hoc.{returns}" if returns[0].isupper() and returns != "Any" else returns
    lines = [f"{indent}def {name}(self, *args: Any, sec: {section} = ...) -> {returns}:"]
    return [*lines, f"{indent}    {_inspect.cleandoc(doc)!r}"] if doc else [lines[0] + " ..."]


def _class(name, cls):
    out = [f"class {name}(HocObject):", f"    {(cls.__doc__ or name)!r}", "    def __init__(self, *args: Any, sec: Section = ...) -> None: ..."]
    written = {"hname", "same", "baseattr", "hocobjptr"}
    for row in _SEQUENCE.get(name, []):
        out.append("    " + row)
        written.add(row.split("(")[0].removeprefix("def "))
    for member, value in sorted(vars(cls).items()):
        if not _usable(member) or member in written:
            continue
        if callable(value):
            out += _function(member, getattr(value, "__doc__", ""), "    ", name)
        else:
            out += [f"    {member}: Any", f"    _ref_{member}: Ref"]
            if getattr(value, "__doc__", ""):
                out.append(f"    {value.__doc__!r}")
    return [*out, ""]


def names():
    """(name, value, doc) of the top level."""
    from neuron import h, hoc

    return [(name, _get(h, name), doc) for name, _kind, doc in hoc.top_level_names() if _usable(name)]


def hoc_text():
    """The stub of the module hoc: the classes."""
    out = [_HEAD]
    for name, value, _doc in names():
        if isinstance(value, type):
            out += _class(name, value)
    return "\n".join(out)


def text():
    """The stub of the package: the top level."""
    out = [_PACKAGE, "class _TopLevel(hoc.HocObject):", *("    " + row for row in _OWN)]
    for name, value, doc in names():
        if name in ("ref", "allsec", "cas", "setpointer", "Section", "hname", "same", "baseattr"):
            continue
        if isinstance(value, type):
            out.append(f"    {name}: type[hoc.{name}]")
        elif isinstance(value, (int, float)):
            out.append(f"    {name}: float")
        elif type(value).__name__ == "DensityMechanism":
            out.append(f"    {name}: DensityMechanism")
        elif callable(value):
            out += _function(name, doc, "    ")
    return "\n".join(out) + _TAIL


def nrn_text():
    """The stub of the module nrn: sections, segments, mechanisms."""
    from neuron import nrn

    out = ["# Written by `python3 -m neuron.stubs`.", "from typing import Any, Iterator", ""]
    extra = {"Section": ["L: float", "Ra: float", "nseg: int", "rallbranch: float", "def __init__(self, name: str = ..., cell: Any = ...) -> None: ...",
                         "def __call__(self, x: float = ...) -> Segment: ...", "def __iter__(self) -> Iterator[Segment]: ..."],
             "Segment": ["x: float", "sec: Section", "v: float", "diam: float", "cm: float", "def __iter__(self) -> Iterator[Mechanism]: ..."],
             "Mechanism": ["def __iter__(self) -> Iterator[RangeVar]: ..."],
             "RangeVar": ["def __getitem__(self, index: int) -> Any: ...", "def __setitem__(self, index: int, value: float) -> None: ...",
                          "def __len__(self) -> int: ..."]}
    returns = {"children": "list[Section]", "subtree": "list[Section]", "wholetree": "list[Section]", "parentseg": "Segment | None",
               "trueparentseg": "Segment | None", "connect": "Section", "disconnect": "Section", "insert": "Section", "uninsert": "Section",
               "push": "Section", "allseg": "Iterator[Segment]", "psection": "dict[str, Any]", "n3d": "int", "name": "str", "hname": "str",
               "hoc_internal_name": "str", "area": "float", "ri": "float", "volume": "float", "node_index": "int", "point_processes": "list[Any]",
               "has_membrane": "bool", "is_pysec": "bool", "is_ion": "bool", "same": "bool", "segment": "Segment", "mech": "Mechanism",
               **dict.fromkeys(("x3d", "y3d", "z3d", "diam3d", "arc3d", "orientation"), "float")}
    for name in ("Section", "Segment", "Mechanism", "RangeVar"):
        cls = getattr(nrn, name)
        out += [f"class {name}:", f"    {(cls.__doc__ or name)!r}", *("    " + row for row in extra[name])]
        for member, value in sorted(vars(cls).items()):
            if _usable(member) and callable(value):
                out += [f"    def {member}(self, *args: Any) -> {returns.get(member, 'Any')}:", f"        {(value.__doc__ or member)!r}"]
        if name != "RangeVar":  # range variables, mechanisms
            out += ["    def __getattr__(self, name: str) -> Any: ...", "    def __setattr__(self, name: str, value: Any) -> None: ..."]
        out.append("")
    return "\n".join(out)


def _get(h, name):
    try:
        return getattr(h, name)
    except Exception:  # noqa: BLE001  (range variables and the like have no value at the top level)
        return None


def write(folder):
    """Writes the stubs of the package to a folder."""
    _os.makedirs(folder, exist_ok=True)
    for name, content in (("__init__", text()), ("hoc", hoc_text()), ("nrn", nrn_text())):
        with open(_os.path.join(folder, name + ".pyi"), "w", encoding="utf-8") as file:
            file.write(content)


if __name__ == "__main__":
    write(_sys.argv[1] if len(_sys.argv) > 1 else _os.path.dirname(__file__))
