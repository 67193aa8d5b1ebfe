// SPDX-License-Identifier: BSD-3-Clause
// ParallelContext: operations in which all ranks take part.
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "classes/parallel_context.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/pickler.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

using Bytes = std::vector<std::byte>;

Communicator& comm(CallArgs& a) { return a.runtime().communicator(); }

std::span<const std::byte> bytes_of(const std::vector<double>& v) { return std::as_bytes(std::span(v)); }

void append(std::vector<double>& to, const Bytes& bytes) {
    const std::size_t old = to.size();
    to.resize(old + bytes.size() / sizeof(double));
    if (!bytes.empty()) std::memcpy(to.data() + old, bytes.data(), bytes.size());
}

void assign(Vector& v, std::vector<double> values) {
    v.resize(values.size());
    std::copy(values.begin(), values.end(), v.values.begin());
}

int root_argument(CallArgs& a, std::size_t i) {
    const long root = a.integer_or(i, 0);
    if (root < 0 || root >= comm(a).size())
        throw Error(ErrorKind::Range, fmt::format("{}: rank must be from 0 to {}, not {}", a.function(), comm(a).size() - 1, root));
    return static_cast<int>(root);
}

Value barrier(Object&, CallArgs& a) {
    const double before = comm(a).wall_time();
    comm(a).barrier();
    return comm(a).wall_time() - before;
}

Value allreduce(Object&, CallArgs& a) {
    const long type = a.integer(1);
    if (type < 1 || type > 3) throw Error(ErrorKind::Range, fmt::format("allreduce: type must be 1 (sum), 2 (maximum) or 3 (minimum), not {}", type));
    const auto op = type == 1 ? Communicator::Op::Sum : type == 2 ? Communicator::Op::Max : Communicator::Op::Min;
    if (auto* v = a.object_if<Vector>(0)) {
        comm(a).allreduce(std::span<double>(v->values), op);
        return 0.0;
    }
    double x = a.number(0);
    comm(a).allreduce(std::span<double>(&x, 1), op);
    return x;
}

Value allgather(Object&, CallArgs& a) {
    auto& out = a.object<Vector>(1, "Vector");
    std::vector<double> mine;
    if (const auto* v = a.object_if<Vector>(0)) mine = v->values;
    else mine = {a.number(0)};
    std::vector<double> all;
    for (const Bytes& b : comm(a).allgather(bytes_of(mine))) append(all, b);
    assign(out, std::move(all));
    return 0.0;
}

Value alltoall(Object&, CallArgs& a) {
    const auto& source = a.object<Vector>(0, "Vector");
    const auto& counts = a.object<Vector>(1, "Vector");
    auto& out = a.object<Vector>(2, "Vector");
    const auto ranks = static_cast<std::size_t>(comm(a).size());
    if (counts.values.size() != ranks)
        throw Error(ErrorKind::Value, fmt::format("alltoall: the vector of counts must have one element per rank ({}), not {}", ranks, counts.values.size()));
    std::vector<Bytes> send(ranks);
    std::size_t position = 0;
    for (std::size_t r = 0; r < ranks; ++r) {
        const long n = std::lround(counts.values[r]);
        if (n < 0 || position + static_cast<std::size_t>(n) > source.values.size())
            throw Error(ErrorKind::Value, fmt::format("alltoall: the counts add up to more than the {} elements of the source vector", source.values.size()));
        const auto bytes = std::as_bytes(std::span(source.values).subspan(position, static_cast<std::size_t>(n)));
        send[r].assign(bytes.begin(), bytes.end());
        position += static_cast<std::size_t>(n);
    }
    if (position != source.values.size())
        throw Error(ErrorKind::Value, fmt::format("alltoall: the counts add up to {}, but the source vector has {} elements", position, source.values.size()));
    std::vector<double> all;
    for (const Bytes& b : comm(a).alltoall(send)) append(all, b);
    assign(out, std::move(all));
    return 0.0;
}

/// Every rank gets root's bytes, whatever its own length was.
void broadcast_bytes(Communicator& communicator, Bytes& bytes, int root) {
    long size = static_cast<long>(bytes.size());
    communicator.broadcast(std::as_writable_bytes(std::span(&size, 1)), root);
    bytes.resize(static_cast<std::size_t>(size));
    if (size > 0) communicator.broadcast(bytes, root);
}

bool alone(CallArgs& a) { return comm(a).size() == 1; }

