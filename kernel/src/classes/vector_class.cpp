// SPDX-License-Identifier: BSD-3-Clause
// Class Vector: construction, elements x[], what makes it a sequence and a buffer, and shared argument patterns.
#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "classes/vector_methods.hpp"
#include "error/memory_limit.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace vector_class {

Value store(Object& self, Values&& result) {
    Vector& v = vector(self);
    if (v.viewed() || result.size() == v.values.size()) {
        v.resize(result.size());
        std::copy(result.begin(), result.end(), v.values.begin());
    } else {
        v.values = std::move(result);
    }
    return &self;
}

Value make_vector(CallArgs& args, Values&& contents) {
    auto made = Vector::make(args.runtime());
    made->values = std::move(contents);
    return ObjectPtr(made);
}

long index(const CallArgs& args, std::size_t i, long low, long high) {
    const long k = args.integer(i);
    if (k < low || k > high) {
        if (high < low)
            throw Error(ErrorKind::Runtime, args.span, fmt::format("argument {} of `{}` is {}, but the Vector is empty", i + 1, args.function(), k));
        throw Error(ErrorKind::Runtime, args.span,
                    fmt::format("argument {} of `{}` is {}, out of range {} to {}", i + 1, args.function(), k, low, high));
    }
    return k;
}

Range range(const CallArgs& args, std::size_t i, std::size_t size) {
    const long last = static_cast<long>(size) - 1;
    if (!args.has(i)) return {0, size};
    const long from = index(args, i, 0, last);
    const long to = args.has(i + 1) ? index(args, i + 1, from, last) : last;
    return {static_cast<std::size_t>(from), static_cast<std::size_t>(to) + 1};
}

void require_equal_size(const CallArgs& args, std::size_t a, std::size_t b) {
    if (a != b)
        throw Error(ErrorKind::Runtime, args.span, fmt::format("`{}` needs Vectors of equal size, not {} and {}", args.function(), a, b));
}

void require_size(const CallArgs& args, std::size_t size, std::size_t n) {
    if (size < n)
        throw Error(ErrorKind::Runtime, args.span,
                    fmt::format("`{}` needs at least {} element{}, the Vector has {}", args.function(), n, n == 1 ? "" : "s", size));
}

namespace {

double& element(Object& self, long i) {
    Values& x = values(self);
    if (i < 0 || static_cast<std::size_t>(i) >= x.size()) {
        if (x.empty()) throw Error(ErrorKind::Index, fmt::format("index {} of `{}.x`: the Vector is empty", i, self.name()));
        throw Error(ErrorKind::Index, fmt::format("index {} of `{}.x` is out of range 0 to {}", i, self.name(), x.size() - 1));
    }
    return x[static_cast<std::size_t>(i)];
}

/// One element; the rest of the Vector is reachable from it by index.
class ElementRef final : public Ref {
  public:
    ElementRef(Object& self, long i) : self_(&self), i_(i) {}
    [[nodiscard]] bool valid() const override { return static_cast<std::size_t>(i_) < values(*self_).size(); }
    [[nodiscard]] std::size_t length() const override {
        return valid() ? values(*self_).size() - static_cast<std::size_t>(i_) : 0;
    }
    [[nodiscard]] double* data() const override {
        if (!valid()) throw Error(ErrorKind::Reference, fmt::format("`{}` no longer has an element {}", self_->name(), i_));
        return &element(*self_, i_);
    }
    [[nodiscard]] std::string name() const override { return fmt::format("{}.x[{}]", self_->name(), i_); }
    [[nodiscard]] bool same(const Ref& other) const override {
        const auto* o = dynamic_cast<const ElementRef*>(&other);
        return o && o->self_ == self_ && o->i_ == i_;
    }

  private:
    ObjectPtr self_;
    long i_;
};

class Elements final : public Member {
  public:
    Elements() : Member("x", Kind::Number) {}
    [[nodiscard]] const char* doc() const override {
        return "x[i] -> element i, counted from 0\n"
               "Python: v.x[2] = 5     Hoc: v.x[2] = 5";
    }
    [[nodiscard]] std::vector<long> dims(const Object& self) const override {
        return {static_cast<long>(static_cast<const Vector&>(self).values.size())};
    }
    double* data(Object& self, Indices indices) const override { return &element(self, at(self, indices)); }
    RefPtr ref(Object& self, Indices indices) const override {
        const long i = at(self, indices);
        static_cast<void>(element(self, i));
        return make_counted<ElementRef>(self, i);
    }

