// The bytes that clusters have on disk, worked out once by a program that shares nothing with this
// module (tests/fixtures/erasure/make_golden.py). Format: docs/formats/erasure.md.

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "erasure/checksum.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

/// Every line that starts with `kind`, without that word.
std::vector<std::istringstream> lines_of(std::string const& kind) {
    std::ifstream file(ERASURE_FIXTURES "/golden.txt");
    std::vector<std::istringstream> found;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(kind + " ")) {
            found.emplace_back(line.substr(kind.size() + 1));
        }
    }
    EXPECT_FALSE(found.empty()) << kind;
    return found;
}

std::vector<std::string> rest_of(std::istringstream& line) {
    std::vector<std::string> words;
    for (std::string word; line >> word;) {
        words.push_back(word);
    }
    return words;
}

Layout read_layout(std::istringstream& line) {
    int k = 0;
    int m = 0;
    int matrix = 0;
    line >> k >> m >> matrix;
    return {
        .k = static_cast<std::uint8_t>(k),
        .m = static_cast<std::uint8_t>(m),
        .matrix = static_cast<Matrix>(matrix)
    };
}

Bytes content(std::size_t size) {
    Bytes bytes;
    for (std::uint32_t i = 1; i <= size; ++i) {
        bytes.push_back(static_cast<std::byte>(i * 2'654'435'761U >> 24U));
    }
    return bytes;
}

TEST(Golden, ParityIsAsEverBefore) {
    for (auto& line : lines_of("parity")) {
        auto const layout = read_layout(line);
        std::size_t size = 0;
        line >> size;
        auto const all = content(size * layout.k);
        std::vector<Bytes> data;
        data.reserve(layout.k);
        for (std::size_t i = 0; i < layout.k; ++i) {
            auto const shard = ByteView(all).subspan(i * size, size);
            data.emplace_back(shard.begin(), shard.end());
        }
        std::vector<std::string> written;
        auto const shards = encoded(layout, data);
        for (std::size_t i = layout.k; i < shards.size(); ++i) {
            written.push_back(to_hex(shards[i]));
        }
        EXPECT_EQ(written, rest_of(line));
    }
}

TEST(Golden, StripesAreSplitCodedAndRootedAsEverBefore) {
    for (auto& line : lines_of("stripe")) {
        auto const layout = read_layout(line);
        std::size_t size = 0;
        line >> size;
        std::vector<Bytes> data;
        data.reserve(layout.k);
        for (int i = 0; i < layout.k; ++i) {
            data.emplace_back(shard_bytes(layout, size, i));
        }
        split(layout, content(size), mutable_spans(data));
        std::vector<std::string> written;
        for (auto const& shard : encoded(layout, std::move(data))) {
            auto const length = static_cast<std::uint32_t>(shard.size());
            auto const root = shard_root(length, block_checksums(shard));
            written.push_back(fmt::format("{}:{:08x}", length, root));
        }
        EXPECT_EQ(written, rest_of(line));
    }
}

TEST(Golden, ChecksumsAreAsEverBefore) {
    for (auto& line : lines_of("crc32c")) {
        std::size_t size = 0;
        line >> size;
        EXPECT_EQ(rest_of(line), std::vector{fmt::format("{:08x}", crc32c(content(size)))});
    }
}

}  // namespace
}  // namespace disgrafs::erasure
