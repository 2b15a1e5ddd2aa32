#include "storage/log/segment_scan.hpp"

#include <optional>

namespace disgrafs::storage {
namespace {

constexpr std::size_t window_bytes = 256U << 10U;
constexpr std::uint64_t offset_max = 0xFFFFFFFF - window_bytes;

std::uint64_t round_up(std::uint64_t bytes, std::uint64_t to) { return (bytes + to - 1) / to * to; }

/// A piece of the file in memory, moved along as the scan goes on.
class Window {
 public:
    explicit Window(File& file) : file_(file) {}

    /// What is at hand from `offset` on: at least a header's bytes, except at the end of the file.
    Task<ByteView> from(std::uint64_t offset) {
        if (offset < begin_ || offset + record_header_bytes > begin_ + bytes_.size()) {
            CO_TRY(bytes_, co_await file_.read_at(offset, window_bytes));
            begin_ = offset;
        }
        co_return ByteView(bytes_).subspan(static_cast<std::size_t>(offset - begin_));
    }

 private:
    File& file_;
    std::uint64_t begin_ = 0;
    Bytes bytes_;
};

/// The first record at `at` or later; none when the file ends before.
Task<std::optional<RecordHeader>> next_record(
    Window& window, std::uint64_t stamp, std::uint64_t at
) {
    while (true) {
        CO_TRY(auto bytes, co_await window.from(at));
        if (bytes.size() < record_header_bytes || at > offset_max) {
            co_return std::optional<RecordHeader>();
        }
        for (; bytes.size() >= record_header_bytes; at += record_align) {
            auto const here = bytes;
            bytes = bytes.subspan(record_align);
            if (!looks_like_record(here)) continue;
            auto header = parse_header(here, {stamp, static_cast<std::uint32_t>(at)});
            if (header) co_return *std::move(header);
            if (header.error().code != Errc::corrupt) co_return std::unexpected(header.error());
        }
    }
}

}  // namespace

Task<SegmentScan> scan_segment(File& file, std::uint64_t stamp, std::uint64_t from) {
    SegmentScan scan;
    scan.end = from;
    CO_TRY(scan.file_bytes, co_await file.size());
    Window window(file);
    while (true) {
        CO_TRY(auto const header, co_await next_record(window, stamp, from));
        if (!header) break;
        scan.records.push_back(*header);
        from = header->spot.offset + record_bytes(header->payload_bytes);
        scan.end = round_up(from, batch_align);
    }
    co_return scan;
}

}  // namespace disgrafs::storage
