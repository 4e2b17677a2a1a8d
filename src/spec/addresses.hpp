// Inside spec/: how outputs and inlets are called in layouts and pins.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/parts.hpp"

namespace rigtopo {

/// An output as a layout names it: "psu0.pcie1".
struct OutputAddress {
  std::string id;
  const Output* output = nullptr;
};

/// Every output of a supply, then the ports of its breakout; `breakout` may be null.
std::vector<OutputAddress> output_addresses(std::string_view supply_id, const Supply& supply,
                                            const Breakout* breakout);

/// An inlet of the board as a layout names it: "eps0".
struct InletAddress {
  std::string id;
  const BoardInlet* inlet = nullptr;
};
std::vector<InletAddress> inlet_addresses(const Board& board);

/// Ids of a frame's mounts, unrolled: "upper-1", "upper-2"; `id` alone when its count is 1.
std::vector<std::string> mount_ids(const Frame& frame);

/// Connectors, then pairs.
std::vector<std::string> port_ids(const Board& board);

}  // namespace rigtopo
