#include "base/metrics.hpp"

#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <prometheus/client_metric.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "base/assert.hpp"

namespace disgrafs {
namespace {

using Buckets = Histogram::BucketBoundaries;

Buckets const& bucket_bounds() {
    static Buckets const bounds{
        100e-6,
        200e-6,
        500e-6,
        1e-3,
        2e-3,
        5e-3,
        10e-3,
        20e-3,
        50e-3,
        100e-3,
        200e-3,
        500e-3,
        1.0,
        2.0,
        5.0,
        10.0
    };
    return bounds;
}

/// [a-zA-Z_][a-zA-Z0-9_]*; the colon is left to recording rules.
bool is_name(std::string_view text) {
    auto const is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    if (text.empty() || !is_letter(text.front())) return false;
    for (auto const c : text) {
        if (!is_letter(c) && !(c >= '0' && c <= '9')) return false;
    }
    return true;
}

/// The registry, the cap, and what is called before each write-out.
class Table {
 public:
    Table() {
        Counter unused;
        dropped_ = &look_up(
            prometheus::BuildCounter,
            unused,
            "disgrafs_metrics_dropped_series_total",
            "Series refused because the cap per process was reached.",
            {}
        );
        Gauge also_unused;
        auto& info = look_up(
            prometheus::BuildGauge,
            also_unused,
            "disgrafs_build_info",
            "Constant 1, build labels. Never join alerts on the version label.",
            {{"version", DISGRAFS_VERSION}}
        );
        info.Set(1);
    }

    /// `Build` makes a family of `Metric`; `cost` is how many lines one series of it takes.
    template <typename Metric, typename Build, typename... Bounds>
    Metric& look_up(
        Build build,
        Metric& spare,
        std::string const& name,
        std::string const& help,
        Labels const& labels,
        Bounds const&... bounds
    ) {
        constexpr std::size_t cost = sizeof...(Bounds) == 0 ? 1 : 19;
        std::lock_guard const lock(mutex_);
        auto& family = family_of<Metric>(build, name, help);
        if (!family.Has(labels)) {
            if (series_ + cost > most_) {
                dropped_->Increment();
                return spare;
            }
            check_labels(name, labels);
            series_ += cost;
        }
        return family.Add(labels, bounds...);
    }

    void forget_gauge(std::string const& name, Labels const& labels) {
        std::lock_guard const lock(mutex_);
        auto const found = known_.find(name);
        if (found == known_.end()) return;
        DISGRAFS_ASSERT(found->second.kind == &kind_of<Gauge>, "{} is no gauge", name);
        auto& family = *static_cast<prometheus::Family<Gauge>*>(found->second.family);
        if (!family.Has(labels)) return;
        family.Remove(&family.Add(labels));
        --series_;
    }

    void limit(std::size_t most) {
        std::lock_guard const lock(mutex_);
        most_ = most;
    }

    void on_collect(std::function<void()> refresh) {
        std::lock_guard const lock(mutex_);
        refreshers_.push_back(std::move(refresh));
    }

    std::string write() {
        std::vector<std::function<void()>> refreshers;
        {
            std::lock_guard const lock(mutex_);
            refreshers = refreshers_;  // called without the lock: they look metrics up
        }
        for (auto const& refresh : refreshers) refresh();
        auto families = registry_.Collect();
        for (auto& family : families) drop_unmeasurable(family);
        return prometheus::TextSerializer().Serialize(families);
    }

 private:
    /// A family as the library made it, and what its first caller said of it.
    struct Known {
        void* family = nullptr;
        void const* kind = nullptr;
        std::string help;
    };

    template <typename Metric>
    static constexpr char kind_of = 0;

    template <typename Metric, typename Build>
    prometheus::Family<Metric>& family_of(
        Build build, std::string const& name, std::string const& help
    ) {
        auto const [place, is_new] = known_.try_emplace(name);
        auto& known = place->second;
        if (is_new) {
            DISGRAFS_ASSERT(is_name(name), "\"{}\" is no metric name", name);
            auto& family = build().Name(name).Help(help).Register(registry_);
            known = {.family = &family, .kind = &kind_of<Metric>, .help = help};
        }
        DISGRAFS_ASSERT(known.kind == &kind_of<Metric>, "{} is of two kinds", name);
        DISGRAFS_ASSERT(known.help == help, "{} has two helps: {} / {}", name, known.help, help);
        return *static_cast<prometheus::Family<Metric>*>(known.family);
    }

    static void check_labels(std::string const& name, Labels const& labels) {
        for (auto const& [label, value] : labels) {
            bool const is_free = is_name(label) && !label.starts_with("__") && label != "le";
            DISGRAFS_ASSERT(is_free, "{} has the label \"{}\"", name, label);
        }
    }

    /// A single Inf makes InfluxDB refuse the whole batch, so no such value leaves the process.
    static void drop_unmeasurable(prometheus::MetricFamily& family) {
        std::erase_if(family.metric, [](prometheus::ClientMetric const& metric) {
            return !std::isfinite(metric.gauge.value) || !std::isfinite(metric.counter.value) ||
                   !std::isfinite(metric.histogram.sample_sum);
        });
    }

    std::mutex mutex_;
    prometheus::Registry registry_{prometheus::Registry::InsertBehavior::Throw};
    std::map<std::string, Known> known_;
    std::vector<std::function<void()>> refreshers_;
    Counter* dropped_ = nullptr;
    std::size_t series_ = 0;
    std::size_t most_ = 1500;
};

/// Never destroyed: what it handed out is used until the process ends.
Table& table() {
    static auto& table = *new Table;
    return table;
}

}  // namespace

Counter& counter(std::string const& name, std::string const& help, Labels labels) {
    static auto& spare = *new Counter;
    return table().look_up(prometheus::BuildCounter, spare, name, help, labels);
}

Gauge& gauge(std::string const& name, std::string const& help, Labels labels) {
    static auto& spare = *new Gauge;
    return table().look_up(prometheus::BuildGauge, spare, name, help, labels);
}

Histogram& histogram(std::string const& name, std::string const& help, Labels labels) {
    static auto& spare = *new Histogram(bucket_bounds());
    return table().look_up(prometheus::BuildHistogram, spare, name, help, labels, bucket_bounds());
}

void forget_gauge(std::string const& name, Labels const& labels) {
    table().forget_gauge(name, labels);
}

void limit_series(std::size_t most) { table().limit(most); }

void on_collect(std::function<void()> refresh) { table().on_collect(std::move(refresh)); }

std::string write_metrics() { return table().write(); }

}  // namespace disgrafs
