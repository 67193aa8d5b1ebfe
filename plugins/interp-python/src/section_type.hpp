// SPDX-License-Identifier: BSD-3-Clause
// nrn.Section, nrn.Segment, nrn.Mechanism, nrn.RangeVar: views of the model. A section has one wrapper; a section made
// in Python lives as long as its wrapper.
#pragma once
#include "model/model.hpp"
#include "python_state.hpp"

namespace nrn {
class ClosestName;
}

namespace nrn::python {

struct SectionObject {
    PyObject_HEAD
    Section* section;    // owned
    PyObject* cell;      // weak reference, or the cell itself where it cannot be referred to weakly
    PyObject* weakrefs;
};

struct SegmentObject {
    PyObject_HEAD
    SectionObject* section;  // owned
    double x;
};

struct MechanismObject {
    PyObject_HEAD
    SectionObject* section;  // owned
    double x;
    MechanismType* type;
};

[[nodiscard]] inline Section* section_of(PyObject* o) noexcept { return reinterpret_cast<SectionObject*>(o)->section; }
/// @throws Error(Reference) when deleted
[[nodiscard]] Section* require_section(PyObject* o);
/// The kernel's Segment object for a Python one.
[[nodiscard]] ObjectPtr segment_object(PyObject* segment);

[[nodiscard]] PyObject* wrap_section(Section& section);
[[nodiscard]] PyObject* wrap_segment(Section& section, double x);
[[nodiscard]] PyObject* make_segment(SectionObject* section, double x);
[[nodiscard]] PyObject* make_mechanism(SectionObject* section, double x, MechanismType& type);
/// A view of an array variable at one place, or (x = NaN) of the whole section.
[[nodiscard]] PyObject* make_range_view(SectionObject* section, double x, const RangeVariable& variable, bool references, bool in_mechanism);
/// A value for a range variable; ValueError when it is no number.
[[nodiscard]] bool range_value(PyObject* value, const std::string& name, double& out);
/// For "did you mean": range variables and the type's own names.
void offer_names(ClosestName& closest, PyTypeObject* type);
/// Iterates over sections, skipping those deleted meanwhile.
[[nodiscard]] PyObject* iterate_sections(std::vector<SectionPtr> sections);
[[nodiscard]] PyObject* list_of_sections(const std::vector<Section*>& sections);
/// A new section, as h.Section(...).
[[nodiscard]] std::string cell_prefix(PyObject* cell);

void define_section_type(PyObject* module);
void define_segment_type(PyObject* module);
void define_mechanism_types(PyObject* module);
/// setpointer: `target` is a Mechanism, a point process or a Segment. Sets the Python error when it is neither.
void set_pointer_target(RefPtr ref, const std::string& name, PyObject* target);
extern PyMethodDef section_methods[];  // section_methods.cpp

}  // namespace nrn::python
