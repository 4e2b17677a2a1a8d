// What `pins:` fixes, as a layout with everything else undecided. Fills in what follows from a pin
// alone: a supply for all inlets, slot power of a chain, stock rows. Judges nothing.
#include <algorithm>
#include <map>
#include <set>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "spec/addresses.hpp"
#include "spec/loading.hpp"
#include "spec/references.hpp"

namespace rigtopo {

namespace {

Fact<std::string> pinned(std::string text, Source at) {
  return {std::move(text), at, Confidence::user};
}

/// Keys that a pin sets, with their places.
std::vector<std::pair<std::string, Source>> keys_of(const Pin& pin) {
  std::vector<std::pair<std::string, Source>> keys;
  const auto add = [&](const char* key, bool set, Source at) {
    if (set) keys.emplace_back(key, at);
  };
  add("port", pin.port.known(), pin.port.at);
  add("chain", pin.chain.has_value(),
      pin.chain && !pin.chain->empty() ? pin.chain->front().at : pin.at);
  add("mount", pin.mount.known(), pin.mount.at);
  add("power_limit", pin.power_limit.known(), pin.power_limit.at);
  add("supply", pin.supply.known(), pin.supply.at);
  add("aux", !pin.aux.empty(), pin.aux.empty() ? pin.at : pin.aux.front().at);
  add("riser", !pin.riser.empty(), pin.riser.empty() ? pin.at : pin.riser.front().at);
  add("slot", pin.slot.known(), pin.slot.at);
  add("circuit", pin.circuit.known(), pin.circuit.at);
  add("breakout", pin.breakout.known(), pin.breakout.at);
  add("mode", pin.mode.known(), pin.mode.at);
  add("sync", pin.sync.known(), pin.sync.at);
  add("cord", pin.cord.known(), pin.cord.at);
  return keys;
}

/// An inlet that has to be fed.
struct Wanted {
  std::string id;
  std::optional<Plug> plug;
};

class Pinning {
 public:
  Pinning(const Project& project, Diagnostics& out) : project_(project), out_(out) {}

  Layout run() {
    layout_.at = project_.spec.at;
    layout_.version = 1;
    if (project_.boards.size() == 1) {
      layout_.board = pinned(project_.board().id, project_.spec.board.front().value.at);
    }
    for (const DeviceUse& device : project_.devices) {
      DevicePlace place;
      place.at = device.at;
      place.id = pinned(device.id, device.at);
      place.part = pinned(device.part->id, device.row->part.value.at);
      layout_.devices.push_back(std::move(place));
    }
    for (const auto& [id, pin] : project_.spec.pins) {
      if (id.known()) apply(id, pin);
    }
    // Outputs named one by one are taken before whole supplies are handed out.
    for (DevicePlace& place : layout_.devices) hang_device(place);
    for (DevicePlace& place : layout_.expanders) hang_device(place);
    layout_.bridges = project_.spec.bridges;
    hang_board();
    fixed_limits();
    add_supplies();
    assign_tags(layout_);
    record_origin(layout_, project_);
    check_references(layout_, project_, out_);
    return std::move(layout_);
  }

 private:
  // ---- what a pin is about
  // -------------------------------------------------------------------------

  void apply(const Fact<std::string>& id, const Pin& pin) {
    if (project_.device(*id) != nullptr) {
      if (only(pin, "a device",
               {"port", "chain", "mount", "power_limit", "supply", "aux", "riser", "slot"})) {
        pin_device(*id, pin);
      }
    } else if (project_.expander(*id) != nullptr) {
      if (only(pin, "an expander", {"port", "chain", "mount", "supply", "aux", "riser", "slot"})) {
        pin_expander(*id, pin);
      }
    } else if (project_.supply(*id) != nullptr) {
      if (only(pin, "a supply", {"circuit", "breakout", "sync", "cord"})) used_.insert(*id);
    } else if (*id == "board") {
      if (only(pin, "the board", {"supply", "aux"})) pin_board(pin);
    } else if (is_core_or_group(*id)) {
      if (only(pin, "a core or a shared group", {"mode"}) && pin.mode.known()) {
        layout_.modes.push_back({id, pin.mode});
      }
    } else {
      out_.report(codes::unknown_id, id.at,
                  "`" + *id + "` is no device, supply, core or shared group, and not `board`",
                  suggestion(*id, pinnable()));
    }
  }

