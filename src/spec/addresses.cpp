// Names of outputs, inlets, mounts and ports: which number goes where when a part has several.
#include "spec/addresses.hpp"

namespace rigtopo {

namespace {

/// Outputs and board inlets count from 0; the number is left out when there is one.
std::string numbered(const std::string& id, int count, int i) {
  return count == 1 ? id : id + std::to_string(i);
}

void add_outputs(std::string_view supply_id, const std::vector<Output>& outputs,
                 std::vector<OutputAddress>& list) {
  for (const Output& o : outputs) {
    if (!o.id.known()) continue;
    const int count = o.count.value_or(1);
    for (int i = 0; i < count; ++i) {
      list.push_back({std::string(supply_id) + "." + numbered(*o.id, count, i), &o});
    }
  }
}

}  // namespace

std::vector<OutputAddress> output_addresses(std::string_view supply_id, const Supply& supply,
                                            const Breakout* breakout) {
  std::vector<OutputAddress> list;
  add_outputs(supply_id, supply.outputs, list);
  if (breakout != nullptr) add_outputs(supply_id, breakout->outputs, list);
  return list;
}

std::vector<InletAddress> inlet_addresses(const Board& board) {
  std::vector<InletAddress> list;
  for (const BoardInlet& inlet : board.inlets) {
    if (!inlet.id.known()) continue;
    const int count = inlet.count.value_or(1);
    for (int i = 0; i < count; ++i) list.push_back({numbered(*inlet.id, count, i), &inlet});
  }
  return list;
}

std::vector<std::string> mount_ids(const Frame& frame) {
  std::vector<std::string> ids;
  for (const Mount& mount : frame.mounts) {
    if (!mount.id.known()) continue;
    const int count = mount.count.value_or(1);
    for (int i = 1; i <= count; ++i) {
      ids.push_back(count == 1 ? *mount.id : *mount.id + "-" + std::to_string(i));
    }
  }
  return ids;
}

std::vector<std::string> port_ids(const Board& board) {
  std::vector<std::string> ids;
  for (const BoardConnector& c : board.connectors) {
    if (c.id.known()) ids.push_back(*c.id);
  }
  for (const ConnectorPair& p : board.pairs) {
    if (p.id.known()) ids.push_back(*p.id);
  }
  return ids;
}

}  // namespace rigtopo
