#include "files/commit.hpp"

#include <optional>
#include <utility>

namespace disgrafs::files {

namespace {

Task<void> remember_error(Task<void> body, std::optional<Error>& error) {
    auto const done = co_await std::move(body);
    if (!done) error = done.error();
    co_return done;
}

}  // namespace

Task<void> commit_changes(
    graph::Graph& graph, std::function<Task<void>(graph::Transaction&)> body
) {
    std::optional<Error> refusal;
    auto const watched = [&](graph::Transaction& change) {
        return remember_error(body(change), refusal);
    };
    auto const done = co_await graph::run_transaction(graph, watched);
    if (done) co_return Result<void>{};
    if (refusal || done.error().code != Errc::conflict) co_return std::unexpected(done.error());
    co_return fail(Errc::conflict, "others changed the same at the same time: try again");
}

NodeId add_folder(
    graph::Transaction& change, NodeId folder, std::string name, std::string owner, Timestamp now
) {
    graph::Properties properties{
        {"name", name}, {"owner", std::move(owner)}, {"created", now.us}, {"modified", now.us}
    };
    auto const node =
        change.create_node({std::string(graph::label::folder)}, std::move(properties));
    change.add_child(folder, std::move(name), node);
    return node;
}

}  // namespace disgrafs::files
