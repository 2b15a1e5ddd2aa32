#pragma once

/// \file files/operations.hpp  Every operation of Files (files/files.hpp), one file each.

#include <memory>
#include <string>
#include <vector>

#include "files/core.hpp"

namespace disgrafs::files {

Result<Entry> find_entry(Core& core, NodeId user, std::string const& path);  // find.cpp
Result<Entry> entry_of(Core& core, NodeId user, NodeId node);                // find.cpp
Result<Listing> list_folder(Core& core, NodeId user, std::string const& path, ListOptions const&);
Task<Entry> make_folder(Core& core, Context context, std::string path);
Task<std::unique_ptr<Upload>> begin_upload(
    Core& core, Context context, std::string path, PutOptions options
);
Task<VersionInfo> find_version(Core& core, NodeId user, NodeId file, std::uint64_t number);
Task<std::vector<VersionInfo>> list_versions(Core& core, NodeId user, NodeId file);

Task<Entry> move_entry(Core& core, NodeId user, std::string from, std::string to);
Task<void> remove_entry(Core& core, NodeId user, std::string path);
std::vector<TrashEntry> list_trash(Core& core, NodeId user);  // trash.cpp
Task<Entry> restore_entry(Core& core, NodeId user, NodeId node);
/// Decides that a node in the trash goes for ever, and does so up to a limit; purge_decided() does
/// the rest.
Task<void> purge_entry(Core& core, NodeId user, NodeId node);
/// Decides so for what has lain there for 30 days, and removes all that is decided.
Task<void> purge_old(Core& core);
Task<void> purge_decided(Core& core);

Task<void> grant_rights(Core& core, NodeId user, Grant grant);  // grants.cpp
Task<void> revoke_rights(Core& core, NodeId user, std::string path, std::string principal);
Result<std::vector<Grant>> list_grants(Core& core, NodeId user, std::string const& path);

Task<void> add_tag(Core& core, NodeId user, NodeId file, std::string name);  // tags.cpp
Task<void> judge_tag(Core& core, NodeId user, NodeId file, std::string tag, std::string state);
Task<void> remove_tag(Core& core, NodeId user, NodeId file, std::string tag);

}  // namespace disgrafs::files
