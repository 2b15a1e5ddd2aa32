#include "base/bytes.hpp"

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "base/result.hpp"

namespace disgrafs {
namespace {

constexpr std::size_t varint_size_max = 10;

/// The number's bytes, lowest first (or highest first), whatever the machine's own order.
template <std::unsigned_integral Number>
std::array<std::byte, sizeof(Number)> in_order(Number value, std::endian order) {
    if (order != std::endian::native) value = std::byteswap(value);
    return std::bit_cast<std::array<std::byte, sizeof(Number)>>(value);
}

template <std::unsigned_integral Number>
Number from_order(void const* at, std::endian order) {
    Number value = 0;
    std::memcpy(&value, at, sizeof value);
    return order == std::endian::native ? value : std::byteswap(value);
}

template <std::unsigned_integral Number>
void append_little(Bytes& out, Number value) {
    auto const bytes = in_order(value, std::endian::little);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

template <std::unsigned_integral Number>
void append_big(std::string& out, Number value) {
    auto const bytes = in_order(value, std::endian::big);
    out.append(as_text(bytes));
}

int hex_digit(char sign) {
    if (sign >= '0' && sign <= '9') return sign - '0';
    if (sign >= 'a' && sign <= 'f') return sign - 'a' + 10;
    if (sign >= 'A' && sign <= 'F') return sign - 'A' + 10;
    return -1;
}

}  // namespace

std::string to_hex(ByteView bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (auto const byte : bytes) {
        text.push_back(digits[std::to_integer<std::size_t>(byte >> 4U)]);
        text.push_back(digits[std::to_integer<std::size_t>(byte & std::byte{15})]);
    }
    return text;
}

Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return fail(Errc::invalid, "{} hexadecimal digits", text.size());
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t at = 0; at < text.size(); at += 2) {
        auto const high = hex_digit(text[at]);
        auto const low = hex_digit(text[at + 1]);
        if (high < 0 || low < 0) return fail(Errc::invalid, "no hexadecimal digit at {}", at);
        bytes.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return bytes;
}

ByteWriter& ByteWriter::u8(std::uint8_t value) {
    out_.push_back(std::byte{value});
    return *this;
}

ByteWriter& ByteWriter::u16(std::uint16_t value) {
    append_little(out_, value);
    return *this;
}

ByteWriter& ByteWriter::u32(std::uint32_t value) {
    append_little(out_, value);
    return *this;
}

ByteWriter& ByteWriter::u64(std::uint64_t value) {
    append_little(out_, value);
    return *this;
}

ByteWriter& ByteWriter::f64(double value) { return u64(std::bit_cast<std::uint64_t>(value)); }

ByteWriter& ByteWriter::varint(std::uint64_t value) {
    while (value >= 0x80) {
        u8(static_cast<std::uint8_t>(value | 0x80U));
        value >>= 7U;
    }
    return u8(static_cast<std::uint8_t>(value));
}

ByteWriter& ByteWriter::raw(ByteView bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return *this;
}

ByteWriter& ByteWriter::run(ByteView bytes) { return varint(bytes.size()).raw(bytes); }

ByteView ByteReader::raw(std::size_t size) {
    if (size > rest_.size()) {
        ok_ = false;
        rest_ = {};
        return {};
    }
    auto const taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
}

std::uint8_t ByteReader::u8() {
    auto const bytes = raw(1);
    return bytes.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(bytes.front());
}

std::uint16_t ByteReader::u16() {
    auto const bytes = raw(sizeof(std::uint16_t));
    if (bytes.empty()) return 0;
    return from_order<std::uint16_t>(bytes.data(), std::endian::little);
}

std::uint32_t ByteReader::u32() {
    auto const bytes = raw(sizeof(std::uint32_t));
    return bytes.empty() ? 0 : from_order<std::uint32_t>(bytes.data(), std::endian::little);
}

std::uint64_t ByteReader::u64() {
    auto const bytes = raw(sizeof(std::uint64_t));
    return bytes.empty() ? 0 : from_order<std::uint64_t>(bytes.data(), std::endian::little);
}

double ByteReader::f64() { return std::bit_cast<double>(u64()); }

std::uint64_t ByteReader::varint() {
    std::uint64_t value = 0;
    for (std::size_t count = 0; count < varint_size_max; ++count) {
        std::uint64_t const byte = u8();
        if (!ok_) return 0;
        value |= (byte & 0x7FU) << (7 * count);
        bool const is_last = byte < 0x80;
        // One number, one writing: no 65th bit, no idle zero at the end.
        if (count == varint_size_max - 1 && byte > 1) break;
        if (is_last && byte == 0 && count != 0) break;
        if (is_last) return value;
    }
    ok_ = false;
    rest_ = {};
    return 0;
}

ByteView ByteReader::run() {
    auto const size = varint();
    return raw(size);
}

Result<void> ByteReader::finish(std::string_view what) const {
    if (!ok_) return fail(Errc::corrupt, "{} is cut short", what);
    if (!at_end()) return fail(Errc::corrupt, "{} has {} bytes too many", what, left());
    return {};
}

KeyWriter& KeyWriter::u8(std::uint8_t value) {
    key_.push_back(static_cast<char>(value));
    return *this;
}

KeyWriter& KeyWriter::u32(std::uint32_t value) {
    append_big(key_, value);
    return *this;
}

KeyWriter& KeyWriter::u64(std::uint64_t value) {
    append_big(key_, value);
    return *this;
}

KeyWriter& KeyWriter::text(std::string_view value) {
    key_.append(value);
    return *this;
}

KeyWriter& KeyWriter::word(std::string_view value) {
    DISGRAFS_ASSERT(!value.contains('\0'), "a word of {} bytes holds 0x00", value.size());
    key_.append(value);
    key_.push_back('\0');
    return *this;
}

namespace {

/// The first `size` characters of `rest`, taken away; empty and not ok when there are fewer.
std::string_view take_front(std::string_view& rest, std::size_t size, bool& ok) {
    if (size > rest.size()) {
        ok = false;
        rest = {};
        return {};
    }
    auto const taken = rest.substr(0, size);
    rest.remove_prefix(size);
    return taken;
}

}  // namespace

std::uint8_t KeyReader::u8() {
    auto const bytes = take_front(rest_, 1, ok_);
    return bytes.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(bytes.front());
}

std::uint32_t KeyReader::u32() {
    auto const bytes = take_front(rest_, sizeof(std::uint32_t), ok_);
    return bytes.empty() ? 0 : from_order<std::uint32_t>(bytes.data(), std::endian::big);
}

std::uint64_t KeyReader::u64() {
    auto const bytes = take_front(rest_, sizeof(std::uint64_t), ok_);
    return bytes.empty() ? 0 : from_order<std::uint64_t>(bytes.data(), std::endian::big);
}

std::string KeyReader::text() { return std::string(take_front(rest_, rest_.size(), ok_)); }

std::string KeyReader::word() {
    auto const end = rest_.find('\0');
    if (end == std::string_view::npos) {
        ok_ = false;
        rest_ = {};
        return {};
    }
    std::string word(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return word;
}

std::string prefix_end(std::string prefix) {
    while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
    if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
    return prefix;
}

}  // namespace disgrafs
