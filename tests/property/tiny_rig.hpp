// Random tiny rigs, and every layout of one of them: the oracle of the solver. Nothing here knows
// solve/; the judge is check().
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "property/random.hpp"
#include "support/rig_builder.hpp"

namespace rigtopo::test {

/// A builder with a random tiny project: 2 or 3 cards, 3 ports, 1 or 2 supplies, few risers.
RigBuilder tiny_rig(Random& random);

/// Codes of errors and of rules that lacked a number; the judge of solve().
std::vector<std::string> error_codes(const Project& project, const Layout& layout);

/// Some card has a range of power limits to choose from.
bool has_range(const Project& project);

/// Levels of the wishes of a project for one layout, most wanted first, smaller is better. Computed
/// from the layout with physics/ and arithmetic of its own.
std::vector<double> levels_of(const Project& project, const Layout& layout);

/// The best of all layouts without an error; nullopt when there is none.
struct Best {
  std::vector<double> levels;
  Layout layout;
};
std::optional<Best> best_of_all(const Project& project);

/// All layouts without an error.
struct All {
  std::vector<std::vector<double>> distinct;  // best levels of those told apart, best first
  std::set<std::vector<double>> values;       // levels of any
};
All all_of(const Project& project);

}  // namespace rigtopo::test
