// Ports behind switches and bifurcation cards: which a layout offers, and on which core they are.
// What a link behind them trains to is physics/; whether they hang anywhere is judged in check/.
#include <algorithm>

#include "rig/rig.hpp"

namespace rigtopo {
namespace {

const Expander* part_of(const Project& project, const DevicePlace& place) {
  const ExpanderUse* use = place.id.known() ? project.expander(*place.id) : nullptr;
  return use == nullptr ? nullptr : use->part;
}

PortChoice port_of(const Expander& part, const std::string& id, const ExpanderPort& port,
                   const PortChoice* parent) {
  PortChoice choice;
  choice.id = id + "." + port.id.value_or("?");
  choice.connectors.push_back(&port);
  choice.socket = port.socket.value_or(Socket::slot);
  choice.lanes = port.width.value_or(Lanes{0}).value;
  choice.sockets = port.count.value_or(1);
  choice.expander = &part;
  choice.expander_id = id;
  const bool divides = part.type.value == ExpanderType::bifurcation;
  if (divides && parent != nullptr) {
    choice.core_id = parent->core_id;
    choice.core = parent->core;
    choice.group = parent->group;
    choice.first_lane = parent->first_lane + port.first_lane.value_or(0);
  }
  return choice;
}

}  // namespace

std::vector<PortChoice> ports_of(const Project& project, const Board& board, const Layout& layout) {
  std::vector<PortChoice> ports = ports_of(board, *project.cpu, project.cpu_count);
  std::vector<const DevicePlace*> open;
  for (const DevicePlace& place : layout.expanders) {
    if (part_of(project, place) != nullptr) open.push_back(&place);
  }
  const auto add = [&](const DevicePlace& place, const PortChoice* parent) {
    const Expander& part = *part_of(project, place);
    std::vector<PortChoice> own;
    for (const ExpanderPort& p : part.ports) own.push_back(port_of(part, *place.id, p, parent));
    ports.insert(ports.end(), own.begin(), own.end());
  };
  // One may hang on another: those whose port is there already come first.
  for (bool progress = true; progress;) {
    progress = false;
    for (std::size_t i = 0; i < open.size(); ++i) {
      const auto parent = std::find_if(ports.begin(), ports.end(), [&](const PortChoice& p) {
        return p.id == open[i]->port.value_or("");
      });
      if (parent == ports.end()) continue;
      const PortChoice found = *parent;
      add(*open[i], &found);
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
      progress = true;
      break;
    }
  }
  for (const DevicePlace* place : open) add(*place, nullptr);
  return ports;
}

std::optional<LinkEnd> link_end(const LinkPath& path) {
  LinkEnd end;
  if (path.device != nullptr) {
    const Device& d = *path.device;
    end.part = d.id;
    end.width = &d.width;
    end.generation = &d.generation;
    end.socket = d.edge.value_or(Socket::slot);
    end.mechanical = d.mechanical.value_or(d.width.value_or(Lanes{0})).value;
    return end;
  }
  if (path.expander == nullptr) return std::nullopt;
  const Expander& e = *path.expander;
  end.part = e.id;
  end.width = &e.width;
  end.generation = &e.generation;
  end.socket = e.up.socket.value_or(Socket::slot);
  end.count = e.up.count.value_or(1);
  end.mechanical = e.width.value_or(Lanes{0}).value;
  return end;
}

}  // namespace rigtopo
