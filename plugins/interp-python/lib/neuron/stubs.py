# SPDX-License-Identifier: BSD-3-Clause
"""Writes .pyi stubs of what the running simulator knows: python3 -m neuron.stubs [FOLDER]."""
import keyword as _keyword
import os as _os
import sys as _sys


def _function(name, doc, indent=""):
    text = repr((doc or "").split("\n")[0])
    return f"{indent}def {name}(self, *args: Any, sec: Section = ...) -> Any:\n{indent}    {text}\n"


def text():
    """The stub of neuron/__init__.py."""
    from neuron import h, hoc

    rows = [r for r in hoc.top_level_names() if r[0].isidentifier() and not _keyword.iskeyword(r[0])]
    classes = [(name, getattr(h, name)) for name, _kind, _doc in rows if isinstance(getattr(type(h), name, None) or _get(h, name), type)]
    out = ["from typing import Any, Iterator", "from neuron.nrn import Section, Segment", "", "class HocObject:",
           "    def __getattr__(self, name: str) -> Any: ...", "    def __setattr__(self, name: str, value: Any) -> None: ...", ""]
    for name, cls in classes:
        out.append(f"class {name}(HocObject):")
        out.append("    def __init__(self, *args: Any, sec: Section = ...) -> None: ...")
        for member, value in sorted(vars(cls).items()):
            if not member.startswith("_") and member.isidentifier() and not _keyword.iskeyword(member) and callable(value):
                out.append(_function(member, getattr(value, "__doc__", ""), "    ").rstrip())
        out.append("")
    out.append("class _TopLevel(HocObject):")
    out.append("    def __call__(self, text: str) -> bool: ...")
    for name, cls in classes:
        out.append(f"    {name}: type[{name}]")
    for name, kind, doc in rows:
        value = _get(h, name)
        if isinstance(value, type):
            continue
        if isinstance(value, (int, float)):
            out.append(f"    {name}: float")
        elif callable(value):
            out.append(_function(name, doc, "    ").rstrip())
    out += ["", "h: _TopLevel", "n: _TopLevel", "def __getattr__(name: str) -> Any: ...", ""]
    return "\n".join(out)


def _get(h, name):
    try:
        return getattr(h, name)
    except Exception:  # noqa: BLE001  (range variables and the like have no value at the top level)
        return None


if __name__ == "__main__":
    folder = _sys.argv[1] if len(_sys.argv) > 1 else _os.path.dirname(__file__)
    with open(_os.path.join(folder, "__init__.pyi"), "w", encoding="utf-8") as file:
        file.write(text())
