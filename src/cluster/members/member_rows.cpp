#include "cluster/members/member_rows.hpp"

#include <algorithm>

namespace disgrafs::cluster {
namespace {

constexpr std::uint8_t format = 1;

Result<void> check_format(ByteReader& in, std::string_view what) {
    auto const got = in.u8();
    if (got == format) return {};
    return fail(Errc::corrupt, "{} of format {}, and this program knows {}", what, got, format);
}

}  // namespace

std::string identity_key() { return "Ci"; }
std::string map_key() { return "Ce"; }
std::string member_prefix() { return "Cm"; }
std::string member_key(MemberId id) { return KeyWriter('C').u8('m').u64(id.value).take(); }

Bytes write_row(IdentityRow const& row) {
    ByteWriter out;
    return out.u8(format).text(row.cluster_id).text(row.join_token).take();
}

Result<IdentityRow> parse_identity_row(ByteView value) {
    ByteReader in(value);
    TRY_OK(check_format(in, "the identity of the cluster"));
    IdentityRow row;
    row.cluster_id = in.text();
    row.join_token = in.text();
    TRY_OK(in.finish("the identity of the cluster"));
    return row;
}

Bytes write_row(MapRow const& row) {
    ByteWriter out;
    return out.u8(format).u64(row.epoch).u64(row.next.value).take();
}

Result<MapRow> parse_map_row(ByteView value) {
    ByteReader in(value);
    TRY_OK(check_format(in, "the map of the cluster"));
    MapRow row;
    row.epoch = in.u64();
    row.next.value = in.u64();
    TRY_OK(in.finish("the map of the cluster"));
    return row;
}

Bytes write_row(MemberRow const& row) {
    ByteWriter out;
    out.u8(format).u8(static_cast<std::uint8_t>(row.role)).u8(row.is_out ? 1 : 0);
    out.u64(static_cast<std::uint64_t>(row.joined.us)).raw(row.key);
    return out.text(row.name).text(row.address).text(row.disk_id).take();
}

Result<MemberRow> parse_member_row(std::string_view key, ByteView value) {
    constexpr std::size_t key_bytes = 2 + 8;
    if (key.size() != key_bytes || !key.starts_with(member_prefix())) {
        return fail(Errc::corrupt, "{} is no key of a member", to_hex(as_bytes(key)));
    }
    ByteReader in(value);
    TRY_OK(check_format(in, "a member"));
    MemberRow row;
    row.id.value = KeyReader(key.substr(1)).u64();
    auto const role = in.u8();
    row.role = static_cast<wire::Role>(role);
    row.is_out = in.u8() == 1;
    row.joined.us = static_cast<std::int64_t>(in.u64());
    std::ranges::copy(in.raw(row.key.size()), row.key.begin());
    row.name = in.text();
    row.address = in.text();
    row.disk_id = in.text();
    TRY_OK(in.finish("a member"));
    if (role > static_cast<std::uint8_t>(wire::Role::worker)) {
        return fail(Errc::corrupt, "member {} has role {}", row.id.value, role);
    }
    return row;
}

}  // namespace disgrafs::cluster
