// SPDX-License-Identifier: BSD-3-Clause
// Classes Import3d_Section, the readers Import3d_SWC_read, Import3d_Neurolucida3, Import3d_Neurolucida_read,
// Import3d_Eutectic_read and Import3d_MorphML, and Import3d_GUI, which turns what they read into sections.
// load_file("import3d.hoc") publishes them.
#include "classes/import3d_classes.hpp"

#include <fmt/format.h>

#include "classes/morphology_section.hpp"
#include "classes/register_classes.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

// ---- Import3d_Section -------------------------------------------------------------------------------

MorphologySection& piece(Object& o) { return static_cast<MorphologySection&>(o); }

template <double MorphologySection::*field>
constexpr Property number(const char* name, const char* doc) {
    return {name, [](Object& o, Indices) { return Value(piece(o).*field); }, [](Object& o, Indices, const Value& v) { piece(o).*field = v.number(); },
            [](Object& o, Indices) { return &(piece(o).*field); }, nullptr, Member::Kind::Number, doc};
}

Value raw_points(Object& o, Indices) { return ObjectPtr(piece(o).raw); }
void set_raw_points(Object& o, Indices, const Value& v) {
    auto* m = v.is_object() ? dynamic_cast<Matrix*>(v.object()) : nullptr;
    if (!m || m->rows() < 3) throw Error(ErrorKind::Type, "Import3d_Section.raw must be a Matrix with the rows x, y and z");
    piece(o).raw = Ptr<Matrix>(m);
}
Value diameters(Object& o, Indices) { return ObjectPtr(piece(o).d); }
void set_diameters(Object& o, Indices, const Value& v) {
    auto* d = v.is_object() ? dynamic_cast<Vector*>(v.object()) : nullptr;
    if (!d) throw Error(ErrorKind::Type, "Import3d_Section.d must be a Vector");
    piece(o).d = VectorPtr(d);
}
Value parent_section(Object& o, Indices) { return piece(o).parent ? Value(ObjectPtr(piece(o).parent)) : Value(); }
void set_parent_section(Object& o, Indices, const Value& v) {
    if (v.is_none()) {
        piece(o).parent = nullptr;
        return;
    }
    auto* parent = v.is_object() ? dynamic_cast<MorphologySection*>(v.object()) : nullptr;
    if (!parent) throw Error(ErrorKind::Type, "Import3d_Section.parentsec must be an Import3d_Section or none");
    for (const MorphologySection* s = parent; s; s = s->parent.get())
        if (s == &o) throw Error(ErrorKind::Value, fmt::format("{} cannot be its own parent", o.name()));
    piece(o).parent = MorphologySectionPtr(parent);
}

const Property section_properties[] = {
    {"raw", raw_points, set_raw_points, nullptr, nullptr, Member::Kind::ObjectVar, "Matrix of the points: rows x, y, z", "um"},
    {"d", diameters, set_diameters, nullptr, nullptr, Member::Kind::ObjectVar, "Vector of the diameters", "um"},
    {"parentsec", parent_section, set_parent_section, nullptr, nullptr, Member::Kind::ObjectVar, "Import3d_Section that it hangs on, or none"},
    number<&MorphologySection::parentx>("parentx", "where on the parent, 0 to 1"),
    number<&MorphologySection::type>("type", "1 soma, 2 axon, 3 dendrite, 4 apical dendrite"),
    number<&MorphologySection::first>("first", "1: the first point is a place on the parent and no part of this section"),
    number<&MorphologySection::contour>("iscontour_", "1: an outline of the soma"),
    number<&MorphologySection::subsidiary>("is_subsidiary", "1: an outline of the soma before it, at another depth"),
    number<&MorphologySection::id>("id", "number in the order of the file"),
    number<&MorphologySection::line>("line", "line of the file where it ends"),
};

