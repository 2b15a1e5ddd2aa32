/// \file files/make_folder.cpp  A folder, and the folders on the way to it.

#include <utility>

#include "files/operations.hpp"
#include "files/parents.hpp"

namespace disgrafs::files {

namespace {

Task<void> fill(
    Core& core, NodeId user, Path const& path, graph::Transaction& change, NodeId& made
) {
    CO_TRY(auto const walk, core.walk(user, path));
    if (walk.missing.empty()) {
        co_return fail(Errc::conflict, "there is a {} already", to_text(path));
    }
    CO_TRY_OK(check_can_make(core, user, walk));
    made = add_folders(core, change, walk.at, walk.missing, user);
    co_return Result<void>{};
}

}  // namespace

Task<Entry> make_folder(Core& core, Context context, std::string path) {
    CO_TRY(auto const names, parse_path(path));
    CO_TRY_OK(co_await make_far_parents(core, context.user, names));
    NodeId made;
    auto const body = [&](graph::Transaction& change) {
        return fill(core, context.user, names, change, made);
    };
    CO_TRY_OK(co_await core.commit(body));
    co_return entry_of(core, context.user, made);
}

}  // namespace disgrafs::files
