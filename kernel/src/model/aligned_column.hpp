// SPDX-License-Identifier: BSD-3-Clause
// A column of numbers whose first element starts a cache line, with room for whole registers behind the last.
#pragma once
#include <cstddef>
#include <new>
#include <vector>

namespace nrn {

template <class T>
struct CacheLineAllocator {
    using value_type = T;
    static constexpr std::size_t kLine = 64;
    CacheLineAllocator() = default;
    template <class U>
    CacheLineAllocator(const CacheLineAllocator<U>&) noexcept {}
    [[nodiscard]] T* allocate(std::size_t n) {
        const std::size_t bytes = (n * sizeof(T) + 2 * kLine - 1) / kLine * kLine;  // one line more than needed
        return static_cast<T*>(::operator new(bytes, std::align_val_t{kLine}));
    }
    void deallocate(T* p, std::size_t) noexcept { ::operator delete(p, std::align_val_t{kLine}); }
    friend bool operator==(const CacheLineAllocator&, const CacheLineAllocator&) noexcept { return true; }
};

using AlignedColumn = std::vector<double, CacheLineAllocator<double>>;

}  // namespace nrn
