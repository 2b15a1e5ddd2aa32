#include "cluster/rows.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "cluster/layouts.hpp"
#include "erasure/checksum.hpp"

namespace disgrafs::cluster {
namespace {

using erasure::Layout;
using erasure::Matrix;

constexpr std::uint8_t format = 1;

std::uint32_t blocks_in(std::uint32_t shard_bytes) {
    return (shard_bytes + erasure::unit_bytes - 1) / erasure::unit_bytes;
}

std::uint32_t blocks_in(Layout layout, std::uint32_t content_bytes, int index) {
    return blocks_in(erasure::shard_bytes(layout, content_bytes, index));
}

std::size_t blocks_in_row(Layout layout, std::uint32_t content_bytes) {
    if (layout.matrix == Matrix::replica) return blocks_in(layout, content_bytes, 0);
    std::size_t count = 0;
    for (int index = 0; index < layout.total(); ++index) {
        count += blocks_in(layout, content_bytes, index);
    }
    return count;
}

void write_id(ByteWriter& out, UploadId id) { out.u64(id.block).u64(id.index); }

UploadId read_id(ByteReader& in) {
    UploadId id;
    id.block = in.u64();
    id.index = in.u64();
    return id;
}

StripeRun read_run(ByteReader& in) {
    StripeRun run;
    run.layout = erasure::read_layout(in);
    run.stripe_bytes = in.u32();
    run.first_stripe = in.u32();
    run.content_bytes = in.u64();
    return run;
}

// Stripe numbers ascend and fit; the runs hold exactly the content.
bool is_possible(ContentRow const& row) {
    if (row.is_inline) return row.inline_bytes.size() == row.size_bytes;
    if (row.runs.empty() || row.runs.size() > runs_max || !erasure::check_stored(row.wanted))
        return false;
    std::uint64_t bytes = 0;
    std::uint64_t next_stripe = 0;
    for (auto const& run : row.runs) {
        bool const fits = erasure::check_stored(run.layout).has_value() && run.stripe_bytes >= 1 &&
                          run.stripe_bytes <= run.layout.stripe_bytes() &&
                          run.first_stripe >= next_stripe && run.content_bytes >= 1 &&
                          run.content_bytes <= row.size_bytes - bytes;
        if (!fits) return false;
        next_stripe = run.first_stripe + (run.content_bytes - 1) / run.stripe_bytes + 1;
        if (next_stripe > 1ULL << 32U) return false;
        bytes += run.content_bytes;
    }
    return bytes == row.size_bytes;
}

Result<void> check_format(ByteReader& in, std::string_view what) {
    auto const got = in.u8();
    if (got == format) return {};
    return fail(Errc::corrupt, "{} of format {}, and this program knows {}", what, got, format);
}

}  // namespace

std::uint32_t StripeRow::shard_size(int index) const {
    return erasure::shard_bytes(layout, content_bytes, index);
}

std::span<std::uint32_t const> StripeRow::blocks_of(int index) const {
    DISGRAFS_ASSERT(index >= 0 && index < total(), "shard {} of {}", index, total());
    if (layout.matrix == Matrix::replica) return blocks;
    std::size_t first = 0;
    for (int before = 0; before < index; ++before) first += blocks_in(shard_size(before));
    auto const count = blocks_in(shard_size(index));
    DISGRAFS_ASSERT(first + count <= blocks.size(), "{} block checksums", blocks.size());
    return std::span(blocks).subspan(first, count);
}

std::uint32_t StripeRow::root_of(int index) const {
    auto const of_shard = blocks_of(index);
    return erasure::shard_root(shard_size(index), {of_shard.begin(), of_shard.end()});
}

std::uint32_t StripeRun::stripe_count() const {
    return static_cast<std::uint32_t>((content_bytes + stripe_bytes - 1) / stripe_bytes);
}

std::uint64_t ContentRow::stripe_count() const {
    std::uint64_t count = 0;
    for (auto const& run : runs) count += run.stripe_count();
    return count;
}

StripeSpot ContentRow::spot_of(std::uint64_t offset) const {
    DISGRAFS_ASSERT(offset < size_bytes, "byte {} of {}", offset, size_bytes);
    std::uint64_t begin = 0;
    auto run = runs.begin();
    while (offset - begin >= run->content_bytes) begin += (run++)->content_bytes;
    auto const number = static_cast<std::uint32_t>((offset - begin) / run->stripe_bytes);
    auto const skipped = std::uint64_t{number} * run->stripe_bytes;
    auto const left = run->content_bytes - skipped;
    return {
        .stripe = run->first_stripe + number,
        .begin = begin + skipped,
        .content_bytes =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(run->stripe_bytes, left)),
    };
}

bool ContentRow::has_stripe(std::uint32_t stripe) const {
    return std::ranges::any_of(runs, [stripe](StripeRun const& run) {
        return stripe >= run.first_stripe && stripe - run.first_stripe < run.stripe_count();
    });
}

bool ContentRow::is_as_wanted() const {
    return std::ranges::all_of(runs, [this](StripeRun const& run) { return run.layout == wanted; });
}

Bytes write_row(BlockRow const& row) {
    ByteWriter out;
    out.u8(format).u8(row.is_closed ? 1 : 0).u64(static_cast<std::uint64_t>(row.when.us));
    return out.u32(row.size).take();
}

