// Lanes: does every core of the board close, and what does a layout use of it.
#pragma once

#include <string>
#include <vector>

#include "rig/rig.hpp"

namespace rigtopo {

/// One core's lanes. routed + onboard + xgmi + unrouted + unknown == lanes when it closes.
struct CoreBudget {
  std::string id;       // cpu0.A1
  std::string complex;  // cpu0.A
  int numa = 0;         // node number over both sockets
  int lanes = 0;
  PcieGen generation{};
  int routed = 0;  // to connectors; a shared group counts its largest mode
  int onboard = 0;
  int xgmi = 0;
  int unrouted = 0;
  int unknown = 0;
  int used = 0;  // by the layout's devices (trained width) and nothing else
  struct Connector {
    std::string id;
    int width = 0;
  };
  std::vector<Connector> connectors;
  int sum() const { return routed + onboard + xgmi + unrouted + unknown; }
  bool closes() const { return sum() == lanes; }
};

/// Budget of every core of the CPU (times sockets filled), in CPU order. `rig` may be null: then
/// nothing is used. Connectors whose core is unknown are not counted.
std::vector<CoreBudget> lane_budget(const Board& board, const Cpu& cpu, int cpu_count,
                                    const Rig* rig = nullptr);

/// Least lanes the devices demand: for each its `min_link` width, else the card's full width (one
/// lane when that is unknown).
int least_demand(const Project& project);

}  // namespace rigtopo