  bool only(const Pin& pin, const std::string& target, const std::vector<std::string>& allowed) {
    bool good = true;
    const std::string fault = "` has no meaning for " + target;
    const std::string help = "a pin of " + target + " takes " + listed(allowed);
    for (const auto& [key, at] : keys_of(pin)) {
      if (std::find(allowed.begin(), allowed.end(), key) != allowed.end()) continue;
      good = false;
      std::string message = "`";
      message += key;
      message += fault;
      out_.report(codes::contradictory, at, std::move(message), help);
    }
    return good;
  }

  bool is_core_or_group(std::string_view id) const {
    if (id.starts_with("cpu") && id.find('.') != std::string_view::npos) return true;
    for (std::size_t i = 0; i < project_.boards.size(); ++i) {
      for (const SharedGroup& group : project_.board(i).groups) {
        if (group.id.known() && *group.id == id) return true;
      }
    }
    return false;
  }

  std::vector<std::string> pinnable() const {
    std::vector<std::string> ids{"board"};
    for (const DeviceUse& device : project_.devices) ids.push_back(device.id);
    for (const SupplyUse& supply : project_.supplies) ids.push_back(supply.id);
    for (const ExpanderUse& expander : project_.expanders) ids.push_back(expander.id);
    for (std::size_t i = 0; i < project_.boards.size(); ++i) {
      for (const SharedGroup& group : project_.board(i).groups) {
        if (group.id.known()) ids.push_back(*group.id);
      }
    }
    return ids;
  }

  // ---- devices
  // -------------------------------------------------------------------------------------

  DevicePlace& place_of(std::string_view id) {
    return *std::find_if(layout_.devices.begin(), layout_.devices.end(),
                         [&](const DevicePlace& place) { return *place.id == id; });
  }

  /// An expander without `chain` is plugged in directly.
  void pin_expander(const std::string& id, const Pin& pin) {
    DevicePlace place;
    place.id = pinned(id, pin.at);
    place.part = pinned(project_.expander(id)->part->id, pin.at);
    place.chain_decided = true;
    layout_.expanders.push_back(std::move(place));
    pin_place(layout_.expanders.back(), id, pin);
  }

  void pin_device(const std::string& id, const Pin& pin) { pin_place(place_of(id), id, pin); }

  void pin_place(DevicePlace& place, const std::string& id, const Pin& pin) {
    place.at = pin.at;
    place.port = pin.port;
    place.mount = pin.mount;
    if (pin.chain) {
      place.chain = *pin.chain;
      place.chain_decided = true;
      for (ChainLink& link : place.chain) set_stock(link);
    }
    const bool direct = pin.mount.known() && *pin.mount == "direct";
    if (direct && !place.chain.empty()) {
      out_.report(codes::contradictory, pin.mount.at,
                  "`mount: direct` of `" + id + "` with a chain of risers",
                  "name a mount of the frame, or leave out `chain`");
    }
    if (direct) place.chain_decided = true;
    if (pin.chain && pin.chain->empty() && !pin.mount.known()) {
      place.mount = pinned("direct", pin.at);
    }
    place.power.at = pin.at;
    place.power.slot = pin.slot;
    if (!pin.slot.known()) set_slot(place);
    take(pin.aux);
    take(pin.riser);
    place.power.aux = pin.aux;
    place.power.riser = pin.riser;
    if (pin.power_limit.known()) {
      layout_.power_limits.push_back({pinned(id, pin.power_limit.at), pin.power_limit});
    }
    if (pin.supply.known() && !pin.aux.empty()) {
      out_.report(codes::contradictory, pin.supply.at,
                  "`supply` and `aux` both say where `" + id + "` gets its power",
                  "keep one of them");
    } else if (pin.supply.known() && known_supply(pin.supply)) {
      hung_[id] = &pin;
    }
  }

  /// Slot power follows from the chain: a powered riser feeds the slot, a passive one passes it on.
  void set_slot(DevicePlace& place) {
    if (!place.chain_decided) return;
    const DeviceUse* device = project_.device(*place.id);
    const Fact<Socket>& edge =
        device != nullptr ? device->part->edge : project_.expander(*place.id)->part->up.socket;
    std::string from = edge.known() && *edge != Socket::slot ? "none" : "board";
    if (!place.chain.empty()) {
      const Fact<std::string>& last = place.chain.back().part;
      const Riser* riser = last.known() ? project_.part<Riser>(*last) : nullptr;
      if (riser == nullptr || !riser->slot_feed.known()) return;
      from = *riser->slot_feed == SlotFeed::none   ? "none"
             : *riser->slot_feed == SlotFeed::host ? "board"
                                                   : "riser";
    }
    place.power.slot = pinned(from, place.at);
  }

