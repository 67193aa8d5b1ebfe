// SPDX-License-Identifier: BSD-3-Clause
// A Python type for every class of the registry.
#include "object_types.hpp"

#include <list>
#include <unordered_map>

#include <fmt/format.h>

#include "cycle_collection.hpp"
#include "error/closest_name.hpp"
#include "error_translation.hpp"
#include "foreign_object.hpp"
#include "model/model.hpp"
#include "nrn/api/class_traits.hpp"
#include "object/vector.hpp"
#include "section_type.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

struct TypeOfClass {
    Class* cls;
    PyTypeObject* type;
    bool lookup_error;  // templates and mechanisms: an unknown name assigned is a LookupError
    std::size_t members;
};

struct Types {
    std::unordered_map<Class*, TypeOfClass> by_class;
    std::unordered_map<PyTypeObject*, TypeOfClass*> by_type;
    std::list<std::string> names;  // PyType_Spec keeps pointers while a type is made
};
Types& types() {
    static auto* all = new Types;  // as long as the process, like the types
    return *all;
}

TypeOfClass* entry_of(PyTypeObject* type) noexcept {
    const auto& by_type = types().by_type;
    if (const auto found = by_type.find(type); found != by_type.end()) return found->second;
    if (!type->tp_mro) return nullptr;
    for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(type->tp_mro); ++i)
        if (const auto found = by_type.find(reinterpret_cast<PyTypeObject*>(PyTuple_GET_ITEM(type->tp_mro, i))); found != by_type.end())
            return found->second;
    return nullptr;
}

/// The first base of another class of the simulator than `entry`'s: an instance cannot be of both.
const TypeOfClass* other_class(PyTypeObject* type, const TypeOfClass* entry) noexcept {
    if (!type->tp_mro) return nullptr;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(type->tp_mro); ++i)
        if (const auto found = types().by_type.find(reinterpret_cast<PyTypeObject*>(PyTuple_GET_ITEM(type->tp_mro, i)));
            found != types().by_type.end() && found->second != entry)
            return found->second;
    return nullptr;
}

/// A subclass written in Python keeps its instance while the kernel's object is the same.
struct WrapperLink final : Object::Attachment {
    explicit WrapperLink(PyObject* w) : wrapper(w) { owner = &types(); }
    PyObject* wrapper;  // borrowed: the wrapper clears it when it goes
};

PyObject* linked_wrapper(const Object& object) noexcept {
    auto* a = object.attachment();
    return a && a->owner == &types() ? static_cast<WrapperLink*>(a)->wrapper : nullptr;
}

PyObject* make_view(PyTypeObject* type, Object& object, bool own_type = true) {
    ObjectView* view;
    if (!own_type) view = reinterpret_cast<ObjectView*>(type->tp_alloc(type, 0));  // a subclass in Python: with a __dict__, tracked
    else if (PyType_IS_GC(type)) view = PyObject_GC_New(ObjectView, type);
    else view = PyObject_New(ObjectView, type);
    if (!view) return nullptr;
    object.retain();
    view->object = &object;
    view->weakrefs = nullptr;
    // Most NetCons, empty Lists ... never hold anything: track_if_holding() when they begin to.
    if (own_type && PyType_IS_GC(type) && holds_anything(object)) PyObject_GC_Track(view);
    return as_object(view);
}

/// The view gives up its object: at its end, or when the collector breaks a cycle.
int let_go(PyObject* self) {
    if (Object* object = std::exchange(reinterpret_cast<ObjectView*>(self)->object, nullptr); object && !state().shut_down) {
        if (linked_wrapper(*object) == self) object->attach(nullptr);
        object->release();
    }
    return 0;
}

