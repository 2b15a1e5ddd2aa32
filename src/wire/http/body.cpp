#include "wire/http/body.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "base/assert.hpp"
#include "wire/stream_io.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t read_bytes = 16U << 10U;
constexpr std::size_t piece_bytes_max = 4U << 20U;
constexpr std::size_t first_piece_bytes = 64U << 10U;
constexpr std::size_t chunk_line_bytes_max = 256;
constexpr std::size_t trailer_line_bytes_max = 8U << 10U;
constexpr int trailer_lines_max = 64;

}  // namespace

void HttpInput::consume(std::size_t size) {
    DISGRAFS_ASSERT(size <= buffer_.size() - at_, "consume {} of {}", size, buffer_.size() - at_);
    at_ += size;
    if (at_ == buffer_.size()) {
        buffer_.clear();
        at_ = 0;
    }
}

Task<bool> HttpInput::more() {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
    auto const before = buffer_.size();
    buffer_.resize(before + read_bytes);
    auto const got = co_await read_some(stream_, std::span(buffer_).subspan(before));
    buffer_.resize(before + got.value_or(0));
    if (!got) co_return std::unexpected(got.error());
    co_return *got != 0;
}

Task<std::size_t> HttpInput::read_into(std::span<std::byte> into) {
    auto const here = buffered();
    if (here.empty()) return read_some(stream_, into);
    auto const size = std::min(here.size(), into.size());
    std::ranges::copy(here.first(size), into.begin());
    consume(size);
    return [](std::size_t count) -> Task<std::size_t> { co_return count; }(size);
}

Task<std::string> HttpInput::read_line(std::size_t limit) {
    while (true) {
        auto const text = as_text(buffered());
        auto const end = text.find_first_of("\r\n");
        bool const is_whole = end != std::string_view::npos && end + 1 < text.size();
        if (is_whole && text.substr(end, 2) != "\r\n")
            co_return fail(Errc::invalid, "a bare CR or LF");
        if (std::min(end, text.size()) > limit) {
            co_return fail(Errc::invalid, "a line of more than {} bytes", limit);
        }
        if (is_whole) {
            std::string line(text.substr(0, end));
            consume(end + 2);
            co_return line;
        }
        CO_TRY(bool const is_more, co_await more());
        if (!is_more) co_return fail(Errc::invalid, "the connection ended within a line");
    }
}

Bytes HttpInput::take_rest() {
    auto const here = buffered();
    Bytes rest(here.begin(), here.end());
    buffer_.clear();
    at_ = 0;
    return rest;
}

HttpBody::HttpBody(HttpInput& input, HttpFraming framing)
    : input_(input), kind_(framing.kind), left_(framing.length) {
    is_done_ =
        kind_ == HttpFraming::Kind::none || (kind_ == HttpFraming::Kind::length && left_ == 0);
    if (kind_ == HttpFraming::Kind::until_end) left_ = std::numeric_limits<std::uint64_t>::max();
}

std::optional<std::uint64_t> HttpBody::left() const {
    if (is_done_) return 0;
    if (kind_ == HttpFraming::Kind::length) return left_;
    return std::nullopt;
}

Task<Bytes> HttpBody::read(std::size_t size_max) {
    Bytes piece;
    auto const limit = std::min(size_max, piece_bytes_max);
    while (!is_done_ && piece.size() < limit) {
        if (kind_ == HttpFraming::Kind::chunked && left_ == 0) {
            CO_TRY_OK(co_await begin_chunk());
            continue;
        }
        CO_TRY_OK(co_await fill(piece, limit));
    }
    co_return piece;
}

/// Append to `piece` what is left of the body or chunk, up to `size_max` bytes in all. A piece of
/// unknown length grows by doubling, so that a short one costs little.
Task<void> HttpBody::fill(Bytes& piece, std::size_t size_max) {
    auto const before = piece.size();
    auto const is_open = kind_ != HttpFraming::Kind::length;
    auto const room = is_open ? std::max(first_piece_bytes, before) : size_max;
    auto const size = std::min({left_, std::uint64_t{size_max - before}, std::uint64_t{room}});
    piece.resize(before + static_cast<std::size_t>(size));
    auto const part = std::span(piece).subspan(before);
    auto const got = co_await read_part(part);
    piece.resize(before + got.value_or(0));
    if (!got) co_return std::unexpected(got.error());
    if (kind_ != HttpFraming::Kind::until_end) left_ -= *got;
    if (kind_ == HttpFraming::Kind::chunked && left_ == 0) CO_TRY_OK(co_await end_chunk());
    if (kind_ == HttpFraming::Kind::length && left_ == 0) is_done_ = true;
    co_return Result<void>();
}

/// All of `into`, or, of a body without a length, what there is until the end.
Task<std::size_t> HttpBody::read_part(std::span<std::byte> into) {
    std::size_t done = 0;
    while (done < into.size()) {
        CO_TRY(auto const size, co_await input_.read_into(into.subspan(done)));
        done += size;
        if (size != 0) continue;
        if (kind_ != HttpFraming::Kind::until_end) {
            co_return fail(Errc::invalid, "the body ended too early");
        }
        is_done_ = true;
        break;
    }
    co_return done;
}

Task<void> HttpBody::begin_chunk() {
    CO_TRY(auto const line, co_await input_.read_line(chunk_line_bytes_max));
    CO_TRY(left_, parse_chunk_size(line));
    if (left_ != 0) co_return Result<void>();
    for (int i = 0; i < trailer_lines_max; ++i) {
        CO_TRY(auto const trailer, co_await input_.read_line(trailer_line_bytes_max));
        if (trailer.empty()) {
            is_done_ = true;
            co_return Result<void>();
        }
    }
    co_return fail(Errc::invalid, "more than {} trailers", trailer_lines_max);
}

Task<void> HttpBody::end_chunk() {
    CO_TRY(auto const line, co_await input_.read_line(chunk_line_bytes_max));
    if (!line.empty()) co_return fail(Errc::invalid, "a chunk longer than it says");
    co_return Result<void>();
}

Result<std::uint64_t> parse_chunk_size(std::string_view line) {
    auto digits = line.substr(0, line.find(';'));
    while (digits.ends_with(' ') || digits.ends_with('\t')) digits.remove_suffix(1);
    constexpr std::size_t digits_max = 15;  // below 2^60: no sum overflows
    std::uint64_t size = 0;
    auto const* const end = digits.data() + digits.size();
    auto const [at, error] = std::from_chars(digits.data(), end, size, 16);
    if (error != std::errc() || at != end || digits.empty() || digits.size() > digits_max) {
        return fail(Errc::invalid, "a chunk without a size");
    }
    return size;
}

}  // namespace disgrafs::wire
