#pragma once

/// \file wire/stream_io.hpp  Reading and writing whole runs of bytes on a Stream.
///
/// Asio's own async_read and async_write move at most 64 KiB per system call; these move what there
/// is. All end with cancelled in a coroutine that was cancelled.

#include <cstddef>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/task.hpp"

namespace disgrafs::wire {

/// What has arrived, at least one byte; 0 when the peer will send no more. `into` is not empty.
/// Errors: unavailable (the connection broke), cancelled.
Task<std::size_t> read_some(Stream& stream, std::span<std::byte> into);

/// Fills `into`, or as much as comes before the end: the count. Errors: those of read_some.
Task<std::size_t> read_full(Stream& stream, std::span<std::byte> into);

/// All of `parts`, which live until completion. Errors: unavailable, cancelled.
Task<void> write_all(Stream& stream, std::vector<ByteView> parts);

}  // namespace disgrafs::wire
