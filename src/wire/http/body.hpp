#pragma once

/// \file wire/http/body.hpp  What arrives on an HTTP connection: heads from a buffer, bodies in
/// pieces.
///
/// A body of known length is read from the stream straight into the piece that the caller gets, so
/// a body of any size costs the memory of one piece. Chunks are decoded strictly (RFC 9112 §7.1).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "io/network.hpp"
#include "io/task.hpp"
#include "wire/http/head.hpp"

namespace disgrafs::wire {

/// Bytes that were read from a stream and not yet used. One reader.
class HttpInput {
 public:
    explicit HttpInput(Stream& stream) : stream_(stream) {}

    [[nodiscard]] ByteView buffered() const { return ByteView(buffer_).subspan(at_); }
    void consume(std::size_t size);
    /// Read more behind what is buffered; false at the end. Errors: unavailable, cancelled.
    Task<bool> more();
    /// At least one byte, from the buffer first; 0 at the end. `into` is not empty.
    Task<std::size_t> read_into(std::span<std::byte> into);
    /// A line without its CRLF, at most `limit` bytes. Errors: invalid (longer, a bare CR or LF, or
    /// the end comes first), unavailable, cancelled.
    Task<std::string> read_line(std::size_t limit);
    /// What is buffered, which is then no longer here.
    Bytes take_rest();

 private:
    Stream& stream_;
    Bytes buffer_;
    std::size_t at_ = 0;
};

class HttpBody {
 public:
    HttpBody(HttpInput& input, HttpFraming framing);

    /// The next `size_max` bytes (at most 4 MiB), fewer only at the end; empty then, and ever
    /// after. Errors: invalid (malformed, or the peer ended too early), unavailable, cancelled.
    Task<Bytes> read(std::size_t size_max);
    [[nodiscard]] bool at_end() const { return is_done_; }
    /// Bytes to come; nullopt: not known.
    [[nodiscard]] std::optional<std::uint64_t> left() const;

 private:
    Task<void> fill(Bytes& piece, std::size_t size_max);
    Task<std::size_t> read_part(std::span<std::byte> into);
    Task<void> begin_chunk();
    Task<void> end_chunk();

    HttpInput& input_;
    HttpFraming::Kind kind_;
    std::uint64_t left_ = 0;  ///< Of the body, or of the chunk.
    bool is_done_ = false;
};

/// The number at the start of a chunk's first line; extensions behind ';' are ignored.
/// Errors: invalid.
Result<std::uint64_t> parse_chunk_size(std::string_view line);

}  // namespace disgrafs::wire
