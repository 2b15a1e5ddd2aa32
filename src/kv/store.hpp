#pragma once

/// \file kv/store.hpp  The one truth: an ordered transactional key-value store.
///
/// Likeness: a std::map that survives power loss and remembers in which order it changed. Keys are
/// bytes in lexical order. Each commit is atomic, durable before it is answered, and has a
/// revision: 1, 2, 3 … without gaps. The commit with revision r *is* the event r that followers
/// read.
///
/// The interface is what etcd can give, too (design §3): preconditions compare the revision at
/// which a key last changed; scans read at one revision; the event stream can be resumed; a batch
/// has at most batch_keys_max keys and batch_bytes_max bytes. A larger change is staged under keys
/// that nobody reads yet, and decided by one key.
///
/// Implementations: kv/rocks_store.hpp (RocksDB), kv/log_store.hpp (a log on an io::Disk, for
/// simulation). Concurrency: one event loop; commits that arrive while another syncs share the next
/// sync.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "io/task.hpp"

namespace disgrafs::kv {

inline constexpr std::size_t batch_keys_max = 128;         ///< Preconditions and writes together.
inline constexpr std::size_t batch_bytes_max = 1U << 20U;  ///< Keys and values together.

using Revision = std::uint64_t;  ///< 0: the key does not exist, or before all commits.

struct Entry {
    std::string key;
    Bytes value;
    Revision revision = 0;  ///< Of the commit that wrote this value.
};

/// The key must have last changed at `revision`; 0: it must not exist.
struct Precondition {
    std::string key;
    Revision revision = 0;
};

/// Put, or remove when there is no value. Removing an absent key succeeds.
struct Write {
    std::string key;
    std::optional<Bytes> value;
};

struct Batch {
    std::vector<Precondition> preconditions;
    std::vector<Write> writes;  ///< At most one per key.

    Batch& require(std::string key, Revision revision);
    Batch& put(std::string key, Bytes value);
    Batch& remove(std::string key);
    [[nodiscard]] bool fits() const;               ///< Within the limits above.
    [[nodiscard]] std::size_t size_bytes() const;  ///< Keys and values together.
};

/// One commit as followers see it. Immutable, shared by all followers.
struct Event {
    Revision revision = 0;
    std::vector<Write> writes;
};

/// Keys in [first, last); `last` empty: to the end.
struct Range {
    std::string first;
    std::string last;
    static Range prefix(std::string prefix);
};

struct Page {
    std::vector<Entry> entries;
    bool more = false;  ///< Go on from entries.back().key + '\0'.
};

/// The store as it was at one revision. Holds resources: drop it soon (seconds, not minutes).
class Snapshot {
 public:
    virtual ~Snapshot() = default;
    [[nodiscard]] virtual Revision revision() const = 0;
    virtual Task<std::optional<Entry>> get(std::string key) = 0;
    /// Ascending, at most `limit` entries (1 … 10,000) and about 4 MiB.
    virtual Task<Page> scan(Range range, std::size_t limit) = 0;
};

/// Events from a revision on, in order, none left out. A slow reader holds nothing up: events are
/// read from the store again when it is behind.
class EventStream {
 public:
    virtual ~EventStream() = default;
    /// Waits for the next. Errors: cancelled; not_found when the event was already trimmed: the
    /// follower must be rebuilt by a scan.
    virtual Task<std::shared_ptr<Event const>> next() = 0;
};

class Store {
 public:
    virtual ~Store() = default;

    /// Durable when it completes. A batch without writes is no commit: its answer is a revision at
    /// which the preconditions held. A caller that stops waiting does not know the outcome.
    /// Errors: conflict (a precondition failed; nothing is written; the message names the key),
    /// invalid (limits), exhausted (almost no disk space: nothing is written, try again when there
    /// is), io (the store is read-only from then on), cancelled (stopped).
    virtual Task<Revision> commit(Batch batch) = 0;

    virtual Task<std::optional<Entry>> get(std::string key) = 0;
    virtual Task<Page> scan(Range range, std::size_t limit) = 0;
    virtual std::unique_ptr<Snapshot> snapshot() = 0;

    /// Events with revision > `after`. When `after` > revision() its next() answers not_found: the
    /// follower has seen another store than this one.
    virtual std::unique_ptr<EventStream> events(Revision after) = 0;

    /// The last committed revision; get() and scan() read as of it. A later events() stream sees
    /// everything up to it.
    [[nodiscard]] virtual Revision revision() const = 0;

    /// Waits for commits under way, refuses new ones (cancelled), ends all event streams.
    virtual Task<void> stop() = 0;
};

}  // namespace disgrafs::kv
