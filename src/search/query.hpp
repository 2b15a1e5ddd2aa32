#pragma once

/// \file search/query.hpp  What people type, as a tree.
///
///     query  = any { "OR" any } ;            any = part { part } ;           parts are joined by
///     AND part   = [ "-" | "NOT" ] ( word | '"' words '"' | "(" query ")" | filter ) ; filter =
///     ("tag" | "type" | "in" | "owner" | "before" | "after" | "size") ":" value ;
///
/// A value with spaces stands in quotes: tag:"neural network". size:>1mb, size:<10k.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace disgrafs::search {

struct Query {
    enum class Kind : std::uint8_t { all, any, no, words, phrase, filter };
    Kind kind = Kind::all;
    std::vector<Query> parts;  ///< all, any; no has one.
    std::string text;          ///< words, phrase; a filter's value.
    std::string field;         ///< filter.
};

/// Errors: invalid, with the position (in characters) and what was expected there.
Result<Query> parse_query(std::string_view text);

/// One line for tests: "and(a, or(b, not(c)), tag:x)".
std::string describe(Query const& query);

}  // namespace disgrafs::search
