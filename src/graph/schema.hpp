#pragma once

/// \file graph/schema.hpp  The labels, edge types and property names that DisGraFS owns (design
/// §3).

#include <string_view>

namespace disgrafs::graph {

namespace label {
inline constexpr std::string_view user = "User";
inline constexpr std::string_view group = "Group";
inline constexpr std::string_view folder = "Folder";
inline constexpr std::string_view file = "File";
inline constexpr std::string_view tag = "Tag";
}  // namespace label

namespace edge {
inline constexpr std::string_view home = "HOME";          ///< User → Folder
inline constexpr std::string_view member = "MEMBER";      ///< User → Group
inline constexpr std::string_view contains = "CONTAINS";  ///< Folder → File|Folder; {name}
inline constexpr std::string_view trashed = "TRASHED";    ///< Folder (trash root) → File|Folder
inline constexpr std::string_view tagged = "TAGGED";      ///< File → Tag; {score, by, at, state}
inline constexpr std::string_view narrower = "NARROWER";  ///< Tag → Tag
inline constexpr std::string_view similar = "SIMILAR";    ///< File → File; {score, why}
inline constexpr std::string_view same_content = "SAME_CONTENT";
inline constexpr std::string_view refers_to = "REFERS_TO";  ///< File → File; {how}
inline constexpr std::string_view may = "MAY";  ///< User|Group → File|Folder; {read, write, share}
}  // namespace edge

}  // namespace disgrafs::graph
