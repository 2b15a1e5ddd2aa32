#pragma once

/// \file sim/drive.hpp  One person at work with files, who remembers everything.
///
/// The memory says, of each path, what may lie there: one content after an answered call, the old
/// and the new ones after a call that failed. Every answer must agree with it.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "files/files.hpp"
#include "sim/hall.hpp"
#include "sim/observed.hpp"

namespace disgrafs::sim {

/// What a file may hold: nothing, or the content made from a number.
struct Content {
    std::uint64_t number = 0;  ///< 0: the file does not exist.
    std::uint32_t size = 0;
    friend auto operator<=>(Content const&, Content const&) = default;
};

class Drive {
 public:
    Drive(SimWorld& world, Hall& hall) : world_(world), hall_(hall) {}

    /// Do one thing, by chance.
    Task<void> act();
    /// Do one thing while the index server, a storage node, or all of them crash.
    Task<void> act_during_crash();
    /// Everything that was acknowledged is there, byte by byte, and nothing else.
    Task<void> read_all();

    std::uint64_t puts = 0;
    std::uint64_t reads = 0;
    std::uint64_t refused = 0;  ///< Calls that failed, as calls may while machines are away.
    [[nodiscard]] std::uint64_t observed() const { return observed_.hash(); }

 private:
    using MayBe = std::set<Content>;
    struct Trashed {
        std::string from;
        MayBe may_be;  ///< Without nothing.
    };
    enum class Need : std::uint8_t { may_refuse, must_answer };

    std::uint64_t below(std::uint64_t bound) { return world_.random().below(bound); }
    files::Files& files() { return hall_.index().files(); }
    [[nodiscard]] Context admin() { return hall_.index().admin(); }
    std::string any_path();
    std::string any_known_path();
    MayBe& may_be(std::string const& path);

    Task<void> kept(Task<void> task);
    Task<void> put();
    Task<void> upload(std::string path, Content content);
    Task<void> read(std::string path, Need need);
    Task<Bytes> content_of(std::string path);
    Task<Bytes> bytes_at(cluster::ContentId id, std::uint64_t size);
    Task<void> read_versions(std::string path);
    Task<void> list();
    Task<void> move();
    Task<void> rename_folder();
    Task<void> remove();
    Task<void> restore();
    Task<void> purge();
    Task<void> tag();
    Task<void> ask_nonsense();

    template <typename T>
    void note(std::string_view what, std::string_view path, Result<T> const& answer);
    Content content_by(std::string const& sha256) const;

    SimWorld& world_;
    Hall& hall_;
    std::map<std::string, MayBe> files_;
    std::map<NodeId, Trashed> trash_;
    std::map<std::string, Content> by_sha256_;
    std::uint64_t numbers_ = 1;
    std::optional<Result<void>> background_;  ///< What was found while machines crashed.
    Observed observed_;
};

}  // namespace disgrafs::sim