Result<BlockRow> parse_block_row(ByteView value) {
    ByteReader in(value);
    TRY_OK(check_format(in, "an intent block"));
    BlockRow row;
    auto const closed = in.u8();
    row.is_closed = closed == 1;
    row.when.us = static_cast<std::int64_t>(in.u64());
    row.size = in.u32();
    TRY_OK(in.finish("an intent block"));
    if (closed > 1) return fail(Errc::corrupt, "an intent block in state {}", closed);
    return row;
}

Bytes write_row(UploadRow const& row) {
    ByteWriter out;
    out.u8(format).u8(static_cast<std::uint8_t>(row.state));
    out.u64(static_cast<std::uint64_t>(row.when.us));
    write_id(out, row.content);
    return out.take();
}

Result<UploadRow> parse_upload_row(ByteView value) {
    ByteReader in(value);
    TRY_OK(check_format(in, "an upload"));
    UploadRow row;
    auto const state = in.u8();
    row.state = static_cast<UploadRow::State>(state);
    row.when.us = static_cast<std::int64_t>(in.u64());
    row.content = read_id(in);
    TRY_OK(in.finish("an upload"));
    if (state < 1 || state > 4) return fail(Errc::corrupt, "an upload in state {}", state);
    return row;
}

Bytes write_row(StripeRow const& row) {
    DISGRAFS_ASSERT(
        row.nodes.size() == static_cast<std::size_t>(row.total()) &&
            row.blocks.size() == blocks_in_row(row.layout, row.content_bytes),
        "a stripe of {}+{} with {} nodes and {} checksums",
        row.layout.k,
        row.layout.m,
        row.nodes.size(),
        row.blocks.size()
    );
    ByteWriter out;
    out.u8(format);
    erasure::write(out, row.layout);
    out.u32(row.content_bytes);
    for (auto const node : row.nodes) out.varint(node.value);
    for (auto const block : row.blocks) out.u32(block);
    return out.take();
}

Result<StripeRow> parse_stripe_row(ByteView value) {
    ByteReader in(value);
    TRY_OK(check_format(in, "a stripe"));
    StripeRow row;
    row.layout = erasure::read_layout(in);
    row.content_bytes = in.u32();
    bool const fits = erasure::check_stored(row.layout).has_value() && row.content_bytes >= 1 &&
                      row.content_bytes <= row.layout.stripe_bytes();
    if (!fits) return fail(Errc::corrupt, "a stripe with an impossible layout or length");
    for (int index = 0; index < row.total(); ++index) row.nodes.push_back({in.varint()});
    auto const blocks = blocks_in_row(row.layout, row.content_bytes);
    if (!in.ok() || in.left() != 4 * blocks) return fail(Errc::corrupt, "a stripe cut short");
    row.blocks.reserve(blocks);
    for (std::size_t index = 0; index < blocks; ++index) row.blocks.push_back(in.u32());
    TRY_OK(in.finish("a stripe"));
    return row;
}

Bytes write_row(ContentRow const& row) {
    ByteWriter out;
    out.u8(format).u8(row.is_inline ? 1 : 0).u64(row.size_bytes).raw(row.sha256);
    if (row.is_inline) return out.raw(row.inline_bytes).take();
    write_id(out, row.upload);
    erasure::write(out, row.wanted);
    out.varint(row.runs.size());
    for (auto const& run : row.runs) {
        erasure::write(out, run.layout);
        out.u32(run.stripe_bytes).u32(run.first_stripe).u64(run.content_bytes);
    }
    return out.take();
}

Result<ContentRow> parse_content_row(ByteView value) {
    ByteReader in(value);
    TRY_OK(check_format(in, "a content"));
    ContentRow row;
    auto const kind = in.u8();
    row.is_inline = kind == 1;
    row.size_bytes = in.u64();
    std::ranges::copy(in.raw(row.sha256.size()), row.sha256.begin());
    if (row.is_inline) {
        auto const content = in.raw(in.left());
        row.inline_bytes.assign(content.begin(), content.end());
    } else {
        row.upload = read_id(in);
        row.wanted = erasure::read_layout(in);
        auto const runs = std::min<std::uint64_t>(in.varint(), runs_max + 1);
        for (std::uint64_t index = 0; index < runs; ++index) row.runs.push_back(read_run(in));
    }
    TRY_OK(in.finish("a content"));
    if (kind > 1 || !is_possible(row))
        return fail(Errc::corrupt, "a content with impossible sizes");
    return row;
}

Bytes write_row(RepairRow const& row) {
    ByteWriter out;
    out.u8(format).u8(static_cast<std::uint8_t>(row.reason));
    return out.u64(static_cast<std::uint64_t>(row.since.us)).take();
}

Result<RepairRow> parse_repair_row(ByteView value) {
    ByteReader in(value);
    TRY_OK(check_format(in, "a repair"));
    RepairRow row;
    auto const reason = in.u8();
    row.reason = static_cast<RepairRow::Reason>(reason);
    row.since.us = static_cast<std::int64_t>(in.u64());
    TRY_OK(in.finish("a repair"));
    if (reason < 1 || reason > 5) return fail(Errc::corrupt, "a repair for reason {}", reason);
    return row;
}

}  // namespace disgrafs::cluster