/// An `unref` was interrupted, and nothing can be raised at an object's end: the running program gets the exception at its
/// next instruction. (What quit() asks for waits for the next look at the simulator, which has its status.)
void stop_program() noexcept {
    PyObject *pending[3], *kind, *value, *traceback;
    PyErr_Fetch(&pending[0], &pending[1], &pending[2]);
    try {
        state().interruption->leave_if_deferred();
    } catch (const Error& error) {
        set_error(error, Edge::Call);
        PyErr_Fetch(&kind, &value, &traceback);
        PyThreadState_SetAsyncExc(PyThread_get_thread_ident(), kind);
        Py_XDECREF(kind), Py_XDECREF(value), Py_XDECREF(traceback);
    } catch (...) {
        state().interruption->defer(std::current_exception());
    }
    PyErr_Restore(pending[0], pending[1], pending[2]);
}

/// The collector's: memory that an array of NumPy shows stays until that array has gone.
int clear(PyObject* self) {
    const Object* object = object_of(self);
    const bool shown = object && object->cls().is_buffer() && static_cast<const Vector*>(object)->viewed();
    return shown ? 0 : let_go(self);
}

int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    const Object* object = object_of(self);
    return object && !state().shut_down ? traverse_owned(*object, visit, arg) : 0;
}

/// Instances of these hold numbers only, and programs make very many of them: they need no collector.
bool holds_numbers_only(Class& cls) { return runtime().model().mechanism(cls.name()); }

void dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    if (PyType_IS_GC(type)) PyObject_GC_UnTrack(self);
    if (reinterpret_cast<ObjectView*>(self)->weakrefs) PyObject_ClearWeakRefs(self);
    let_go(self);
    if (state().interruption->deferred()) [[unlikely]] stop_program();
    type->tp_free(self);
    Py_DECREF(type);
}

/// Keywords of a constructor: sec=; a Python subclass may have others of its own, which its __init__ takes.
bool constructor_keywords(PyTypeObject* type, PyObject* keywords, bool subclass, Section*& section) {
    if (!keywords) return true;
    PyObject *key, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(keywords, &at, &key, &value)) {
        if (PyUnicode_CompareWithASCIIString(key, "sec") == 0) {
            Owned names(PyTuple_Pack(1, key));
            if (!section_keyword(&value, names.get(), type->tp_name, section)) return false;
        } else if (!subclass) {
            PyErr_Format(state().hoc_error, "`%s` has no keyword `%U`: only sec= is known", type->tp_name, key);
            return false;
        }
    }
    return true;
}

ObjectPtr construct_object(Class& cls, PyObject* const* args, std::size_t n, Section* section) {
    if (n == 1 && vector_slots(cls) && !is_number(args[0])) {
        CallArgs none(runtime(), cls.name());
        ObjectPtr made = cls.construct(none);
        const int filled = fill_vector(*made, args[0]);
        if (filled < 0) throw_python_error();
        if (filled) return made;
    }
    Owned sequence;
    if (n > 0 && PyIter_Check(args[0]) && cls.name() == "SectionList") {  // a generator of sections
        sequence = Owned(PySequence_List(args[0]));
        if (!sequence) throw_python_error();
    }
    PyObject* const first = sequence.get();
    ArgumentList list(first ? &first : args, first ? 1 : n);
    CallArgs call(runtime(), cls.name(), list.values());
    call.texts_are_values = true;
    call.explicit_section = section;
    const SectionStack::Guard guard(runtime().model().stack(), section);
    ObjectPtr made = cls.construct(call);
    if (!made) throw Error(ErrorKind::Runtime, fmt::format("`{}` made no object", cls.name()));
    return made;
}

PyObject* construct(PyTypeObject* type, PyObject* args, PyObject* keywords) {
    TypeOfClass* entry = entry_of(type);
    if (!entry) return raise(PyExc_TypeError, fmt::format("`{}` cannot be constructed: it stands for no class", type->tp_name));
    const bool subclass = entry->type != type;
    if (const TypeOfClass* other = subclass ? other_class(type, entry) : nullptr)
        return raise(PyExc_TypeError, fmt::format("`{}` has two bases that are classes of the simulator, {} and {}: an object is of one", type->tp_name,
                                                  entry->cls->name(), other->cls->name()));
    Section* section = nullptr;
    if (!constructor_keywords(type, keywords, subclass, section)) return nullptr;
    return guarded_call([&]() -> PyObject* {
        const ObjectPtr made = construct_object(*entry->cls, &PyTuple_GET_ITEM(args, 0), static_cast<std::size_t>(PyTuple_GET_SIZE(args)), section);
        if (!subclass) return wrap_object(*made);
        PyObject* view = make_view(type, *made, false);
        if (view) made->attach(new WrapperLink(view));
        return view;
    });
}

