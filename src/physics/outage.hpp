// What if: some supplies are off. What goes dark, what is left half fed, what is fed from behind,
// and do the others carry the load. What goes dark is told by walking the power view without the
// supplies; loads by taking them out of the layout and building the rig anew.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "physics/power.hpp"

namespace rigtopo {

struct Blackout {
  bool host = false;              // board and CPU have lost their power
  std::vector<std::string> dark;  // devices that have lost all of theirs, in layout order
  std::vector<std::string> half;  // devices that have lost slot or plugs, and not both
};

/// What has no power without these supplies.
Blackout blackout(const Rig& rig, const std::set<std::string>& dead);

struct Outage : Blackout {
  std::vector<std::string> back_fed;    // dead supplies whose 12 V copper a live one stands on
  std::vector<std::string> overloaded;  // live supplies over their rating now
  bool harmless() const { return !host && dark.empty() && half.empty() && overloaded.empty(); }
};

/// The rig without mains on these supplies.
Outage outage(const Rig& rig, const std::set<std::string>& dead);

/// Supplies of the layout on a circuit, directly or through a unit.
std::set<std::string> supplies_on(const Rig& rig, std::string_view circuit_id);

}  // namespace rigtopo
