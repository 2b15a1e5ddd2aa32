#include "sim/scenario.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "io/sim_world.hpp"
#include "sim/hosts.hpp"
#include "sim/observed.hpp"

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
constexpr std::size_t files_max = 12;
constexpr int steps = 24;
constexpr std::size_t harmed_max = 2;

/// What a file may hold: nothing, or the content made from a number.
struct Content {
    std::uint64_t number = 0;  ///< 0: the file does not exist.
    std::uint32_t size = 0;
    friend auto operator<=>(Content const&, Content const&) = default;
};

Bytes bytes_of(Content content) {
    auto const random = make_seeded_random(content.number);
    Bytes out(content.size);
    random->fill(out);
    return out;
}

class Scenario {
 public:
    Scenario(SimWorld& world, bool with_canary) : world_(world), with_canary_(with_canary) {}

    Task<void> run() {
        auto const result = co_await work();
        for (auto& [name, node] : nodes_) {
            if (node) (void)co_await node->stop();
        }
        nodes_.clear();
        if (index_) (void)co_await index_->stop();
        index_.reset();
        co_return result;
    }

    Report report;
    [[nodiscard]] std::uint64_t observed() const { return observed_.hash(); }

 private:
    /// What was asked, when, and how it was answered.
    template <typename T>
    void note(std::string_view what, std::string_view path, Result<T> const& answer) {
        observed_.add(what);
        observed_.add(path);
        observed_.add(answer);
        observed_.add(static_cast<std::uint64_t>(world_.clock().steady().count()));
    }

    Task<void> work() {
        CO_TRY_OK(co_await start_all());
        CO_TRY_OK(co_await wait_whole());
        for (auto step = 0; step < steps; ++step) CO_TRY_OK(co_await one_step());
        world_.faults().connection_cut = 0;  // From here on every call must succeed.
        CO_TRY_OK(co_await wait_whole());
        for (auto const& [path, may_be] : files_) {
            CO_TRY_OK(co_await read(path, true));
        }
        co_return Result<void>{};
    }

    std::uint64_t below(std::uint64_t bound) { return world_.random().below(bound); }

    Task<void> one_step() {
        auto const dice = below(100);
        if (dice < 40) co_return co_await put();
        if (dice < 60) co_return co_await read_any();
        if (dice < 68) co_return co_await remove_any();
        if (dice < 82) co_return co_await crash_node();
        if (dice < 88) co_return co_await crash_index();
        if (dice < 94) co_return co_await cut_node();
        co_return co_await wait_whole();
    }

    std::string any_path() { return fmt::format("/d{}/f{}", below(3), below(files_max / 3)); }

    Task<void> put() {
        auto const path = any_path();
        Content const content{++numbers_, sizes.at(below(sizes.size()))};
        ++report.puts;
        auto const done = co_await upload(path, content);
        note("put", path, done);
        auto& may_be = files_[path];
        if (may_be.empty()) may_be.insert(Content{});
        if (done) {
            may_be = {content};
        } else {
            ++report.refused;
            may_be.insert(content);
        }
        co_return Result<void>{};
    }

    Task<void> upload(std::string path, Content content) {
        if (!index_) co_return fail(Errc::unavailable, "the index server is down");
        files::PutOptions options;
        options.size = content.size;
        CO_TRY(
            auto const upload, co_await index_->files().begin_put(index_->admin(), path, options)
        );
        if (content.size > 0) CO_TRY_OK(co_await upload->write(bytes_of(content)));
        auto const done = co_await upload->finish();
        if (!done) co_return std::unexpected(done.error());
        co_return Result<void>{};
    }

    Task<void> read_any() {
        if (files_.empty()) co_return Result<void>{};
        auto at = files_.begin();
        std::advance(at, static_cast<std::ptrdiff_t>(below(files_.size())));
        co_return co_await read(at->first, false);
    }

    /// What is there must be what may be there. `must` answer: nothing is harmed now.
    Task<void> read(std::string path, bool must) {
        if (!index_) co_return Result<void>{};
        ++report.reads;
        auto const& may_be = files_.at(path);
        auto const got = co_await content_of(path);
        note("read", path, got);
        if (got) observed_.add(*got);
        auto const is_absent = !got && got.error().code == Errc::not_found;
        if (is_absent && may_be.contains(Content{})) co_return Result<void>{};
        if (is_absent) co_return fail(Errc::corrupt, "{} was acknowledged and is gone", path);
        if (!got && must) co_return fail(Errc::corrupt, "{}: {}", path, got.error().message);
        if (!got) {
            ++report.refused;
            co_return Result<void>{};
        }
        for (auto const& content : may_be) {
            if (content.number != 0 && bytes_of(content) == *got) co_return Result<void>{};
        }
        co_return fail(Errc::corrupt, "{} holds {} bytes that nobody put there", path, got->size());
    }

    Task<Bytes> content_of(std::string path) {
        auto const context = index_->admin();
        CO_TRY(auto const entry, co_await index_->files().find(context, path));
        Bytes out;
        while (out.size() < entry.size_bytes) {
            CO_TRY(
                auto const piece,
                co_await index_->files().read(context, entry.content, out.size(), 4U << 20U)
            );
            if (piece.empty()) co_return fail(Errc::corrupt, "{} is cut short", path);
            out.insert(out.end(), piece.begin(), piece.end());
        }
        co_return out;
    }