/// The same without a tuple of arguments, for the classes themselves.
PyObject* construct_directly(PyObject* type, PyObject* const* args, size_t nargsf, PyObject* keyword_names) {
    const auto* entry = entry_of(reinterpret_cast<PyTypeObject*>(type));
    const auto n = static_cast<std::size_t>(PyVectorcall_NARGS(nargsf));
    Section* section = nullptr;
    if (keyword_names && !section_keyword(args + n, keyword_names, entry->type->tp_name, section)) return nullptr;
    return guarded_call([&]() -> PyObject* {
        const ObjectPtr made = construct_object(*entry->cls, args, n, section);
        return &made->cls() == entry->cls && !python_object_of(*made) ? make_view(entry->type, *made) : wrap_object(*made);
    });
}

int initialise(PyObject*, PyObject*, PyObject*) { return 0; }  // construct() has done it

PyObject* repr(PyObject* self) {
    return guarded_access([&]() -> PyObject* {
        Object* object = object_of(self);
        return PyUnicode_FromString(object ? object->name().c_str() : Py_TYPE(self) == state().top_level_type ? "<TopLevelHocInterpreter>" : "<unconstructed object>");
    });
}

Py_hash_t hash(PyObject* self) { return _Py_HashPointer(object_of(self)); }

PyObject* compare(PyObject* a, PyObject* b, int op) {
    if (!PyObject_TypeCheck(b, state().object_type) || (op != Py_EQ && op != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
    const bool same = object_of(a) && object_of(b) ? object_of(a) == object_of(b) : a == b;
    return PyBool_FromLong(same == (op == Py_EQ));
}

int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
    // Python lets an object become one of any type of the same layout; the kernel's object stays what it is.
    if (value && PyType_Check(value) && PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, "__class__") == 0) {
        auto* type = reinterpret_cast<PyTypeObject*>(value);
        if (const TypeOfClass* entry = entry_of(Py_TYPE(self)); entry != entry_of(type) || other_class(type, entry)) {
            PyErr_Format(PyExc_TypeError, "a %.200s cannot become a %.200s", Py_TYPE(self)->tp_name, type->tp_name);
            return -1;
        }
    }
    const int done = PyObject_GenericSetAttr(self, name, value);
    if (done == 0 || !PyErr_ExceptionMatches(PyExc_AttributeError)) return done;
    const TypeOfClass* entry = entry_of(Py_TYPE(self));
    if (!entry || !entry->lookup_error) return done;
    PyErr_Clear();
    if (const auto* hidden = dynamic_cast<const HiddenMembers*>(entry->cls); hidden && object_of(self) && value)
        if (const Member* member = hidden->hidden_member(to_text(name))) return set_member_value(*member, *object_of(self), value);
    if (_PyType_Lookup(Py_TYPE(self), name)) {
        PyErr_Format(PyExc_TypeError, "'%U' of '%s' cannot be assigned to", name, entry->cls->name().c_str());
        return -1;
    }
    PyErr_Format(PyExc_LookupError, "'%U' is not a member of '%s'", name, entry->cls->name().c_str());
    return -1;
}

/// A member of a template that is not public: reachable as everything is in Python, but not in dir().
PyObject* hidden_value(const Member& member, Object& object, bool reference) {
    if (member.kind() != Member::Kind::Method) return reference ? member_reference(member, object) : member_value(member, object);
    PyTypeObject* owner = type_of_class(object.cls());
    Owned self(owner ? wrap_object(object) : nullptr);
    return self ? bound_member(member, owner, self.get()) : nullptr;
}

