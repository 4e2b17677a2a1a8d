// Lane budget of a board, core by core, and what a layout uses of it.
#include "physics/lanes.hpp"

#include <algorithm>
#include <map>

#include "physics/link.hpp"

namespace rigtopo {
namespace {

/// Most lanes a shared group takes in any of its modes, of members on `core_id`.
int largest_mode(const Board& board, const SharedGroup& group, const std::string& core_id) {
  int most = 0;
  for (const GroupMode& mode : group.modes) {
    int lanes = 0;
    for (const auto& member : mode.lanes) {
      const BoardConnector* c = board.connector(member.key.value_or(""));
      // Members that are no connectors of ours (SATA) take lanes of the group's core.
      const bool here =
          c == nullptr || !c->core.known() ? group.core.value == core_id : *c->core == core_id;
      if (here) lanes += member.value.value_or(Lanes{0}).value;
    }
    most = std::max(most, lanes);
  }
  return most;
}

void add_connectors(const Board& board, CoreBudget& b) {
  std::vector<const SharedGroup*> groups;
  for (const BoardConnector& c : board.connectors) {
    if (c.core.value != b.id || !c.id.known()) continue;
    const int width = c.width.value_or(Lanes{0}).value;
    b.connectors.push_back({*c.id, width});
    const SharedGroup* group = board.group_of(*c.id);
    if (group == nullptr) {
      b.routed += width;
    } else if (std::find(groups.begin(), groups.end(), group) == groups.end()) {
      groups.push_back(group);
      b.routed += largest_mode(board, *group, b.id);
    }
  }
}

void add_fixed(const Board& board, CoreBudget& b) {
  for (const Chipset& chip : board.chipsets) {
    if (chip.core.value == b.id) b.onboard += chip.width.value_or(Lanes{0}).value;
  }
  for (const FixedLanes& f : board.fixed_lanes) {
    if (f.core.value != b.id) continue;
    const int lanes = f.width.value_or(Lanes{0}).value * f.count.value_or(1);
    switch (f.use.value_or(LaneUse::unknown)) {
      case LaneUse::onboard:
        b.onboard += lanes;
        break;
      case LaneUse::xgmi:
        b.xgmi += lanes;
        break;
      case LaneUse::unrouted:
        b.unrouted += lanes;
        break;
      case LaneUse::unknown:
        b.unknown += lanes;
        break;
    }
  }
}

std::map<std::string, int> used_by_core(const Rig& rig) {
  std::map<std::string, int> used;
  const auto add = [&](const DevicePlace& place) {
    const auto path = rig.link_path(place);
    if (!path || path->from_switch() || path->chipset != nullptr) return;
    // What hangs on a bifurcation card uses the lanes, not the card.
    const bool divides =
        path->expander != nullptr && path->expander->type.value == ExpanderType::bifurcation;
    if (const auto link = divides ? std::nullopt : trained_link(*path)) {
      used[path->core_id] += link->width;
    }
  };
  for (const DevicePlace& place : rig.layout.devices) add(place);
  for (const DevicePlace& place : rig.layout.expanders) add(place);
  return used;
}

int numa_nodes(const Cpu& cpu) {
  int most = 0;
  for (const CpuCore& c : cpu.cores) most = std::max(most, c.numa.value_or(0));
  return most + 1;
}

std::string socket_id(const Board& board, int i) {
  const std::string fallback = "cpu" + std::to_string(i);
  const auto index = static_cast<std::size_t>(i);
  return index < board.sockets.size() ? board.sockets[index].id.value_or(fallback) : fallback;
}

}  // namespace

std::vector<CoreBudget> lane_budget(const Board& board, const Cpu& cpu, int cpu_count,
                                    const Rig* rig) {
  const auto used = rig != nullptr ? used_by_core(*rig) : std::map<std::string, int>{};
  std::vector<CoreBudget> budget;
  for (int i = 0; i < cpu_count; ++i) {
    const std::string socket = socket_id(board, i);
    for (const CpuCore& core : cpu.cores) {
      if (!core.id.known()) continue;
      CoreBudget b;
      b.id = socket + "." + *core.id;
      b.complex = socket + "." + core.complex.value_or("?");
      b.numa = i * numa_nodes(cpu) + core.numa.value_or(0);
      b.lanes = core.lanes.value_or(16);
      b.generation = core.generation.value_or(PcieGen::gen1);
      add_connectors(board, b);
      add_fixed(board, b);
      const auto it = used.find(b.id);
      if (it != used.end()) b.used = it->second;
      budget.push_back(std::move(b));
    }
  }
  return budget;
}

int least_demand(const Project& project) {
  int sum = 0;
  for (const DeviceUse& use : project.devices) {
    if (use.row != nullptr && use.row->min_link.known()) {
      sum += use.row->min_link->width.value;
    } else {
      sum += use.part->width.value_or(Lanes{1}).value;
    }
  }
  return sum;
}

}  // namespace rigtopo
