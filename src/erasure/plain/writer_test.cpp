// Shard files are what an independent program made of the same bytes (tests/fixtures/erasure).

#include "erasure/plain/writer.hpp"

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
#include "base/result.hpp"
#include "erasure/checksum.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/memory.hpp"
#include "erasure/plain/store.hpp"

namespace disgrafs::erasure {
namespace {

struct Example {
    Layout layout;
    Bytes content;
    std::vector<std::string> shards;  ///< As the line has them.
};

std::vector<Example> examples(std::string const& kind) {
    std::ifstream file(ERASURE_FIXTURES "/plain-1.txt");
    std::vector<Example> found;
    for (std::string line; std::getline(file, line);) {
        std::istringstream in(line);
        std::string word;
        unsigned k = 0;
        unsigned m = 0;
        unsigned w = 0;
        unsigned matrix = 0;
        std::uint32_t size = 0;
        std::uint32_t seed = 0;
        if (!(in >> word >> k >> m >> w >> matrix >> size >> seed) || word != kind) {
            continue;
        }
        Example example;
        example.layout.k = static_cast<decltype(example.layout.k)>(k);
        example.layout.m = static_cast<decltype(example.layout.m)>(m);
        example.layout.w = static_cast<std::uint8_t>(w);
        example.layout.matrix = static_cast<Matrix>(matrix);
        for (std::uint32_t i = 1; i <= size; ++i) {
            example.content.push_back(static_cast<std::byte>((i + seed) * 2'654'435'761U >> 24U));
        }
        while (in >> word) {
            example.shards.push_back(word);
        }
        found.push_back(std::move(example));
    }
    EXPECT_FALSE(found.empty()) << kind;
    return found;
}

TEST(PlainWriter, ShardFilesAreThoseOfTheIndependentProgram) {
    for (auto const& [layout, content, shards] : examples("file")) {
        auto const written = plain_shards_of(content, layout);
        ASSERT_TRUE(written) << written.error().message;
        std::vector<std::string> found;
        for (auto const& file : *written) {
            found.push_back(to_hex(file));
        }
        EXPECT_EQ(found, shards);
    }
}

TEST(PlainWriter, LongShardFilesAreThoseOfTheIndependentProgram) {
    for (auto const& [layout, content, shards] : examples("long")) {
        auto const written = plain_shards_of(content, layout);
        ASSERT_TRUE(written) << written.error().message;
        std::vector<std::string> found;
        for (auto const& file : *written) {
            found.push_back(fmt::format("{}:{:08x}", file.size(), crc32c(file)));
        }
        EXPECT_EQ(found, shards);
    }
}

TEST(PlainWriter, BareShardsAreThePayloads) {
    for (auto const& [layout, content, shards] : examples("file")) {
        auto const bare = plain_shards_of(content, layout, true);
        ASSERT_TRUE(bare) << bare.error().message;
        for (std::size_t i = 0; i < shards.size(); ++i) {
            EXPECT_EQ(to_hex((*bare)[i]), shards[i].substr(128, 2 * (*bare)[i].size()));
        }
    }
}

TEST(PlainWriter, EveryByteIsWrittenOnce) {
    Layout const layout{.k = 3, .m = 1};
    MemorySource file(Bytes(1'000'000));
    std::vector<MemorySink> sinks(4);
    std::vector<PlainSink*> pointers{&sinks[0], &sinks[1], &sinks[2], &sinks[3]};
    ASSERT_TRUE(write_plain_shards(file, layout, pointers));
    PlainShape const shape{.layout = layout, .file_bytes = 1'000'000};
    for (auto const& sink : sinks) {
        EXPECT_EQ(sink.written_bytes, shape.size_bytes());
        EXPECT_EQ(sink.bytes.size(), shape.size_bytes());
    }
}

TEST(PlainWriter, AFullDiskAndABadSourceEndIt) {
    Layout const layout{.k = 1, .m = 1, .matrix = Matrix::replica};
    MemorySource file(Bytes(100'000));
    std::vector<MemorySink> sinks(2);
    std::vector<PlainSink*> pointers{&sinks[0], &sinks[1]};
    sinks[1].capacity_bytes = 70'000;
    EXPECT_EQ(write_plain_shards(file, layout, pointers).error().code, Errc::exhausted);
    EXPECT_EQ(write_bare_shards(file, layout, pointers).error().code, Errc::exhausted);
    file.fails_with = Errc::io;
    EXPECT_EQ(write_plain_shards(file, layout, pointers).error().code, Errc::io);
}

TEST(PlainWriter, AnImpossibleLayoutIsRefused) {
    EXPECT_EQ(plain_shards_of(Bytes(9), {.k = 0, .m = 0}).error().code, Errc::invalid);
    EXPECT_EQ(plain_shards_of(Bytes(9), {.k = 4, .m = 2, .w = 9}).error().code, Errc::invalid);
}

}  // namespace
}  // namespace disgrafs::erasure
