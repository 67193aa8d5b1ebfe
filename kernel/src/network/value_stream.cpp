// SPDX-License-Identifier: BSD-3-Clause
// One tag byte per value, then its content.
#include "network/value_stream.hpp"

#include <cstring>

#include <fmt/format.h>

#include "nrn/api/callable.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/pickler.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

enum class Tag : std::uint8_t { None, Number, String, Vector, NamedObject, Pickled };

void append(std::vector<std::byte>& bytes, const void* data, std::size_t n) {
    const auto* p = static_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), p, p + n);
}

void append_block(std::vector<std::byte>& bytes, Tag tag, const void* data, std::size_t n) {
    append(bytes, &tag, sizeof tag);
    const std::uint64_t length = n;
    append(bytes, &length, sizeof length);
    append(bytes, data, n);
}

class Reader {
  public:
    Reader(Runtime& runtime, std::span<const std::byte> bytes) : runtime_(runtime), rest_(bytes) {}
    [[nodiscard]] bool done() const noexcept { return rest_.empty(); }

    Value next() {
        Tag tag;
        take(&tag, sizeof tag);
        std::uint64_t length;
        take(&length, sizeof length);
        if (length > rest_.size()) damaged();
        const auto block = rest_.first(length);
        rest_ = rest_.subspan(length);
        switch (tag) {
        case Tag::None: return {};
        case Tag::Number: {
            double x;
            if (length != sizeof x) damaged();
            std::memcpy(&x, block.data(), sizeof x);
            return x;
        }
        case Tag::String: return text(block);
        case Tag::Vector: {
            auto v = Vector::make(runtime_, length / sizeof(double));
            if (length) std::memcpy(v->values.data(), block.data(), length);
            return Value(static_cast<Object*>(v.get()));
        }
        case Tag::NamedObject: return object(text(block));
        case Tag::Pickled: return require_pickler(runtime_, "unpack").unpickle(block);
        }
        damaged();
    }

  private:
    void take(void* to, std::size_t n) {
        if (n > rest_.size()) damaged();
        std::memcpy(to, rest_.data(), n);
        rest_ = rest_.subspan(n);
    }
    static std::string text(std::span<const std::byte> block) { return {reinterpret_cast<const char*>(block.data()), block.size()}; }
    Value object(const std::string& name) {
        const auto bracket = name.find('[');
        Class* cls = runtime_.classes().find(name.substr(0, bracket));
        Object* found = cls && bracket != std::string::npos ? cls->instance(static_cast<std::uint32_t>(std::stoul(name.substr(bracket + 1)))) : nullptr;
        if (!found)
            throw Error(ErrorKind::Value, fmt::format("`{}` was sent by another rank but does not exist on this one", name))
                .hint("objects travel by name: every rank must have made them in the same order");
        return Value(found);
    }
    [[noreturn]] static void damaged() { throw Error(ErrorKind::Value, "a message from another rank cannot be read: its end is missing"); }
    Runtime& runtime_;
    std::span<const std::byte> rest_;
};

}  // namespace

void write_value(Runtime& runtime, std::vector<std::byte>& bytes, const Value& value) {
    switch (value.kind()) {
    case Value::Kind::None: return append_block(bytes, Tag::None, nullptr, 0);
    case Value::Kind::Number: {
        const double x = value.raw_number();
        return append_block(bytes, Tag::Number, &x, sizeof x);
    }
    case Value::Kind::String: return append_block(bytes, Tag::String, value.string().data(), value.string().size());
    case Value::Kind::Ref: return write_value(runtime, bytes, value.ref().get());
    case Value::Kind::Object:
        if (const auto* v = dynamic_cast<const Vector*>(value.object()))
            return append_block(bytes, Tag::Vector, v->values.data(), v->values.size() * sizeof(double));
        break;
    case Value::Kind::Callable: break;
    }
    // Foreign objects go through their language; what it cannot take travels by name.
    if (Pickler* pickler = find_pickler(runtime)) {
        try {
            const auto pickled = pickler->pickle(value);
            return append_block(bytes, Tag::Pickled, pickled.data(), pickled.size());
        } catch (const Error&) {
            if (!value.is_object() || value.object()->cls().instance(value.object()->index()) != value.object()) throw;
        }
    }
    if (value.is_object()) {
        const std::string name = value.object()->name();
        return append_block(bytes, Tag::NamedObject, name.data(), name.size());
    }
    throw Error(ErrorKind::Type, fmt::format("a {} cannot be sent to another rank", value.type_name()));
}

std::vector<std::byte> to_bytes(Runtime& runtime, std::span<const Value> values) {
    std::vector<std::byte> bytes;
    for (const Value& v : values) write_value(runtime, bytes, v);
    return bytes;
}

std::vector<Value> from_bytes(Runtime& runtime, std::span<const std::byte> bytes) {
    std::vector<Value> values;
    for (Reader reader(runtime, bytes); !reader.done();) values.push_back(reader.next());
    return values;
}

Value detached_copy(Runtime& runtime, const Value& value) {
    if (value.is_ref()) return detached_copy(runtime, value.ref().get());
    if (value.is_string()) return Value(value.string());
    if (value.is_object())
        if (const auto* v = dynamic_cast<const Vector*>(value.object())) {
            auto copy = Vector::make(runtime);
            copy->values = v->values;
            return Value(static_cast<Object*>(copy.get()));
        }
    return value;
}

}  // namespace nrn
