/// \file files/upload.cpp  Bytes become a version, the version becomes visible: one commit.
///
///     begin_upload()  rights, path, quota              nothing is written
///     write()         pieces go to the storage nodes   nothing is visible
///     finish()        one commit: missing folders, the File node, the version's row, the rows of
///                     the content, the queue row of the analysis, and the 21st version is dropped
///
/// An upload that breaks off, or whose commit fails for good, leaves bytes that cluster collects.

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "files/media_types.hpp"
#include "files/operations.hpp"
#include "files/parents.hpp"
#include "files/places.hpp"
#include "files/quota.hpp"
#include "files/version_rows.hpp"

namespace disgrafs::files {

namespace {

/// What the upload meets at its path, at one moment.
struct Target {
    Walk walk;
    NodeId file;  ///< 0: the file is new.
    std::string owner;
};

class FileUpload final : public Upload {
 public:
    FileUpload(Core& core, Context context, Path path, PutOptions options)
        : core_(core),
          context_(std::move(context)),
          path_(std::move(path)),
          options_(std::move(options)) {}

    Task<void> begin();
    Task<void> write(Bytes piece) override;
    Task<Done> finish() override;

 private:
    Result<Target> target() const;
    Result<void> check_conditions(graph::NodeRecord const* file) const;
    Task<void> fill(graph::Transaction& change);
    NodeId add_file(graph::Transaction& change, Target const& target);
    Task<void> add_version(graph::Transaction& change, NodeId file);
    void put_version(
        graph::Transaction& change, NodeId file, std::uint64_t version, std::uint64_t stored
    );

