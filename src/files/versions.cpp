/// \file files/versions.cpp  The versions of a file that are kept.

#include <algorithm>

#include "files/operations.hpp"
#include "files/version_rows.hpp"

namespace disgrafs::files {

namespace {

/// The current one stands on the node itself, so that reading a file asks no row.
Result<VersionInfo> current_of(graph::NodeRecord const& file) {
    VersionInfo info;
    info.version = static_cast<std::uint64_t>(file["version"].integer());
    info.size_bytes = static_cast<std::uint64_t>(file["size"].integer());
    info.sha256 = file["sha256"].text();
    info.created.us = file["modified"].integer();
    info.by = file["written_by"].text();
    info.is_current = true;
    TRY(info.content, parse_content(file["content"].text()));
    return info;
}

VersionInfo info_of(VersionRow const& row, std::uint64_t version) {
    VersionInfo info;
    info.version = version;
    info.size_bytes = row.size_bytes;
    info.sha256 = to_hex(row.sha256);
    info.created = row.created;
    info.by = row.by;
    info.content = row.content;
    return info;
}

}  // namespace

Task<VersionInfo> find_version(Core& core, NodeId user, NodeId file, std::uint64_t number) {
    CO_TRY(auto const* node, core.readable_file(user, file));
    CO_TRY(auto const current, current_of(*node));
    if (number == 0 || number == current.version) co_return current;
    auto key = version_key(file, number);
    CO_TRY(auto const entry, co_await core.parts.graph->store().get(std::move(key)));
    if (!entry) co_return fail(Errc::not_found, "there is no version {}", number);
    CO_TRY(auto const row, decode_version(entry->value));
    co_return info_of(row, number);
}

Task<std::vector<VersionInfo>> list_versions(Core& core, NodeId user, NodeId file) {
    CO_TRY(auto const* node, core.readable_file(user, file));
    auto const current = static_cast<std::uint64_t>((*node)["version"].integer());
    auto range = kv::Range::prefix(version_prefix(file));
    CO_TRY(auto const page, co_await core.parts.graph->store().scan(std::move(range), 1000));
    std::vector<VersionInfo> versions;
    for (auto const& entry : page.entries) {
        CO_TRY(auto const number, parse_version_key(entry.key));
        CO_TRY(auto const row, decode_version(entry.value));
        versions.push_back(info_of(row, number));
        versions.back().is_current = number == current;
    }
    std::ranges::reverse(versions);
    co_return versions;
}

}  // namespace disgrafs::files
