// SPDX-License-Identifier: BSD-3-Clause
// Class SaveState: keeps the state of a simulation, to continue from later.
#include <cstdio>
#include <sstream>

#include <fmt/format.h>

#include "classes/file_stream.hpp"
#include "classes/register_classes.hpp"
#include "engine/saved_state.hpp"
#include "engine/simulation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

class SaveState final : public Object {
  public:
    explicit SaveState(Class& cls) : Object(cls) {}
    SavedState state;
};

SavedState& state(Object& o) { return static_cast<SaveState&>(o).state; }

ObjectPtr construct(NativeClass& cls, CallArgs&) { return make_counted<SaveState>(cls); }

Value save(Object& o, CallArgs& a) {
    state(o).save(a.runtime().simulation());
    return 1.0;
}

/// restore(1) leaves the events that are in flight now.
Value restore(Object& o, CallArgs& a) {
    state(o).restore(a.runtime().simulation(), a.number_or(0, 0) != 1);
    return 1.0;
}

Value write_file(Object& o, CallArgs& a) {
    auto& file = a.object<File>(0, "File");
    if (!file.handle && !file.open("wb")) throw Error(ErrorKind::Io, fmt::format("SaveState.fwrite: `{}` cannot be opened for writing", file.path));
    std::ostringstream out;
    state(o).write(out);
    const std::string text = out.str();
    if (std::fwrite(text.data(), 1, text.size(), file.stream(a)) != text.size())
        throw Error(ErrorKind::Io, fmt::format("SaveState.fwrite: `{}` could not be written", file.path));
    if (a.number_or(1, 1) != 0) file.close();
    return 1.0;
}

Value read_file(Object& o, CallArgs& a) {
    auto& file = a.object<File>(0, "File");
    if (!file.handle && !file.open("rb")) throw Error(ErrorKind::Io, fmt::format("SaveState.fread: `{}` cannot be opened for reading", file.path));
    std::FILE* in = file.stream(a);
    std::string text;
    char part[1 << 14];
    for (std::size_t n = 0; (n = std::fread(part, 1, sizeof part, in)) > 0;) {
        text.append(part, n);
        if (!SavedState::begins(text)) throw Error(ErrorKind::Io, fmt::format("SaveState.fread: `{}` is no saved state of this program", file.path));
    }
    std::istringstream stream(text);
    state(o).read(stream);
    // Bytes behind the state are left for the next reader.
    const auto used = stream.tellg();
    if (used >= 0) std::fseek(in, static_cast<long>(used) - static_cast<long>(text.size()), SEEK_CUR);
    if (a.number_or(1, 1) != 0) file.close();
    return 1.0;
}

constexpr Method methods[] = {
    {"save", save, Returns::Number, "save(): keeps time, states, connections and events in flight"},
    {"restore", restore, Returns::Number, "restore([1]): puts them back; with 1 the present events stay"},
    {"fwrite", write_file, Returns::Number, "fwrite(File, close = 1): writes the state; a file that is not open is opened\nPython: ss.fwrite(h.File('state.bin'))     Hoc: ss.fwrite(new File(\"state.bin\"))"},
    {"fread", read_file, Returns::Number, "fread(File, close = 1): reads what fwrite wrote\nPython: ss.fread(h.File('state.bin'))     Hoc: ss.fread(new File(\"state.bin\"))"},
};

}  // namespace

void register_save_state(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("SaveState", construct, methods, std::span<const Property>{},
                                                         "SaveState(): saves and restores the state of a simulation\n"
                                                         "Python: ss = h.SaveState(); ss.save(); ...; ss.restore()"));
}

}  // namespace nrn
