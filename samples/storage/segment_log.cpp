// A toy segment log: records with a length and a checksum, appended to one file and replayed at start.
// It shows how recovery tells a torn tail from the records before it.

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace {

std::uint32_t checksum(std::string const& payload) {
    std::uint32_t sum = 2166136261U;  // FNV-1a; a real log uses CRC32C
    for (unsigned char byte : payload) sum = (sum ^ byte) * 16777619U;
    return sum;
}

}  // namespace

// Append one record; durable only after the caller has synced the file.
bool append_record(std::FILE* log, std::string const& payload) {
    std::uint32_t const header[2] = {static_cast<std::uint32_t>(payload.size()), checksum(payload)};
    return std::fwrite(header, sizeof header, 1, log) == 1 &&
           std::fwrite(payload.data(), 1, payload.size(), log) == payload.size();
}

// Every whole record from the beginning; stops at the torn tail.
std::vector<std::string> replay_records(std::FILE* log) {
    std::vector<std::string> records;
    std::uint32_t header[2];
    while (std::fread(header, sizeof header, 1, log) == 1 && header[0] < (1U << 20U)) {
        std::string payload(header[0], '\0');
        if (std::fread(payload.data(), 1, payload.size(), log) != payload.size()) break;
        if (checksum(payload) != header[1]) break;
        records.push_back(payload);
    }
    return records;
}
