#pragma once

/// \file io/sim_disk.hpp  The disk of one simulated host. Inside io/ only; the rules:
/// io/sim_world.hpp.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "io/disk.hpp"
#include "io/sim_core.hpp"
#include "io/sim_names.hpp"
#include "io/sim_pages.hpp"

namespace disgrafs {

class SimDisk final : public Disk {
 public:
    SimDisk(SimCore& core, SimHost& host) : core_(core), host_(host) {}

    Task<std::unique_ptr<File>> open(std::string path, OpenMode mode) override;
    Task<std::vector<std::string>> list(std::string folder) override;
    Task<void> rename(std::string from, std::string to) override;
    Task<void> remove(std::string path) override;
    Task<void> make_folder(std::string path) override;
    Task<void> sync_dir(std::string folder) override;
    Task<DiskSpace> space() override;
    Result<std::shared_ptr<void>> lock(std::string path) override;

    /// Forget what the rules allow. The host's life has ended before.
    void crash();
    bool rot(std::string const& path_prefix);

 private:
    /// Errors: io when the host is down.
    [[nodiscard]] Result<void> check_power() const;
    /// Some time passes. Errors: io when the host crashed meanwhile, or before `life`.
    Task<void> pass_time(std::uint64_t life);
    Result<std::unique_ptr<File>> open_now(std::string const& path, OpenMode mode);
    Result<void> rename_now(std::string const& from, std::string const& to);
    Result<void> remove_now(std::string const& path);

    SimCore& core_;
    SimHost& host_;
    SimNames names_;
    std::shared_ptr<std::uint64_t> used_bytes_ = std::make_shared<std::uint64_t>(0);
    std::map<std::string, std::weak_ptr<void>> locks_;
};

/// An open file of `disk`; it works until its host crashes.
std::unique_ptr<File> make_sim_file(
    SimCore& core,
    SimHost& host,
    std::shared_ptr<SimPages> pages,
    std::shared_ptr<std::uint64_t> used_bytes,
    bool is_writable
);

}  // namespace disgrafs
