#include "wire/work_service.hpp"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "wire/json.hpp"

namespace disgrafs::wire {
namespace json = boost::json;
namespace {

constexpr std::size_t tasks_max = 1000;
constexpr std::size_t name_bytes_max = 255;
constexpr auto lease_us_max = static_cast<std::uint64_t>(Duration(std::chrono::hours(24)).count());

json::object to_object(WorkTask const& task) {
    json::object out;
    out["lease"] = task.lease;
    out["file"] = task.file.value;
    out["version"] = task.version;
    out["name"] = task.name;
    out["media_type"] = task.media_type;
    out["size_bytes"] = task.size_bytes;
    out["attempt"] = task.attempt;
    out["lease_us"] = task.lease_time.count();
    return out;
}

Result<WorkTask> parse_task(json::value const& value, std::size_t index) {
    auto const* const object = value.if_object();
    if (object == nullptr) return fail(Errc::invalid, "task {}: must be a JSON object", index);
    JsonFields fields(*object, fmt::format("task {}", index));
    WorkTask task;
    task.lease = fields.number("lease");
    task.file.value = fields.number("file");
    task.version = fields.number("version");
    task.name = fields.text("name", name_bytes_max);
    task.media_type = fields.text("media_type", name_bytes_max);
    task.size_bytes = fields.number("size_bytes");
    task.attempt = static_cast<std::uint32_t>(fields.number("attempt", ~0U));
    task.lease_time = Duration(fields.number("lease_us", lease_us_max));
    TRY_OK(fields.finish());
    return task;
}

}  // namespace

std::string to_json(std::vector<WorkTask> const& tasks) {
    json::array list;
    list.reserve(tasks.size());
    for (auto const& task : tasks) list.emplace_back(to_object(task));
    json::object out;
    out["tasks"] = std::move(list);
    return json::serialize(out);
}

Result<std::vector<WorkTask>> parse_work_tasks(std::string_view text) {
    TRY(auto fields, JsonFields::parse(text, "work", {.bytes_max = 4U << 20U, .depth_max = 8}));
    auto const& list = fields.array("tasks", tasks_max);
    TRY_OK(fields.finish());
    std::vector<WorkTask> tasks;
    tasks.reserve(list.size());
    for (auto const& value : list) {
        TRY(auto task, parse_task(value, tasks.size()));
        tasks.push_back(std::move(task));
    }
    return tasks;
}

}  // namespace disgrafs::wire
