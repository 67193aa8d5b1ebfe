// SPDX-License-Identifier: BSD-3-Clause
// The system of the points that pieces share.
#include "engine/split_cells.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "model/model.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

/// What a piece tells of itself: current into its points = conductance * (their v) - source.
struct Told {
    std::vector<long> id;
    Eigen::MatrixXd conductance;
    Eigen::VectorXd source;
};

void write(std::vector<double>& out, const Told& told) {
    out.push_back(static_cast<double>(told.id.size()));
    for (const long id : told.id) out.push_back(static_cast<double>(id));
    out.insert(out.end(), told.conductance.data(), told.conductance.data() + told.conductance.size());
    out.insert(out.end(), told.source.data(), told.source.data() + told.source.size());
}

void read(const std::vector<std::byte>& bytes, std::vector<Told>& all) {
    std::vector<double> numbers(bytes.size() / sizeof(double));
    if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(double));
    for (std::size_t at = 0; at < numbers.size();) {
        const auto n = static_cast<Eigen::Index>(numbers[at++]);
        Told told;
        for (Eigen::Index i = 0; i < n; ++i) told.id.push_back(static_cast<long>(numbers[at++]));
        told.conductance = Eigen::Map<const Eigen::MatrixXd>(numbers.data() + at, n, n);
        at += static_cast<std::size_t>(n * n);
        told.source = Eigen::Map<const Eigen::VectorXd>(numbers.data() + at, n);
        at += static_cast<std::size_t>(n);
        all.push_back(std::move(told));
    }
}

/// v of each point, from currents that must cancel where pieces meet. Points that pieces tie together are solved at once.
std::map<long, double> potentials(const std::vector<Told>& all) {
    std::map<long, long> leader;  // union of ids that share a piece
    const auto find = [&](long id) {
        while (leader[id] != id) id = leader[id] = leader[leader[id]];
        return id;
    };
    for (const Told& t : all)
        for (const long id : t.id) leader.emplace(id, id);
    for (const Told& t : all)
        for (const long id : t.id) leader[find(id)] = find(t.id.front());
    std::map<long, std::vector<const Told*>> groups;
    for (const Told& t : all) groups[find(t.id.front())].push_back(&t);
    std::map<long, double> v;
    for (const auto& [name, members] : groups) {
        std::map<long, Eigen::Index> place;
        for (const Told* t : members)
            for (const long id : t->id) place.emplace(id, 0);
        Eigen::Index n = 0;
        for (auto& [id, i] : place) i = n++;
        Eigen::MatrixXd g = Eigen::MatrixXd::Zero(n, n);
        Eigen::VectorXd source = Eigen::VectorXd::Zero(n);
        for (const Told* t : members)
            for (std::size_t i = 0; i < t->id.size(); ++i) {
                source[place[t->id[i]]] += t->source[static_cast<Eigen::Index>(i)];
                for (std::size_t j = 0; j < t->id.size(); ++j)
                    g(place[t->id[i]], place[t->id[j]]) += t->conductance(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
            }
        const Eigen::VectorXd solution = g.partialPivLu().solve(source);
        for (const auto& [id, i] : place) v[id] = solution[i];
    }
    return v;
}

}  // namespace

SplitCells& split_cells(Runtime& runtime) { return runtime.service<SplitCells>(); }

void SplitCells::add(Section& section, double x, long id) {
    for (const Point& p : points_)
        if (p.section.get() == &section && p.x == x) throw Error(ErrorKind::Value, fmt::format("multisplit: {}({:g}) is already the point {}", section.name(), x, p.id));
    points_.push_back({SectionPtr(&section), x, id});
    version_ = 0;
}

void SplitCells::connect() {
    long anywhere = points_.empty() ? 0 : 1;
    runtime_.communicator().allreduce(std::span<long>(&anywhere, 1), Communicator::Op::Max);
    active_ = anywhere != 0;
}

void SplitCells::clear() noexcept {
    points_.clear();
    pieces_.clear();
    version_ = 0;
    active_ = false;
}

