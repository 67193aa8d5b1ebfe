// SPDX-License-Identifier: BSD-3-Clause
// The Vector object: a column of doubles that every language and the engine share. Its methods are in
// classes/vector*.cpp; this is the data alone.
#pragma once
#include <memory>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "nrn/api/object.hpp"

namespace nrn {

class Runtime;
class HeldVisitor;
class Vector;

/// Who must hear when a Vector dies: recorders and players hold it weakly.
struct VectorUser {
    virtual ~VectorUser() = default;
    virtual void vector_gone(Vector& vector) noexcept = 0;
    /// What it keeps for this vector only, and lets go with it: see Holder.
    virtual void visit_kept_for(const Vector& vector, HeldVisitor& visitor) const = 0;
};

/// Memory of Vectors that went, for those that come: scripts make and drop many small ones.
class VectorMemory final : public Counted {
  public:
    ~VectorMemory() override;
    /// A Vector that will leave its memory here, if it is no more than a little.
    [[nodiscard]] Ptr<Vector> make(Class& cls);

  private:
    friend class Vector;
    static constexpr std::size_t kMost = 64, kLongest = 256;
    [[nodiscard]] bool keep(void* block, std::vector<double>&& values);
    struct Rest {  // of a Vector, in its memory
        Rest* next;
        std::vector<double> values;
    };
    Rest* rests_ = nullptr;
    std::size_t count_ = 0;
};

class Vector final : public Object {
  public:
    explicit Vector(Class& cls, std::size_t n = 0) : Object(cls), values(n) {}
    ~Vector() override {
        if (user) user->vector_gone(*this);
    }
    static void operator delete(Vector* vector, std::destroying_delete_t);
    /// A new Vector of the runtime's class "Vector".
    static Ptr<Vector> make(Runtime& runtime, std::size_t n = 0);

    std::vector<double> values;
    std::string label;
    VectorUser* user = nullptr;  // the simulation's recording, when it records into or plays from this one
    void resize(std::size_t n, double fill = 0);
    /// So that up to n elements need no other memory.
    void make_room(std::size_t n);

    /// Views handed out (as_numpy, the buffer protocol). Memory that the data leaves while there are any is kept until
    /// the last has gone: they then show what was, and none dangles.
    void view_made() noexcept { ++views_; }
    void view_gone() noexcept {
        if (--views_ == 0) left_.reset();
    }
    [[nodiscard]] bool viewed() const noexcept { return views_ > 0; }

  private:
    friend class VectorMemory;
    Ptr<VectorMemory> memory_;  // that it came from, and goes back to
    int views_ = 0;
    std::unique_ptr<std::vector<std::vector<double>>> left_;
};
using VectorPtr = Ptr<Vector>;

}  // namespace nrn
