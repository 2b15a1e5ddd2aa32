#pragma once

/// \file files/files.hpp  What people do with files and folders: one operation, one file.
///
/// Paths start at the drive's root: "/a/b.txt", "/" is the root. Names are 1–255 bytes of UTF-8
/// without slash and NUL, not "." or ".."; a path has at most 255 names and 4,096 bytes. Every
/// operation checks the rights of context.user first (files/rights.hpp); what a user may not see is
/// not_found.
///
/// Errors of all: invalid (bad path, with the reason), not_found, denied (may see, may not do),
/// conflict (name taken; changed meanwhile), exhausted (quota, cluster full), unavailable.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/context.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "cluster/contents.hpp"
#include "files/rights.hpp"
#include "graph/graph.hpp"
#include "io/clock.hpp"
#include "io/task.hpp"

namespace disgrafs::files {

enum class Kind : std::uint8_t { file, folder };

/// Kept on the File node as properties of the same names (docs/files.md).
struct Entry {
    NodeId id;
    Kind kind = Kind::file;
    std::string name;
    std::string path;
    std::uint64_t size_bytes = 0;
    std::string media_type;
    std::string owner;
    Timestamp created;
    Timestamp modified;
    std::uint64_t version = 0;
    std::string sha256;  ///< Hex; the ETag.
    cluster::ContentId content;
    std::string analysed;           ///< queued, ok, unavailable, failed.
    std::vector<std::string> tags;  ///< Names of the strongest five that are not rejected.
    std::uint64_t children = 0;     ///< Of a folder: those that the user sees, up to 1,000.
    May may;
};

struct ListOptions {
    std::string after;
    std::size_t limit = 200;  ///< 1 … 1,000
};
struct Listing {
    Entry folder;
    std::vector<Entry> entries;
    std::uint64_t total = 0;
    std::optional<std::string> next;
};

/// A conditional put, as HTTP's If-Match and If-None-Match.
struct PutOptions {
    std::optional<std::uint64_t> size;
    std::string media_type;  ///< As the client said; empty: guessed from the name.
    bool must_be_new = false;
    std::string must_match;  ///< sha256 hex of the version to be replaced; empty: any.
};

/// A file being uploaded: begin_put() checks rights, quota and path; finish() makes it exist.
class Upload {
 public:
    virtual ~Upload() = default;
    virtual Task<void> write(Bytes piece) = 0;
    struct Done {
        Entry entry;
        bool is_new = false;  ///< The name did not exist before.
    };
    /// Errors: conflict when must_be_new or must_match no longer hold.
    virtual Task<Done> finish() = 0;
};

struct VersionInfo {
    std::uint64_t version = 0;
    std::uint64_t size_bytes = 0;
    std::string sha256;
    Timestamp created;
    std::string by;
    bool is_current = false;
    cluster::ContentId content;
};

struct Grant {
    std::string path;
    std::string principal;  ///< "user:NAME" or "group:NAME"
    May may;
};

struct TrashEntry {
    Entry entry;
    Timestamp deleted;
    std::string by;
    std::string from;
};

class Files {
 public:
    virtual ~Files() = default;

    virtual Task<Entry> find(Context context, std::string path) = 0;
    virtual Task<Entry> entry(Context context, NodeId id) = 0;
    virtual Task<Listing> list(Context context, std::string path, ListOptions options) = 0;
    /// Makes missing parents. Errors: conflict when the name is taken, by a folder too.
    virtual Task<Entry> make_folder(Context context, std::string path) = 0;

    /// Makes missing parents at finish().
    virtual Task<std::unique_ptr<Upload>> begin_put(
        Context context, std::string path, PutOptions options
    ) = 0;
    /// Content bytes of the current (0) or an older version.
    virtual Task<VersionInfo> version(Context context, NodeId file, std::uint64_t number) = 0;
    virtual Task<std::vector<VersionInfo>> versions(Context context, NodeId file) = 0;
    virtual Task<Bytes> read(
        Context context, cluster::ContentId content, std::uint64_t offset, std::size_t size
    ) = 0;

    /// One commit, whatever the size of the folder. Errors: invalid (a folder into itself),
    /// conflict.
    virtual Task<Entry> move(Context context, std::string from, std::string to) = 0;
    /// To the trash: one commit.
    virtual Task<void> remove(Context context, std::string path) = 0;
    virtual Task<std::vector<TrashEntry>> trash(Context context) = 0;
    virtual Task<Entry> restore(Context context, NodeId id) = 0;
    /// For ever: in steps of one batch each, resumed after a crash (run()).
    virtual Task<void> purge(Context context, NodeId id) = 0;

    virtual Task<void> grant(Context context, Grant grant) = 0;
    virtual Task<void> revoke(Context context, std::string path, std::string principal) = 0;
    virtual Task<std::vector<Grant>> grants(Context context, std::string path) = 0;

    /// Tags by people; their word outranks a model's (state accepted / rejected).
    virtual Task<void> add_tag(Context context, NodeId file, std::string name) = 0;
    virtual Task<void> judge_tag(
        Context context, NodeId file, std::string tag, std::string state
    ) = 0;
    virtual Task<void> remove_tag(Context context, NodeId file, std::string tag) = 0;

    /// Goes on with purges that a crash interrupted, empties the trash after 30 days, keeps the
    /// last 20 versions of each file; until stop().
    virtual Task<void> run() = 0;
    virtual Task<void> stop() = 0;

    [[nodiscard]] virtual Rights const& rights() const = 0;
    /// All versions of all files that the user owns, trash included.
    [[nodiscard]] virtual std::uint64_t used_bytes(NodeId user) const = 0;
    /// Sum of the sizes of all current versions, trash aside.
    [[nodiscard]] virtual std::uint64_t logical_bytes() const = 0;
};

struct FilesParts {
    graph::Graph* graph = nullptr;
    cluster::Contents* contents = nullptr;
    Clock* clock = nullptr;
    boost::asio::any_io_executor executor;
    /// Called while a commit that makes a new version is filled in: adds the analysis queue row.
    std::function<void(graph::Transaction&, NodeId file, std::uint64_t version)> on_new_version;
};
std::unique_ptr<Files> make_files(FilesParts parts);

}  // namespace disgrafs::files
