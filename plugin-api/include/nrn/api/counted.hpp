// SPDX-License-Identifier: BSD-3-Clause
// Intrusive reference counting for what languages share. Counts are not atomic: values live on the
// interpreters' thread; workers never touch them.
#pragma once
#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>

namespace nrn {

class Counted {
  public:
    Counted() = default;
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    void retain() const noexcept { ++count_; }
    void release() const noexcept {
        if (--count_ == 0) const_cast<Counted*>(this)->last_reference_gone();
    }
    [[nodiscard]] std::uint32_t use_count() const noexcept { return count_; }

  protected:
    virtual ~Counted() = default;
    /// Called when the count falls to 0; the default deletes. An override may resurrect by retaining.
    virtual void last_reference_gone() noexcept { delete this; }

  private:
    mutable std::uint32_t count_ = 0;
};

/// A counted pointer, as std::shared_ptr but intrusive and one word.
template <class T>
class Ptr {
  public:
    Ptr() = default;
    Ptr(std::nullptr_t) {}
    Ptr(T* p) : p_(p) { if (p_) p_->retain(); }
    Ptr(const Ptr& o) : Ptr(o.p_) {}
    Ptr(Ptr&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
    template <class U> requires std::is_convertible_v<U*, T*>
    Ptr(const Ptr<U>& o) : Ptr(o.get()) {}
    template <class U> requires std::is_convertible_v<U*, T*>
    Ptr(Ptr<U>&& o) noexcept : p_(o.detach()) {}
    ~Ptr() { if (p_) p_->release(); }
    Ptr& operator=(const Ptr& o) { Ptr(o).swap(*this); return *this; }
    Ptr& operator=(Ptr&& o) noexcept { Ptr(std::move(o)).swap(*this); return *this; }
    void swap(Ptr& o) noexcept { std::swap(p_, o.p_); }
    [[nodiscard]] T* get() const noexcept { return p_; }
    /// Gives up ownership without releasing.
    [[nodiscard]] T* detach() noexcept { return std::exchange(p_, nullptr); }
    T* operator->() const noexcept { return p_; }
    T& operator*() const noexcept { return *p_; }
    explicit operator bool() const noexcept { return p_ != nullptr; }
    friend bool operator==(const Ptr& a, const Ptr& b) noexcept { return a.p_ == b.p_; }
    friend bool operator==(const Ptr& a, const T* b) noexcept { return a.p_ == b; }

  private:
    T* p_ = nullptr;
};

template <class T, class... Args>
[[nodiscard]] Ptr<T> make_counted(Args&&... args) { return Ptr<T>(new T(std::forward<Args>(args)...)); }

}  // namespace nrn

template <class T>
struct std::hash<nrn::Ptr<T>> {
    std::size_t operator()(const nrn::Ptr<T>& p) const noexcept { return std::hash<T*>{}(p.get()); }
};