/// What Python's own look-up does not find: members that a class got later, with a hint for the rest.
PyObject* missing_attribute(PyObject* self, PyObject* name) {
    Object* object = object_of(self);
    if (!object || !PyUnicode_Check(name)) return nullptr;
    PyObject *type, *exception, *traceback;
    PyErr_Fetch(&type, &exception, &traceback);
    PyObject* result = guarded_access([&]() -> PyObject* {
        const std::string text = to_text(name);
        Class& cls = object->cls();
        if (text.rfind("__", 0) == 0) return nullptr;
        const bool reference = text.rfind("_ref_", 0) == 0;
        const Member* member = cls.member(reference ? std::string_view(text).substr(5) : std::string_view(text));
        if (!member)
            if (const auto* hidden = dynamic_cast<const HiddenMembers*>(&cls))
                if (const Member* found = hidden->hidden_member(reference ? std::string_view(text).substr(5) : std::string_view(text)))
                    return hidden_value(*found, *object, reference);
        if (!member || PyDict_Contains(as_object(Py_TYPE(self)), name) > 0) {
            ClosestName closest(text);
            for (const auto& n : cls.member_names()) closest.offer(n);
            return raise(PyExc_AttributeError, fmt::format("`{}` has no attribute `{}`{}", cls.name(), text,
                                                           closest.best().empty() ? "" : fmt::format(" (did you mean `{}`?)", closest.best())));
        }
        PyTypeObject* owner = type_of_class(cls);
        if (!owner || !add_member_descriptors(owner, cls)) return nullptr;
        if (member->kind() == Member::Kind::Method || reference) {
            PyErr_Clear();
            return PyObject_GenericGetAttr(self, name);
        }
        return member_value(*member, *object);
    });
    if (!result && !PyErr_Occurred()) {
        PyErr_Restore(type, exception, traceback);
        return nullptr;
    }
    Py_XDECREF(type);
    Py_XDECREF(exception);
    Py_XDECREF(traceback);
    return result;
}

PyObject* get_attribute(PyObject* self, PyObject* name) {
    PyObject* found = PyObject_GenericGetAttr(self, name);
    if (found || !PyErr_ExceptionMatches(PyExc_AttributeError)) return found;
    return missing_attribute(self, name);
}

Object* required_object(PyObject* self) {
    if (Object* object = object_of(self)) return object;
    throw Error(ErrorKind::Reference, fmt::format("the {} is gone", Py_TYPE(self)->tp_name));
}

int truth(PyObject* self) {
    return guarded(Edge::Access, -1, [&] {
        Object* object = object_of(self);
        if (!object) return 1;
        return object->cls().truth(*object) ? 1 : 0;
    });
}

Py_ssize_t sequence_length(PyObject* self) {
    return guarded(Edge::Access, Py_ssize_t(-1), [&] {
        Object* object = required_object(self);
        return static_cast<Py_ssize_t>(object->cls().size(*object));
    });
}

PyObject* sequence_item(PyObject* self, Py_ssize_t i) {
    return guarded_access([&]() -> PyObject* {
        Object* object = required_object(self);
        const auto n = static_cast<Py_ssize_t>(object->cls().size(*object));
        if (i < 0 || i >= n) return raise(PyExc_IndexError, fmt::format("index {} of `{}`, which has {} items", i, object->name(), n));
        return to_python(object->cls().item(*object, static_cast<long>(i)));
    });
}

int sequence_set_item(PyObject* self, Py_ssize_t i, PyObject* value) {
    return guarded(Edge::Access, -1, [&] {
        Object* object = required_object(self);
        if (!value) throw Error(ErrorKind::Type, fmt::format("items of `{}` cannot be deleted", object->cls().name()));
        object->cls().set_item(*object, static_cast<long>(i), to_value(value));
        return 0;
    });
}

/// The sections of a SectionList, skipping those that are gone.
PyObject* iterate_section_list(PyObject* self) {
    return guarded_access([&]() -> PyObject* {
        Object* object = required_object(self);
        std::vector<SectionPtr> sections;
        const std::size_t n = object->cls().size(*object);
        for (std::size_t i = 0; i < n; ++i)
            if (auto* s = dynamic_cast<Section*>(object->cls().item(*object, static_cast<long>(i)).object())) sections.emplace_back(s);
        return iterate_sections(std::move(sections));
    });
}