    Task<void> remove_any() {
        if (files_.empty() || !index_) co_return Result<void>{};
        auto at = files_.begin();
        std::advance(at, static_cast<std::ptrdiff_t>(below(files_.size())));
        auto const path = at->first;
        auto const done = co_await index_->files().remove(index_->admin(), path);
        note("remove", path, done);
        auto const is_gone = done || done.error().code == Errc::not_found;
        if (is_gone && !done && !files_[path].contains(Content{})) {
            co_return fail(Errc::corrupt, "{} was acknowledged and is gone", path);
        }
        if (is_gone)
            files_[path] = {Content{}};
        else
            files_[path].insert(Content{});
        co_return Result<void>{};
    }

    /// The node to harm next: one that is harmed already, or a new one while there may be more.
    Task<std::string> choose_victim() {
        auto const name = fmt::format("n{}", 1 + below(6));
        if (!harmed_.contains(name) && harmed_.size() >= harmed_max)
            CO_TRY_OK(co_await wait_whole());
        harmed_.insert(name);
        co_return name;
    }

    Task<void> crash_node() {
        CO_TRY(auto const name, co_await choose_victim());
        if (nodes_[name]) {
            ++report.crashes;
            world_.crash(name);
            (void)co_await nodes_[name]->stop();
            nodes_[name].reset();
        }
        if (below(2) == 0) CO_TRY_OK(co_await start_node(name));
        co_return Result<void>{};
    }

    Task<void> cut_node() {
        CO_TRY(auto const name, co_await choose_victim());
        if (below(2) == 0) {
            world_.cut("index", name);
        } else {
            world_.heal("index", name);
        }
        Duration const pause(static_cast<std::int64_t>(below(3'000'000)));
        co_return co_await world_.clock().sleep(pause);
    }

    Task<void> crash_index() {
        ++report.crashes;
        world_.crash("index");
        (void)co_await index_->stop();
        index_.reset();
        world_.start("index");
        CO_TRY(index_, co_await IndexHost::open(world_));
        co_return Result<void>{};
    }

    Task<void> start_node(std::string name) {
        world_.start(name);
        auto const token = index_->cluster().join_token();
        auto opened = co_await NodeHost::open(world_, name, token, with_canary_);
        if (!opened) {
            co_return fail(Errc::corrupt, "{} does not start: {}", name, opened.error().message);
        }
        nodes_[name] = *std::move(opened);
        co_return Result<void>{};
    }

    Task<void> start_all() {
        CO_TRY(index_, co_await IndexHost::open(world_));
        for (auto number = 1; number <= 6; ++number) {
            CO_TRY_OK(co_await start_node(fmt::format("n{}", number)));
        }
        co_return Result<void>{};
    }

    /// Everything up and connected, nothing queued for repair.
    Task<void> wait_whole() {
        for (auto number = 1; number <= 6; ++number) {
            auto const name = fmt::format("n{}", number);
            world_.heal("index", name);
            if (!nodes_[name]) CO_TRY_OK(co_await start_node(name));
        }
        for (auto round = 0; round < 3'000; ++round) {
            if (is_whole()) {
                harmed_.clear();
                co_return Result<void>{};
            }
            CO_TRY_OK(co_await world_.clock().sleep(std::chrono::milliseconds(200)));
        }
        auto const status = index_->cluster().status();
        co_return fail(
            Errc::corrupt,
            "not whole after ten minutes: {} stripes and {} contents wait ({})",
            status.repair.queued_stripes,
            status.repair.queued_contents,
            status.repair.waits_for
        );
    }

    bool is_whole() const {
        auto const status = index_->cluster().status();
        auto const up = std::ranges::count_if(status.members, [](cluster::Member const& member) {
            return member.state == cluster::MemberState::up;
        });
        if (up != 6 || status.repair.queued_stripes + status.repair.queued_contents != 0)
            return false;
        return std::ranges::all_of(status.stripes_by_margin, [](auto const& row) {
            return row.first >= 2 || row.second == 0;
        });
    }

    SimWorld& world_;
    bool with_canary_;
    std::unique_ptr<IndexHost> index_;
    std::map<std::string, std::unique_ptr<NodeHost>> nodes_;
    std::map<std::string, std::set<Content>> files_;
    std::set<std::string> harmed_;
    std::uint64_t numbers_ = 0;
    Observed observed_;
};

}  // namespace

Result<Report> run_scenario(std::uint64_t seed, bool with_canary) {
    SimFaults faults;
    faults.connection_cut = 0.0005;
    SimWorld world(seed, faults);
    Scenario scenario(world, with_canary);
    TRY_OK(world.run(scenario.run(), std::chrono::hours(24)));
    Observed all;
    all.add(world.fingerprint());
    all.add(scenario.observed());
    scenario.report.fingerprint = all.hash();
    return scenario.report;
}

}  // namespace disgrafs::sim
