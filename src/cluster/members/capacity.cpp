#include "cluster/members/capacity.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <ranges>
#include <string_view>
#include <vector>

#include "cluster/cluster.hpp"
#include "wire/member_service.hpp"

namespace disgrafs::cluster {
namespace {

bool holds_shards(Member const& member) {
    return member.role == wire::Role::storage && member.state != MemberState::out;
}

struct SharedDisk {
    std::uint64_t wished_bytes = 0;  ///< What its nodes may fill, each for itself.
    std::uint64_t size_bytes = 0;
};

}  // namespace

std::uint64_t capacity_of(std::vector<Member> const& members) {
    std::uint64_t sum = 0;
    std::map<std::string_view, SharedDisk> disks;
    for (auto const& member : members) {
        if (!holds_shards(member)) continue;
        auto const& told = member.heartbeat;
        if (told.file_system.empty() || told.disk_bytes == 0) {
            sum += told.capacity_bytes;
            continue;
        }
        auto& disk = disks[told.file_system];
        disk.wished_bytes += told.capacity_bytes;
        disk.size_bytes = std::max(disk.size_bytes, told.disk_bytes);
    }
    for (auto const& disk : std::views::values(disks)) {
        sum += std::min(disk.wished_bytes, disk.size_bytes);
    }
    return sum;
}

std::uint64_t used_by(std::vector<Member> const& members) {
    std::uint64_t sum = 0;
    for (auto const& member : members) {
        if (holds_shards(member)) sum += member.heartbeat.used_bytes;
    }
    return sum;
}

void mark_shared_disks(std::vector<Member>& members) {
    std::map<std::string_view, int> nodes;
    for (auto const& member : members) {
        if (holds_shards(member)) ++nodes[member.heartbeat.file_system];
    }
    for (auto& member : members) {
        bool const is_told = holds_shards(member) && !member.heartbeat.file_system.empty();
        member.disk_nodes = is_told ? nodes[member.heartbeat.file_system] : 1;
    }
}

}  // namespace disgrafs::cluster