  private:
    static long at(const Object& self, Indices indices) {
        if (indices.size() == 1) return indices[0];
        throw Error(ErrorKind::Index, fmt::format("`{}.x` needs one index, not {}", self.name(), indices.size()));
    }
};

class VectorClass final : public NativeClass {
  public:
    using NativeClass::NativeClass;
    [[nodiscard]] bool is_sequence() const override { return true; }
    [[nodiscard]] std::size_t size(const Object& o) const override { return static_cast<const Vector&>(o).values.size(); }
    [[nodiscard]] Value item(Object& o, long i) const override { return element(o, from_end(o, i)); }
    void set_item(Object& o, long i, const Value& value) const override {
        double& x = element(o, from_end(o, i));
        x = value.number();
    }
    [[nodiscard]] std::span<double> buffer(Object& o) const override { return values(o); }
    [[nodiscard]] bool is_buffer() const override { return true; }
    [[nodiscard]] Ptr<Vector> make() { return memory_->make(*this); }

  private:
    Ptr<VectorMemory> memory_ = make_counted<VectorMemory>();
    /// Languages with negative indices pass them on; only x[] refuses them.
    static long from_end(const Object& o, long i) {
        const long n = static_cast<long>(static_cast<const Vector&>(o).values.size());
        return i < 0 ? i + n : i;
    }
};

/// Vector(), Vector(size), Vector(size, fill), and what languages pass as a sequence of numbers.
ObjectPtr construct(NativeClass& cls, CallArgs& args) {
    constexpr long kSmall = 10000;  // nobody need ask for memory
    const Ptr<Vector> made = static_cast<VectorClass&>(cls).make();
    if (!args.has(0)) return made;
    if (args.is_number(0) || args.is_ref(0)) {
        const double given = args.number(0);
        const long n = given >= 0 && given < kSmall ? static_cast<long>(given) : args.integer(0);  // scripts make and drop many small ones
        if (n < 0 || n > (1L << 40))
            throw Error(ErrorKind::Runtime, args.span, fmt::format("the size of a Vector must be 0 or more{}, not {}", n > 0 ? " and one that memory holds" : "", n));
        if (n >= kSmall) require_memory(static_cast<double>(n));
        made->values.assign(static_cast<std::size_t>(n), args.number_or(1, 0));
        return made;
    }
    if (args.is_string(0)) throw Error(ErrorKind::Runtime, args.span, "a Vector cannot be made from a string");
    Object* from = args.object(0);
    if (!from) throw Error(ErrorKind::Type, args.span, "a Vector cannot be made from a NULLobject");
    Class& source = from->cls();
    if (dynamic_cast<Vector*>(from) || !source.is_sequence())
        throw Error(ErrorKind::Runtime, args.span, fmt::format("a Vector cannot be made from a {}", source.name()))
            .hint(dynamic_cast<Vector*>(from) ? "a copy of a Vector is made with its method `c`" : "");
    const std::size_t n = source.size(*from);
    made->values.reserve(n);
    for (std::size_t i = 0; i < n; ++i) made->values.push_back(source.item(*from, static_cast<long>(i)).number());
    return made;
}

}  // namespace
}  // namespace vector_class

void register_vector(Runtime& runtime) {
    using namespace vector_class;
    auto cls = std::make_unique<VectorClass>(
        "Vector", construct, element_methods(), std::span<const Property>{},
        "A column of numbers. Vector(size = 0, value = 0); in Python also Vector(sequence of numbers)\n"
        "Python: v = h.Vector([1, 2, 3])     Hoc: v = new Vector(3, 0.5)");
    for (auto table : {arithmetic_methods(), statistics_methods(), search_methods(), calculus_methods(), spectral_methods(),
                       histogram_methods(), io_methods(), fit_methods(), graph_methods()})
        cls->add_methods(table);
    cls->add_member(std::make_unique<Elements>());
    publish_class(runtime, std::move(cls));
}

}  // namespace nrn
