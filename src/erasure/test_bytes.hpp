#pragma once

/// \file erasure/test_bytes.hpp  Bytes for tests: the same from the same seed, on every machine.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "erasure/codec.hpp"

namespace disgrafs::erasure {

/// Xorshift64* with a fixed start (Vigna 2016).
class TestRandom {
 public:
    explicit TestRandom(std::uint64_t seed) : state_(seed * 2 + 1) {}

    std::uint64_t next() {
        state_ ^= state_ >> 12U;
        state_ ^= state_ << 25U;
        state_ ^= state_ >> 27U;
        return state_ * 0x2545F4914F6CDD1DULL;
    }
    /// 0 … limit − 1.
    std::size_t below(std::size_t limit) { return (next() >> 16U) % limit; }
    Bytes bytes(std::size_t size) {
        Bytes made(size);
        for (std::size_t at = 0; at < size; at += 8) {
            auto const word = next();
            for (unsigned i = 0; i < 8 && at + i < size; ++i) {
                made[at + i] = static_cast<std::byte>(word >> 8U * i);
            }
        }
        return made;
    }
    /// `count` distinct numbers below `limit`, in random order.
    std::vector<int> pick(int count, int limit) {
        std::vector<int> list;
        list.reserve(static_cast<std::size_t>(limit));
        for (int i = 0; i < limit; ++i) {
            list.push_back(i);
        }
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            std::swap(list[i], list[i + below(list.size() - i)]);
        }
        list.resize(static_cast<std::size_t>(count));
        return list;
    }

 private:
    std::uint64_t state_;
};

inline std::vector<ConstShard> const_spans(std::vector<Bytes> const& shards) {
    return {shards.begin(), shards.end()};
}
inline std::vector<MutableShard> mutable_spans(std::vector<Bytes>& shards) {
    return {shards.begin(), shards.end()};
}

/// k data shards and their m parities.
inline std::vector<Bytes> encoded(Layout layout, std::vector<Bytes> data) {
    std::vector<Bytes> parity(layout.m, Bytes(data[0].size()));
    Encoder(layout).encode(const_spans(data), mutable_spans(parity));
    for (auto& shard : parity) {
        data.push_back(std::move(shard));
    }
    return data;
}

/// k + m shards of `size` random bytes each, parity fitting.
inline std::vector<Bytes> random_stripe(Layout layout, std::size_t size, TestRandom& random) {
    std::vector<Bytes> data;
    data.reserve(layout.k);
    for (int i = 0; i < layout.k; ++i) {
        data.push_back(random.bytes(size));
    }
    return encoded(layout, std::move(data));
}

/// The members of every set of k out of k + m shards; k + m below 32, or it would never end.
inline std::vector<std::vector<int>> every_k_of(Layout layout) {
    std::vector<std::vector<int>> sets;
    for (std::uint32_t bits = 0; bits < 1U << layout.total(); ++bits) {
        if (std::popcount(bits) != layout.k) {
            continue;
        }
        auto& set = sets.emplace_back();
        for (int shard = 0; shard < layout.total(); ++shard) {
            if ((bits >> shard & 1U) != 0) {
                set.push_back(shard);
            }
        }
    }
    return sets;
}

/// Every layout that design §4 uses.
inline std::vector<Layout> layouts_in_use() {
    return {
        {.k = 1, .m = 2, .matrix = Matrix::replica},
        {.k = 2, .m = 2},
        {.k = 4, .m = 2},
        {.k = 6, .m = 3},
        {.k = 8, .m = 3},
        {.k = 10, .m = 4},
    };
}

}  // namespace disgrafs::erasure
