#pragma once

/// \file cluster/content/recent.hpp  A bounded map that forgets what was not asked for longest.

#include <cstddef>
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>

namespace disgrafs::cluster {

template <typename Key, typename Value>
class Recent {
 public:
    using Pointer = std::shared_ptr<Value const>;

    explicit Recent(std::size_t limit) : limit_(limit) {}

    /// nullptr when it is not there.
    Pointer find(Key const& key) {
        auto const found = places_.find(key);
        if (found == places_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->second;
    }
    void put(Key const& key, Pointer value) {
        forget(key);
        entries_.emplace_front(key, std::move(value));
        places_[key] = entries_.begin();
        if (entries_.size() <= limit_) return;
        places_.erase(entries_.back().first);
        entries_.pop_back();
    }
    void forget(Key const& key) {
        auto const found = places_.find(key);
        if (found == places_.end()) return;
        entries_.erase(found->second);
        places_.erase(found);
    }
    void clear() {
        places_.clear();
        entries_.clear();
    }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
    using Entries = std::list<std::pair<Key, Pointer>>;

    std::size_t limit_;
    Entries entries_;  ///< The latest first.
    std::unordered_map<Key, typename Entries::iterator> places_;
};

}  // namespace disgrafs::cluster
