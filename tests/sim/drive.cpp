#include "sim/drive.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cluster/content/sha256.hpp"

namespace disgrafs::sim {

namespace {

constexpr std::array sizes{
    0U,
    1U,
    2048U,
    2049U,
    60'000U,
    65'536U,
    65'537U,
    200'000U,
    1'048'576U,
    1'048'577U,
    3'000'000U,
    17'000'000U
};
constexpr std::size_t piece_bytes = 1U << 20U;
constexpr std::uint64_t folders = 3;
constexpr std::uint64_t names = 4;

Bytes bytes_of(Content content) {
    auto const random = make_seeded_random(content.number);
    Bytes out(content.size);
    random->fill(out);
    return out;
}

std::string sha256_of(ByteView bytes) {
    cluster::Sha256Stream stream;
    stream.add(bytes);
    return to_hex(stream.finish());
}

bool holds_something(std::set<Content> const& may_be) {
    return std::ranges::any_of(may_be, [](Content content) { return content.number != 0; });
}

bool is_gone(Error const& error) { return error.code == Errc::not_found; }

}  // namespace

template <typename T>
void Drive::note(std::string_view what, std::string_view path, Result<T> const& answer) {
    observed_.add(what);
    observed_.add(path);
    observed_.add(answer);
    observed_.add(static_cast<std::uint64_t>(world_.clock().steady().count()));
    if (!answer) ++refused;
}

Task<void> Drive::act() {
    auto const dice = below(100);
    if (dice < 38) co_return co_await put();
    if (files_.empty()) co_return Result<void>{};
    if (dice < 56) co_return co_await read(any_known_path(), Need::may_refuse);
    if (dice < 64) co_return co_await remove();
    if (dice < 71) co_return co_await move();
    if (dice < 74) co_return co_await rename_folder();
    if (dice < 80) co_return co_await read_versions(any_known_path());
    if (dice < 85) co_return co_await list();
    if (dice < 90) co_return co_await restore();
    if (dice < 94) co_return co_await purge();
    if (dice < 97) co_return co_await tag();
    co_return co_await ask_nonsense();
}

Task<void> Drive::act_during_crash() {
    auto const dice = below(10);
    auto& users = hall_.users();
    if (dice < 6) users.spawn("put", kept(put()));
    if (dice >= 6 && dice < 8 && !files_.empty()) users.spawn("move", kept(move()));
    if (dice >= 8 && !files_.empty()) users.spawn("remove", kept(remove()));
    Duration const pause(static_cast<std::int64_t>(below(150'000)));
    CO_TRY_OK(co_await world_.clock().sleep(pause));
    auto const victim = below(4);
    if (victim == 0) CO_TRY_OK(co_await hall_.crash_node());
    if (victim == 1) CO_TRY_OK(co_await hall_.lose_power());
    if (victim >= 2) CO_TRY_OK(co_await hall_.crash_index());
    co_await users.join();
    if (background_) co_return *background_;
    co_return Result<void>{};
}

/// A task group only logs what its tasks end with.
Task<void> Drive::kept(Task<void> task) {
    auto const result = co_await std::move(task);
    if (!result) background_ = result;
    co_return Result<void>{};
}

Task<void> Drive::read_all() {
    for (auto const& [path, contents] : files_) {
        CO_TRY_OK(co_await read(path, Need::must_answer));
    }
    co_return Result<void>{};
}

std::string Drive::any_path() { return fmt::format("/d{}/f{}", below(folders), below(names)); }

std::string Drive::any_known_path() {
    auto at = files_.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(below(files_.size())));
    return at->first;
}

Drive::MayBe& Drive::may_be(std::string const& path) {
    return files_.try_emplace(path, MayBe{Content{}}).first->second;
}

Task<void> Drive::put() {
    auto const path = any_path();
    auto const size = sizes.at(below(sizes.size()));
    // So short a content would not differ from another's: it has one number.
    Content const content{size < 2 ? 1 : ++numbers_, size};
    ++puts;
    auto const done = co_await upload(path, content);
    note("put", path, done);
    if (done) may_be(path).clear();
    may_be(path).insert(content);
    co_return Result<void>{};
}

Task<void> Drive::upload(std::string path, Content content) {
    auto const bytes = bytes_of(content);
    auto const sha256 = sha256_of(bytes);
    by_sha256_[sha256] = content;
    files::PutOptions options;
    if (below(2) == 0) options.size = content.size;
    auto const context = admin();
    CO_TRY(auto const upload, co_await files().begin_put(context, path, options));
    for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
        auto const piece = ByteView(bytes).subspan(at, std::min(piece_bytes, bytes.size() - at));
        CO_TRY_OK(co_await upload->write(Bytes(piece.begin(), piece.end())));
    }
    auto const done = co_await upload->finish();
    if (!done) co_return std::unexpected(done.error());
    if (done->entry.sha256 != sha256) co_return fail(Errc::corrupt, "{} has another sum", path);
    co_return Result<void>{};
}

/// What is there must be what may be there.
Task<void> Drive::read(std::string path, Need need) {
    ++reads;
    auto const got = co_await content_of(path);
    note("read", path, got);
    auto& contents = may_be(path);
    if (!got && is_gone(got.error())) {
        if (!contents.contains(Content{})) {
            co_return fail(Errc::corrupt, "{} was acknowledged and is gone", path);
        }
        contents = {Content{}};
        co_return Result<void>{};
    }
    if (!got && need == Need::must_answer) {
        co_return fail(Errc::corrupt, "{}: {}", path, got.error().message);
    }
    if (!got) co_return Result<void>{};
    observed_.add(*got);
    auto const content = content_by(sha256_of(*got));
    if (content.number == 0 || !contents.contains(content)) {
        co_return fail(Errc::corrupt, "{} holds {} bytes that nobody put there", path, got->size());
    }
    contents = {content};
    co_return Result<void>{};
}

Task<Bytes> Drive::content_of(std::string path) {
    auto const context = admin();
    CO_TRY(auto const entry, co_await files().find(context, path));
    CO_TRY(auto bytes, co_await bytes_at(entry.content, entry.size_bytes));
    if (sha256_of(bytes) != entry.sha256) {
        co_return fail(Errc::corrupt, "{} is not what its sum says", path);
    }
    co_return bytes;
}

Task<Bytes> Drive::bytes_at(cluster::ContentId id, std::uint64_t size) {
    auto const context = admin();
    Bytes out;
    while (out.size() < size) {
        CO_TRY(auto const piece, co_await files().read(context, id, out.size(), 4U << 20U));
        if (piece.empty()) co_return fail(Errc::corrupt, "a content is cut short");
        out.insert(out.end(), piece.begin(), piece.end());
    }
    co_return out;
}

/// Every version that is kept was put by somebody, and reads as what it was.
Task<void> Drive::read_versions(std::string path) {
    auto const context = admin();
    auto const entry = co_await files().find(context, path);
    if (!entry && is_gone(entry.error())) co_return co_await read(path, Need::may_refuse);
    if (!entry) co_return Result<void>{};
    auto const versions = co_await files().versions(context, entry->id);
    note("versions", path, versions);
    if (!versions) co_return Result<void>{};
    auto const current =
        std::ranges::count_if(*versions, [](auto const& v) { return v.is_current; });
    if (current != 1) co_return fail(Errc::corrupt, "{} has {} current versions", path, current);
    auto const& version = versions->at(below(versions->size()));
    auto const again = co_await files().version(context, entry->id, version.version);
    if (!again || again->sha256 != version.sha256) {
        co_return fail(Errc::corrupt, "{} has lost version {}", path, version.version);
    }
    auto const content = content_by(version.sha256);
    auto const bytes = co_await bytes_at(version.content, version.size_bytes);
    note("version", path, bytes);
    if (content.number == 0 || (bytes && sha256_of(*bytes) != version.sha256)) {
        co_return fail(Errc::corrupt, "version {} of {} is wrong", version.version, path);
    }
    co_return Result<void>{};
}

/// A folder shows what must be there, and nothing that may not.
Task<void> Drive::list() {
    auto const folder = fmt::format("/d{}", below(folders));
    auto const context = admin();
    files::ListOptions options;
    options.limit = 1 + below(3);
    std::set<std::string> seen;
    for (auto more = true; more;) {
        auto const page = co_await files().list(context, folder, options);
        note("list", folder, page);
        if (!page && !is_gone(page.error())) co_return Result<void>{};
        if (!page) break;
        for (auto const& entry : page->entries) {
            observed_.add(std::string_view(entry.path));
            seen.insert(entry.path);
        }
        more = page->next.has_value();
        if (more) options.after = *page->next;
    }
    for (auto const& [path, contents] : files_) {
        if (!path.starts_with(folder + "/")) continue;
        bool const must = !contents.contains(Content{});
        if (must && !seen.contains(path)) co_return fail(Errc::corrupt, "{} is not listed", path);
        if (!holds_something(contents) && seen.contains(path)) {
            co_return fail(Errc::corrupt, "{} is listed and was deleted", path);
        }
    }
    co_return Result<void>{};
}

Task<void> Drive::move() {
    auto const from = any_known_path();
    auto const to = any_path();
    if (from == to) co_return Result<void>{};
    auto const context = admin();
    auto const done = co_await files().move(context, from, to);
    note("move", from + " to " + to, done);
    auto& source = may_be(from);
    auto& target = may_be(to);
    bool const may_be_taken = holds_something(target);
    if (done) {
        if (!target.contains(Content{})) co_return fail(Errc::corrupt, "{} was moved over", to);
        target = std::exchange(source, {Content{}});
        target.erase(Content{});
        if (target.empty()) co_return fail(Errc::corrupt, "{} was deleted, and moves", from);
        co_return Result<void>{};
    }
    auto const code = done.error().code;
    if (code == Errc::conflict && !may_be_taken) {
        co_return fail(Errc::corrupt, "{} is taken and was deleted", to);
    }
    if (code == Errc::conflict || code == Errc::not_found) co_return Result<void>{};
    target.insert(source.begin(), source.end());
    source.insert(Content{});
    co_return Result<void>{};
}

/// There and back: one commit each, whatever lies below.
Task<void> Drive::rename_folder() {
    auto const folder = fmt::format("/d{}", below(folders));
    auto const away = folder + " elsewhere";
    auto const context = admin();
    auto const gone = co_await files().move(context, folder, away);
    note("rename", folder, gone);
    if (!gone) co_return Result<void>{};
    for (auto const& [path, contents] : files_) {
        if (!path.starts_with(folder + "/")) continue;
        auto const moved = away + path.substr(folder.size());
        auto const found = co_await files().find(context, moved);
        if (!found && !contents.contains(Content{})) {
            co_return fail(Errc::corrupt, "{} did not move with its folder", path);
        }
    }
    auto const inside = co_await files().move(context, away, away + "/in itself");
    if (inside) co_return fail(Errc::corrupt, "{} moved into itself", away);
    auto const back = co_await files().move(context, away, folder);
    note("rename back", folder, back);
    if (!back) co_return fail(Errc::corrupt, "{}: {}", folder, back.error().message);
    co_return Result<void>{};
}

Task<void> Drive::remove() {
    auto const path = any_known_path();
    auto const context = admin();
    auto const entry = co_await files().find(context, path);
    auto const done = co_await files().remove(context, path);
    note("remove", path, done);
    auto& contents = may_be(path);
    if (!done && is_gone(done.error()) && !contents.contains(Content{})) {
        co_return fail(Errc::corrupt, "{} was acknowledged and is gone", path);
    }
    if (!done && !is_gone(done.error())) {
        contents.insert(Content{});
        co_return Result<void>{};
    }
    auto before = std::exchange(contents, {Content{}});
    before.erase(Content{});
    if (done && entry) trash_[entry->id] = {path, std::move(before)};
    co_return Result<void>{};
}

Task<void> Drive::restore() {
    auto const context = admin();
    auto const listed = co_await files().trash(context);
    note("trash", "", listed);
    if (!listed) co_return Result<void>{};
    for (auto const& [id, trashed] : trash_) {
        auto const is_it = [wanted = id](auto const& each) { return each.entry.id == wanted; };
        if (std::ranges::none_of(*listed, is_it)) {
            co_return fail(Errc::corrupt, "{} is not in the trash", trashed.from);
        }
    }
    if (trash_.empty()) co_return Result<void>{};
    auto at = trash_.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(below(trash_.size())));
    auto const [id, trashed] = *at;
    auto const back = co_await files().restore(context, id);
    note("restore", trashed.from, back);
    auto& contents = may_be(trashed.from);
    if (!back && back.error().code == Errc::conflict && !holds_something(contents)) {
        co_return fail(Errc::corrupt, "{} is taken and was deleted", trashed.from);
    }
    if (!back) co_return Result<void>{};
    trash_.erase(id);
    if (back->path != trashed.from) {
        co_return fail(Errc::corrupt, "{} came back as {}", trashed.from, back->path);
    }
    if (!contents.contains(Content{})) {
        co_return fail(Errc::corrupt, "{} came back over another", trashed.from);
    }
    contents = trashed.may_be;
    co_return co_await read(trashed.from, Need::may_refuse);
}

/// Gone for ever; what it shares with nobody is collected later.
Task<void> Drive::purge() {
    if (trash_.empty()) co_return Result<void>{};
    auto const id = trash_.begin()->first;
    auto const context = admin();
    auto const done = co_await files().purge(context, id);
    note("purge", trash_.begin()->second.from, done);
    trash_.erase(id);  // Decided perhaps, even when it failed.
    if (!done) co_return Result<void>{};
    auto const back = co_await files().restore(context, id);
    if (back) co_return fail(Errc::corrupt, "{} was purged and came back", back->path);
    Duration const until_collected = std::chrono::seconds(static_cast<std::int64_t>(below(40)));
    co_return co_await world_.clock().sleep(until_collected);
}

/// A person's word: given, judged, seen, taken back.
Task<void> Drive::tag() {
    auto const path = any_known_path();
    auto const context = admin();
    auto const entry = co_await files().find(context, path);
    if (!entry) co_return Result<void>{};
    auto const name = fmt::format("word {}", below(4));
    auto const added = co_await files().add_tag(context, entry->id, name);
    note("tag", path, added);
    if (!added) co_return Result<void>{};
    auto const seen = co_await files().entry(context, entry->id);
    if (!seen || std::ranges::count(seen->tags, name) == 0) {
        co_return fail(Errc::corrupt, "{} has lost its tag '{}'", path, name);
    }
    auto const judged = co_await files().judge_tag(context, entry->id, name, "rejected");
    note("judge", path, judged);
    auto const after = co_await files().entry(context, entry->id);
    if (judged && after && std::ranges::count(after->tags, name) != 0) {
        co_return fail(Errc::corrupt, "{} keeps the rejected tag '{}'", path, name);
    }
    auto const removed = co_await files().remove_tag(context, entry->id, name);
    note("untag", path, removed);
    co_return Result<void>{};
}

/// Bad requests get their refusal and change nothing.
Task<void> Drive::ask_nonsense() {
    auto const context = admin();
    constexpr std::array<std::string_view, 6> bad{
        "a", "/../d0", "/d0//f0", "/d0/\xFF", "/d0/./f1", ""
    };
    auto const path = std::string(bad.at(below(bad.size())));
    auto const made = co_await files().make_folder(context, path);
    note("nonsense", path, made);
    if (made || made.error().code != Errc::invalid) {
        co_return fail(Errc::corrupt, "'{}' was no bad path", path);
    }
    auto const empty = co_await files().make_folder(context, fmt::format("/e{}", below(3)));
    note("make folder", "/e", empty);
    files::PutOptions options;
    options.must_match = std::string(64, '0');
    auto const known = any_known_path();
    auto const upload = co_await files().begin_put(context, known, options);
    note("must match", known, upload);
    if (!upload) co_return Result<void>{};
    auto const done = co_await (*upload)->finish();
    if (done) co_return fail(Errc::corrupt, "{} matched a sum that nothing has", known);
    co_return Result<void>{};
}

Content Drive::content_by(std::string const& sha256) const {
    auto const found = by_sha256_.find(sha256);
    return found == by_sha256_.end() ? Content{} : found->second;
}

}  // namespace disgrafs::sim
