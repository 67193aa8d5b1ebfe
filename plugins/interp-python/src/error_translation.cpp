// SPDX-License-Identifier: BSD-3-Clause
// The table from kinds to Python types, and exceptions carried through the kernel.
#include "error_translation.hpp"

#include <cstring>

#include <fmt/format.h>

#include "nrn/api/source.hpp"

namespace nrn::python {
namespace {

/// A Python exception on its way through the kernel.
class CarriedException final : public ForeignException {
  public:
    CarriedException(PyObject* exception, bool itself) : as_itself(itself), exception_(exception) {}
    ~CarriedException() override {
        if (!Py_IsInitialized()) return;
        GilGuard gil;
        Py_DECREF(exception_);
    }
    [[nodiscard]] const char* language() const override { return "python"; }
    [[nodiscard]] PyObject* exception() const noexcept { return exception_; }
    const bool as_itself;

  private:
    PyObject* exception_;
};

PyObject* python_type(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::Name: return PyExc_AttributeError;
    case ErrorKind::Lookup: return PyExc_LookupError;
    case ErrorKind::Type:
    case ErrorKind::Argument: return PyExc_TypeError;
    case ErrorKind::Value:
    case ErrorKind::Range: return PyExc_ValueError;
    case ErrorKind::Index: return PyExc_IndexError;
    case ErrorKind::Reference: return PyExc_ReferenceError;
    case ErrorKind::Io: return PyExc_OSError;
    case ErrorKind::Unsupported: return PyExc_NotImplementedError;
    case ErrorKind::Interrupt: return PyExc_KeyboardInterrupt;
    default: return state().hoc_error;
    }
}

/// What a function or method raises: always a HocError where the reference has a RuntimeError, and of the kind's own
/// type besides. (Not AttributeError: hasattr() and properties would swallow it.)
PyObject* call_error_type(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::Type:
    case ErrorKind::Argument: return state().hoc_type_error;
    case ErrorKind::Value:
    case ErrorKind::Range: return state().hoc_value_error;
    case ErrorKind::Index: return state().hoc_index_error;
    case ErrorKind::Io: return state().hoc_os_error;
    case ErrorKind::Interrupt:
    case ErrorKind::Reference:
    case ErrorKind::Unsupported: return python_type(kind);
    default: return state().hoc_error;
    }
}

std::string place(SourceSpan span) {
    return span ? fmt::format("{}:{}:{}", runtime().sources().name(span.source), span.line, span.column) : std::string();
}

void set_attribute(PyObject* exception, const char* name, PyObject* value) noexcept {
    if (value) PyObject_SetAttrString(exception, name, value);
    Py_XDECREF(value);
    PyErr_Clear();
}

void add_details(PyObject* exception, const Error& error) {
    set_attribute(exception, "kind", PyUnicode_FromString(label(error.kind())));
    set_attribute(exception, "hint", PyUnicode_FromString(error.hint_text().c_str()));
    const SourceSpan span = error.span();
    set_attribute(exception, "filename", span ? PyUnicode_FromString(runtime().sources().name(span.source).c_str()) : Py_NewRef(Py_None));
    set_attribute(exception, "lineno", span ? PyLong_FromUnsignedLong(span.line) : Py_NewRef(Py_None));
}

}  // namespace

