// SPDX-License-Identifier: BSD-3-Clause
// ParallelContext: the bulletin board - jobs that any rank may run, and posted messages.
#include <fmt/format.h>

#include "classes/parallel_context.hpp"
#include "network/work_queue.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

WorkQueue& queue(CallArgs& a) { return a.runtime().service<WorkQueue>(); }

/// Keys are strings or numbers; 1 and "1" are different keys.
std::string key_of(CallArgs& a) {
    if (a.is_number(0)) return fmt::format("#{:.17g}", a.number(0));
    return a.string(0);
}

WorkQueue::Values call_from(CallArgs& a, std::size_t first) {
    if (!a.has(first)) a.missing(first);
    return {a.values().begin() + static_cast<std::ptrdiff_t>(first), a.values().end()};
}

Value submit(Object&, CallArgs& a) {
    std::optional<double> user_id;
    if (a.is_number(0)) user_id = a.number(0);
    const std::size_t first = user_id ? 1 : 0;
    if (!user_id) user_id = queue(a).next_user_id();
    (void)queue(a).submit(call_from(a, first), user_id);
    return *user_id;
}

Value working(Object&, CallArgs& a) { return queue(a).working(); }
Value retval(Object&, CallArgs& a) { return queue(a).return_value(); }
Value pyret(Object&, CallArgs& a) { return queue(a).return_object(); }
Value userid(Object&, CallArgs& a) { return queue(a).user_id(); }

Value context(Object&, CallArgs& a) {
    queue(a).context(call_from(a, a.is_number(0) ? 1 : 0));
    return 1.0;
}

Value runworker(Object&, CallArgs& a) {
    queue(a).run_worker();
    return 0.0;
}

Value done(Object&, CallArgs& a) {
    queue(a).done();
    return 0.0;
}

Value master_works_on_jobs(Object&, CallArgs& a) {
    const bool before = queue(a).master_works;
    if (a.has(0)) queue(a).master_works = a.number(0) != 0;
    return before;
}

// ---- messages ----------------------------------------------------------------------------------------

void pack_from(CallArgs& a, std::size_t first) {
    for (std::size_t i = first; i < a.count(); ++i) queue(a).pack(a.at(i));
}

/// Assigns unpacked values to what the caller passed: references, strdefs, Vectors.
void unpack_to(CallArgs& a, std::size_t first) {
    for (std::size_t i = first; i < a.count(); ++i) {
        const Value value = queue(a).unpack();
        if (auto* v = a.object_if<Vector>(i)) {
            const auto* sent = value.is_object() ? dynamic_cast<const Vector*>(value.object()) : nullptr;
            if (!sent) throw Error(ErrorKind::Type, fmt::format("{}: argument {} wants a Vector, but a {} was packed", a.function(), i + 1, value.type_name()));
            v->resize(sent->values.size());
            v->values = sent->values;
        } else if (a.is_ref(i)) {
            a.ref(i).set(value);
        } else {
            a.string_cell(i).text = value.string();
        }
    }
}

Value pack(Object&, CallArgs& a) {
    pack_from(a, 0);
    return 0.0;
}

Value post(Object&, CallArgs& a) {
    const std::string key = key_of(a);
    pack_from(a, 1);
    queue(a).post(key);
    return 1.0;
}

Value take(Object&, CallArgs& a) {
    queue(a).take(key_of(a));
    unpack_to(a, 1);
    return 1.0;
}

Value look(Object&, CallArgs& a) {
    const bool found = queue(a).look(key_of(a), false);
    if (found) unpack_to(a, 1);
    return found;
}

Value look_take(Object&, CallArgs& a) {
    const bool found = queue(a).look(key_of(a), true);
    if (found) unpack_to(a, 1);
    return found;
}

Value unpack(Object&, CallArgs& a) {
    unpack_to(a, 0);
    return 1.0;
}

Value upkscalar(Object&, CallArgs& a) { return queue(a).unpack().number(); }
Value upkpyobj(Object&, CallArgs& a) { return queue(a).unpack(); }

Value upkstr(Object&, CallArgs& a) {
    const Value value = queue(a).unpack();
    if (!a.has(0)) return value;
    a.string_cell(0).text = value.string();
    return value;
}

Value upkvec(Object&, CallArgs& a) {
    const Value value = queue(a).unpack();
    const auto* sent = value.is_object() ? dynamic_cast<const Vector*>(value.object()) : nullptr;
    if (!sent) throw Error(ErrorKind::Type, fmt::format("upkvec: a {} was packed, not a Vector", value.type_name()));
    if (!a.has(0)) return value;
    auto& v = a.object<Vector>(0, "Vector");
    v.resize(sent->values.size());
    v.values = sent->values;
    return Value(static_cast<Object*>(&v));
}

constexpr Method methods[] = {
    {"submit", submit, Returns::Number,
     "submit([userid,] \"statement\" or \"function\" or callable or object, \"method\"[, arguments...]) -> job id\n"
     "Python: pc.submit(f, 3)\nHoc: pc.submit(\"f\", 3)"},
    {"working", working, Returns::Int, "working() -> id of a finished job, or 0 when none is left; works meanwhile"},
    {"retval", retval, Returns::Number, "retval() -> what the job's function returned"},
    {"pyret", pyret, Returns::Any, "pyret() -> what the job's callable returned"},
    {"userid", userid, Returns::Number, "userid() -> the number given to submit, or the job's id"},
    {"context", context, Returns::Number, "context(...): runs what submit would on every other rank"},
    {"runworker", runworker, Returns::Number, "runworker(): ranks other than 0 work until done()"},
    {"done", done, Returns::Number, "done(): ends the other ranks"},
    {"master_works_on_jobs", master_works_on_jobs, Returns::Bool, "master_works_on_jobs([flag]) -> previous"},
    {"pack", pack, Returns::Number, "pack(values...): for the next post or submit"},
    {"post", post, Returns::Number, "post(key, values...): puts a message on the board"},
    {"take", take, Returns::Number, "take(key, &targets...): waits for a message and removes it"},
    {"look", look, Returns::Bool, "look(key, &targets...) -> is there such a message? Opens a copy"},
    {"look_take", look_take, Returns::Bool, "look_take(key, &targets...) -> as look, and removes it"},
    {"unpack", unpack, Returns::Number, "unpack(&x, strdef, Vector ...): the next values of the message"},
    {"upkscalar", upkscalar, Returns::Number, "upkscalar() -> the next number"},
    {"upkstr", upkstr, Returns::String, "upkstr(strdef) -> the next string"},
    {"upkvec", upkvec, Returns::Object, "upkvec([Vector]) -> the next Vector"},
    {"upkpyobj", upkpyobj, Returns::Any, "upkpyobj() -> the next object"},
};

}  // namespace

std::span<const Method> parallel_context_job_methods() { return methods; }

}  // namespace nrn
