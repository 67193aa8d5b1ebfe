// SPDX-License-Identifier: BSD-3-Clause
// Arguments of the interpreter's call now running, and the objects in them.
#include <fmt/format.h>

#include "engine/host_functions.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/runtime.hpp"
#include "object/list.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

CallArgs* call_of(nrn_context* context) { return static_cast<CallArgs*>(context->call); }

std::int32_t arg_count(nrn_context* c) { return call_of(c) ? static_cast<std::int32_t>(call_of(c)->count()) : 0; }

std::int32_t arg_kind(nrn_context* c, std::int32_t i) {
    const CallArgs* a = call_of(c);
    const auto k = static_cast<std::size_t>(i - 1);
    if (!a || i < 1 || !a->has(k)) return 0;
    if (a->is_number(k)) return NRN_ARG_NUMBER;
    if (a->is_string(k)) return NRN_ARG_STRING;
    if (a->is_object(k) || a->is_none(k)) return NRN_ARG_OBJECT;
    return NRN_ARG_REFERENCE;
}

double* arg_number(nrn_context* c, std::int32_t i) {
    Simulation& s = simulation_of(c);
    static thread_local double nothing;
    nothing = 0;
    double* found = &nothing;
    guarded(s, [&] {
        CallArgs* a = call_of(c);
        const auto k = static_cast<std::size_t>(i - 1);
        if (!a) throw Error(ErrorKind::Argument, "there is no call whose arguments could be read");
        if (a->is_ref(k)) {
            found = a->ref(k).data();
        } else {
            s.argument_copies.push_back(std::make_unique<double>(a->number(k)));
            found = s.argument_copies.back().get();
        }
        return 0;
    });
    return found;
}

const char* arg_string(nrn_context* c, std::int32_t i) {
    const char* text = "";
    guarded(simulation_of(c), [&] {
        if (!call_of(c)) throw Error(ErrorKind::Argument, "there is no call whose arguments could be read");
        text = call_of(c)->string(static_cast<std::size_t>(i - 1)).c_str();
        return 0;
    });
    return text;
}

void arg_set_string(nrn_context* c, std::int32_t i, const char* text) {
    guarded(simulation_of(c), [&] {
        if (call_of(c)) call_of(c)->string_cell(static_cast<std::size_t>(i - 1)).text = text;
        return 0;
    });
}

void* arg_object(nrn_context* c, std::int32_t i) {
    void* object = nullptr;
    guarded(simulation_of(c), [&] {
        if (!call_of(c)) throw Error(ErrorKind::Argument, "there is no call whose arguments could be read");
        object = call_of(c)->object(static_cast<std::size_t>(i - 1));
        return 0;
    });
    return object;
}

void** arg_object_reference(nrn_context* c, std::int32_t i) {
    static thread_local void* slot;
    slot = arg_object(c, i);
    return &slot;
}

const char* object_name(nrn_context* c, void* object) {
    auto& text = simulation_of(c).name_buffer;
    text = object ? static_cast<Object*>(object)->name() : "NULLobject";
    return text.c_str();
}
const char* object_class(nrn_context*, void* object) { return object ? static_cast<Object*>(object)->cls().name().c_str() : ""; }
void object_retain(void* object) { if (object) static_cast<Object*>(object)->retain(); }
void object_release(void* object) { if (object) static_cast<Object*>(object)->release(); }

Vector* as_vector(void* object) { return dynamic_cast<Vector*>(static_cast<Object*>(object)); }

void* vector_new(nrn_context* c, std::int32_t size) {
    Simulation& s = simulation_of(c);
    void* made = nullptr;
    guarded(s, [&] {
        VectorPtr v = Vector::make(s.runtime(), static_cast<std::size_t>(std::max(size, 0)));
        made = static_cast<Object*>(v.detach());
        return 0;
    });
    return made;
}
std::int32_t vector_size(void* v) { return as_vector(v) ? static_cast<std::int32_t>(as_vector(v)->values.size()) : 0; }
std::int32_t vector_capacity(void* v) { return as_vector(v) ? static_cast<std::int32_t>(as_vector(v)->values.capacity()) : 0; }
double* vector_data(void* v) { return as_vector(v) ? as_vector(v)->values.data() : nullptr; }
void vector_resize(void* v, std::int32_t size) {
    if (Vector* x = as_vector(v); x && size >= 0) x->resize(static_cast<std::size_t>(size));
}
std::int32_t list_size(void* object) {
    auto* o = static_cast<Object*>(object);
    return o && o->cls().is_sequence() ? static_cast<std::int32_t>(o->cls().size(*o)) : 0;
}
void* list_item(void* object, std::int32_t i) {
    auto* o = static_cast<Object*>(object);
    if (!o || !o->cls().is_sequence() || i < 0 || static_cast<std::size_t>(i) >= o->cls().size(*o)) return nullptr;
    const Value item = o->cls().item(*o, i);
    return item.is_object() ? item.object() : nullptr;
}

/// A method of Vector that a mechanism's VERBATIM block installed: double fn(void* vector).
class InstalledMethod final : public Member {
  public:
    InstalledMethod(std::string name, double (*f)(void*), Simulation& s) : Member(std::move(name), Kind::Method), function_(f), simulation_(s) {}
    Value call(Object& self, CallArgs& args) const override {
        void* const outer = std::exchange(simulation_.context().call, &args);
        const double result = function_(&self);
        simulation_.context().call = outer;
        simulation_.raise_pending();
        return result;
    }

  private:
    double (*function_)(void*);
    Simulation& simulation_;
};

void install_vector_method(nrn_context* c, const char* name, void* fn) {
    Simulation& s = simulation_of(c);
    guarded(s, [&] {
        auto& cls = dynamic_cast<NativeClass&>(s.runtime().classes().get("Vector"));
        cls.add_member(std::make_unique<InstalledMethod>(name, reinterpret_cast<double (*)(void*)>(fn), s));
        return 0;
    });
}

}  // namespace

void add_argument_functions(nrn_host& h) {
    h.arg_count = arg_count;
    h.arg_kind = arg_kind;
    h.arg_number = arg_number;
    h.arg_string = arg_string;
    h.arg_set_string = arg_set_string;
    h.arg_object = arg_object;
    h.arg_object_reference = arg_object_reference;
    h.object_name = object_name;
    h.object_class = object_class;
    h.object_retain = object_retain;
    h.object_release = object_release;
    h.vector_new = vector_new;
    h.vector_size = vector_size;
    h.vector_capacity = vector_capacity;
    h.vector_data = vector_data;
    h.vector_resize = vector_resize;
    h.list_size = list_size;
    h.list_item = list_item;
    h.install_vector_method = install_vector_method;
}

}  // namespace nrn
