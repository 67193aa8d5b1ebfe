// SPDX-License-Identifier: BSD-3-Clause
// Built-in functions about sections: access, names, connections, listings.
#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "classes/section_order.hpp"
#include "classes/section_pattern.hpp"
#include "engine/simulation.hpp"
#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/point_process.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {

std::vector<Section*> subtree_of(Section& section) {
    std::vector<Section*> all{&section};
    for (std::size_t i = 0; i < all.size(); ++i)
        for (Section* child : all[i]->children()) all.push_back(child);
    return all;
}

namespace {

Model& model(CallArgs& a) { return a.runtime().model(); }

Section* section_argument(CallArgs& a, std::size_t i) {
    if (auto* s = a.object_if<Section>(i)) return s;
    if (auto* s = a.object_if<Segment>(i)) return &s->section();
    return nullptr;
}

Value secname(CallArgs& a) {
    Section* s = section_argument(a, 0);
    const Section& section = s ? *s : a.section();
    return section.made_by_python ? "_pysec." + section.name() : section.name();
}

Value sectionname(CallArgs& a) {
    a.string_cell(0).text = a.section().name();
    return 1.0;
}

Value cas(CallArgs& a) { return Value(static_cast<Object*>(&a.section())); }

Value push_section(CallArgs& a) {
    Section* found = section_argument(a, 0);
    if (!found && a.is_string(0)) {
        for (Section* s : model(a).sections())
            if (s->name() == a.string(0)) found = s;
        if (!found) throw Error(ErrorKind::Name, fmt::format("push_section: there is no section `{}`", a.string(0)));
    }
    if (!found) {  // a number that this_section() gave
        const auto key = static_cast<std::size_t>(a.number(0));
        for (Section* s : model(a).sections())
            if (reinterpret_cast<std::size_t>(s) == key) found = s;
        if (!found) throw Error(ErrorKind::Value, "push_section: the number is not one that this_section() returned");
    }
    found->require_alive();
    model(a).stack().push(SectionPtr(found));
    return 1.0;
}

Value pop_section(CallArgs& a) {
    model(a).stack().pop();
    return 1.0;
}

/// A number that stands for the section, for push_section. Addresses fit a double's 53 bits.
double key_of(const Section* s) { return static_cast<double>(reinterpret_cast<std::size_t>(s)); }
Value this_section(CallArgs& a) { return key_of(&a.section()); }
Value this_node(CallArgs& a) { return static_cast<double>(a.section().node_at(a.number_in(0, 0, 1)) + 1); }
Value parent_section(CallArgs& a) { return key_of(a.section().parent()); }

Value parent_connection(CallArgs& a) { return a.section().parent_x(); }  // also what it was before its parent went
Value section_orientation(CallArgs& a) { return a.section().child_end(); }

Value delete_section(CallArgs& a) {
    model(a).delete_section(a.section());
    return 1.0;
}

Value disconnect(CallArgs& a) {
    model(a).disconnect(a.section());
    return 0.0;
}

Value section_exists(CallArgs& a) {
    std::string name = a.string(0);
    Object* owner = a.count() > 1 ? a.object_or_null(a.count() - 1) : nullptr;
    if (a.is_number(1)) name += fmt::format("[{}]", a.integer(1));
    if (dynamic_cast<Section*>(owner)) owner = nullptr;
    const bool first = name.ends_with("[0]");  // which may be said or left out
    const std::string other = first ? name.substr(0, name.size() - 3) : name + "[0]";
    const auto is_it = [&](const Section& s) {
        if (s.made_by_python) return false;  // these have no name in Hoc
        const std::string& known = owner ? s.local_name : s.name();
        return known == name || known == other;
    };
    const std::vector<Section*>& candidates = owner ? model(a).sections_of(*owner) : model(a).sections();
    return std::any_of(candidates.begin(), candidates.end(), [&](const Section* s) { return is_it(*s); });
}

Value issection(CallArgs& a) {
    const std::string& name = a.section().name();
    try {
        return SectionPattern(a.string(0), SectionPattern::Means::Whole).matches(name);
    } catch (const std::regex_error&) {
        throw Error(ErrorKind::Value, a.span, fmt::format("issection: `{}` is no regular expression for section names", a.string(0)));
    }
}

// ---- listings --------------------------------------------------------------------------------------

/// Columns: a root's nodes start one to the right of its bar; a child hangs below the node it is joined to.
/// A tree may be deeper than the call stack: the sections still to draw are kept in a list.
void draw(Runtime& runtime, const Section& root) {
    struct Pending { const Section* section; int column; };
    std::vector<Pending> pending{{&root, 0}};
    while (!pending.empty()) {
        const auto [section, column] = pending.back();
        pending.pop_back();
        const Section& s = *section;
        const bool is_root = section == &root;
        const char* ends = s.child_end() == 1 ? "(1-0)" : "(0-1)";
        const int dashes = is_root ? s.nseg() : s.nseg() - 1;
        const std::string branches = s.rallbranch() != 1 ? fmt::format(" with {:g} rall branches", s.rallbranch()) : "";
        runtime.print(fmt::format("{:{}}{}{:-<{}}|       {}{}{}\n", "", column, is_root ? "|" : "`", "", dashes, s.name(), ends, branches));
        for (const Section* child : s.children()) {  // the last one, the farthest, is drawn first
            const double x = child->parent_x();
            int node = x == 0 ? 0 : x == 1 ? s.nseg() + 1 : s.segment_index(x) + 1;
            if (s.child_end() == 1) node = s.nseg() + 1 - node;
            pending.push_back({child, column + (is_root ? 1 : 0) + node});
        }
    }
}

Value topology(CallArgs& a) {
    a.runtime().print("\n");
    for (const Section* s : model(a).sections())
        if (!s->parent()) draw(a.runtime(), *s);
    a.runtime().print("\n");
    return 1.0;
}

void print_mechanism(Runtime& runtime, MechanismType& type, RowId row) {
    std::string line = fmt::format("\tinsert {} {{", type.name());
    const auto& d = type.description();
    if (type.is_ion()) {
        // Of an ion, what is a parameter by its style here.
        const std::string ion = type.name().substr(0, type.name().size() - 4);
        const int style = static_cast<int>(type.store().at(kIonStyleColumn, row));
        if ((style & PotentialMask) >> 3 == 1) line += fmt::format(" e{}={:g}", ion, type.store().at(NRN_ION_E, row));
        if ((style & ConcentrationMask) == 1)
            line += fmt::format(" {0}i={1:g} {0}o={2:g}", ion, type.store().at(NRN_ION_CI, row), type.store().at(NRN_ION_CO, row));
    } else {
        for (int i = 0; i < d.n_variable; ++i) {
            const nrn_variable& v = d.variable[i];
            if (v.kind != NRN_PARAMETER || !(v.flags & NRN_VISIBLE)) continue;  // of an array, the first
            const bool plain = type.is_point_process() || (v.is_array && type.name() == "extracellular");  // xg, xc, xraxial
            line += fmt::format(" {}{}={:g}", v.name, plain ? "" : "_" + type.name(), type.store().at(v.column, row));
        }
    }
    runtime.print(line + "}\n");
}

Value psection(CallArgs& a) {
    Section* given = section_argument(a, 0);
    Section& s = given ? *given : a.section();
    Runtime& runtime = a.runtime();
    model(a).update_geometry();
    runtime.print(fmt::format("{} {{ nseg={}  L={:g}  Ra={:g}{}\n", s.name(), s.nseg(), s.length(), s.axial_resistivity(),
                              s.rallbranch() != 1 ? fmt::format(" rallbranch={:g}", s.rallbranch()) : ""));
    if (s.parent()) {
        runtime.print(fmt::format("\t{} connect {} ({:g}), {:g}\n", s.parent()->name(), s.name(), s.child_end(), s.parent_x()));
    } else {
        int cell = 0;
        for (const Section* other : model(a).sections()) {
            if (other == &s) break;
            if (!other->parent()) ++cell;
        }
        runtime.print(fmt::format("\t/*location {:g} attached to cell {}*/\n", s.child_end(), cell));
    }
    runtime.print("\t/* First segment only */\n");
    const double x = s.segment_x(0);
    for (const auto* inserted : s.listed(0)) {
        if (inserted->type) {
            print_mechanism(runtime, *inserted->type, inserted->rows[0]);
            continue;
        }
        const bool morphology = inserted == &Section::morphology;
        runtime.print(fmt::format("\tinsert {} {{ {}={:g}}}\n", morphology ? "morphology" : "capacitance", morphology ? "diam" : "cm",
                                  range_get(*model(a).range_variable(morphology ? "diam" : "cm"), s, x)));
    }
    for (PointProcess* p : s.point_processes())
        if (s.segment_index(p->x()) == 0) print_mechanism(runtime, p->type(), p->row_id());
    runtime.print("}\n");
    return 1.0;
}


/// A weak pointer becomes a counted one only while the owner lives; owners outlive their sections.
Value section_owner(CallArgs& a) { return Value(a.section().owner()); }

constexpr Function functions[] = {
    {"section_owner", section_owner, Returns::Object, "section_owner() -> the object in whose template the accessed section was created, or none\nPython: h.section_owner(sec=soma)\nHoc: soma o = section_owner()"},
    {"secname", secname, Returns::String, "secname() -> name of the accessed section\nPython: h.secname(sec=soma), or soma.name()\nHoc: soma print secname()"},
    {"sectionname", sectionname, Returns::Number, "sectionname(strdef): assigns the name of the accessed section\nPython: h.sectionname(h.ref(''), sec=soma)\nHoc: strdef s  soma sectionname(s)"},
    {"cas", cas, Returns::Object, "cas() -> the accessed section\nPython: sec = h.cas()\nHoc: push_section(cas())"},
    {"push_section", push_section, Returns::Number, "push_section(name, section or this_section()): makes it the accessed one until pop_section()\nPython: h.push_section('soma'); ...; h.pop_section()\nHoc: push_section(\"soma\")  ...  pop_section()"},
    {"pop_section", pop_section, Returns::Number, "pop_section(): undoes the last push_section\nPython: h.pop_section()\nHoc: pop_section()"},
    {"this_node", this_node, Returns::Number, "this_node(x) -> number of the node at x of the accessed section\nThe same number means the same node, as at the end of a section and where its child begins.\nPython: h.this_node(0.5, sec=soma)\nHoc: print this_node(0.5)"},
    {"this_section", this_section, Returns::Number, "this_section() -> number for push_section\nPython: h.this_section(sec=soma)\nHoc: x = this_section()  ...  push_section(x)"},
    {"parent_section", parent_section, Returns::Number, "parent_section() -> number for push_section; 0 when there is no parent\nPython: h.parent_section(sec=dend)\nHoc: dend x = parent_section()"},
    {"parent_connection", parent_connection, Returns::Number, "parent_connection() -> where on the parent, 0 to 1\nPython: h.parent_connection(sec=dend)\nHoc: dend print parent_connection()"},
    {"section_orientation", section_orientation, Returns::Number, "section_orientation() -> the end that is joined to the parent, 0 or 1\nPython: h.section_orientation(sec=dend)\nHoc: dend print section_orientation()"},
    {"delete_section", delete_section, Returns::Number, "delete_section(): deletes the accessed section\nPython: h.delete_section(sec=dend)\nHoc: dend delete_section()"},
    {"disconnect", disconnect, Returns::Number, "disconnect(): makes the accessed section a root\nPython: h.disconnect(sec=dend)\nHoc: dend disconnect()"},
    {"section_exists", section_exists, Returns::Number, "section_exists(name[, index][, object]) -> bool\nPython: h.section_exists('dend', 2)\nHoc: print section_exists(\"dend\", 2)"},
    {"issection", issection, Returns::Number, "issection(pattern) -> is it the accessed section's whole name?\nPython: h.issection('dend.*', sec=dend)\nHoc: dend if (issection(\"dend.*\")) print 1"},
    {"topology", topology, Returns::Number, "topology(): draws all sections and how they are joined\nPython: h.topology()\nHoc: topology()"},
    {"psection", psection, Returns::Number, "psection(): prints the accessed section's properties and mechanisms\nPython: h.psection(sec=soma), or soma.psection() for a dict\nHoc: soma psection()"},
};

}  // namespace

void register_section_functions(Runtime& runtime) { runtime.scope().define_functions(functions); }

}  // namespace nrn