Value broadcast(Object&, CallArgs& a) {
    const int root = root_argument(a, 1);
    if (auto* v = a.object_if<Vector>(0)) {
        const auto mine = bytes_of(v->values);
        Bytes bytes(mine.begin(), mine.end());
        broadcast_bytes(comm(a), bytes, root);
        std::vector<double> values;
        append(values, bytes);
        assign(*v, std::move(values));
        return v->values.size();
    }
    StringCell* out = comm(a).rank() == root ? nullptr : &a.string_cell(0);
    const auto mine = std::as_bytes(std::span(a.string(0)));
    Bytes bytes(mine.begin(), mine.end());
    broadcast_bytes(comm(a), bytes, root);
    if (out) out->text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return bytes.size() + (alone(a) ? 0 : 1);  // between ranks its end is counted too, as in the reference
}

// ---- objects of a language ----------------------------------------------------------------------------

Pickler& pickler(CallArgs& a) { return require_pickler(a.runtime(), std::string(a.function()).c_str()); }
Value list_of(CallArgs& a, const std::vector<Bytes>& all) {
    std::vector<Value> values;
    for (const Bytes& b : all) values.push_back(pickler(a).unpickle(b));
    return pickler(a).make_list(values);
}

std::vector<Value> one_per_rank(CallArgs& a, const Value& list) {
    auto items = pickler(a).list_items(list);
    if (items.size() != static_cast<std::size_t>(comm(a).size()))
        throw Error(ErrorKind::Value, fmt::format("{}: the list must have one item per rank ({}), not {}", a.function(), comm(a).size(), items.size()));
    return items;
}

Value py_alltoall(Object&, CallArgs& a) {
    const auto items = one_per_rank(a, a.at(0));
    if (alone(a)) return pickler(a).make_list(items);
    std::vector<Bytes> send;
    for (const Value& v : items) send.push_back(pickler(a).pickle(v));
    return list_of(a, comm(a).alltoall(send));
}

Value py_allgather(Object&, CallArgs& a) {
    if (alone(a)) return pickler(a).make_list(std::span(&a.at(0), 1));
    return list_of(a, comm(a).allgather(pickler(a).pickle(a.at(0))));
}

Value py_gather(Object&, CallArgs& a) {
    const int root = root_argument(a, 1);
    if (alone(a)) return pickler(a).make_list(std::span(&a.at(0), 1));
    const auto all = comm(a).gather(pickler(a).pickle(a.at(0)), root);
    return comm(a).rank() == root ? list_of(a, all) : Value();
}

Value py_broadcast(Object&, CallArgs& a) {
    const int root = root_argument(a, 1);
    if (alone(a)) return a.at(0);
    Bytes bytes;
    if (comm(a).rank() == root) bytes = pickler(a).pickle(a.at(0));
    broadcast_bytes(comm(a), bytes, root);
    return comm(a).rank() == root ? a.at(0) : pickler(a).unpickle(bytes);
}

Value py_scatter(Object&, CallArgs& a) {
    const int root = root_argument(a, 1);
    if (alone(a)) return one_per_rank(a, a.at(0)).at(0);
    std::vector<Bytes> send(static_cast<std::size_t>(comm(a).size()));
    if (comm(a).rank() == root) {
        const auto items = one_per_rank(a, a.at(0));
        for (std::size_t r = 0; r < items.size(); ++r) send[r] = pickler(a).pickle(items[r]);
    }
    return pickler(a).unpickle(comm(a).alltoall(send)[static_cast<std::size_t>(root)]);
}

constexpr Method methods[] = {
    {"barrier", barrier, Returns::Number, "barrier() -> s waited until all ranks have come here"},
    {"allreduce", allreduce, Returns::Number, "allreduce(value or Vector, type) -> over all ranks: 1 sum, 2 maximum, 3 minimum; a Vector in place"},
    {"allgather", allgather, Returns::Number, "allgather(value or Vector, result): every rank's value, in rank order"},
    {"alltoall", alltoall, Returns::Number, "alltoall(source, counts, result): counts[r] elements go to rank r"},
    {"broadcast", broadcast, Returns::Number, "broadcast(strdef or Vector, root) -> its length; all ranks get root's"},
    {"py_alltoall", py_alltoall, Returns::Any, "py_alltoall(list) -> list: item r goes to rank r"},
    {"py_allgather", py_allgather, Returns::Any, "py_allgather(object) -> list of every rank's object"},
    {"py_gather", py_gather, Returns::Any, "py_gather(object, root) -> list on root, None elsewhere"},
    {"py_broadcast", py_broadcast, Returns::Any, "py_broadcast(object, root) -> root's object"},
    {"py_scatter", py_scatter, Returns::Any, "py_scatter(list, root) -> this rank's item of root's list"},
};

}  // namespace

std::span<const Method> parallel_context_collective_methods() { return methods; }

}  // namespace nrn
