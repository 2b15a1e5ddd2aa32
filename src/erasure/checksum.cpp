#include "erasure/checksum.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {

std::uint32_t crc32c(ByteView bytes, std::uint32_t crc) {
    return ~kernel().crc(~crc, bytes.data(), bytes.size());
}

std::vector<std::uint32_t> block_checksums(ByteView shard) {
    std::vector<std::uint32_t> checksums;
    checksums.reserve((shard.size() + unit_bytes - 1) / unit_bytes);
    for (std::size_t at = 0; at < shard.size(); at += unit_bytes) {
        auto const size = std::min<std::size_t>(unit_bytes, shard.size() - at);
        checksums.push_back(crc32c(shard.subspan(at, size)));
    }
    return checksums;
}

std::uint32_t shard_root(std::uint32_t size_bytes, std::vector<std::uint32_t> const& blocks) {
    auto const append = [](std::uint32_t value, std::uint32_t crc) {
        std::byte bytes[4];
        for (unsigned i = 0; i < 4; ++i) {
            bytes[i] = static_cast<std::byte>(value >> 8U * i);
        }
        return crc32c(bytes, crc);
    };
    std::uint32_t root = 0;
    for (auto const checksum : blocks) {
        root = append(checksum, root);
    }
    return append(size_bytes, root);
}

}  // namespace disgrafs::erasure
