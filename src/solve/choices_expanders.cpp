// Pinned switches as the search sees them: each ends a link and takes plugs as a device does, in a
// class of its own, and its ports take devices. What its slots draw is encode_expanders.cpp; where
// its ports are is physics/expander_place.hpp.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "solve/choices.hpp"

namespace rigtopo {
namespace {

/// Does its own side alone feed the slots, so that no 12 V of the host comes through?
bool feeds_itself(const Expander& e) {
  const SlotFeed feed = e.slot_feed.value_or(SlotFeed::own);
  return !e.inlets.empty() && feed != SlotFeed::joined && feed != SlotFeed::unknown_cut;
}

DevicePlace pinned_place(const ExpanderUse& use, const Pin& pin) {
  DevicePlace place;
  place.at = pin.at;
  place.id = Fact<std::string>(use.id);
  place.part = Fact<std::string>(use.part->id);
  place.port = pin.port;
  place.mount = pin.mount;
  if (pin.chain) place.chain = *pin.chain;
  place.chain_decided = true;
  if (place.chain.empty() && !place.mount.known()) place.mount = Fact<std::string>("direct");
  return place;
}

}  // namespace

const Pin* pin_of(const Project& project, std::string_view id) {
  for (const auto& pin : project.spec.pins) {
    if (pin.key.value == id) return &pin.value;
  }
  return nullptr;
}

std::string beyond_search(const Project& project) {
  const auto refused = [](const ExpanderUse& use, std::string_view why) {
    return fmt::format(
        "the search does not plan with `{}` ({}): {}; write every port, riser and feed as pins and "
        "use `rigtopo check`",
        use.id, use.part->id, why);
  };
  for (const ExpanderUse& use : project.expanders) {
    const Pin* pin = pin_of(project, use.id);
    if (pin == nullptr) continue;
    if (!use.part->is_switch()) return refused(use, "it is a bifurcation card");
    if (!pin->port.known()) return refused(use, "no `port` of the board is pinned");
    const std::string& port = *pin->port;
    if (project.expander(owner_of(port)) != nullptr) {
      return refused(use, "it hangs on another switch");
    }
    const bool on_riser = pin->chain && !pin->chain->empty();
    if (project.frame != nullptr && on_riser && !pin->mount.known()) {
      return refused(use, "no `mount` of the frame is pinned");
    }
    if (!feeds_itself(*use.part)) {
      return refused(use, "its slots are not known to be fed by plugs of its own alone");
    }
  }
  return "";
}

Rig board_with_switches(const Project& project, const Board& board) {
  Layout layout;
  layout.board = Fact<std::string>(board.id);
  for (const ExpanderUse& use : project.expanders) {
    if (const Pin* pin = pin_of(project, use.id)) {
      layout.expanders.push_back(pinned_place(use, *pin));
    }
  }
  return build_rig(project, std::move(layout));
}

void Choices::make_switches() {
  for (const ExpanderUse& use : project.expanders) {
    const Pin* pin = pin_of(project, use.id);
    if (pin == nullptr) continue;
    const Expander& e = *use.part;
    auto seen = std::make_unique<SwitchAsDevice>();
    seen->part.id = e.id;
    seen->part.at = e.at;
    seen->part.edge = e.up.socket;
    seen->part.width = e.width;
    seen->part.generation = e.generation;
    // Its own power; what its slots pass on is added where it is fed.
    seen->part.power = e.power;
    seen->part.slot_power = Fact<Watts>(Watts{0});
    seen->part.inlets = e.inlets;
    seen->part.length = e.length;
    seen->part.height = e.height;
    seen->part.thickness = e.thickness;
    seen->row.at = pin->at;
    seen->use.id = use.id;
    seen->use.kind = "expander";
    seen->use.part = &seen->part;
    seen->use.row = &seen->row;
    seen->use.at = use.at;
    DeviceClass c;
    c.members.push_back(&seen->use);
    c.part = &seen->part;
    c.row = &seen->row;
    c.pin = pin;
    c.expander = &e;
    settle_range(c);
    classes.push_back(std::move(c));
    switches_.push_back(std::move(seen));
  }
}

std::optional<std::size_t> Choices::above(std::size_t port) const {
  if (ports.at(port).expander == nullptr) return std::nullopt;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const bool own =
        classes[k].expander != nullptr && classes[k].members.front()->id == ports[port].expander_id;
    if (own) return k;
  }
  return std::nullopt;
}

std::optional<std::size_t> Choices::port_of(std::size_t device_class) const {
  const Pin* pin = classes.at(device_class).pin;
  for (std::size_t p = 0; p < ports.size() && pin != nullptr && pin->port.known(); ++p) {
    if (ports[p].id == *pin->port) return p;
  }
  return std::nullopt;
}

std::optional<std::size_t> Choices::switch_on(std::size_t port) const {
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (classes[k].expander != nullptr && port_of(k) == port) return k;
  }
  return std::nullopt;
}

std::string Choices::root_core(std::size_t port) const {
  const auto k = above(port);
  const auto root = k ? port_of(*k) : std::nullopt;
  return root ? ports[*root].core_id : ports.at(port).core_id;
}

/// The risers that a pin names; none: plugged in directly.
std::vector<std::pair<const Riser*, int>> Choices::pinned_chain(std::size_t device_class) const {
  std::vector<std::pair<const Riser*, int>> parts;
  const Pin* pin = classes.at(device_class).pin;
  if (pin == nullptr || !pin->chain) return parts;
  for (const ChainLink& piece : *pin->chain) {
    const Riser* riser = project.part<Riser>(piece.part.value_or(""));
    if (riser != nullptr) parts.emplace_back(riser, piece.count.value_or(1));
  }
  return parts;
}

/// Link of the switch above a port at the widest the port of the board can have: links below a
/// switch begin anew, so no more than that it has lanes matters.
std::shared_ptr<LinkPath> Choices::uplink_of(std::size_t port) const {
  const auto k = above(port);
  const auto root = k ? port_of(*k) : std::nullopt;
  if (!root || widths(*root).empty()) return nullptr;
  ChainChoice chain;
  chain.parts = pinned_chain(*k);
  LinkPath path = path_of(classes[*k], *root, chain);
  for (const PortSetting& s : settings.at(*root)) {
    if (s.legal && s.lanes == widths(*root).back()) set_split(path, *root, s);
  }
  return std::make_shared<LinkPath>(std::move(path));
}

}  // namespace rigtopo
