// SPDX-License-Identifier: BSD-3-Clause
// Class BBSaveState: the state of a network in files, one per rank.
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/saved_state.hpp"
#include "engine/simulation.hpp"
#include "model/mechanism_store.hpp"
#include "model/point_process.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

class BBSaveState final : public Object {
  public:
    explicit BBSaveState(Class& cls) : Object(cls) {}
    std::vector<Ptr<PointProcess>> ignored;
};

BBSaveState& self(Object& o) { return static_cast<BBSaveState&>(o); }

ObjectPtr construct(NativeClass& cls, CallArgs&) { return make_counted<BBSaveState>(cls); }

std::filesystem::path of_rank(CallArgs& a, const std::filesystem::path& file) {
    Communicator& c = a.runtime().communicator();
    return c.size() == 1 ? file : std::filesystem::path(fmt::format("{}.{}", file.string(), c.rank()));
}

void save_to(CallArgs& a, const std::filesystem::path& file) {
    std::ofstream out(file, std::ios::binary);
    if (!out) throw Error(ErrorKind::Io, fmt::format("BBSaveState.{}: `{}` cannot be opened for writing", a.function(), file.string()));
    SavedState state;
    state.save(a.runtime().simulation());
    state.write(out);
}

/// What the variables of a point process are now.
std::vector<double> variables(const PointProcess& p) {
    std::vector<double> values;
    for (int c = 0; c < p.type().description().n_column; ++c) values.push_back(p.type().store().at(c, p.row_id()));
    return values;
}

void restore_from(Object& o, CallArgs& a, const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(ErrorKind::Io, fmt::format("BBSaveState.{}: `{}` cannot be opened for reading", a.function(), file.string())).hint("a state is saved and restored on the same number of ranks");
    SavedState state;
    state.read(in);
    std::vector<std::vector<double>> kept;
    for (const auto& p : self(o).ignored) kept.push_back(variables(*p));
    state.restore(a.runtime().simulation());
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const PointProcess& p = *self(o).ignored[i];
        for (std::size_t c = 0; c < kept[i].size(); ++c) p.type().store().at(static_cast<int>(c), p.row_id()) = kept[i][c];
    }
}

Value save(Object&, CallArgs& a) {
    save_to(a, of_rank(a, a.string(0)));
    return 1.0;
}
Value restore(Object& o, CallArgs& a) {
    restore_from(o, a, of_rank(a, a.string(0)));
    return 1.0;
}

Value save_test(Object&, CallArgs& a) {
    if (a.runtime().communicator().rank() == 0) std::filesystem::create_directories("bbss_out");
    a.runtime().communicator().barrier();
    save_to(a, of_rank(a, "bbss_out/state"));
    return 1.0;
}
/// From the folder `in` when there is one, as preparation by hand leaves it, else from where save_test wrote.
Value restore_test(Object& o, CallArgs& a) {
    const auto prepared = of_rank(a, "in/state");
    restore_from(o, a, std::filesystem::exists(prepared) ? prepared : of_rank(a, "bbss_out/state"));
    return 1.0;
}

Value ignore(Object& o, CallArgs& a) {
    if (a.count() == 0) self(o).ignored.clear();
    else self(o).ignored.push_back(Ptr<PointProcess>(&a.object<PointProcess>(0, "point process")));
    return 0.0;
}

Value vector_play_init(Object&, CallArgs& a) {
    a.runtime().simulation().recording().resume(a.runtime().simulation().t);
    return 0.0;
}

constexpr Method methods[] = {
    {"save", save, Returns::Number, "save(file): writes the state; on several ranks each writes file.RANK"},
    {"restore", restore, Returns::Number, "restore(file): puts back what save wrote, after finitialize"},
    {"save_test", save_test, Returns::Number, "save_test(): writes the state into the folder bbss_out"},
    {"restore_test", restore_test, Returns::Number, "restore_test(): puts back the state from the folder in, or bbss_out"},
    {"ignore", ignore, Returns::Number, "ignore(point_process): its variables are not restored; ignore(): forgets which"},
    {"vector_play_init", vector_play_init, Returns::Number, "vector_play_init(): Vectors that are played go on from the restored time (restore has done so)"},
};

}  // namespace

void register_bb_save_state(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("BBSaveState", construct, methods, std::span<const Property>{},
                                                         "BBSaveState(): saves and restores a network, rank by rank\n"
                                                         "Python: bbss = h.BBSaveState(); bbss.save('state')     Hoc: bbss = new BBSaveState()  bbss.save(\"state\")"));
}

}  // namespace nrn
