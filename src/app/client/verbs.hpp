#pragma once

/// \file app/client/verbs.hpp  The client verbs; each file adds its own to the command line.

#include "app/command.hpp"

namespace disgrafs::app {

void add_login(CLI::App& app, Chosen& chosen);   ///< login, logout
void add_put(CLI::App& app, Chosen& chosen);     ///< put
void add_get(CLI::App& app, Chosen& chosen);     ///< get
void add_tree(CLI::App& app, Chosen& chosen);    ///< ls mkdir mv rm
void add_find(CLI::App& app, Chosen& chosen);    ///< find tags similar
void add_status(CLI::App& app, Chosen& chosen);  ///< status
void add_people(CLI::App& app, Chosen& chosen);  ///< user group grant revoke

}  // namespace disgrafs::app
