#pragma once

/// \file app/data_folder.hpp  The folder of one local cluster: who owns it, what was chosen for it.
///
///     DIR/up.lock          held while `disgrafs up` runs
///     DIR/up.json          what was chosen at first: addresses of members
///     DIR/ready.json       while it serves: url, pid, members (replaced atomically)
///     DIR/admin-password   0600, until it is changed
///     DIR/control.json     0600: where, and with which secret, `disgrafs member …` reaches `up`
///     DIR/log/ID.log       each member's log
///     DIR/ID/              each member's data

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace disgrafs::app {

/// Where a cluster lives when nobody says: $XDG_DATA_HOME/disgrafs or ~/.local/share/disgrafs.
/// Errors: invalid (neither is known: say --data).
Result<std::string> default_data_folder();

struct MemberChoice {
    std::string id;       ///< "index", "n1" …, "w1".
    std::string role;     ///< "index", "storage", "worker".
    std::string address;  ///< "127.0.0.11:41001".
};

/// Remembered in up.json, so that a second start is the same cluster.
struct Choices {
    std::vector<MemberChoice> members;
    bool has_samples = false;  ///< They were put in once; never again.
};

struct MemberFacts {
    MemberChoice choice;
    int pid = 0;  ///< 0: not running; then it is left out of ready.json.
    std::string data;
};

class DataFolder {
 public:
    /// Makes the folder, or takes an existing one. Errors: conflict (another `up` has it; the
    /// folder holds something else), io.
    static Result<DataFolder> open(std::string path);
    DataFolder(DataFolder&& other) noexcept;
    DataFolder& operator=(DataFolder&&) = delete;
    ~DataFolder();

    [[nodiscard]] std::string const& path() const { return path_; }
    [[nodiscard]] std::string file(std::string const& name) const { return path_ + "/" + name; }

    [[nodiscard]] bool is_new() const { return is_new_; }
    Result<Choices> load_choices() const;
    Result<void> save_choices(Choices const& choices) const;

    Result<void> write_ready(std::string const& url, std::vector<MemberFacts> const& members) const;
    void remove_ready() const;

 private:
    DataFolder(std::string path, int lock, bool is_new);
    std::string path_;
    int lock_ = -1;
    bool is_new_ = false;
};

/// Temporary name, fsync, rename, fsync of the folder. `mode` as for open(2).
Result<void> replace_small_file(std::string const& path, std::string const& text, unsigned mode);
Result<std::string> read_small_file(std::string const& path);

/// A free port on a loopback address. Errors: exhausted.
Result<std::uint16_t> free_port(std::string const& host);
/// Errors: conflict ("port 8080 on 127.0.0.1 is in use: choose another with --port"), invalid.
Result<void> check_port(std::string const& host, std::uint16_t port);

}  // namespace disgrafs::app