Value set_point(Object& o, CallArgs& a) {
    MorphologySection& s = piece(o);
    const long i = a.integer(0);
    if (i < 0 || i >= static_cast<long>(s.count())) throw Error(ErrorKind::Index, fmt::format("Import3d_Section.set_pnt: point {} is out of range 0 to {}", i, static_cast<long>(s.count()) - 1));
    for (long row = 0; row < 3; ++row) s.raw->set(row, i, a.number(static_cast<std::size_t>(row) + 1));
    s.d->values[static_cast<std::size_t>(i)] = a.number(4);
    return 0.0;
}

constexpr Method section_methods[] = {
    {"set_pnt", set_point, Returns::Number, "set_pnt(i, x, y, z, diameter) [um]: sets point i\nPython: s.set_pnt(0, 1, 2, 3, 0.5)     Hoc: s.set_pnt(0, 1, 2, 3, 0.5)"},
};

/// Import3d_Section(first, count): room for `count` points.
ObjectPtr construct_section(NativeClass&, CallArgs& a) {
    auto s = make_morphology_section(a.runtime());
    s->first = a.number_or(0, 0);
    const long count = a.integer_or(1, 0);
    if (count < 0 || count > 100'000'000) throw Error(ErrorKind::Range, fmt::format("Import3d_Section: the number of points cannot be {}", count));
    s->set_points(std::vector<MorphologyPoint>(static_cast<std::size_t>(count)));
    return s;
}

// ---- readers ------------------------------------------------------------------------------------------

using Read = MorphologySections (*)(Runtime&, const std::string& path);

class Reader final : public Object {
  public:
    Reader(Class& cls, Read r, Ptr<List> list) : Object(cls), read(r), sections(std::move(list)) {}
    Read read;
    Ptr<List> sections;
    double quiet = 1;
    std::string file;
};
Reader& reader(Object& o) { return static_cast<Reader&>(o); }

/// MorphML and NeuroML: XML is read by a module of the package neuron, as the paper of 2009 describes.
MorphologySections read_xml(Runtime&, const std::string&) { return {}; }

void read_with_python(CallArgs& a, Reader& r, const std::string& path) {
    Runtime& runtime = a.runtime();
    const Value function = runtime.interpreter("python").evaluate("__import__('neuron.rdxml', fromlist=['rdxml']).rdxml", nullptr);
    Object* callee = function.is_object() ? function.object() : nullptr;
    const CallablePtr call = callee ? callee->cls().as_callable(*callee) : CallablePtr();
    if (!call) throw Error(ErrorKind::Runtime, "Import3d_MorphML.input: the module neuron.rdxml cannot be loaded");
    const Value arguments[] = {Value(path), Value(static_cast<Object*>(&r))};
    CallArgs args(runtime, "rdxml", arguments);
    call->call(args);
}

Value input(Object& o, CallArgs& a) {
    Reader& r = reader(o);
    const std::string path = a.string(0);
    r.sections->items.clear();
    r.file = path;
    if (r.read == read_xml) {
        read_with_python(a, r, path);
        return 0.0;
    }
    for (auto& s : r.read(a.runtime(), path)) r.sections->items.emplace_back(s);
    return 0.0;
}

Value reader_sections(Object& o, Indices) { return ObjectPtr(reader(o).sections); }
Value reader_quiet(Object& o, Indices) { return reader(o).quiet; }
void set_reader_quiet(Object& o, Indices, const Value& v) { reader(o).quiet = v.number(); }
double* reader_quiet_data(Object& o, Indices) { return &reader(o).quiet; }
Value reader_file(Object& o, Indices) { return Value(reader(o).file); }

const Property reader_properties[] = {
    {"sections", reader_sections, nullptr, nullptr, nullptr, Member::Kind::ObjectVar, "List of Import3d_Section objects, parents first"},
    {"quiet", reader_quiet, set_reader_quiet, reader_quiet_data, nullptr, Member::Kind::Number, "kept; what matters is always said"},
    {"file", reader_file, nullptr, nullptr, nullptr, Member::Kind::String, "name of the file read last"},
};
constexpr Method reader_methods[] = {
    {"input", input, Returns::Number, "input(file name): reads the file into `sections`\nPython: r.input('cell.swc')     Hoc: r.input(\"cell.swc\")"},
};