    Core& core_;
    Context context_;
    Path path_;
    PutOptions options_;
    std::unique_ptr<cluster::ContentWriter> writer_;
    std::uint64_t received_bytes_ = 0;
    cluster::StoredContent content_;
    NodeId file_;
    bool is_new_ = false;
};

Task<void> FileUpload::begin() {
    CO_TRY(auto const met, target());
    Quota const quota(core_, met.owner);
    CO_TRY_OK(quota.check(options_.size.value_or(0)));
    cluster::ContentOptions const options{.size = options_.size, .policy = std::nullopt};
    CO_TRY(writer_, co_await core_.parts.contents->begin(context_, options));
    co_return Result<void>{};
}

Task<void> FileUpload::write(Bytes piece) {
    received_bytes_ += piece.size();
    if (options_.size && received_bytes_ > *options_.size) {
        co_return fail(Errc::invalid, "more bytes than the {} announced", *options_.size);
    }
    CO_TRY(auto const met, target());
    Quota const quota(core_, met.owner);
    CO_TRY_OK(quota.check(received_bytes_));
    co_return co_await writer_->write(std::move(piece));
}

Task<Upload::Done> FileUpload::finish() {
    if (options_.size && received_bytes_ != *options_.size) {
        co_return fail(
            Errc::invalid, "{} bytes came, {} were announced", received_bytes_, *options_.size
        );
    }
    CO_TRY(content_, co_await writer_->finish());
    auto parents = path_;
    CO_TRY_OK(co_await make_far_parents(core_, context_.user, std::move(parents)));
    CO_TRY(auto const met, target());
    Quota const quota(core_, met.owner);
    CO_TRY(auto const turn, co_await quota.turn(core_));
    auto const body = [this](graph::Transaction& change) { return fill(change); };
    CO_TRY_OK(co_await core_.commit(body));
    auto const entry = entry_of(core_, context_.user, file_);
    if (!entry) {
        co_return fail(Errc::conflict, "{} was taken away meanwhile", to_text(path_));
    }
    Done done{.entry = *entry, .is_new = is_new_};
    co_return done;
}

/// Errors: invalid, denied, conflict.
Result<Target> FileUpload::target() const {
    Target met;
    if (path_.empty()) return fail(Errc::invalid, "the path names no file");
    TRY(met.walk, core_.walk(context_.user, path_));
    if (!met.walk.missing.empty()) {
        TRY_OK(check_can_make(core_, context_.user, met.walk));
        TRY_OK(check_conditions(nullptr));
        auto const* folder = core_.image().node(met.walk.at);
        met.owner = (*folder)["owner"].text();
        if (context_.user.value != 0) met.owner = core_.user_name(context_.user);
        return met;
    }
    auto const* node = core_.image().node(met.walk.at);
    if (!is_file(*node)) return fail(Errc::conflict, "{} is a folder", to_text(path_));
    if (!core_.rights.of(context_.user, node->id).write) {
        return fail(Errc::denied, "you may not change {}", to_text(path_));
    }
    TRY_OK(check_conditions(node));
    met.file = node->id;
    met.owner = (*node)["owner"].text();
    return met;
}

Result<void> FileUpload::check_conditions(graph::NodeRecord const* file) const {
    if (options_.must_be_new && file != nullptr) {
        return fail(Errc::conflict, "there is a {} already", to_text(path_));
    }
    if (options_.must_match.empty()) return {};
    auto const current = file == nullptr ? std::string_view() : (*file)["sha256"].text();
    if (current == options_.must_match) return {};
    return fail(Errc::conflict, "{} is not the version that you mean", to_text(path_));
}

Task<void> FileUpload::fill(graph::Transaction& change) {
    CO_TRY(auto const met, target());
    auto& rows = change.rows();
    rows.writes = content_.rows;
    rows.preconditions = content_.preconditions;
    is_new_ = met.file.value == 0;
    if (!is_new_) {
        file_ = met.file;
        co_return co_await add_version(change, met.file);
    }
    Quota const quota(core_, met.owner);
    CO_TRY_OK(quota.claim(change, content_.size_bytes, 0));
    file_ = add_file(change, met);
    put_version(change, file_, 1, content_.size_bytes);
    co_return Result<void>{};
}

NodeId FileUpload::add_file(graph::Transaction& change, Target const& target) {
    auto const& missing = target.walk.missing;
    auto const parents = std::span(missing).first(missing.size() - 1);
    auto const folder = add_folders(core_, change, target.walk.at, parents, context_.user);
    auto const& name = missing.back();
    graph::Properties properties{
        {"name", name}, {"owner", target.owner}, {"created", core_.now().us}
    };
    if (auto extension = extension_of(name); !extension.empty()) {
        properties["ext"] = std::move(extension);
    }
    auto const file = change.create_node({std::string(graph::label::file)}, std::move(properties));
    change.add_child(folder, name, file);
    return file;
}

/// The version that falls out of those kept goes in the same commit.
Task<void> FileUpload::add_version(graph::Transaction& change, NodeId file) {
    auto const& node = *core_.image().node(file);
    auto const version = static_cast<std::uint64_t>(node["version"].integer()) + 1;
    auto const stored = static_cast<std::uint64_t>(node["stored"].integer());
    auto const owner = std::string(node["owner"].text());
    change.depend(file);
    std::uint64_t dropped = 0;
    if (version > versions_max) {
        auto key = version_key(file, version - versions_max);
        CO_TRY(auto const entry, co_await core_.parts.graph->store().get(key));
        if (entry) {
            CO_TRY(auto const old, decode_version(entry->value));
            CO_TRY(auto released, co_await core_.parts.contents->release(old.content));
            auto& rows = change.rows();
            std::ranges::move(released, std::back_inserter(rows.writes));
            rows.require(key, entry->revision).remove(std::move(key));
            dropped = old.size_bytes;
        }
    }
    Quota const quota(core_, owner);
    CO_TRY_OK(quota.claim(change, content_.size_bytes, dropped));
    put_version(change, file, version, stored - dropped + content_.size_bytes);
    co_return Result<void>{};
}

void FileUpload::put_version(
    graph::Transaction& change, NodeId file, std::uint64_t version, std::uint64_t stored
) {
    auto const now = core_.now();
    auto const media_type = media_type_of(options_.media_type, path_.back());
    auto const by = core_.user_name(context_.user);
    auto const& hook = core_.parts.on_new_version;
    graph::Properties properties{
        {"size", static_cast<std::int64_t>(content_.size_bytes)},
        {"stored", static_cast<std::int64_t>(stored)},
        {"media_type", media_type},
        {"modified", now.us},
        {"version", static_cast<std::int64_t>(version)},
        {"sha256", to_hex(content_.sha256)},
        {"content", to_text(content_.id)},
        {"written_by", by},
        {"analysed", hook ? "queued" : "unavailable"},
        {"analysis_reason", {}},
        {"analysis_by", {}},
        {"analysis_attempts", {}}
    };
    change.set(file, std::move(properties));
    VersionRow const row{
        .content = content_.id,
        .size_bytes = content_.size_bytes,
        .sha256 = content_.sha256,
        .media_type = media_type,
        .created = now,
        .by = by
    };
    change.rows().put(version_key(file, version), encode_version(row));
    if (hook) hook(change, file, version);
}

}  // namespace

Task<std::unique_ptr<Upload>> begin_upload(
    Core& core, Context context, std::string path, PutOptions options
) {
    CO_TRY(auto names, parse_path(path));
    auto upload = std::make_unique<FileUpload>(
        core, std::move(context), std::move(names), std::move(options)
    );
    CO_TRY_OK(co_await upload->begin());
    co_return std::unique_ptr<Upload>(std::move(upload));
}

}  // namespace disgrafs::files
