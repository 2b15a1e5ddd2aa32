#include "stripes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <sys/mman.h>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "contest.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure::bench {
namespace {

constexpr std::size_t page_bytes = std::size_t{2} << 20U;

std::vector<Bytes> copies(Streams const& streams) {
    std::vector<Bytes> list;
    for (auto const out : streams.outs) {
        list.emplace_back(out.begin(), out.end());
    }
    return list;
}

}  // namespace

Memory::Memory(std::size_t size_bytes)
    : size_bytes_((size_bytes + page_bytes - 1) / page_bytes * page_bytes) {
    constexpr int access = PROT_READ | PROT_WRITE;
    auto* const mapped =
        mmap(nullptr, size_bytes_, access, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    DISGRAFS_ASSERT(mapped != MAP_FAILED, "no memory for {} bytes", size_bytes_);
    bytes_ = static_cast<std::byte*>(mapped);
    madvise(mapped, size_bytes_, MADV_HUGEPAGE);
    for (std::size_t at = 0; at < size_bytes_; at += sizeof at) {
        std::uint64_t const word = (at + 1) * 0x9E3779B97F4A7C15ULL;
        std::memcpy(bytes_ + at, &word, sizeof word);
    }
}

Memory::~Memory() { munmap(bytes_, size_bytes_); }

void Streams::add_source(std::byte* shard) {
    sources.emplace_back(shard, size_bytes);
    source_bytes.push_back(reinterpret_cast<unsigned char*>(shard));
}

void Streams::add_out(std::byte* shard) {
    outs.emplace_back(shard, size_bytes);
    out_bytes.push_back(reinterpret_cast<unsigned char*>(shard));
}

Stripes::Stripes(Layout layout, std::size_t shard_bytes, std::size_t count)
    : k_(layout.k),
      m_(layout.m),
      shard_bytes_(shard_bytes),
      count_(count),
      data_(k_ * shard_bytes * count),
      parity_(m_ * shard_bytes * count),
      rebuilt_(m_ * shard_bytes * count) {}

std::vector<Streams> Stripes::encoding() const {
    std::vector<Streams> all(count_);
    for (std::size_t stripe = 0; stripe < count_; ++stripe) {
        all[stripe].size_bytes = shard_bytes_;
        for (std::size_t i = 0; i < k_; ++i) {
            all[stripe].add_source(data(stripe, i));
        }
        for (std::size_t i = 0; i < m_; ++i) {
            all[stripe].add_out(parity(stripe, i));
        }
    }
    return all;
}

std::vector<Streams> Stripes::rebuilding(std::size_t lost) const {
    std::vector<Streams> all(count_);
    for (std::size_t stripe = 0; stripe < count_; ++stripe) {
        all[stripe].size_bytes = shard_bytes_;
        for (std::size_t i = lost; i < k_; ++i) {
            all[stripe].add_source(data(stripe, i));
        }
        for (std::size_t i = 0; i < lost; ++i) {
            all[stripe].add_source(parity(stripe, i));
            all[stripe].add_out(rebuilt_.at((stripe * m_ + i) * shard_bytes_));
        }
    }
    return all;
}

std::byte* Stripes::data(std::size_t stripe, std::size_t index) const {
    return data_.at((stripe * k_ + index) * shard_bytes_);
}

std::byte* Stripes::parity(std::size_t stripe, std::size_t index) const {
    return parity_.at((stripe * m_ + index) * shard_bytes_);
}

Layout layout_of(Request const& request) {
    Layout layout{};
    layout.k = static_cast<decltype(layout.k)>(request.number("k"));
    layout.m = static_cast<decltype(layout.m)>(request.number("m"));
    layout.w = static_cast<std::uint8_t>(request.number("w", 8));
    layout.matrix = static_cast<Matrix>(request.number("matrix", 1));
    return layout;
}

Outs where_outs_lie(std::size_t stripes) { return stripes > 1 ? Outs::far : Outs::by_size; }

void expect_same_bytes(Contest const& contest, Streams const& streams) {
    std::vector<Bytes> right;
    for (auto const& contestant : contest.contestants) {
        for (auto const out : streams.outs) {
            std::ranges::fill(out, std::byte{0xEE});
        }
        contestant.work(0);
        auto const written = copies(streams);
        right = right.empty() ? written : right;
        DISGRAFS_ASSERT(written == right, "{} gives other bytes", contestant.name);
    }
}

}  // namespace disgrafs::erasure::bench
