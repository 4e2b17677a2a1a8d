// How a rigid NVLink bridge meets two cards, and what stands below it. Distances only; what is too
// much is decided by who asks.
#pragma once

#include <string>
#include <vector>

#include "rig/rig.hpp"

namespace rigtopo {

/// Bridges are rigid; cards have some play in their slots (unverified).
inline constexpr Millimetres bridge_play{1.5};

/// Where a card stands: in a slot of the board or of a switch, else somewhere in the frame. Cards
/// in slots of one holder are a known distance apart, wherever in the frame that holder is.
struct Stand {
  std::string holder;  // "board", "sw0"; empty: no slot of its own
  Estimate<Position> from_holder;
  Estimate<Position> in_frame;
};
Stand stand_in_slot(const Rig& rig, const PortChoice& port);
Stand stand_in_mount(const Mount& mount);
Stand stand_of(const Rig& rig, const DevicePlace& place);
/// The same stands in terms that can be compared: from their common holder, else in the frame.
std::vector<Estimate<Position>> side_by_side(const std::vector<Stand>& stands);

/// Two places of cards against a bridge's span. Cards of a row stand apart along x.
struct BridgeFit {
  Millimetres apart;   // along the row
  Millimetres across;  // off the row: |dy| + |dz|
  Millimetres wrong;   // |apart - span| + across: fits while no more than `bridge_play`
};
BridgeFit bridge_fit(const Position& a, const Position& b, Millimetres span);

/// Does a card at `at` stand below a bridge from `a` to `b`?
bool stands_below(const Position& at, const Position& a, const Position& b);

/// Does a card leave room to a bridge of two others that passes over it? Its own NVLink connector
/// is where the bridge runs; a card without one is in the way when it is taller.
enum class Overhead { free, unknown, blocked };
Overhead overhead(const Device& below, bool is_gpu, const Device& a, const Device& b);

/// Does a bridge fit a card, by NVLink connector and by what it is made for?
enum class BridgeMate { fits, unknown, no_connector, other_card };
BridgeMate bridge_mate(const Bridge& bridge, const Device& card);

/// Cards that drivers do not join, though the bridge seats: of other chips, or with other memory
/// (an RTX 3090 and an RTX A6000).
bool unlike(const Device& a, const Device& b);

}  // namespace rigtopo
