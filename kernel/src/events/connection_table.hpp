// SPDX-License-Identifier: BSD-3-Clause
// What a spike needs of its connections: rows that keep their places, half a cache line each. NetCon objects are the
// users' views of them.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/stable_row.hpp"

namespace nrn {

struct Connection {
    double delay = 1;  // ms
    union {
        double weight[2] = {0, 0};
        double* many;  // more weights than two live elsewhere
    };
    std::uint32_t target = kNoRow;  // in Network's table of targets
    std::uint16_t weight_count = 0;
    bool active = true, live = false;
    [[nodiscard]] double* weights() noexcept { return weight_count <= 2 ? weight : many; }
    [[nodiscard]] std::span<double> weight_span() noexcept { return {weights(), weight_count}; }
    /// Weights that the old and the new number have in common are kept.
    void resize_weights(std::size_t count) {
        std::vector<double> kept(weights(), weights() + weight_count);
        kept.resize(count, 0.0);
        if (weight_count > 2) delete[] many;
        weight_count = static_cast<std::uint16_t>(count);
        if (count > 2) many = new double[count];
        std::copy(kept.begin(), kept.end(), weights());
    }
};

/// Rows by number; neither a row's address nor the number of a live one ever changes. A number is given out again only
/// after recycle(), when no event can mention it any more.
class ConnectionTable {
  public:
    ConnectionTable() = default;
    ConnectionTable(const ConnectionTable&) = delete;
    ConnectionTable& operator=(ConnectionTable&& other) noexcept {
        chunks_.swap(other.chunks_);
        free_.swap(other.free_);
        freed_.swap(other.freed_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~ConnectionTable() {
        for (std::uint32_t i = 0; i < size_; ++i) (*this)[i].resize_weights(0);
    }
    std::uint32_t add() {
        std::uint32_t row = size_;
        if (!free_.empty()) {
            row = free_.back();
            free_.pop_back();
        } else if (size_++ % kChunk == 0) {
            chunks_.push_back(std::make_unique<Connection[]>(kChunk));
        }
        (*this)[row].live = true;
        return row;
    }
    void remove(std::uint32_t row) {
        Connection& c = (*this)[row];
        c.resize_weights(0);
        c = Connection{};
        freed_.push_back(row);
    }
    void recycle() {
        free_.insert(free_.end(), freed_.rbegin(), freed_.rend());
        freed_.clear();
    }
    [[nodiscard]] bool anything_freed() const noexcept { return !freed_.empty(); }
    [[nodiscard]] Connection& operator[](std::uint32_t row) noexcept { return chunks_[row / kChunk][row % kChunk]; }
    [[nodiscard]] const Connection& operator[](std::uint32_t row) const noexcept { return chunks_[row / kChunk][row % kChunk]; }
    [[nodiscard]] bool live(std::uint32_t row) const noexcept { return row < size_ && (*this)[row].live; }
    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }

  private:
    static constexpr std::uint32_t kChunk = 1024;
    std::vector<std::unique_ptr<Connection[]>> chunks_;
    std::uint32_t size_ = 0;
    std::vector<std::uint32_t> free_, freed_;
};

}  // namespace nrn
