#pragma once

/// \file base/bytes.hpp  Runs of bytes, and the two ways numbers are written into them.
///
/// Records and frames are little-endian (ByteWriter, ByteReader). Keys of the ordered store are
/// big-endian (KeyWriter), so that byte order is number order.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace disgrafs {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<std::byte const>;

/// The same memory seen as bytes or as text. The caller keeps it alive.
inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<std::byte const*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(std::string_view text) {
    auto const view = as_bytes(text);
    return {view.begin(), view.end()};
}

/// Lower-case hexadecimal. from_hex: Errors: invalid (odd length or another character).
std::string to_hex(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);

/// Appends little-endian numbers and length-prefixed runs to a buffer it owns.
class ByteWriter {
 public:
    ByteWriter& u8(std::uint8_t value);
    ByteWriter& u16(std::uint16_t value);
    ByteWriter& u32(std::uint32_t value);
    ByteWriter& u64(std::uint64_t value);
    ByteWriter& f64(double value);
    ByteWriter& varint(std::uint64_t value);  ///< LEB128, 1–10 bytes.
    ByteWriter& raw(ByteView bytes);          ///< As they are, no length.
    ByteWriter& run(ByteView bytes);          ///< varint length, then the bytes.
    ByteWriter& text(std::string_view value) { return run(as_bytes(value)); }

    [[nodiscard]] std::size_t size() const { return out_.size(); }
    [[nodiscard]] ByteView view() const { return out_; }
    Bytes take() { return std::move(out_); }

 private:
    Bytes out_;
};

/// Reads what ByteWriter wrote. Never reads past the end: the first short read makes `ok()` false
/// and every later value zero or empty, so a parser checks once, at its end.
class ByteReader {
 public:
    explicit ByteReader(ByteView bytes) : rest_(bytes) {}

    std::uint8_t u8();
    std::uint16_t u16();
    std::uint32_t u32();
    std::uint64_t u64();
    double f64();
    std::uint64_t varint();
    ByteView raw(std::size_t size);
    ByteView run();
    std::string text() { return std::string(as_text(run())); }

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }
    /// Errors: corrupt, naming `what`, when a read was short or bytes are left over.
    Result<void> finish(std::string_view what) const;

 private:
    ByteView rest_;
    bool ok_ = true;
};

/// Builds an ordered key: numbers big-endian, text last (a text in the middle ends with 0x00, which
/// it must not hold).
class KeyWriter {
 public:
    explicit KeyWriter(char space) { key_.push_back(space); }
    KeyWriter& u8(std::uint8_t value);
    KeyWriter& u32(std::uint32_t value);
    KeyWriter& u64(std::uint64_t value);
    KeyWriter& text(std::string_view value);  ///< The rest of the key.
    KeyWriter& word(std::string_view value);  ///< Text, then 0x00.
    std::string take() { return std::move(key_); }

 private:
    std::string key_;
};

/// Reads a key; same rules as ByteReader. The leading space character is skipped.
class KeyReader {
 public:
    explicit KeyReader(std::string_view key) : rest_(key.substr(key.empty() ? 0 : 1)) {}
    std::uint8_t u8();
    std::uint32_t u32();
    std::uint64_t u64();
    std::string text();
    std::string word();
    [[nodiscard]] bool ok() const { return ok_; }

 private:
    std::string_view rest_;
    bool ok_ = true;
};

/// The smallest key greater than every key that starts with `prefix`; empty when there is none.
std::string prefix_end(std::string prefix);

}  // namespace disgrafs
