// SPDX-License-Identifier: BSD-3-Clause
// A column of numbers whose first element starts a cache line, with room for whole registers behind the last.
#pragma once
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace nrn {

/// Pages of zeros that take memory only when they are touched.
[[nodiscard]] inline void* map_pages(std::size_t bytes) {
    void* const p = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) throw std::bad_alloc();
    return p;
}

template <class T>
struct CacheLineAllocator {
    using value_type = T;
    static constexpr std::size_t kLine = 64;
    CacheLineAllocator() = default;
    template <class U>
    CacheLineAllocator(const CacheLineAllocator<U>&) noexcept {}
    [[nodiscard]] T* allocate(std::size_t n) {
        if (large(n)) {
            auto* const page = static_cast<std::byte*>(map_pages(bytes(n) + kPage));
            return reinterpret_cast<T*>(page + line_of(page) * kLine);
        }
        return static_cast<T*>(::operator new(bytes(n), std::align_val_t{kLine}));
    }
    void deallocate(T* p, std::size_t n) noexcept {
        if (large(n)) ::munmap(reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(p) / kPage * kPage), bytes(n) + kPage);
        else ::operator delete(p, std::align_val_t{kLine});
    }
    static constexpr std::size_t bytes(std::size_t n) noexcept { return (n * sizeof(T) + 2 * kLine - 1) / kLine * kLine; }  // one line more than needed
    /// Straight from the system and back to it: a hundred columns that grow leave no holes behind.
    static constexpr bool large(std::size_t n) noexcept { return n * sizeof(T) >= 64 * 1024; }
    static constexpr std::size_t kPage = 4096;
    /// Where in its first page a column starts: not all in the same place, which is the same set of a cache.
    static std::size_t line_of(const void* page) noexcept { return (reinterpret_cast<std::uintptr_t>(page) / kPage * 0x9e3779b97f4a7c15ull) >> 58; }
    friend bool operator==(const CacheLineAllocator&, const CacheLineAllocator&) noexcept { return true; }
};

/// Columns for what need not be kept. Where nobody writes, they cost addresses only.
class ScratchColumns {
  public:
    ScratchColumns() = default;
    ScratchColumns(const ScratchColumns&) = delete;
    ScratchColumns& operator=(const ScratchColumns&) = delete;
    ~ScratchColumns() { release(); }
    /// Room for `rows` rows in each of `columns` columns; contents may be lost.
    void reserve(std::size_t columns, std::size_t rows) {
        if (columns == 0 || rows <= rows_) return;
        release();
        rows_ = ((std::max<std::size_t>(rows, 2 * rows_) + 15) / 8 | 1) * 8;  // a line more than needed, as elsewhere; no power of two
        bytes_ = columns * rows_ * sizeof(double);
        data_ = static_cast<double*>(map_pages(bytes_));
    }
    [[nodiscard]] double* column(std::size_t c) const noexcept { return data_ ? data_ + c * rows_ : nullptr; }

  private:
    void release() noexcept {
        if (data_) ::munmap(data_, bytes_);
        data_ = nullptr;
    }
    double* data_ = nullptr;
    std::size_t rows_ = 0, bytes_ = 0;
};

using AlignedColumn = std::vector<double, CacheLineAllocator<double>>;

}  // namespace nrn
