// SPDX-License-Identifier: BSD-3-Clause
// Reusable slots with generations: an index kept in an event can be told stale after the slot was freed.
#pragma once
#include <cstdint>
#include <vector>

namespace nrn {

template <class T>
class SlotPool {
  public:
    std::uint32_t add(T value) {
        if (free_.empty()) {
            slots_.push_back({std::move(value), 0, true});
            return static_cast<std::uint32_t>(slots_.size() - 1);
        }
        const std::uint32_t i = free_.back();
        free_.pop_back();
        slots_[i].value = std::move(value);
        slots_[i].live = true;
        return i;
    }
    void remove(std::uint32_t i) {
        slots_[i].value = T{};
        slots_[i].live = false;
        slots_[i].generation = (slots_[i].generation + 1) & 0xffffff;  // events keep 24 bits of it
        free_.push_back(i);
    }
    [[nodiscard]] bool live(std::uint32_t i, std::uint32_t generation) const noexcept {
        return i < slots_.size() && slots_[i].live && slots_[i].generation == generation;
    }
    [[nodiscard]] std::uint32_t generation(std::uint32_t i) const noexcept { return slots_[i].generation; }
    [[nodiscard]] T& operator[](std::uint32_t i) noexcept { return slots_[i].value; }
    template <class F>
    void for_each(F f) {
        for (std::uint32_t i = 0; i < slots_.size(); ++i)
            if (slots_[i].live) f(i, slots_[i].value);
    }
    void clear() {
        for (std::uint32_t i = 0; i < slots_.size(); ++i)
            if (slots_[i].live) remove(i);
    }

  private:
    struct Slot { T value; std::uint32_t generation; bool live; };
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_;
};

}  // namespace nrn
