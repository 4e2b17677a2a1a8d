// Which layout a command works on: a file, what the spec pins, or the solver's best.
#pragma once

#include <optional>

#include "cli/commands.hpp"

namespace rigtopo {

/// The layout of --layout, else what the spec pins. nullopt when the file cannot be read; faults
/// are in the session's problems either way.
std::optional<Layout> given_layout(Invocation& call, Project& project);

/// The layout of --layout, else the best one by solving. nullopt with `status` set when there is
/// none; the reason has been printed.
std::optional<Layout> given_or_solved_layout(Invocation& call, Project& project, int& status);

}  // namespace rigtopo
