#pragma once

/// \file search/evaluate.hpp  A query over the index: which documents, how well.

#include <set>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "graph/graph.hpp"
#include "search/index.hpp"
#include "search/query.hpp"

namespace disgrafs::search {

struct Found {
    std::vector<Scored> docs;                  ///< Ascending by doc.
    std::set<std::string, std::less<>> terms;  ///< Those that matched, for snippets.
    std::vector<std::string> phrases;          ///< Folded; to be verified in the text.
};

/// Cost: the postings of the query's terms; one pass over the terms of names per word.
/// Errors: invalid (a filter's value; only negations).
Result<Found> evaluate(Query const& query, Index const& index, graph::Image const& image);

}  // namespace disgrafs::search
