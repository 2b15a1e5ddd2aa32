#include "erasure/plain/reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/checksum.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/store.hpp"

namespace disgrafs::erasure {

namespace {

constexpr std::uint64_t checksum_bytes = 4;
constexpr std::uint64_t checksums_at_once = 16384;

}  // namespace

Result<PlainShard> PlainShard::open(PlainSource& file) {
    auto const size = file.size_bytes();
    Bytes head(std::min<std::uint64_t>(size, plain_header_bytes));
    TRY_OK(file.read(0, head));
    TRY(auto const header, parse_plain_header(head));
    auto const wanted = header.shape.size_bytes();
    if (size < wanted) {
        return fail(Errc::corrupt, "is cut short: {} bytes of {}", size, wanted);
    }
    if (size > wanted) {
        return fail(Errc::corrupt, "is {} bytes longer than its header says", size - wanted);
    }
    Bytes end(wanted - header.shape.end_at());
    TRY_OK(file.read(header.shape.end_at(), end));
    PlainShard shard(file, header);
    TRY(shard.roots_, parse_plain_end(header.shape, end));
    TRY_OK(shard.check_root());
    return shard;
}

Result<void> PlainShard::check_root() {
    PlainRoot root;
    auto const count = shape().block_count();
    for (std::uint64_t first = 0; first < count; first += checksums_at_once) {
        TRY(auto const list, checksums(first, std::min(checksums_at_once, count - first)));
        for (auto const checksum : list) {
            root.add(checksum);
        }
    }
    if (root.finish(shape().shard_bytes()) != roots_[static_cast<std::size_t>(index())]) {
        return fail(Errc::corrupt, "has damaged block checksums");
    }
    return {};
}

Result<std::vector<std::uint32_t>> PlainShard::checksums(std::uint64_t first, std::uint64_t count) {
    Bytes bytes(count * checksum_bytes);
    TRY_OK(file_->read(shape().checksums_at() + first * checksum_bytes, bytes));
    ByteReader in(bytes);
    std::vector<std::uint32_t> list;
    list.reserve(count);
    while (!in.at_end()) {
        list.push_back(in.u32());
    }
    return list;
}

Result<void> PlainShard::read(std::uint64_t offset, MutableShard out) {
    TRY_OK(file_->read(plain_header_bytes + offset, out));
    auto const found = block_checksums(out);
    auto const first = offset / unit_bytes;
    TRY(auto const wanted, checksums(first, found.size()));
    auto const [bad, _] = std::ranges::mismatch(found, wanted);
    if (bad != found.end()) {
        auto const block = first + static_cast<std::uint64_t>(bad - found.begin());
        return fail(Errc::corrupt, "block {} is damaged (its checksum is wrong)", block);
    }
    return {};
}

Result<BareShard> BareShard::open(PlainSource& file, PlainShape const& shape, int index) {
    auto const& layout = shape.layout;
    if (index < 0 || index >= layout.total()) {
        return fail(
            Errc::invalid,
            "is no shard {} of {}+{}: 0 … {}",
            index,
            layout.k,
            layout.m,
            layout.total() - 1
        );
    }
    if (file.size_bytes() != shape.shard_bytes()) {
        return fail(
            Errc::invalid,
            "has {} bytes; a shard of {} bytes in {} is {}",
            file.size_bytes(),
            shape.file_bytes,
            layout.k,
            shape.shard_bytes()
        );
    }
    return BareShard(file, index);
}

}  // namespace disgrafs::erasure
