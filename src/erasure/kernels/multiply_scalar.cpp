#include <cstddef>
#include <cstdint>

#include "erasure/galois.hpp"
#include "erasure/kernels/kernel.hpp"

namespace disgrafs::erasure {
namespace {

constexpr std::size_t block_bytes = 4096;  // Of each stream: an out stays in L1 for all sources.

template <typename F>
typename F::Element element(std::byte const* at) {
    if constexpr (F::bits == 8) {
        return static_cast<std::uint8_t>(at[0]);
    } else {
        return static_cast<std::uint16_t>(
            static_cast<unsigned>(at[0]) | static_cast<unsigned>(at[1]) << 8U
        );
    }
}

template <typename F>
void add_multiple(
    Coefficient constant, std::byte const* source, std::byte* out, std::size_t size_bytes
) {
    if (constant == 0) {
        return;
    }
    auto const log = F::log(static_cast<typename F::Element>(constant));
    for (std::size_t at = 0; at < size_bytes; at += F::bits / 8) {
        auto const x = element<F>(source + at);
        if (x == 0) {
            continue;
        }
        auto const product = F::power(log + F::log(x));
        out[at] ^= static_cast<std::byte>(product & 255U);
        if constexpr (F::bits == 16) {
            out[at + 1] ^= static_cast<std::byte>(product >> 8U);
        }
    }
}

template <typename F>
void multiply(Product const& product) {
    for (std::size_t from = 0; from < product.size_bytes; from += block_bytes) {
        auto const left = product.size_bytes - from;
        auto const size_bytes = left < block_bytes ? left : block_bytes;
        auto const* constant = product.rows;
        for (std::size_t i = 0; i < product.out_count; ++i) {
            auto* const out = product.outs[i] + from;
            for (std::size_t at = 0; product.store != Store::add && at < size_bytes; ++at) {
                out[at] = std::byte{0};
            }
            for (std::size_t j = 0; j < product.source_count; ++j) {
                add_multiple<F>(*constant++, product.sources[j] + from, out, size_bytes);
            }
        }
    }
}

}  // namespace

void multiply_scalar(Product const& product) { multiply<Gf8>(product); }
void multiply16_scalar(Product const& product) { multiply<Gf16>(product); }

}  // namespace disgrafs::erasure
