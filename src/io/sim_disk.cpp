#include "io/sim_disk.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "io/disk.hpp"
#include "io/sim_core.hpp"
#include "io/sim_names.hpp"
#include "io/sim_pages.hpp"
#include "io/task.hpp"

namespace disgrafs {

Result<void> SimDisk::check_power() const {
    if (host_.is_up) return {};
    return fail(Errc::io, "{} is down; SimWorld::start() starts it", host_.name);
}

Task<void> SimDisk::pass_time(std::uint64_t life) {
    CO_TRY_OK(co_await core_.delay(core_.some_time(core_.faults.disk_latency_max)));
    if (host_.life != life) co_return fail(Errc::io, "{} crashed", host_.name);
    co_return Result<void>();
}

Task<std::unique_ptr<File>> SimDisk::open(std::string path, OpenMode mode) {
    CO_TRY_OK(check_path(path));
    CO_TRY_OK(check_power());
    auto const life = host_.life;
    auto opened = open_now(path, mode);
    CO_TRY_OK(co_await pass_time(life));
    co_return std::move(opened);
}

Result<std::unique_ptr<File>> SimDisk::open_now(std::string const& path, OpenMode mode) {
    TRY(auto const place, names_.place(path));
    auto entry = SimNames::at(place);
    if (entry.folder) return fail(Errc::io, "{} is no file", path);
    bool const is_made = mode == OpenMode::create || mode == OpenMode::replace;
    if (entry.is_nothing() && !is_made) return fail(Errc::not_found, "open {}: no such file", path);
    if (entry.is_nothing()) {
        entry.file = std::make_shared<SimPages>(used_bytes_, *core_.random);
        names_.set(place, entry, core_.time);
        core_.note("create", host_, names_.last_change());
    } else if (mode == OpenMode::replace) {
        entry.file->resize(0);
        core_.note("truncate", host_);
    }
    bool const is_writable = mode != OpenMode::read;
    return make_sim_file(core_, host_, entry.file, used_bytes_, is_writable);
}

Task<std::vector<std::string>> SimDisk::list(std::string folder) {
    CO_TRY_OK(check_path(folder));
    CO_TRY_OK(check_power());
    auto const life = host_.life;
    CO_TRY(auto const entry, names_.find(folder));
    if (!entry.folder) co_return fail(Errc::not_found, "{} is no folder", folder);
    std::vector<std::string> names;
    for (auto const& [name, below] : entry.folder->seen) names.push_back(name);
    CO_TRY_OK(co_await pass_time(life));
    co_return names;
}

Task<void> SimDisk::rename(std::string from, std::string to) {
    CO_TRY_OK(check_path(from));
    CO_TRY_OK(check_path(to));
    CO_TRY_OK(check_power());
    auto const life = host_.life;
    CO_TRY_OK(rename_now(from, to));
    co_return co_await pass_time(life);
}

Result<void> SimDisk::rename_now(std::string const& from, std::string const& to) {
    TRY(auto const source, names_.place(from));
    TRY(auto const target, names_.place(to));
    auto const moved = SimNames::at(source);
    auto const replaced = SimNames::at(target);
    if (moved.is_nothing()) return fail(Errc::not_found, "rename {}: no such name", from);
    if (replaced.folder && !replaced.folder->seen.empty()) {
        return fail(Errc::conflict, "rename to {}: not empty", to);
    }
    if (!replaced.is_nothing() && !moved.folder != !replaced.folder) {
        return fail(Errc::io, "rename {} to {}: a file and a folder", from, to);
    }
    names_.move(source, target, core_.time);
    core_.note("rename", host_, names_.last_change());
    return {};
}

Task<void> SimDisk::remove(std::string path) {
    CO_TRY_OK(check_path(path));
    CO_TRY_OK(check_power());
    auto const life = host_.life;
    CO_TRY_OK(remove_now(path));
    co_return co_await pass_time(life);
}

Result<void> SimDisk::remove_now(std::string const& path) {
    auto const place = names_.place(path);
    if (!place && place.error().code == Errc::not_found) return {};
    if (!place) return std::unexpected(place.error());
    auto const entry = SimNames::at(*place);
    if (entry.folder && !entry.folder->seen.empty()) {
        return fail(Errc::conflict, "remove {}: not empty", path);
    }
    if (entry.is_nothing()) return {};
    names_.set(*place, {}, core_.time);
    core_.note("remove", host_, names_.last_change());
    return {};
}

Task<void> SimDisk::make_folder(std::string path) {
    CO_TRY_OK(check_path(path));
    CO_TRY_OK(check_power());
    auto const life = host_.life;
    std::set<SimFolder const*> chain;
    std::string at;
    for (auto const part : split(path, '/')) {
        if (part == ".") continue;
        at += at.empty() ? "" : "/";
        at += part;
        CO_TRY(auto const place, names_.place(at));
        auto entry = SimNames::at(place);
        if (entry.file) co_return fail(Errc::not_found, "{}: a file stands in the way", at);
        if (entry.is_nothing()) {
            entry.folder = std::make_shared<SimFolder>();
            names_.set(place, entry, core_.time);
        }
        chain.insert(place.folder.get());
        chain.insert(entry.folder.get());
    }
    auto const until = names_.last_change();
    core_.note("make_folder", host_, until);
    CO_TRY_OK(co_await pass_time(life));
    names_.settle(chain, until);
    co_return Result<void>();
}

Task<void> SimDisk::sync_dir(std::string folder) {
    CO_TRY_OK(check_path(folder));
    CO_TRY_OK(check_power());
    auto const life = host_.life;
    CO_TRY(auto const entry, names_.find(folder));
    if (!entry.folder) co_return fail(Errc::not_found, "{} is no folder", folder);
    auto const until = names_.last_change();
    if (core_.random->happens(core_.faults.sync_error)) {
        core_.note("sync_error", host_, until);
        co_return fail(Errc::io, "sync folder {}: input/output error", folder);
    }
    core_.note("sync_dir", host_, until);
    CO_TRY_OK(co_await core_.delay(core_.some_time(core_.faults.sync_latency_max)));
    if (host_.life != life) co_return fail(Errc::io, "{} crashed", host_.name);
    names_.settle({entry.folder.get()}, until);
    co_return Result<void>();
}

Task<DiskSpace> SimDisk::space() {
    CO_TRY_OK(check_power());
    auto const life = host_.life;
    CO_TRY_OK(co_await pass_time(life));
    auto const capacity = core_.faults.disk_capacity_bytes;
    auto const free = capacity - std::min(capacity, *used_bytes_);
    co_return DiskSpace{.capacity_bytes = capacity, .free_bytes = free};
}

Result<std::shared_ptr<void>> SimDisk::lock(std::string path) {
    TRY_OK(check_path(path));
    TRY_OK(check_power());
    TRY(auto const place, names_.place(path));
    if (SimNames::at(place).is_nothing()) {
        SimEntry const file{
            .file = std::make_shared<SimPages>(used_bytes_, *core_.random), .folder = nullptr
        };
        names_.set(place, file, core_.time);
    }
    if (!locks_[path].expired()) {
        return fail(Errc::conflict, "{}/{} is in use by another process", host_.name, path);
    }
    std::shared_ptr<void> held = std::make_shared<int>();
    locks_[path] = held;
    return held;
}

void SimDisk::crash() {
    locks_.clear();  // whoever held them is dead
    auto const tally = [this](std::string_view what, std::uint64_t page) {
        core_.note(what, host_, page);
    };
    // Names first: a file whose name is lost may still be open, and then loses what it was.
    auto const lost = names_.crash(*core_.random, core_.faults.lost_unsynced);
    for (std::size_t n = 0; n < lost; ++n) core_.note("lost_name", host_);
    names_.for_each_file([&](std::string const&, std::shared_ptr<SimPages> const& file) {
        file->crash(core_.faults, tally);
    });
}

bool SimDisk::rot(std::string const& path_prefix) {
    std::vector<std::pair<std::shared_ptr<SimPages>, std::uint64_t>> pages;
    names_.for_each_file([&](std::string const& path, std::shared_ptr<SimPages> const& file) {
        if (!path.starts_with(path_prefix)) return;
        for (auto const page : file->held_pages()) pages.emplace_back(file, page);
    });
    if (pages.empty()) return false;
    auto const& [file, page] = pages[core_.random->below(pages.size())];
    auto const start = page * SimPages::page_bytes;
    auto const length = std::min<std::uint64_t>(SimPages::page_bytes, file->size() - start);
    auto const offset = start + core_.random->below(length);
    file->flip_bit(offset, static_cast<unsigned>(core_.random->below(8)));
    core_.note("rot", host_, offset);
    return true;
}

}  // namespace disgrafs