PyObject* hname(PyObject* self, PyObject*) { return repr(self); }

PyObject* same(PyObject* self, PyObject* other) {
    return PyBool_FromLong(PyObject_TypeCheck(other, state().object_type) && object_of(self) && object_of(self) == object_of(other));
}

/// baseattr("name"): the attribute of the class itself where a Python subclass has another of the same name.
PyObject* baseattr(PyObject* self, PyObject* name) {
    TypeOfClass* entry = entry_of(Py_TYPE(self));
    if (!entry || !PyUnicode_Check(name)) return raise(PyExc_TypeError, "baseattr needs the name of an attribute");
    PyObject* found = PyObject_GetItem(entry->type->tp_dict, name);
    if (!found) {
        PyErr_Clear();
        return PyObject_GetAttr(self, name);
    }
    Owned descriptor(found);
    if (descrgetfunc get = Py_TYPE(found)->tp_descr_get) return get(found, self, as_object(Py_TYPE(self)));
    return descriptor.release();
}

PyObject* address(PyObject* self, PyObject*) { return PyLong_FromVoidPtr(object_of(self)); }

PyObject* directory(PyObject* self, PyObject*) {
    return guarded_access([&]() -> PyObject* {
        Owned dir(PyObject_CallMethod(as_object(&PyBaseObject_Type), "__dir__", "O", self));
        Owned names(dir ? PySequence_List(dir.get()) : nullptr);
        if (!names) return nullptr;
        // References are reachable but would only double the list.
        for (Py_ssize_t i = PyList_GET_SIZE(names.get()); i-- > 0;) {
            const char* text = PyUnicode_AsUTF8(PyList_GET_ITEM(names.get(), i));
            if (text && std::string_view(text).substr(0, 5) == "_ref_") PySequence_DelItem(names.get(), i);
        }
        return names.release();
    });
}

PyMethodDef common_methods[] = {
    {"hname", hname, METH_NOARGS, "hname() -> name of the object, as Vector[0]"},
    {"same", same, METH_O, "same(other) -> is it the same object?"},
    {"baseattr", baseattr, METH_O, "baseattr(name) -> the attribute of the class that this one extends"},
    {"hocobjptr", address, METH_NOARGS, "hocobjptr() -> a number that identifies the object"},
    {"__dir__", directory, METH_NOARGS, nullptr},
    {}};

PyMemberDef common_members[] = {{"__weaklistoffset__", T_PYSSIZET, offsetof(ObjectView, weakrefs), READONLY, nullptr}, {}};

/// Classes written in the kernel are shown by name; those of models are all HocObject, as in the reference.
bool shown_by_name(Class& cls) {
    return dynamic_cast<NativeClass*>(&cls) && !runtime().model().mechanism(cls.name());
}

PyTypeObject* make_type(Class& cls) {
    PyTypeObject* base = state().object_type;
    if (cls.base())
        if (PyTypeObject* base_type = type_of_class(*cls.base())) base = base_type;
    const bool by_name = shown_by_name(cls);
    std::vector<PyType_Slot> slots;
    if (!cls.doc().empty()) slots.push_back({Py_tp_doc, const_cast<char*>(cls.doc().c_str())});
    if (cls.is_sequence()) {
        slots.push_back({Py_sq_length, reinterpret_cast<void*>(sequence_length)});
        if (cls.name() == "SectionList") {  // iterated only, as in the reference
            slots.push_back({Py_tp_iter, reinterpret_cast<void*>(iterate_section_list)});
        } else {
            slots.push_back({Py_sq_item, reinterpret_cast<void*>(sequence_item)});
            slots.push_back({Py_sq_ass_item, reinterpret_cast<void*>(sequence_set_item)});
        }
    } else {
        slots.push_back({Py_nb_bool, reinterpret_cast<void*>(truth)});
    }
    if (const PyType_Slot* more = vector_slots(cls))
        for (; more->slot; ++more) slots.push_back(*more);
    if (!by_name && !runtime().model().mechanism(cls.name()))  // a template: its members are known one at a time
        slots.push_back({Py_tp_getattro, reinterpret_cast<void*>(get_attribute)});
    unsigned flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE;
    if (!holds_numbers_only(cls)) {
        flags |= Py_TPFLAGS_HAVE_GC;
        slots.push_back({Py_tp_traverse, reinterpret_cast<void*>(traverse)});
        slots.push_back({Py_tp_clear, reinterpret_cast<void*>(clear)});
    }
    slots.push_back({0, nullptr});
    types().names.push_back("hoc." + (by_name ? cls.name() : std::string("HocObject")));
    PyType_Spec spec{types().names.back().c_str(), sizeof(ObjectView), 0, flags, slots.data()};
    Owned bases(PyTuple_Pack(1, as_object(base)));
    auto* type = reinterpret_cast<PyTypeObject*>(PyType_FromSpecWithBases(&spec, bases.get()));
    if (!type) return nullptr;
    type->tp_vectorcall = construct_directly;  // not inherited by subclasses written in Python
    if (!by_name) {
        Owned full(PyUnicode_FromString(cls.name().c_str()));
        PyObject_SetAttrString(as_object(type), "__qualname__", full.get());
    }
    return type;
}

}  // namespace

