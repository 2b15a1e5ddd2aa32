/// \file files/remove.cpp  Into the trash: one commit, whatever lies below.

#include <utility>

#include "files/operations.hpp"
#include "files/places.hpp"

namespace disgrafs::files {

namespace {

Task<void> fill(Core& core, NodeId user, Path const& path, graph::Transaction& change) {
    CO_TRY(auto const walk, core.walk(user, path));
    if (!walk.missing.empty()) co_return fail(Errc::not_found, "there is no {}", to_text(path));
    CO_TRY_OK(core.check_removable(user, walk.at));
    auto const& image = core.image();
    auto const place = image.place(walk.at);
    auto const trash = trash_of(image);
    if (!place || !trash) co_return fail(Errc::unavailable, "the drive is not set up yet");
    graph::Properties properties{
        {"at", core.now().us},
        {"by", core.user_name(user)},
        {"name", place->name},
        {"folder", static_cast<std::int64_t>(place->folder.value)},
        {"from", to_text(path)}
    };
    change.remove_child(walk.at);
    // Its row is written, so that whoever adds to this folder at the same time comes after.
    change.set(walk.at, {});
    change.create_edge(*trash, graph::edge::trashed, walk.at, std::move(properties));
    co_return Result<void>{};
}

}  // namespace

Task<void> remove_entry(Core& core, NodeId user, std::string path) {
    CO_TRY(auto const names, parse_path(path));
    auto const body = [&](graph::Transaction& change) { return fill(core, user, names, change); };
    co_return co_await core.commit(body);
}

}  // namespace disgrafs::files
