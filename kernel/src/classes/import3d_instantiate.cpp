// SPDX-License-Identifier: BSD-3-Clause
// From Import3d_Section objects to sections of the model: grouped by type, named soma[0], axon[0], dend[0] ...
#include <algorithm>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "classes/morphology_section.hpp"
#include "classes/section_list.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

constexpr const char* kPythonClass = "PythonObject";

/// `create NAME[count]` in the cell's scope; the sections in order.
std::vector<Section*> create_in_hoc(Runtime& runtime, Object* cell, const std::string& name, std::size_t count) {
    runtime.interpreter("hoc").execute(fmt::format("{{create {}[{}]}}", name, count), cell, "import3d");
    std::vector<Section*> made(count, nullptr);
    for (Section* s : runtime.model().sections()) {
        if (s->owner() != cell || s->made_by_python) continue;
        const std::string& local = cell ? s->local_name : s->name();
        for (std::size_t i = 0; i < count; ++i)
            if (local == fmt::format("{}[{}]", name, i) || (count == 1 && local == name)) made[i] = s;
    }
    for (std::size_t i = 0; i < count; ++i)
        if (!made[i]) throw Error(ErrorKind::Runtime, fmt::format("Import3d_GUI.instantiate: section `{}[{}]` could not be created", name, i));
    return made;
}

/// h.Section(NAME[i], cell), kept in the attribute NAME of the cell, a list.
std::vector<Section*> create_in_python(Runtime& runtime, Object& cell, const std::string& name, std::size_t count) {
    const Value function = runtime.interpreter("python").evaluate("__import__('neuron.import3d', fromlist=['import3d']).create_sections", nullptr);
    Object* callee = function.is_object() ? function.object() : nullptr;
    const CallablePtr call = callee ? callee->cls().as_callable(*callee) : CallablePtr();
    if (!call) throw Error(ErrorKind::Runtime, "Import3d_GUI.instantiate: the module neuron.import3d cannot be loaded");
    const std::size_t before = runtime.model().sections().size();
    const Value arguments[] = {Value(&cell), Value(name), Value(count)};
    CallArgs args(runtime, "create_sections", arguments);
    call->call(args);
    const auto& all = runtime.model().sections();
    if (all.size() != before + count) throw Error(ErrorKind::Runtime, fmt::format("Import3d_GUI.instantiate: {} sections `{}` could not be created", count, name));
    return {all.begin() + static_cast<std::ptrdiff_t>(before), all.end()};
}

/// The object variable `name` of the cell, or at top level, if it holds a SectionList.
SectionList* section_list(Runtime& runtime, Object* cell, const char* name) {
    Value held;
    if (cell) {
        const Member* m = cell->cls().member(name);
        if (!m || m->kind() != Member::Kind::ObjectVar || !m->dims(*cell).empty()) return nullptr;
        held = m->get(*cell, {});
    } else {
        const Symbol* s = runtime.scope().find(name);
        if (!s || s->kind != Symbol::Kind::ObjectVar || s->objects.empty()) return nullptr;
        held = Value(s->objects[0]);
    }
    return held.is_object() ? dynamic_cast<SectionList*>(held.object()) : nullptr;
}

/// As in the reference, each list takes all sections of the cell whose names say so, those too that its template had
/// and the file does not replace.
void fill_lists(Runtime& runtime, Object* cell) {
    constexpr std::pair<const char*, const char*> lists[] = {{"somatic", "soma"}, {"axonal", "axon"}, {"basal", "dend"}, {"apical", "apic"}, {"all", ""}};
    for (const auto& [list, part] : lists) {
        SectionList* into = section_list(runtime, cell, list);
        if (!into) continue;
        for (Section* s : runtime.model().sections()) {
            if (s->owner() != cell || s->made_by_python) continue;
            const std::string& name = cell ? s->local_name : s->name();
            if (name.find(part) != std::string::npos) into->sections.emplace_back(s);
        }
    }
}

/// The 8 digits that the statement has by which the reference adds a point: some more than 100 um away from the origin
/// are one step of single precision aside.
double told(double x) { return std::strtod(fmt::format("{:.8g}", x).c_str(), nullptr); }

std::vector<MorphologyPoint> points_of(const MorphologySection& s) {
    if (s.contour != 0 && s.count() > 0) return points_of_soma(s);
    std::vector<MorphologyPoint> points;
    for (std::size_t i = s.first != 0 ? 1 : 0; i < s.count(); ++i) points.push_back(s.point(i));
    if (points.size() == 1) {  // a sphere becomes a cylinder of the same area along x
        const MorphologyPoint c = points[0];
        const double r = c.diameter / 2;
        points = {{c.x - r, c.y, c.z, c.diameter}, c, {c.x + r, c.y, c.z, c.diameter}};
    }
    return points;
}

}  // namespace

void instantiate_morphology(Runtime& runtime, const List& list, Object* cell) {
    std::map<long, std::vector<MorphologySection*>> by_type;
    for (const ObjectPtr& item : list.items) {
        auto* s = dynamic_cast<MorphologySection*>(item.get());
        if (!s) throw Error(ErrorKind::Type, fmt::format("Import3d_GUI.instantiate: `{}` in the list of sections is no Import3d_Section", item->name()));
        if (s->raw->columns() < static_cast<long>(s->count())) throw Error(ErrorKind::Value, fmt::format("{}: {} diameters but {} points", s->name(), s->count(), s->raw->columns()));
        if (s->count() > 0 && s->subsidiary == 0) by_type[static_cast<long>(s->type)].push_back(s);
    }
    const bool python = cell && cell->cls().name() == kPythonClass;
    std::map<const MorphologySection*, SectionPtr> made;
    for (const auto& [type, pieces] : by_type) {
        const std::string name = MorphologySection::name_of_type(type);
        const auto sections = python ? create_in_python(runtime, *cell, name, pieces.size()) : create_in_hoc(runtime, cell, name, pieces.size());
        for (std::size_t i = 0; i < pieces.size(); ++i) made[pieces[i]] = SectionPtr(sections[i]);
    }
    Model& model = runtime.model();
    if (!python) fill_lists(runtime, cell);
    for (const ObjectPtr& item : list.items) {
        const auto& piece = static_cast<const MorphologySection&>(*item);
        const auto at = made.find(&piece);
        if (at == made.end()) continue;
        Section& section = *at->second;
        if (piece.parent) {
            const auto parent = made.find(piece.parent.get());
            if (parent == made.end()) throw Error(ErrorKind::Value, fmt::format("{}: its parent `{}` is not in the list of sections", piece.name(), piece.parent->name()));
            if (!section.parent()) model.connect(section, 0, *parent->second, piece.parentx);
        }
        model.pt3d_clear(section);
        if (piece.first != 0) {
            const MorphologyPoint p = piece.point(0);
            model.set_logical_connection(section, std::array<float, 3>{static_cast<float>(p.x), static_cast<float>(p.y), static_cast<float>(p.z)});
        }
        for (const MorphologyPoint& p : points_of(piece)) model.pt3d_add(section, told(p.x), told(p.y), told(p.z), told(p.diameter));
    }
}

}  // namespace nrn
