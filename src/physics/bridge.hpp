// How a rigid NVLink bridge meets two cards. Distances only; what is too much is decided by who
// asks.
#pragma once

#include <string>

#include "rig/rig.hpp"

namespace rigtopo {

/// Bridges are rigid; cards have some play in their slots (unverified).
inline constexpr Millimetres bridge_play{1.5};

/// Two places of cards against a bridge's span. Cards of a row stand apart along x.
struct BridgeFit {
  Millimetres apart;   // along the row
  Millimetres across;  // off the row: |dy| + |dz|
  Millimetres wrong;   // |apart - span| + across: fits while no more than `bridge_play`
};
BridgeFit bridge_fit(const Position& a, const Position& b, Millimetres span);

/// Does a bridge fit a card, by NVLink connector and by what it is made for?
enum class BridgeMate { fits, unknown, no_connector, other_card };
BridgeMate bridge_mate(const Bridge& bridge, const Device& card);

}  // namespace rigtopo
