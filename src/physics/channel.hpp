// Chips and plugs along a channel: how many retimers, which cable connectors meet with which
// pinout.
#pragma once

#include <string>
#include <vector>

#include "rig/rig.hpp"

namespace rigtopo {

/// Retimers that a link may hold: PCI Express base specification 4.0 (secondary: not read).
inline constexpr int most_retimers = 2;

/// Retimers between the port and the card; those above a switch belong to the switch's own link.
int retimer_count(const LinkPath& path);

/// Two cable connectors that are plugged into each other.
struct PinoutMeeting {
  Socket socket{};
  std::string left_id;  // port or part towards the board
  std::string right_id;
  const Fact<std::string>* left = nullptr;  // null: nobody says
  const Fact<std::string>* right = nullptr;
  bool differ() const { return left != nullptr && right != nullptr && **left != **right; }
};
/// Every place of a link where cable connectors (SlimSAS, MCIO, OCuLink) meet, from the board on.
std::vector<PinoutMeeting> pinout_meetings(const LinkPath& path);

}  // namespace rigtopo
