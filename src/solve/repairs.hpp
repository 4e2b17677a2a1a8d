// What would make an infeasible rig work: the smallest changes of the spec, each one solved and
// judged before it is offered. Safety limits are never among them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "solve/solve.hpp"

namespace rigtopo {

/// One value of the spec: `devices[0].count` from `8` to `7`. An empty `after` takes the row out,
/// an empty `before` adds one.
struct SpecEdit {
  std::string path;
  std::string before;
  std::string after;
};

struct RepairChange {
  std::string words;  // "use 7 of the 8 `nvidia-rtx-3090`"
  std::vector<SpecEdit> edits;
};

struct Repair {
  std::vector<RepairChange> changes;
  double price = 0;  // of all that has to be bought then
  Layout layout;     // passed the judge
  Levels objective;
  std::shared_ptr<const Project> project;  // of the changed spec
};

/// What repairs need from outside solve/.
struct RepairShop {
  /// The project with another spec; nullopt when it does not hold together.
  std::function<std::optional<Project>(Spec)> replan;
  /// Options of solve() for a project, with its judge.
  std::function<SolveOptions(const Project&)> options;
};

/// Repairs of a rig that solve() proved infeasible: single changes that the conflict suggests,
/// pairs of which the second one mends what the first leaves, when no
/// single one keeps every card; the least intrusive first. Empty when none was found.
std::vector<Repair> repairs(const Project& project, const SolveResult& result,
                            const RepairShop& shop);

}  // namespace rigtopo
