// Walks a layout's expanders for the PCIe picture; draws no wire.
#include "render/pcie_expanders.hpp"

#include "base/text.hpp"
#include "render/pcie_links.hpp"
#include "render/views.hpp"

namespace rigtopo {
namespace {

/// Expanders above a port, nearest first; one that hangs below itself ends the way.
std::vector<const DevicePlace*> way_up(const Rig& rig, std::string_view port) {
  std::vector<const DevicePlace*> way;
  std::string at(port);
  while (way.size() < rig.layout.expanders.size()) {
    const DevicePlace* place = rig.layout.expander(at.substr(0, at.find('.')));
    if (place == nullptr) break;
    way.push_back(place);
    at = place->port.value_or("");
  }
  return way;
}

}  // namespace

const DevicePlace* expander_on(const Rig& rig, std::string_view port) {
  for (const DevicePlace& place : rig.layout.expanders) {
    const bool here = place.id.known() && place.port.known() && *place.port == port;
    if (here && rig.project->expander(*place.id) != nullptr) return &place;
  }
  return nullptr;
}

int expanders_above(const Rig& rig, std::string_view port) {
  return static_cast<int>(way_up(rig, port).size());
}

std::string board_port(const Rig& rig, std::string_view port) {
  const auto way = way_up(rig, port);
  return way.empty() ? std::string(port) : way.back()->port.value_or("");
}

std::vector<std::string> devices_below(const Rig& rig, std::string_view expander) {
  std::vector<std::string> found;
  for (const DevicePlace& device : rig.layout.devices) {
    if (!device.id.known() || !device.port.known()) continue;
    for (const DevicePlace* place : way_up(rig, *device.port)) {
      if (place->id.value == expander) add_once(found, *device.id);
    }
  }
  return found;
}

Box expander_box(const DevicePlace& place, const ExpanderUse& use,
                 const std::optional<TrainedLink>& link) {
  const bool divides = use.part->type.value == ExpanderType::bifurcation;
  Box box;
  box.id = use.id;
  box.subjects = {use.id};
  box.border = Color::ink;
  box.lines.push_back(name_line(use.id, shortened(part_name(use.holder.get()), name_room, 9)));
  box.lines.push_back(small_line(
      divides ? "divides its port " + (use.part->split.known() ? use.part->split->text : "?")
              : "switch, uplink " + (link ? link_words(*link) : std::string("not known"))));
  for (const ChainLink& piece : place.chain) {
    box.lines.push_back(small_line("through " + piece.part.value_or("?")));
  }
  return box;
}

}  // namespace rigtopo
