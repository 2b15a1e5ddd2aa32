#include "cluster/placement.hpp"

#include <algorithm>
#include <bit>

namespace disgrafs::cluster {
namespace {

// The finalizer of MurmurHash3 (Appleby), a bijection of 64 bits.
constexpr std::uint64_t mix(std::uint64_t value) {
    value ^= value >> 33U;
    value *= 0xFF51AFD7ED558CCDULL;
    value ^= value >> 33U;
    value *= 0xC4CEB9FE1A85EC53ULL;
    value ^= value >> 33U;
    return value;
}

constexpr std::uint64_t hash_of(UploadId upload, std::uint32_t stripe, MemberId node) {
    std::uint64_t hash = mix(upload.block ^ 0x9E3779B97F4A7C15ULL);
    hash = mix(hash ^ upload.index);
    hash = mix(hash ^ stripe);
    return mix(hash ^ node.value);
}

constexpr unsigned fraction_bits = 32;
constexpr unsigned weight_bits = 25;

// Free mebibytes, 1 … 2^25: with a cost of at most 2^38 a product still fits 64 bits.
std::uint64_t weight_of(Candidate const& candidate) {
    std::uint64_t const mebibytes = candidate.free_bytes >> 20U;
    return std::clamp<std::uint64_t>(mebibytes, 1, 1ULL << weight_bits);
}

struct Ranked {
    MemberId node;
    std::uint64_t cost;
    std::uint64_t weight;
    bool is_doubtful;
};

// cost / weight, compared by cross multiplication; the id decides between equals.
bool is_before(Ranked const& a, Ranked const& b) {
    if (a.is_doubtful != b.is_doubtful) return b.is_doubtful;
    auto const left = a.cost * b.weight;
    auto const right = b.cost * a.weight;
    return left != right ? left < right : a.node < b.node;
}

}  // namespace

std::vector<MemberId> ranked(
    UploadId upload, std::uint32_t stripe, std::span<Candidate const> candidates
) {
    std::vector<Ranked> order;
    order.reserve(candidates.size());
    for (auto const& candidate : candidates) {
        order.push_back(
            {.node = candidate.node,
             .cost = negative_log2(hash_of(upload, stripe, candidate.node)),
             .weight = weight_of(candidate),
             .is_doubtful = candidate.is_doubtful}
        );
    }
    std::ranges::sort(order, is_before);
    std::vector<MemberId> nodes;
    nodes.reserve(order.size());
    for (auto const& one : order) nodes.push_back(one.node);
    return nodes;
}

// log2 of the mantissa bit by bit: squaring doubles the logarithm (Knuth, TAOCP 1.2.2, exercise
// 25).
std::uint64_t negative_log2(std::uint64_t hash) {
    hash = std::max<std::uint64_t>(hash, 1);
    auto const zeros = static_cast<unsigned>(std::countl_zero(hash));
    std::uint64_t mantissa = (hash << zeros) >> 32U;  // 1.0 ≤ m < 2.0 with 31 binary places.
    std::uint64_t fraction = 0;
    for (unsigned bit = 0; bit < fraction_bits; ++bit) {
        mantissa = (mantissa * mantissa) >> 31U;
        fraction <<= 1U;
        if (mantissa >= (1ULL << 32U)) {
            fraction |= 1U;
            mantissa >>= 1U;
        }
    }
    std::uint64_t const log2_of_hash = (std::uint64_t{63 - zeros} << fraction_bits) + fraction;
    return (std::uint64_t{64} << fraction_bits) - log2_of_hash;
}

}  // namespace disgrafs::cluster
