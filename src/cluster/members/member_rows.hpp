#pragma once

/// \file cluster/members/member_rows.hpp  What the store keeps about the cluster and its members.
///
///     C i       identity: cluster id, join token
///     C e       the map: epoch, the next member id
///     C m id    one member
///
/// docs/formats/keys.md. Keys of members are secrets: these rows are never shown.

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "wire/member_service.hpp"

namespace disgrafs::cluster {

struct IdentityRow {
    std::string cluster_id;  ///< 32 hex digits, for ever.
    std::string join_token;  ///< 64 hex digits.

    friend bool operator==(IdentityRow const&, IdentityRow const&) = default;
};

struct MapRow {
    std::uint64_t epoch = 1;
    MemberId next{1};

    friend bool operator==(MapRow const&, MapRow const&) = default;
};

struct MemberRow {
    MemberId id;
    std::string name;
    wire::Role role = wire::Role::storage;
    std::string address;
    std::string disk_id;
    wire::Key key{};
    bool is_out = false;  ///< Given up: its shards are rebuilt elsewhere.
    Timestamp joined;

    friend bool operator==(MemberRow const&, MemberRow const&) = default;
};

std::string identity_key();
std::string map_key();
std::string member_key(MemberId id);
std::string member_prefix();

Bytes write_row(IdentityRow const& row);
Bytes write_row(MapRow const& row);
Bytes write_row(MemberRow const& row);  ///< Without the id: it stands in the key.

/// Errors: corrupt.
Result<IdentityRow> parse_identity_row(ByteView value);
Result<MapRow> parse_map_row(ByteView value);
Result<MemberRow> parse_member_row(std::string_view key, ByteView value);

}  // namespace disgrafs::cluster