  /// A pinned part is taken from the first row of stock that has any left; the last row that names
  /// it carries what is too much.
  void set_stock(ChainLink& link) {
    if (link.stock.known() || !link.part.known()) return;
    const int count = link.count.value_or(1);
    std::optional<int> last;
    for (const StockUse& use : project_.stock) {
      if (use.row < 0 || use.kind != "riser" || use.part_id != *link.part) continue;
      last = use.row;
      if (!use.max || stock_used_[use.row] + count <= *use.max) break;
    }
    if (!last) return;
    stock_used_[*last] += count;
    link.stock = Fact<int>(*last, link.at, Confidence::user);
  }

  void fixed_limits() {
    for (const DeviceUse& device : project_.devices) {
      const auto& range = device.row->power_limit;
      if (!range.known() || range->least != range->most) continue;
      if (layout_.power_limit(device.id) != nullptr) continue;
      layout_.power_limits.push_back(
          {pinned(device.id, range.at), Fact<Watts>(range->least, range.at, Confidence::user)});
    }
  }

  // ---- power
  // ---------------------------------------------------------------------------------------

  bool known_supply(const Fact<std::string>& id) {
    if (project_.supply(*id) != nullptr) return true;
    std::vector<std::string> ids;
    for (const SupplyUse& supply : project_.supplies) ids.push_back(supply.id);
    out_.report(codes::unknown_id, id.at, "there is no supply `" + *id + "` in stock",
                suggestion(*id, ids));
    return false;
  }

  void take(const std::vector<Feed>& feeds) {
    for (const Feed& feed : feeds) {
      if (feed.part.known()) ++cables_used_[*feed.part];
      for (const Fact<std::string>& from : feed.from) {
        if (!from.known()) continue;
        taken_.insert(*from);
        used_.insert(owner_of(*from));
      }
    }
  }

  void pin_board(const Pin& pin) {
    take(pin.aux);
    layout_.board_power = pin.aux;
    if (pin.supply.known() && !pin.aux.empty()) {
      out_.report(codes::contradictory, pin.supply.at,
                  "`supply` and `aux` both say where the board gets its power", "keep one of them");
    } else if (pin.supply.known() && known_supply(pin.supply)) {
      board_pin_ = &pin;
    }
  }

  void hang_device(DevicePlace& place) {
    const auto found = hung_.find(*place.id);
    if (found == hung_.end()) return;
    const Pin& pin = *found->second;
    const auto wanted = [](const std::vector<Inlet>& inlets) {
      std::vector<Wanted> list;
      for (const Inlet& inlet : inlets) {
        if (inlet.id.known()) list.push_back({*inlet.id, inlet.plug.value});
      }
      return list;
    };
    const DeviceUse* device = project_.device(*place.id);
    hang(wanted(device != nullptr ? device->part->inlets
                                  : project_.expander(*place.id)->part->inlets),
         pin.supply, "`" + *place.id + "`", place.power.aux);
    if (!pin.riser.empty()) return;
    for (const ChainLink& link : place.chain) {
      const Riser* riser = link.part.known() ? project_.part<Riser>(*link.part) : nullptr;
      if (riser == nullptr) continue;
      hang(wanted(riser->inlets), pin.supply,
           "the riser `" + riser->id + "` of `" + *place.id + "`", place.power.riser);
    }
  }

  void hang_board() {
    if (board_pin_ == nullptr) return;
    if (project_.boards.size() != 1) {
      out_.report(codes::contradictory, board_pin_->supply.at,
                  "`supply` of the board is pinned while there are several boards to choose from");
      return;
    }
    std::vector<Wanted> list;
    for (const InletAddress& inlet : inlet_addresses(project_.board())) {
      if (inlet.inlet->required.value_or(true)) list.push_back({inlet.id, inlet.inlet->plug.value});
    }
    hang(list, board_pin_->supply, "the board", layout_.board_power);
  }

  /// Feeds every inlet from one supply, in order: an output with the right plug, else through a
  /// cable part that makes it one.
  void hang(const std::vector<Wanted>& inlets, const Fact<std::string>& supply_id,
            const std::string& owner, std::vector<Feed>& feeds) {
    const SupplyUse& supply = *project_.supply(*supply_id);
    used_.insert(supply.id);
    const auto outputs = output_addresses(supply.id, *supply.part, supply.breakout);
    for (const Wanted& inlet : inlets) {
      Feed feed;
      feed.at = supply_id.at;
      feed.inlet = pinned(inlet.id, supply_id.at);
      if (!inlet.plug || !(hang_directly(*inlet.plug, outputs, feed) ||
                           hang_by_cable(*inlet.plug, outputs, feed))) {
        report_no_output(inlet, supply, owner, supply_id.at);
        continue;
      }
      feeds.push_back(std::move(feed));
    }
  }

