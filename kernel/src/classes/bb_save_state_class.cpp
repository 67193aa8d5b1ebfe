// SPDX-License-Identifier: BSD-3-Clause
// Class BBSaveState: the state of a network cell by cell, to files that any number of ranks can restore.
#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/saved_cell.hpp"
#include "engine/simulation.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

namespace fs = std::filesystem;
constexpr const char* kOut = "bbss_out";
constexpr const char* kIn = "bbss_in";

class BBSaveState final : public Object {
  public:
    explicit BBSaveState(Class& cls) : Object(cls) {}
    std::vector<ObjectPtr> ignored;
    [[nodiscard]] std::set<const PointProcess*> ignored_points() const {
        std::set<const PointProcess*> points;
        for (const ObjectPtr& o : ignored) points.insert(static_cast<const PointProcess*>(o.get()));
        return points;
    }
};

BBSaveState& self(Object& o) { return static_cast<BBSaveState&>(o); }
Simulation& simulation(CallArgs& a) { return a.runtime().simulation(); }
ObjectPtr construct(NativeClass& cls, CallArgs&) { return make_counted<BBSaveState>(cls); }

std::ofstream open_to_write(CallArgs& a, const fs::path& path) {
    std::ofstream out(path);
    if (!out) throw Error(ErrorKind::Io, fmt::format("BBSaveState.{}: `{}` cannot be written", a.function(), path.string()));
    return out;
}
std::ifstream open_to_read(CallArgs& a, const fs::path& path) {
    std::ifstream in(path);
    if (!in) throw Error(ErrorKind::Io, fmt::format("BBSaveState.{}: `{}` cannot be read", a.function(), path.string()));
    return in;
}
void finish(CallArgs& a, std::ofstream& out, const fs::path& path) {
    out.close();
    if (!out) throw Error(ErrorKind::Io, fmt::format("BBSaveState.{}: writing `{}` failed", a.function(), path.string()));
}

/// Players and recorders go on from the restored time, and the variable step starts anew.
void resume(Simulation& s) {
    s.recording().resume(s.t);
    if (s.variable_step) s.variable_step->initialize();
}

/// On several ranks each has a file of its own.
fs::path of_rank(CallArgs& a, const std::string& file) {
    const Communicator& c = a.runtime().communicator();
    return c.size() == 1 ? fs::path(file) : fs::path(fmt::format("{}.{}", file, c.rank()));
}

Value save(Object& o, CallArgs& a) {
    const fs::path path = of_rank(a, a.string(0));
    const auto ignored = self(o).ignored_points();
    std::ofstream out = open_to_write(a, path);
    CellState(simulation(a), ignored).write_all(out);
    finish(a, out, path);
    return 1.0;
}

Value restore(Object& o, CallArgs& a) {
    const fs::path path = of_rank(a, a.string(0));
    std::ifstream in = open_to_read(a, path);
    CellStateReader reader(in, path.string());
    const auto ignored = self(o).ignored_points();
    CellState(simulation(a), ignored).read_all(reader);
    resume(simulation(a));
    return 1.0;
}

Value save_test(Object& o, CallArgs& a) {
    const int rank = a.runtime().communicator().rank();
    std::error_code failed;
    fs::create_directories(kOut, failed);
    const auto ignored = self(o).ignored_points();
    const CellState state(simulation(a), ignored);
    if (rank == 0) {
        const fs::path path = fs::path(kOut) / "tmp";
        std::ofstream out = open_to_write(a, path);
        out << fmt::format("{:.17g}\n", simulation(a).t);
        finish(a, out, path);
    }
    for (const CellState::Cell& cell : state.cells()) {
        if (cell.gid < 0) {
            if (cell.root) a.runtime().warn(fmt::format("BBSaveState.{}: the cell of section `{}` has no gid and is not saved", a.function(), cell.root->name()));
            continue;
        }
        const fs::path path = fs::path(kOut) / fmt::format("tmp.{}.{}", cell.gid, rank);
        std::ofstream out = open_to_write(a, path);
        state.write(out, cell, true);
        finish(a, out, path);
    }
    a.runtime().communicator().barrier();
    return 1.0;
}

/// The file of a gid: as the user has copied it, or as save_test left it.
fs::path file_of(long gid) {
    const fs::path copied = fs::path(kIn) / fmt::format("tmp.{}", gid);
    if (fs::exists(copied)) return copied;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(kOut, failed))
        if (entry.path().filename().string().starts_with(fmt::format("tmp.{}.", gid))) return entry.path();
    return copied;
}

void restore_cell(CallArgs& a, CellState& state, const CellState::Cell& cell) {
    const fs::path path = file_of(cell.gid);
    std::ifstream in = open_to_read(a, path);
    CellStateReader reader(in, path.string());
    std::string first = reader.word("`cell`");
    if (first != "cell") {  // a copied file begins with the number of its parts
        if (first != "1") reader.fail(fmt::format("`{}` stands where 1, the number of parts of the cell, should", first));
        reader.expect("cell");
    }
    if (const double gid = reader.number("a gid"); gid != static_cast<double>(cell.gid)) reader.fail(fmt::format("the state is of gid {}, not {}", gid, cell.gid));
    const bool sections = reader.word("`sections` or `artificial`") == "sections";
    if (sections != (cell.root != nullptr)) reader.fail(fmt::format("gid {} is another kind of cell here", cell.gid));
    state.read(reader, cell);
}

