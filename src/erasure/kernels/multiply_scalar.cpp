#include <cstddef>
#include <cstdint>

#include "erasure/kernels/kernel.hpp"
#include "erasure/kernels/tables.hpp"

namespace disgrafs::erasure {
namespace {

constexpr std::size_t block_bytes = 4096;  // Of each stream: an out stays in L1 for all sources.

void add_multiple(
    NibbleTable const& table, std::byte const* source, std::byte* out, std::size_t size_bytes
) {
    for (std::size_t at = 0; at < size_bytes; ++at) {
        auto const x = static_cast<std::uint8_t>(source[at]);
        out[at] ^= static_cast<std::byte>(table.low[x & 15U] ^ table.high[x >> 4U]);
    }
}

}  // namespace

void multiply_scalar(Product const& product) {
    for (std::size_t from = 0; from < product.size_bytes; from += block_bytes) {
        auto const left = product.size_bytes - from;
        auto const size_bytes = left < block_bytes ? left : block_bytes;
        auto const* coefficient = product.rows;
        for (std::size_t i = 0; i < product.out_count; ++i) {
            auto* const out = product.outs[i] + from;
            for (std::size_t at = 0; !product.is_added && at < size_bytes; ++at) {
                out[at] = std::byte{0};
            }
            for (std::size_t j = 0; j < product.source_count; ++j) {
                auto const& table = kernel_tables.nibbles[*coefficient++];
                add_multiple(table, product.sources[j] + from, out, size_bytes);
            }
        }
    }
}

}  // namespace disgrafs::erasure
