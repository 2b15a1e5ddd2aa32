#include "wire/stream_io.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>

#include "base/assert.hpp"
#include "io/wait_list.hpp"

namespace disgrafs::wire {
namespace {

using boost::asio::const_buffer;

std::vector<const_buffer> to_buffers(std::vector<ByteView> const& parts) {
    std::vector<const_buffer> buffers;
    buffers.reserve(parts.size());
    for (auto const& part : parts) {
        if (!part.empty()) buffers.emplace_back(part.data(), part.size());
    }
    return buffers;
}

/// Drop the first `size` bytes, of which `first` is the first buffer that has any.
void consume(std::span<const_buffer>& rest, std::size_t size) {
    while (size != 0) {
        auto const taken = std::min(size, rest.front().size());
        rest.front() += taken;
        size -= taken;
        if (rest.front().size() == 0) rest = rest.subspan(1);
    }
}

}  // namespace

Task<std::size_t> read_some(Stream& stream, std::span<std::byte> into) {
    DISGRAFS_ASSERT(!into.empty(), "read into nothing");
    CO_TRY_OK(co_await refuse_if_cancelled("read"));
    boost::asio::mutable_buffer const buffer(into.data(), into.size());
    auto const [error, size] = co_await stream.async_read_some(buffer, answer);
    if (error == boost::asio::error::eof) co_return std::size_t{0};
    CO_TRY_OK(answered(std::tuple(error), "read"));
    co_return size;
}

Task<std::size_t> read_full(Stream& stream, std::span<std::byte> into) {
    std::size_t done = 0;
    while (done < into.size()) {
        CO_TRY(auto const size, co_await read_some(stream, into.subspan(done)));
        if (size == 0) break;
        done += size;
    }
    co_return done;
}

Task<void> write_all(Stream& stream, std::vector<ByteView> parts) {
    auto buffers = to_buffers(parts);
    std::span<const_buffer> rest(buffers);
    while (!rest.empty()) {
        CO_TRY_OK(co_await refuse_if_cancelled("write"));
        auto const [error, size] = co_await stream.async_write_some(rest, answer);
        CO_TRY_OK(answered(std::tuple(error), "write"));
        consume(rest, size);
    }
    co_return Result<void>();
}

}  // namespace disgrafs::wire
