#include <cstddef>
#include <cstdint>

#include "erasure/galois.hpp"
#include "erasure/kernels/crc_polynomial.hpp"
#include "erasure/kernels/kernel.hpp"

namespace disgrafs::erasure {
namespace {

/// by_distance[d][b]: what byte b adds to the remainder, d bytes before the end.
struct Tables {
    std::uint32_t by_distance[8][256];
};

constexpr Tables make_tables() {
    Tables tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t remainder = byte;
        for (auto& table : tables.by_distance) {
            for (int bit = 0; bit < 8; ++bit) {
                remainder = crc_polynomial::times_x(remainder);
            }
            table[byte] = remainder;
        }
    }
    return tables;
}

DISGRAFS_TABLE Tables const tables = make_tables();

}  // namespace

// Eight bytes a step ("slicing by 8"). Source: Kounavis & Berry 2005.
std::uint32_t crc_portable(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes) {
    auto const byte = [&](std::size_t at) { return static_cast<std::uint32_t>(bytes[at]); };
    auto const& by = tables.by_distance;
    for (; size_bytes >= 8; bytes += 8, size_bytes -= 8) {
        std::uint32_t const head =
            state ^ (byte(0) | byte(1) << 8U | byte(2) << 16U | byte(3) << 24U);
        state = by[7][head & 255U] ^ by[6][head >> 8U & 255U] ^ by[5][head >> 16U & 255U] ^
                by[4][head >> 24U] ^ by[3][byte(4)] ^ by[2][byte(5)] ^ by[1][byte(6)] ^
                by[0][byte(7)];
    }
    for (; size_bytes > 0; ++bytes, --size_bytes) {
        state = state >> 8U ^ by[0][(state ^ byte(0)) & 255U];
    }
    return state;
}

}  // namespace disgrafs::erasure
