#pragma once

/// \file analysis/tagging.hpp  Findings into the graph.
///
/// The word of people outranks a model's: edges that a person made, accepted or rejected stay as
/// they are. What an earlier analysis proposed and the new one does not is taken away. The last
/// commit of the three is the one that counts: it marks the file as analysed and takes its row out
/// of the queue. A crash before it leaves the row, and all of this happens again with the same
/// outcome.
///
///   1. tags that do not exist yet           (Tag nodes)
///   2. SIMILAR, SAME_CONTENT, REFERS_TO     (edges to other files)
///   3. TAGGED, properties, text, vector, and the queue row away

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/corpus.hpp"
#include "analysis/findings.hpp"
#include "base/time.hpp"
#include "graph/graph.hpp"
#include "io/task.hpp"

namespace disgrafs::analysis {

struct TaggingOptions {
    std::size_t tags_max = 12;  ///< Keyphrase tags per file.
    std::size_t similar_max = 8;
    double similar_least = 0.15;
    Timestamp now;  ///< Stands as `at` on new edges.
};

struct TaggedVersion {
    NodeId file;
    std::uint64_t version = 0;
    std::uint32_t attempt = 1;
};

/// Puts the findings about one version into the graph; corpus already knows the file. Findings
/// about a version that is no longer current only take the queue row away, if it is still theirs.
/// Errors: conflict (16 times in a row), those of the store.
Task<void> apply_findings(
    graph::Graph& graph,
    Corpus const& corpus,
    TaggedVersion version,
    Findings const& findings,
    TaggingOptions options
);

/// Marks a file as failed and takes its row out of the queue.
Task<void> apply_failure(graph::Graph& graph, TaggedVersion version, std::string reason);

}  // namespace disgrafs::analysis
