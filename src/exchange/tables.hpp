// The two tables a builder takes to the shop and to the bench: parts list and cable list, as CSV
// (RFC 4180). What a layout is worth or whether it holds is decided elsewhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rig/rig.hpp"

namespace rigtopo {

/// One line of the parts list. `to_buy` = count - owned, never negative.
struct PartLine {
  std::string kind;
  std::string part;
  std::string name;
  int count = 0;
  int owned = 0;
  int to_buy = 0;
  std::optional<Money> price;  // of one; absent when nobody said
};

/// Every part of the rig: board, CPUs, devices, risers, supplies, breakouts, power cables, frame;
/// by kind in the order of kinds(), then id. Board, CPU, frame and devices count as owned: the spec
/// names them as given. Stock is owned as the spec says.
std::vector<PartLine> parts_list(const Rig& rig);

/// One cable, riser part or cord, by its tag.
struct CableLine {
  std::string tag;   // R1, K1, W1
  std::string kind;  // riser, power, mains
  std::string part;  // part id; "own cable of psu0" when it belongs to the supply
  std::string from;
  std::string to;
  std::optional<Millimetres> length;
  std::string carries;  // "x16 gen4", "450 W"
  std::string limit;    // "600 W"
};

/// All of them, risers first, then power cables, then cords, each in order of tags.
std::vector<CableLine> cable_list(const Rig& rig);

std::string bom_csv(const Rig& rig);
std::string cables_csv(const Rig& rig);

}  // namespace rigtopo
