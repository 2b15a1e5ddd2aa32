#include "kv/rocks_db.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include "base/assert.hpp"
#include "kv/decide.hpp"
#include "kv/event_format.hpp"
#include "kv/rocks_options.hpp"
#include "kv/rocks_wal.hpp"

namespace disgrafs::kv {
namespace {

constexpr std::size_t scan_entries_max = 10'000;
constexpr std::size_t scan_bytes_max = 4U << 20U;
constexpr std::size_t load_events_max = 256;
constexpr std::size_t load_bytes_max = 1U << 20U;
constexpr std::size_t revision_bytes = 8;
constexpr char event_space = 'e';
constexpr char const* format_key = "f";
constexpr char const* format_text = "disgrafs kv 1";

std::string event_key(Revision revision) { return KeyWriter(event_space).u64(revision).take(); }

rocksdb::Slice slice(ByteView bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

std::unexpected<Error> failed(char const* attempted, rocksdb::Status const& status) {
    auto const code = status.IsCorruption() ? Errc::corrupt : Errc::io;
    return fail(code, "{}: {}", attempted, status.ToString());
}

Result<Entry> to_entry(rocksdb::Slice key, rocksdb::Slice stored) {
    ByteReader reader(as_bytes(stored.ToStringView()));
    auto const revision = reader.u64();
    if (!reader.ok() || revision == 0) {
        return fail(Errc::corrupt, "key {} has no revision", key.ToString(true));
    }
    auto const value = reader.raw(reader.left());
    return Entry{
        .key = key.ToString(), .value = Bytes(value.begin(), value.end()), .revision = revision
    };
}

/// The new name of `path` itself must survive power loss, too.
Result<void> make_folder(rocksdb::Env& env, std::string const& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return fail(Errc::io, "make folder {}: {}", path, error.message());
    auto const parent = std::filesystem::absolute(path, error).parent_path();
    std::unique_ptr<rocksdb::Directory> folder;
    auto status = env.NewDirectory(parent.string(), &folder);
    if (status.ok()) status = folder->Fsync();
    if (!status.ok()) return failed("sync the folder above the store", status);
    return {};
}

}  // namespace

RocksView::RocksView(std::shared_ptr<RocksDb> db, Revision revision)
    : db_(std::move(db)), snapshot_(db_->db_->GetSnapshot()), revision_(revision) {}

RocksView::~RocksView() { db_->db_->ReleaseSnapshot(snapshot_); }

Result<std::optional<Entry>> RocksView::get(std::string const& key) const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    rocksdb::PinnableSlice stored;
    auto const status = db_->db_->Get(options, db_->data_, key, &stored);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return failed("get", status);
    TRY(auto entry, to_entry(key, stored));
    return entry;
}

Result<Page> RocksView::scan(Range const& range, std::size_t limit) const {
    limit = std::clamp<std::size_t>(limit, 1, scan_entries_max);
    rocksdb::Slice const end(range.last);
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    if (!range.last.empty()) options.iterate_upper_bound = &end;
    std::unique_ptr<rocksdb::Iterator> const at(db_->db_->NewIterator(options, db_->data_));
    Page page;
    std::size_t bytes = 0;
    for (at->Seek(range.first); at->Valid(); at->Next()) {
        if (page.entries.size() >= limit || bytes >= scan_bytes_max) {
            page.more = true;
            break;
        }
        TRY(auto entry, to_entry(at->key(), at->value()));
        bytes += entry.key.size() + entry.value.size();
        page.entries.push_back(std::move(entry));
    }
    if (!at->status().ok()) return failed("scan", at->status());
    return page;
}

RocksDb::RocksDb(std::string path, RocksOptions const& options)
    : path_(std::move(path)), options_(options) {}

RocksDb::~RocksDb() {
    if (!db_) return;
    for (auto* family : {data_, log_}) {
        if (family != nullptr) db_->DestroyColumnFamilyHandle(family);
    }
    db_->Close().PermitUncheckedError();
}

Result<std::shared_ptr<RocksDb>> RocksDb::open(
    std::string const& path, RocksOptions const& options
) {
    std::shared_ptr<RocksDb> db(new RocksDb(path, options));
    TRY_OK(db->open_files());
    TRY_OK(db->check_format());
    TRY_OK(db->find_events());
    return db;
}

Result<void> RocksDb::open_files() {
    auto const database = database_options(options_);
    TRY_OK(make_folder(*database.env, path_));
    TRY_OK(mend_wals(*database.env, path_));
    auto const cache = rocksdb::NewLRUCache(options_.cache_bytes, 2, false, 0.5);
    auto const family = family_options(options_, cache);
    std::vector<rocksdb::ColumnFamilyDescriptor> const families = {
        {rocksdb::kDefaultColumnFamilyName, family}, {"log", family}
    };
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* opened = nullptr;
    auto const status = rocksdb::DB::Open(database, path_, families, &handles, &opened);
    if (!status.ok()) {
        if (status.IsIOError() && status.ToString().contains("lock")) {
            return fail(Errc::conflict, "the store {} is in use by another process", path_);
        }
        return failed("open the store", status);
    }
    db_.reset(opened);
    data_ = handles[0];
    log_ = handles[1];
    return {};
}

Result<void> RocksDb::check_format() {
    std::string found;
    auto status = db_->Get({}, log_, format_key, &found);
    if (status.ok()) {
        if (found == format_text) return {};
        return fail(Errc::corrupt, "{} holds \"{}\", not \"{}\"", path_, found, format_text);
    }
    if (!status.IsNotFound()) return failed("read the format of the store", status);
    for (auto* family : {data_, log_}) {
        std::unique_ptr<rocksdb::Iterator> const at(db_->NewIterator({}, family));
        at->SeekToFirst();
        if (at->Valid()) return fail(Errc::corrupt, "{} is another program's database", path_);
        if (!at->status().ok()) return failed("look into the store", at->status());
    }
    rocksdb::WriteOptions options;
    options.sync = true;
    status = db_->Put(options, log_, format_key, format_text);
    if (!status.ok()) return failed("write the format of the store", status);
    return {};
}

Result<void> RocksDb::find_events() {
    std::unique_ptr<rocksdb::Iterator> const at(db_->NewIterator({}, log_));
    at->SeekForPrev(event_key(std::numeric_limits<Revision>::max()));
    auto const is_event = [&at] {
        return at->Valid() && at->key().size() == 9 && at->key()[0] == event_space;
    };
    if (is_event()) {
        last_ = KeyReader(at->key().ToStringView()).u64();
        at->Seek(event_key(0));
        if (!is_event()) return fail(Errc::corrupt, "{} has a last event but no first", path_);
        first_ = KeyReader(at->key().ToStringView()).u64();
    }
    if (!at->status().ok()) return failed("find the last event", at->status());
    return {};
}

Result<std::vector<EventPtr>> RocksDb::write(Group& group) {
    if (!failure_.empty()) return fail(Errc::io, "the store is read-only since: {}", failure_);
    TRY_OK(check_space());
    auto const look = [this](std::string const& key) { return revision_of(key); };
    auto events = decide(group, last_, look);
    if (events.empty()) return events;

    rocksdb::WriteBatch batch;
    for (auto const& event : events) {
        ByteWriter revision;
        revision.u64(event->revision);
        for (auto const& write : event->writes) {
            if (!write.value) {
                batch.Delete(data_, write.key);
                continue;
            }
            rocksdb::Slice const key(write.key);
            std::array const parts{slice(revision.view()), slice(*write.value)};
            batch.Put(data_, {&key, 1}, {parts.data(), parts.size()});
        }
        batch.Put(log_, event_key(event->revision), slice(encode_event(*event)));
    }
    auto const last = events.back()->revision;
    auto const first = trim_to(last);
    if (first != first_) batch.DeleteRange(log_, event_key(first_), event_key(first));

    rocksdb::WriteOptions options;
    options.sync = true;
    auto const status = db_->Write(options, &batch);
    if (!status.ok()) {
        failure_ = status.ToString();
        return fail(Errc::io, "commit: {}", failure_);
    }
    last_ = last;
    if (first != first_) drop_files_before(first);
    first_ = first;
    return events;
}

Result<Revision> RocksDb::revision_of(std::string const& key) const {
    rocksdb::PinnableSlice stored;
    auto const status = db_->Get({}, data_, key, &stored);
    if (status.IsNotFound()) return Revision{0};
    if (!status.ok()) return failed("read a precondition", status);
    if (stored.size() < revision_bytes) {
        return fail(Errc::corrupt, "key {} has no revision", to_hex(as_bytes(key)));
    }
    return ByteReader(as_bytes(stored.ToStringView())).u64();
}

Result<void> RocksDb::check_space() const {
    std::uint64_t free_bytes = 0;
    auto const status = db_->GetEnv()->GetFreeSpace(path_, &free_bytes);
    if (status.ok() && free_bytes < options_.free_bytes_min) {
        return fail(
            Errc::exhausted,
            "{} bytes are free under {}: no commits below {}",
            free_bytes,
            path_,
            options_.free_bytes_min
        );
    }
    return {};
}

/// Events are dropped in strides, so that it costs nothing per commit.
Revision RocksDb::trim_to(Revision last) const {
    auto const kept = options_.events_kept;
    auto const stride = std::max<std::uint64_t>(1024, kept / 16);
    if (last + 1 - first_ < kept + stride) return first_;
    return last + 1 - kept;
}

/// Best effort: the range is deleted already, this only gives whole files back sooner.
void RocksDb::drop_files_before(Revision first) {
    auto const from = event_key(0);
    auto const to = event_key(first);
    rocksdb::Slice const begin(from);
    rocksdb::Slice const end(to);
    rocksdb::DeleteFilesInRange(db_.get(), log_, &begin, &end, false).PermitUncheckedError();
}

Result<std::vector<EventPtr>> RocksDb::events(Revision after) {
    std::unique_ptr<rocksdb::Iterator> const at(db_->NewIterator({}, log_));
    std::vector<EventPtr> events;
    std::size_t bytes = 0;
    auto wanted = after + 1;
    for (at->Seek(event_key(wanted)); at->Valid(); at->Next(), ++wanted) {
        if (events.size() >= load_events_max || bytes >= load_bytes_max) break;
        if (at->key() != rocksdb::Slice(event_key(wanted))) break;
        TRY(auto event, decode_event(wanted, as_bytes(at->value().ToStringView())));
        bytes += at->value().size();
        events.push_back(std::make_shared<Event const>(std::move(event)));
    }
    if (!at->status().ok()) return failed("read events", at->status());
    if (events.empty()) return fail(Errc::not_found, "event {} was trimmed", after + 1);
    return events;
}

std::uint64_t RocksDb::replay_bytes() const {
    std::uint64_t bytes = 0;
    db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &bytes);
    return bytes;
}

}  // namespace disgrafs::kv