PyObject* raise(PyObject* type, const std::string& text) noexcept {
    Owned message(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace"));
    if (message) PyErr_SetObject(type, message.get());
    return nullptr;
}

PyObject* carried_exception(const Error& error) noexcept {
    const auto* carried = dynamic_cast<const CarriedException*>(error.foreign().get());
    return carried ? Py_NewRef(carried->exception()) : nullptr;
}

bool comes_back_as_itself(const Error& error) noexcept {
    const auto* carried = dynamic_cast<const CarriedException*>(error.foreign().get());
    return carried && (carried->as_itself || PyErr_GivenExceptionMatches(carried->exception(), PyExc_KeyboardInterrupt) ||
                       PyErr_GivenExceptionMatches(carried->exception(), PyExc_SystemExit));
}

std::string describe(const Error& error) {
    std::string text = error.message();
    if (!error.hint_text().empty()) text += fmt::format(" ({})", error.hint_text());
    if (error.span()) {
        text += fmt::format("\n  --> {}", place(error.span()));
        const auto line = runtime().sources().line(error.span().source, error.span().line);
        if (!line.empty()) text += fmt::format("\n  {} | {}", error.span().line, line);
    }
    for (const auto& note : error.notes()) text += fmt::format("\n  {}: {}", place(note.span), note.text);
    std::size_t shown = 0;
    for (const auto& frame : error.frames()) {
        if (++shown > 12) {
            text += fmt::format("\n  ... {} more calls", error.frames().size() - 12);
            break;
        }
        text += fmt::format("\n  in `{}`{}", frame.function, frame.span ? " called at " + place(frame.span) : std::string());
    }
    return text;
}

void set_error(const Error& error, Edge edge) noexcept {
    try {
        Owned cause(carried_exception(error));
        // What ends the program ends it, whatever it passed through.
        if (cause && comes_back_as_itself(error)) {
            PyErr_SetObject(as_object(Py_TYPE(cause.get())), cause.get());
            return;
        }
        PyObject* type = edge == Edge::Call ? call_error_type(error.kind()) : python_type(error.kind());
        PyErr_Clear();
        const std::string text = describe(error);  // it may quote bytes of a file that are no text
        Owned message(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace"));
        Owned exception(message ? PyObject_CallOneArg(type, message.get()) : nullptr);
        if (!exception) return;
        if (PyErr_GivenExceptionMatches(type, state().hoc_error)) add_details(exception.get(), error);
        if (cause) PyException_SetCause(exception.get(), cause.release());
        PyErr_SetObject(type, exception.get());
    } catch (const std::exception& problem) {
        PyErr_SetString(PyExc_RuntimeError, problem.what());
    }
}

void set_quit(const QuitRequest& quit) noexcept {
    Owned status(PyLong_FromLong(quit.status));
    PyErr_SetObject(PyExc_SystemExit, status.get());
}

void throw_python_error(Carried how) {
    PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback && value) PyException_SetTraceback(value, traceback);
    Py_XDECREF(traceback);
    Owned type_owned(type);
    if (!value) throw Error(ErrorKind::Runtime, "a Python call failed without an exception");
    Owned text(PyObject_Str(value));
    const char* utf8 = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
    PyErr_Clear();
    const bool interrupt = how == Carried::Signal || PyErr_GivenExceptionMatches(value, PyExc_KeyboardInterrupt);
    Error error(interrupt ? ErrorKind::Interrupt : ErrorKind::Runtime,
                fmt::format("{}: {}", Py_TYPE(value)->tp_name, utf8 ? utf8 : "?"));
    error.set_foreign(std::make_shared<CarriedException>(value, how != Carried::AsCause));
    throw error;
}

namespace {

/// Programs written for the reference compare type names, so `__name__` is the reference's; the full name, which
/// tracebacks show, says what it is, and the bases are what should be caught.
PyObject* error_type(PyObject* module, const char* full_name, const char* shown, PyObject* bases, const char* doc) {
    PyObject* type = PyErr_NewExceptionWithDoc(full_name, doc, bases, nullptr);
    const char* own = std::strrchr(full_name, '.') + 1;
    PyObject_SetAttrString(module, own, type);
    Owned name(PyUnicode_FromString(shown)), full(PyUnicode_FromString(own));
    PyObject_SetAttrString(type, "__name__", name.get());
    PyObject_SetAttrString(type, "__qualname__", full.get());
    return type;
}

}  // namespace

void define_error_types(PyObject* module) {
    state().hoc_error = error_type(module, "neuron.HocError", "RuntimeError", PyExc_RuntimeError,
                                   "An error of the simulator or of a Hoc program: .kind, .hint, .filename, .lineno.");
    const auto also = [&](const char* full_name, const char* shown, PyObject* other, const char* doc) {
        Owned bases(PyTuple_Pack(2, state().hoc_error, other));
        PyObject* type = error_type(module, full_name, shown, bases.get(), doc);
        Owned text(PyObject_GetAttrString(PyExc_RuntimeError, "__str__"));  // OSError's shows the error's number only
        PyObject_SetAttrString(type, "__str__", text.get());
        return type;
    };
    state().hoc_type_error = also("neuron.HocTypeError", "RuntimeError", PyExc_TypeError, "Too few or too many arguments of a call, or one of the wrong kind.");
    state().hoc_value_error = also("neuron.HocValueError", "RuntimeError", PyExc_ValueError, "An argument of a call that is out of range or makes no sense.");
    state().hoc_index_error = also("neuron.HocIndexError", "RuntimeError", PyExc_IndexError, "An index given to a call that is out of range.");
    state().hoc_os_error = also("neuron.HocOSError", "RuntimeError", PyExc_OSError, "A file that a call could not read or write.");
    state().point_error = also("neuron.Point3dError", "Exception", PyExc_IndexError, "A 3-D point that a section does not have.");
    state().element_error = error_type(module, "neuron.ElementTypeError", "SystemError", PyExc_TypeError,
                                       "An element of a Vector was assigned something that is no number.");
}

}  // namespace nrn::python
