// SPDX-License-Identifier: BSD-3-Clause
// Random123 streams: Philox4x32-10, a counter-based generator whose streams are named by three numbers.
// Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC'11.
#pragma once
#include <array>
#include <cstdint>

namespace nrn {

class Random123 {
  public:
    Random123(std::uint32_t id1 = 0, std::uint32_t id2 = 0, std::uint32_t id3 = 0, std::uint32_t global_index = 0)
        : id1_(id1), id2_(id2), id3_(id3), global_(global_index) {}
    void set_ids(std::uint32_t id1, std::uint32_t id2, std::uint32_t id3) { id1_ = id1; id2_ = id2; id3_ = id3; set_sequence(0); }
    /// Other names from the next block of four numbers on: position and the rest of this block stay.
    void rename(std::uint32_t id1, std::uint32_t id2, std::uint32_t id3) {
        fill();
        id1_ = id1;
        id2_ = id2;
        id3_ = id3;
    }
    void ids(std::uint32_t& id1, std::uint32_t& id2, std::uint32_t& id3) const { id1 = id1_; id2 = id2_; id3 = id3_; }
    void set_global_index(std::uint32_t g) { fill(); global_ = g; }  // what is left of the block is still picked
    /// Position in the stream, counted in 32-bit picks.
    [[nodiscard]] double sequence() const { return 4.0 * counter_ + which_; }
    void set_sequence(double picks);

    std::uint32_t pick();                                             // next 32 bits
    double uniform() { return (static_cast<double>(pick()) + 1.0) / 4294967297.0; }  // in (0, 1)
    double exponential();                                             // mean 1
    double normal();                                                  // polar method, one value per call

  private:
    void fill();  // the block at the present position
    std::uint32_t id1_, id2_, id3_, global_, counter_ = 0;
    int which_ = 0;
    bool fresh_ = false;
    std::array<std::uint32_t, 4> block_{};
};

}  // namespace nrn
