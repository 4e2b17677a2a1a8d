// Millimetres: how long a riser has to be, what fits a mount, which directly plugged cards collide.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rig/rig.hpp"

namespace rigtopo {

/// Length a riser chain needs from a port to a mount: |dx| + |dy| + |dz| between connector faces,
/// plus slack of 10 %, at least 30 mm (design figure; see geometry.cpp). Unknown positions:
/// missing.
Estimate<Millimetres> route_needed(const PortChoice& port, const Board& board, const Frame& frame,
                                   const Mount& mount);
/// Length of a chain: sum over its parts (parallel pieces count once). Unknown lengths: missing.
Estimate<Millimetres> chain_length(const std::vector<std::pair<const Riser*, int>>& chain);

/// Mounts of a frame with `count` unrolled: ids "upper-1", "upper-2"; positions stepped by pitch.
std::vector<Mount> all_mounts(const Frame& frame);
/// Those of the rig's frame; none without a frame.
std::vector<Mount> mounts_of(const Rig& rig);

/// Does a card fit a mount: thickness, length, height; each with actual and limit.
struct FitCheck {
  std::string dimension;  // "thickness", "length", "height"
  Estimate<Millimetres> actual;
  Estimate<Millimetres> limit;
};
std::vector<FitCheck> fit(const Device& device, const Mount& mount);
/// The same for a switch or bifurcation card.
std::vector<FitCheck> fit(const Expander& expander, const Mount& mount);

/// Clearance between neighbours that are plugged straight into slots of one row, the board's or
/// those of a switch: `first` covers from its slot towards higher x by its thickness; `room` is the
/// distance to the next used slot. Switches and bifurcation cards in slots count as cards.
struct DirectClearance {
  std::string first;
  std::string second;  // empty: the end of the frame's expansion positions (board's row only)
  Estimate<Millimetres> thickness;
  Estimate<Millimetres> room;
};
std::vector<DirectClearance> direct_clearances(const Rig& rig);

/// Position of a port: the mean of its connectors' positions.
Estimate<Position> port_position(const PortChoice& port);

}  // namespace rigtopo