void SplitCells::find_pieces(Simulation& simulation) {
    Model& model = simulation.model();
    if (version_ == model.structure_version()) return;
    version_ = model.structure_version();
    pieces_.clear();
    std::erase_if(points_, [](const Point& p) { return !p.section->alive(); });
    auto& nodes = model.nodes();
    const std::int32_t n = simulation.layout().node_count();
    std::vector<std::int32_t> root(static_cast<std::size_t>(n));
    for (const std::int32_t i : nodes.hines_order) {
        const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
        root[static_cast<std::size_t>(i)] = p < 0 ? i : root[static_cast<std::size_t>(p)];
    }
    std::map<std::int32_t, std::size_t> piece_of;
    for (std::uint32_t k = 0; k < points_.size(); ++k) {
        const auto row = static_cast<std::int32_t>(nodes.row(points_[k].section->node_at(points_[k].x)));
        const auto [place, fresh] = piece_of.emplace(root[static_cast<std::size_t>(row)], pieces_.size());
        if (fresh) pieces_.emplace_back();
        pieces_[place->second].points.push_back(k);
        pieces_[place->second].point_rows.push_back(row);
    }
    for (const std::int32_t i : nodes.hines_order)
        if (const auto found = piece_of.find(root[static_cast<std::size_t>(i)]); found != piece_of.end()) pieces_[found->second].rows.push_back(i);
}

/// After the elimination: pivots are in d.
void SplitCells::respond(Simulation& simulation, Piece& piece) {
    auto& nodes = simulation.model().nodes();
    const double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B), *d = nodes.column(NodeStore::D), *area = nodes.column(NodeStore::Area);
    const std::int32_t* parent = nodes.parent.data();
    std::vector<double> x(static_cast<std::size_t>(simulation.layout().node_count()), 0.0);
    piece.response.clear();
    for (const std::int32_t point : piece.point_rows) {
        for (const std::int32_t i : piece.rows) x[static_cast<std::size_t>(i)] = 0;
        x[static_cast<std::size_t>(point)] = 1 / area[point];
        for (std::int32_t i = point; parent[i] >= 0; i = parent[i])
            x[static_cast<std::size_t>(parent[i])] -= a[i] / d[i] * x[static_cast<std::size_t>(i)];
        for (const std::int32_t i : piece.rows) {
            double& here = x[static_cast<std::size_t>(i)];
            if (parent[i] >= 0) here -= b[i] * x[static_cast<std::size_t>(parent[i])];
            here /= d[i];
            piece.response.push_back(here);
        }
    }
}

void SplitCells::solve(Simulation& simulation, double factor) {
    find_pieces(simulation);
    simulation.eliminate();
    auto& nodes = simulation.model().nodes();
    double* rhs = nodes.column(NodeStore::Rhs);
    const double* v = nodes.column(NodeStore::V);
    std::vector<Told> mine;
    for (Piece& piece : pieces_) {
        respond(simulation, piece);
        const auto k = static_cast<Eigen::Index>(piece.points.size());
        Told told;
        Eigen::MatrixXd resistance(k, k);
        Eigen::VectorXd alone(k);  // v / factor, were there no other pieces
        for (Eigen::Index i = 0; i < k; ++i) {
            const std::int32_t row = piece.point_rows[static_cast<std::size_t>(i)];
            const auto place = std::find(piece.rows.begin(), piece.rows.end(), row) - piece.rows.begin();
            told.id.push_back(points_[piece.points[static_cast<std::size_t>(i)]].id);
            alone[i] = v[row] / factor + rhs[row];
            for (Eigen::Index j = 0; j < k; ++j) resistance(i, j) = piece.response[static_cast<std::size_t>(j) * piece.rows.size() + static_cast<std::size_t>(place)];
        }
        told.conductance = resistance.inverse();
        told.source = told.conductance * alone;
        mine.push_back(std::move(told));
    }
    std::vector<double> numbers;
    for (const Told& told : mine) write(numbers, told);
    std::vector<Told> all;
    for (const auto& bytes : runtime_.communicator().allgather(std::as_bytes(std::span(numbers)))) read(bytes, all);
    const auto potential = potentials(all);
    for (std::size_t p = 0; p < pieces_.size(); ++p) {
        const Piece& piece = pieces_[p];
        Eigen::VectorXd at(static_cast<Eigen::Index>(piece.points.size()));
        for (std::size_t i = 0; i < piece.points.size(); ++i) at[static_cast<Eigen::Index>(i)] = potential.at(mine[p].id[i]);
        const Eigen::VectorXd current = mine[p].conductance * at - mine[p].source;
        for (std::size_t i = 0; i < piece.points.size(); ++i)
            for (std::size_t r = 0; r < piece.rows.size(); ++r) rhs[piece.rows[r]] += current[static_cast<Eigen::Index>(i)] * piece.response[i * piece.rows.size() + r];
    }
}

}  // namespace nrn