void track_if_holding(PyObject* view) noexcept {
    if (!PyType_IS_GC(Py_TYPE(view)) || PyObject_GC_IsTracked(view)) return;
    const Object* object = object_of(view);
    if (object && object->cls().is_buffer() && !static_cast<const Vector*>(object)->user) return;  // numbers only
    PyObject_GC_Track(view);
}

Class* class_of_type(PyTypeObject* type) noexcept {
    TypeOfClass* entry = entry_of(type);
    return entry ? entry->cls : nullptr;
}

PyTypeObject* type_of_class(Class& cls) {
    auto& by_class = types().by_class;
    if (const auto found = by_class.find(&cls); found != by_class.end()) return found->second.type;
    PyTypeObject* type = make_type(cls);
    if (!type) return nullptr;
    auto& entry = by_class[&cls] = TypeOfClass{&cls, type, !shown_by_name(cls), cls.member_names().size()};
    types().by_type[type] = &entry;
    if (!add_member_descriptors(type, cls)) return nullptr;
    return type;
}

void refresh_types() {
    for (auto& [cls, entry] : types().by_class) {
        const std::size_t now = cls->member_names().size();
        if (now != entry.members && add_member_descriptors(entry.type, *cls)) entry.members = now;
    }
}

PyObject* wrap_object(Object& object) {
    if (auto* section = dynamic_cast<Section*>(&object)) return wrap_section(*section);
    if (auto* segment = dynamic_cast<Segment*>(&object)) return wrap_segment(segment->section(), segment->x());
    if (PyObject* python = python_object_of(object)) return Py_NewRef(python);
    if (PyObject* linked = linked_wrapper(object)) return Py_NewRef(linked);
    PyTypeObject* type = type_of_class(object.cls());
    return type ? make_view(type, object) : nullptr;
}

void define_object_types(PyObject* module) {
    static PyType_Slot slots[] = {
        {Py_tp_new, reinterpret_cast<void*>(construct)},
        {Py_tp_init, reinterpret_cast<void*>(initialise)},
        {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
        {Py_tp_repr, reinterpret_cast<void*>(repr)},
        {Py_tp_hash, reinterpret_cast<void*>(hash)},
        {Py_tp_richcompare, reinterpret_cast<void*>(compare)},
        {Py_tp_setattro, reinterpret_cast<void*>(set_attribute)},
        {Py_tp_methods, common_methods},
        {Py_tp_members, common_members},
        {Py_tp_doc, const_cast<char*>("Base of all classes of the simulator.")},
        {0, nullptr}};
    static PyType_Spec spec{"hoc.HocObject", sizeof(ObjectView), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};
    state().object_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    PyObject_SetAttrString(module, "HocObject", as_object(state().object_type));
    PyObject_SetAttrString(module, "HocClass", as_object(&PyType_Type));
}

}  // namespace nrn::python
