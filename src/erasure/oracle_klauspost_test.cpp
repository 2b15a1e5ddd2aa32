// Parity as klauspost/reedsolomon writes it (tests/fixtures/erasure/klauspost.txt, made by
// bench/erasure/klauspost -golden, which ctest runs again where Go is).

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "erasure/checksum.hpp"
#include "erasure/layout.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

/// A line of the file: KIND MATRIX K M SIZE and the words that follow.
struct Line {
    bool is_parity = false;  ///< Else the CRC32C of all parities, one after the other.
    Layout layout;
    std::size_t size = 0;
    std::vector<std::string> words = {};
};

std::vector<Line> lines_of(std::string const& name, Matrix matrix) {
    std::ifstream file(ERASURE_FIXTURES "/klauspost.txt");
    std::vector<Line> found;
    for (std::string text; std::getline(file, text);) {
        std::istringstream from(text);
        std::string kind;
        std::string of;
        int k = 0;
        int m = 0;
        Line line{.layout = {.matrix = matrix}};
        from >> kind >> of >> k >> m >> line.size;
        line.is_parity = kind == "parity";
        line.layout.k = static_cast<decltype(Layout::k)>(k);
        line.layout.m = static_cast<decltype(Layout::m)>(m);
        for (std::string word; from >> word;) {
            line.words.push_back(word);
        }
        if (of == name) {
            found.push_back(line);
        }
    }
    return found;
}

std::vector<Bytes> data_of(Line const& line) {
    std::vector<Bytes> shards(line.layout.k);
    std::uint32_t i = 0;
    for (auto& shard : shards) {
        for (std::size_t at = 0; at < line.size; ++at) {
            shard.push_back(static_cast<std::byte>(++i * 2'654'435'761U >> 24U));
        }
    }
    return shards;
}

/// Our words for the line.
std::vector<std::string> words_of(Line const& line) {
    auto const shards = encoded(line.layout, data_of(line));
    std::vector<std::string> hex;
    std::uint32_t crc = 0;
    for (std::size_t i = line.layout.k; i < shards.size(); ++i) {
        hex.push_back(to_hex(shards[i]));
        crc = crc32c(shards[i], crc);
    }
    return line.is_parity ? hex : std::vector{fmt::format("{:08x}", crc)};
}

void expect_agreement(std::string const& name, Matrix matrix) {
    auto const lines = lines_of(name, matrix);
    ASSERT_EQ(lines.size(), 483U);
    for (auto const& line : lines) {
        ASSERT_EQ(words_of(line), line.words) << line.layout.k + 0 << "+" << line.layout.m + 0;
    }
}

TEST(OracleKlauspost, ParityOfTheVandermondeMatrixIsThatOfItsDefault) {
    expect_agreement("vandermonde", Matrix::vandermonde);
}

TEST(OracleKlauspost, ParityOfTheCauchyMatrixIsThatOfItsOption) {
    expect_agreement("cauchy", Matrix::cauchy);
}

}  // namespace
}  // namespace disgrafs::erasure