Value restore_test(Object& o, CallArgs& a) {
    fs::path path = fs::path(kIn) / "tmp";
    if (!fs::exists(path)) path = fs::path(kOut) / "tmp";
    std::ifstream in = open_to_read(a, path);
    const double t = CellStateReader(in, path.string()).number("the time");
    const auto ignored = self(o).ignored_points();
    CellState state(simulation(a), ignored);
    state.set_time(t);
    for (const CellState::Cell& cell : state.cells())
        if (cell.gid >= 0) restore_cell(a, state, cell);
    state.put_events();
    resume(simulation(a));
    a.runtime().communicator().barrier();
    return 1.0;
}

/// save_request(Vector) -> number of cells with a gid here; the Vector gets the gids.
Value save_request(Object& o, CallArgs& a) {
    const auto ignored = self(o).ignored_points();
    const CellState state(simulation(a), ignored);
    std::vector<double> gids;
    for (const CellState::Cell& cell : state.cells())
        if (cell.gid >= 0) gids.push_back(static_cast<double>(cell.gid));
    if (a.has(0)) {
        auto& v = a.object<Vector>(0, "Vector");
        v.resize(gids.size());
        std::copy(gids.begin(), gids.end(), v.values.begin());
    }
    return gids.size();
}

Value save_gid(Object& o, CallArgs& a) {
    const long gid = a.integer(0);
    const auto ignored = self(o).ignored_points();
    const CellState state(simulation(a), ignored);
    const CellState::Cell* cell = state.find(gid);
    if (!cell) throw Error(ErrorKind::Value, fmt::format("BBSaveState.save_gid: there is no cell with gid {} on this rank", gid));
    std::error_code failed;
    fs::create_directories(kOut, failed);
    const fs::path path = fs::path(kOut) / fmt::format("tmp.{}.{}", gid, a.runtime().communicator().rank());
    std::ofstream out = open_to_write(a, path);
    state.write(out, *cell, true);
    finish(a, out, path);
    return 1.0;
}

Value restore_gid(Object& o, CallArgs& a) {
    const long gid = a.integer(0);
    const auto ignored = self(o).ignored_points();
    CellState state(simulation(a), ignored);
    const CellState::Cell* cell = state.find(gid);
    if (!cell) throw Error(ErrorKind::Value, fmt::format("BBSaveState.restore_gid: there is no cell with gid {} on this rank", gid));
    restore_cell(a, state, *cell);
    state.put_events();
    return 1.0;
}

Value ignore(Object& o, CallArgs& a) {
    if (!a.has(0)) self(o).ignored.clear();
    else self(o).ignored.emplace_back(&a.object<PointProcess>(0, "point process"));
    return self(o).ignored.size();
}

Value vector_play_init(Object&, CallArgs&) { return 1.0; }  // restoring has seen to it

constexpr Method methods[] = {
    {"save", save, Returns::Number, "save(file name): writes the state of all cells of this rank; on several ranks each writes file.RANK\nPython: bbss.save('state.dat')     Hoc: bbss.save(\"state.dat\")"},
    {"restore", restore, Returns::Number, "restore(file name): puts back what save wrote, after finitialize\nPython: bbss.restore('state.dat')     Hoc: bbss.restore(\"state.dat\")"},
    {"save_test", save_test, Returns::Number,
     "save_test(): writes bbss_out/tmp (the time) and bbss_out/tmp.GID.RANK for every cell with a gid\nPython: bbss.save_test()     Hoc: bbss.save_test()"},
    {"restore_test", restore_test, Returns::Number,
     "restore_test(): reads bbss_in/tmp and bbss_in/tmp.GID, or what save_test left in bbss_out, on any number of ranks\nPython: bbss.restore_test()     Hoc: bbss.restore_test()"},
    {"save_test_bin", save_test, Returns::Number, "save_test_bin(): as save_test"},
    {"restore_test_bin", restore_test, Returns::Number, "restore_test_bin(): as restore_test"},
    {"save_request", save_request, Returns::Int, "save_request([Vector]) -> number of cells with a gid on this rank; the Vector gets the gids"},
    {"save_gid", save_gid, Returns::Number, "save_gid(gid): writes that cell's file of save_test"},
    {"restore_gid", restore_gid, Returns::Number, "restore_gid(gid): restores that cell alone; its events join those in flight"},
    {"ignore", ignore, Returns::Int, "ignore(point process), ignore(): leaves it out of saving and restoring; without argument forgets all -> number ignored\nPython: bbss.ignore(syn)     Hoc: bbss.ignore(syn)"},
    {"vector_play_init", vector_play_init, Returns::Number, "vector_play_init(): restoring lets Vector.play and Vector.record go on by itself; this does nothing more"},
};

}  // namespace

void register_bb_save_state(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("BBSaveState", construct, methods, std::span<const Property>{},
                                                         "BBSaveState(): saves and restores a network cell by cell (by gid), also on another number of ranks\n"
                                                         "Python: bbss = h.BBSaveState(); bbss.save('state.dat'); ...; h.stdinit(); bbss.restore('state.dat')\n"
                                                         "Hoc: bbss = new BBSaveState()  bbss.save(\"state.dat\")"));
}

}  // namespace nrn
