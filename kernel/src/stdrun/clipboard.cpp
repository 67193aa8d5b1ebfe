// SPDX-License-Identifier: BSD-3-Clause
// The clipboard of the graphical library: a curve in hoc_obj_[0] (y) and hoc_obj_[1] (x), read from and written to
// files of one pair x y a line.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "object/vector.hpp"
#include "stdrun/library_procedure.hpp"
#include "stdrun/standard_run.hpp"

namespace nrn {
namespace {

std::vector<ObjectPtr>& curve(Runtime& runtime) {
    const Symbol* s = runtime.scope().find("hoc_obj_");
    if (!s || s->kind != Symbol::Kind::ObjectVar || s->objects.size() < 2) throw Error(ErrorKind::Name, "the clipboard needs objref hoc_obj_[2], which something has redefined");
    return const_cast<Symbol*>(s)->objects;
}

/// The numbers of a line; a line that starts with anything else, a label, has none.
std::vector<double> numbers_of(const std::string& line) {
    std::vector<double> numbers;
    const char* at = line.c_str();
    for (char* end = nullptr;; at = end) {
        const double x = std::strtod(at, &end);
        if (end == at) return numbers;
        numbers.push_back(x);
    }
}

/// clipboard_retrieve(file)
Value retrieve(CallArgs& args) {
    const std::string& name = args.string(0);
    std::ifstream file(name);
    VectorPtr x = Vector::make(args.runtime()), y = Vector::make(args.runtime());
    if (!file) {  // programs go on, with a curve of one point at the origin
        args.runtime().warn(fmt::format("clipboard_retrieve: `{}` cannot be read", name));
        x->values.push_back(0.0);
        y->values.push_back(0.0);
    }
    for (std::string line; std::getline(file, line);) {
        const auto pair = numbers_of(line);
        if (pair.empty() && x->values.empty()) y->label = line.starts_with("label:") ? line.substr(6) : line;
        if (pair.size() < 2) continue;  // the number of points, which a saved curve begins with
        x->values.push_back(pair[0]);
        y->values.push_back(pair[1]);
    }
    auto& objects = curve(args.runtime());
    objects[0] = y;
    objects[1] = x;
    return 0;
}

/// clipboard_save(file)
Value save(CallArgs& args) {
    const std::string& name = args.string(0);
    const auto& objects = curve(args.runtime());
    const auto *y = dynamic_cast<Vector*>(objects[0].get()), *x = dynamic_cast<Vector*>(objects[1].get());
    if (!x || !y || x->values.size() != y->values.size()) throw Error(ErrorKind::Value, args.span, "clipboard_save: hoc_obj_[0] and hoc_obj_[1] must be Vectors of one size");
    std::ofstream file(name);
    fmt::print(file, "label:{}\n{}\n", y->label, x->values.size());
    for (std::size_t i = 0; i < x->values.size(); ++i) fmt::print(file, "{:g}\t{:g}\n", x->values[i], y->values[i]);
    if (!file) throw Error(ErrorKind::Io, args.span, fmt::format("clipboard_save: `{}` cannot be written", name));
    return 0;
}

/// clipboard_set(x, y): copies of two Vectors
Value set(CallArgs& args) {
    const auto &x = args.object<Vector>(0, "Vector"), &y = args.object<Vector>(1, "Vector");
    VectorPtr kept_x = Vector::make(args.runtime()), kept_y = Vector::make(args.runtime());
    kept_x->values = x.values;
    kept_y->values = y.values;
    auto& objects = curve(args.runtime());
    objects[0] = kept_y;
    objects[1] = kept_x;
    return 0;
}

/// clipboard_get(x, y): what is there is copied into two Vectors
Value get(CallArgs& args) {
    const auto& objects = curve(args.runtime());
    const auto *y = dynamic_cast<const Vector*>(objects[0].get()), *x = dynamic_cast<const Vector*>(objects[1].get());
    if (!x || !y) throw Error(ErrorKind::Runtime, args.span, "clipboard_get: the clipboard is empty").hint("clipboard_set(x, y) or clipboard_retrieve(file) fills it");
    for (const auto& [from, i] : {std::pair{x, 0}, std::pair{y, 1}}) {
        Vector& to = args.object<Vector>(static_cast<std::size_t>(i), "Vector");
        const std::vector<double> values = from->values;
        to.resize(values.size());
        std::copy(values.begin(), values.end(), to.values.begin());
    }
    return 0;
}

}  // namespace

void define_clipboard(Runtime& runtime) {
    struct Row { const char* name; LibraryProcedure::Body body; };
    for (const Row& r : {Row{"clipboard_retrieve", retrieve}, Row{"clipboard_save", save}, Row{"clipboard_set", set}, Row{"clipboard_get", get}})
        if (!runtime.scope().find(r.name)) runtime.scope().define_function(r.name, make_counted<LibraryProcedure>(r.name, Callable::Kind::Procedure, r.body));
}

}  // namespace nrn