template <Read read>
ObjectPtr construct_reader(NativeClass& cls, CallArgs& a) {
    CallArgs none(a.runtime(), "List");
    const ObjectPtr list = a.runtime().classes().get("List").construct(none);
    return make_counted<Reader>(cls, read, Ptr<List>(static_cast<List*>(list.get())));
}

// ---- Import3d_GUI ---------------------------------------------------------------------------------------

class Importer final : public Object {
  public:
    Importer(Class& cls, Reader& r) : Object(cls), source(&r) {}
    Ptr<Reader> source;
};

Value importer_source(Object& o, Indices) { return ObjectPtr(static_cast<Importer&>(o).source); }

Value instantiate(Object& o, CallArgs& a) {
    const Importer& importer = static_cast<Importer&>(o);
    if (importer.source->sections->items.empty())
        throw Error(ErrorKind::Runtime, fmt::format("Import3d_GUI.instantiate: {} has read nothing yet", importer.source->name())).hint("call input(file name) first");
    instantiate_morphology(a.runtime(), *importer.source->sections, a.has(0) ? a.object(0) : nullptr);
    return 0.0;
}

const Property importer_properties[] = {{"swc", importer_source, nullptr, nullptr, nullptr, Member::Kind::ObjectVar, "the reader, of whatever format"}};
constexpr Method importer_methods[] = {
    {"instantiate", instantiate, Returns::Number,
     "instantiate(cell or none): makes sections soma[0], axon[0], dend[0], apic[0] ... in the cell's scope, or at top level\n"
     "In Hoc they are also appended to the cell's SectionLists somatic, axonal, basal, apical and all, where it has them.\n"
     "Python: imp.instantiate(self)     Hoc: imp.instantiate(this)"},
};

ObjectPtr construct_importer(NativeClass& cls, CallArgs& a) { return make_counted<Importer>(cls, a.object<Reader>(0, "reader such as Import3d_SWC_read")); }

}  // namespace

void define_import3d(Runtime& runtime) {
    if (runtime.classes().find("Import3d_Section")) return;
    if (!runtime.scope().find("nil")) runtime.scope().define_object("nil");  // what models give to instantiate
    const auto publish_reader = [&](const char* name, NativeClass::Construct construct, const char* doc) {
        publish_class(runtime, std::make_unique<NativeClass>(name, construct, reader_methods, reader_properties, doc));
    };
    publish_class(runtime, std::make_unique<NativeClass>("Import3d_Section", construct_section, section_methods, section_properties,
                                                         "Import3d_Section(first, count): an unbranched piece of a reconstructed cell with `count` points"));
    publish_reader("Import3d_SWC_read", construct_reader<read_swc>, "Reads SWC files.\nPython: r = h.Import3d_SWC_read(); r.input('cell.swc'); h.Import3d_GUI(r, False).instantiate(self)");
    publish_reader("Import3d_Neurolucida3", construct_reader<read_neurolucida>, "Reads Neurolucida ASCII files of version 3.\nPython: r = h.Import3d_Neurolucida3(); r.input('cell.asc')");
    publish_reader("Import3d_Neurolucida_read", construct_reader<read_neurolucida_classic>, "Reads Neurolucida ASCII files in the classic format, `[major,minor] (x, y, z) radius`.");
    publish_reader("Import3d_Eutectic_read", construct_reader<read_eutectic>, "Reads files of the Eutectic neuron tracing system.");
    publish_reader("Import3d_MorphML", construct_reader<read_xml>, "Reads MorphML (NeuroML 1) and the morphology of NeuroML 2 files, by Python's XML reader.\nPython: r = h.Import3d_MorphML(); r.input('cell.xml')");
    publish_class(runtime, std::make_unique<NativeClass>("Import3d_GUI", construct_importer, importer_methods, importer_properties,
                                                         "Import3d_GUI(reader, show = 1): turns what a reader has read into sections; there is no window"));
}

}  // namespace nrn