  bool hang_directly(Plug plug, const std::vector<OutputAddress>& outputs, Feed& feed) {
    for (const OutputAddress& o : outputs) {
      const bool fits = o.output->plug.known() && *o.output->plug == plug &&
                        !o.output->needs_cable.value_or(false);
      if (!fits || !taken_.insert(o.id).second) continue;
      feed.from.push_back(pinned(o.id, feed.at));
      return true;
    }
    return false;
  }

  bool hang_by_cable(Plug plug, const std::vector<OutputAddress>& outputs, Feed& feed) {
    for (const PowerCable* cable : cables_left()) {
      if (!cable->to.known() || *cable->to != plug || !cable->from.known()) continue;
      std::vector<std::string> free;
      for (const OutputAddress& o : outputs) {
        const bool fits = o.output->plug.known() && *o.output->plug == *cable->from;
        if (fits && !taken_.contains(o.id)) free.push_back(o.id);
      }
      const auto needed = static_cast<std::size_t>(cable->from_count.value_or(1));
      if (free.size() < needed) continue;
      free.resize(needed);
      for (std::string& id : free) {
        taken_.insert(id);
        feed.from.push_back(pinned(std::move(id), feed.at));
      }
      feed.part = pinned(cable->id, feed.at);
      ++cables_used_[cable->id];
      return true;
    }
    return false;
  }

  /// Cables of stock that are left, in its order; then those that only a pin names.
  std::vector<const PowerCable*> cables_left() const {
    std::vector<const PowerCable*> list;
    std::set<std::string> in_stock;
    std::map<std::string, int> to_go = cables_used_;
    for (const StockUse& use : project_.stock) {
      if (use.kind != "cable") continue;
      in_stock.insert(use.part_id);
      int& gone = to_go[use.part_id];
      const bool left = !use.max || gone < *use.max;
      if (use.max) gone = std::max(0, gone - *use.max);
      if (left) list.push_back(&std::get<PowerCable>(*use.holder));
    }
    for (const auto& [id, holder] : project_.parts) {
      const PowerCable* cable = std::get_if<PowerCable>(holder.get());
      if (cable != nullptr && !in_stock.contains(id)) list.push_back(cable);
    }
    return list;
  }

  void report_no_output(const Wanted& inlet, const SupplyUse& supply, const std::string& owner,
                        Source at) {
    const std::string plug = inlet.plug ? std::string(word(*inlet.plug)) : "unknown plug";
    out_.report(codes::unknown_id, at,
                "`" + supply.id + "` has no free output for the inlet `" + inlet.id + "` (" + plug +
                    ") of " + owner,
                "name outputs with `aux:`, or add a cable to `stock:` that ends in " + plug)
        .subject.push_back(supply.id);
  }

  // ---- supplies
  // ------------------------------------------------------------------------------------

  /// Supplies that a pin names or hangs something on.
  void add_supplies() {
    for (const SupplyUse& supply : project_.supplies) {
      if (!used_.contains(supply.id)) continue;
      SupplyPlace place;
      place.at = supply.at;
      place.id = pinned(supply.id, supply.at);
      place.part = pinned(supply.part->id, supply.at);
      if (supply.breakout != nullptr) place.breakout = pinned(supply.breakout->id, supply.at);
      for (const auto& [id, pin] : project_.spec.pins) {
        if (!id.known() || *id != supply.id) continue;
        place.at = pin.at;
        if (pin.circuit.known()) place.circuit = pin.circuit;
        if (pin.breakout.known()) place.breakout = pin.breakout;
        if (pin.sync.known()) place.sync = pin.sync;
        if (pin.cord.known()) place.cord_part = pin.cord;
      }
      layout_.supplies.push_back(std::move(place));
    }
  }

  const Project& project_;
  Diagnostics& out_;
  Layout layout_;
  std::set<std::string> taken_;                          // outputs
  std::set<std::string> used_;                           // supplies
  std::map<int, int> stock_used_;                        // pieces by row of stock
  std::map<std::string, int> cables_used_;               // pieces by part
  std::map<std::string, const Pin*, std::less<>> hung_;  // devices that hang on one supply
  const Pin* board_pin_ = nullptr;
};

}  // namespace

Layout pinned_layout(const Project& project, Diagnostics& out) {
  return Pinning(project, out).run();
}

}  // namespace rigtopo
