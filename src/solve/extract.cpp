// From the last model to a Layout: which member of a class sits on which port, which output of a
// kind a plug takes, tags, hashes. Decides nothing that the model left open but numbering.
#include <algorithm>
#include <map>
#include <set>

#include "physics/expander_place.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {
namespace {

Fact<std::string> text(std::string t) { return Fact<std::string>(std::move(t)); }

/// Hands out outputs of a kind one after the other.
class Outputs {
 public:
  /// Outputs that pins name are for these alone.
  void reserve(const std::vector<Feed>& feeds) {
    for (const Feed& feed : feeds) {
      for (const auto& from : feed.from) reserved_.insert(from.value_or(""));
    }
  }
  std::vector<Fact<std::string>> take(const SupplyChoice& supply, const FeedChoice& choice) {
    const OutputKind& kind = supply.outputs.at(choice.output);
    const auto names = numbered(kind.id, kind.count);
    std::size_t& next = next_[supply.use->id + "." + kind.id];
    std::vector<Fact<std::string>> taken;
    for (int i = 0; i < choice.outputs; ++i) {
      while (reserved_.contains(supply.use->id + "." + names.at(next))) ++next;
      taken.push_back(text(supply.use->id + "." + names.at(next++)));
    }
    return taken;
  }

 private:
  std::map<std::string, std::size_t> next_;
  std::set<std::string> reserved_;
};

}  // namespace

Layout Encoding::extract() const {
  Layout layout;
  layout.version = 1;
  layout.board = text(c_.board.id);
  layout.bridges = c_.project.spec.bridges;
  extract_places(layout);
  extract_power(layout);
  extract_links(layout);
  assign_tags(layout);
  record_origin(layout, c_.project);
  return layout;
}

void Encoding::extract_places(Layout& layout) const {
  std::map<std::string, DevicePlace> places;
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    std::size_t next = 0;
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      const PortVars& port = ports_[p];
      if (!is(port.device[k])) continue;
      const DeviceUse& use = *c_.classes[k].members.at(next++);
      DevicePlace place;
      place.id = text(use.id);
      place.part = text(use.part->id);
      place.port = text(c_.ports[p].id);
      place.chain_decided = true;
      for (std::size_t h = 0; h < port.chain.size(); ++h) {
        if (!is(port.chain[h])) continue;
        for (const auto& [riser, pieces] : c_.chains[p][h].parts) {
          ChainLink link;
          link.part = text(riser->id);
          if (pieces > 1) link.count = pieces;
          for (std::size_t s = 0; s < c_.project.stock.size() && !link.stock.known(); ++s) {
            const StockUse& stock = c_.project.stock[s];
            if (stock.part_id == riser->id && stock.row >= 0) link.stock = stock.row;
          }
          place.chain.push_back(std::move(link));
        }
      }
      for (std::size_t m = 0; m < port.mount.size(); ++m) {
        if (!is(port.mount[m])) continue;
        if (m < c_.mounts.size()) {
          place.mount = c_.mounts[m].id;
          LayoutRoute route;
          const auto needed = route_from(c_.fixed, c_.ports[p], c_.mounts[m]);
          if (needed.known()) route.needed = *needed;
          for (std::size_t h = 0; h < port.chain.size(); ++h) {
            const auto& length = c_.chains[p][h].length;
            if (is(port.chain[h]) && length.known()) route.fitted = *length;
          }
          place.route = route;
        } else if (place.chain.empty()) {
          place.mount = text("direct");
        }
      }
      places[use.id] = std::move(place);
      const auto& limit = c_.limit_at(
          c_.classes[k],
          static_cast<std::size_t>(
              std::count_if(level_.begin(), level_.end(), [&](Lit l) { return is(l); }) - 1));
      if (limit) layout.power_limits.push_back({text(use.id), *limit});
    }
  }
  for (const DeviceUse& use : c_.project.devices) layout.devices.push_back(places[use.id]);
  for (const ExpanderUse& use : c_.project.expanders) {
    if (places.contains(use.id)) layout.expanders.push_back(places[use.id]);
  }
  std::sort(layout.power_limits.begin(), layout.power_limits.end(),
            [&](const auto& a, const auto& b) {
              const auto index = [&](const std::string& id) {
                return c_.project.device(id) - c_.project.devices.data();
              };
              return index(*a.key) < index(*b.key);
            });
  for (std::size_t i = 0; i < c_.cores.size(); ++i) {
    // As wired: nothing to set.
    if (c_.cores[i].as_wired || c_.board.chipset(c_.cores[i].id) != nullptr) continue;
    bool used = false;
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      used = used || (c_.ports[p].core_id == c_.cores[i].id && is(ports_[p].used));
    }
    for (std::size_t s = 0; s < splits_[i].size() && used; ++s) {
      if (is(splits_[i][s])) {
        layout.modes.push_back({text(c_.cores[i].id), text(c_.cores[i].splits[s].text)});
      }
    }
  }
  for (const auto& [group, modes] : modes_) {
    for (std::size_t m = 0; m < modes.size(); ++m) {
      if (is(modes[m])) {
        layout.modes.push_back({text(group->id.value_or("?")), group->modes[m].id});
      }
    }
  }
}

/// What the links train to, read off the layout itself.
void Encoding::extract_links(Layout& layout) const {
  const Rig rig = build_rig(c_.project, layout);
  const auto show = [&](DevicePlace& place) {
    const std::optional<LinkPath> path = rig.link_path(place);
    const std::optional<TrainedLink> link = path ? trained_link(*path) : std::nullopt;
    if (!link) return;
    LayoutLink shown;
    shown.width = link->width;
    shown.generation = static_cast<int>(link->generation);
    if (!link->limited_by.empty()) shown.limited_by = text(link->limited_by);
    LayoutLoss loss;
    loss.band = text(std::string(to_string(link->loss.band)));
    if (link->loss.margin.known()) loss.margin = *link->loss.margin;
    shown.loss = loss;
    place.link = shown;
  };
  for (DevicePlace& place : layout.devices) show(place);
  for (DevicePlace& place : layout.expanders) show(place);
}

void Encoding::extract_power(Layout& layout) const {
  Outputs outputs;
  for (const auto& pin : c_.project.spec.pins) {
    outputs.reserve(pin.value.aux);
    outputs.reserve(pin.value.riser);
  }
  const auto pinned = [&](const std::string& id, const std::string& inlet,
                          bool riser) -> const Feed* {
    for (const auto& pin : c_.project.spec.pins) {
      if (pin.key.value != id) continue;
      for (const Feed& feed : riser ? pin.value.riser : pin.value.aux) {
        if (feed.inlet.value == inlet) return &feed;
      }
    }
    return nullptr;
  };
  const auto feeds_of = [&](const auto& inlets, const std::string& id, bool riser) {
    std::vector<Feed> feeds;
    for (const InletVars& inlet : inlets) {
      if (const Feed* fixed = pinned(id, inlet.inlet, riser)) {
        feeds.push_back(*fixed);
        continue;
      }
      for (const FeedVar& f : inlet.feeds) {
        if (!is(f.lit)) continue;
        Feed feed;
        feed.inlet = text(inlet.inlet);
        if (f.choice.cable != nullptr) feed.part = text(f.choice.cable->id);
        feed.from = outputs.take(c_.supplies[f.supply], f.choice);
        feeds.push_back(std::move(feed));
        break;
      }
    }
    return feeds;
  };
  const auto feed_place = [&](DevicePlace& place) {
    const auto port = std::find_if(c_.ports.begin(), c_.ports.end(), [&](const PortChoice& p) {
      return p.id == place.port.value_or("");
    });
    if (port == c_.ports.end()) return;
    const auto p = static_cast<std::size_t>(port - c_.ports.begin());
    for (const OwnerVars& owner : ports_[p].cards) {
      if (is(owner.present)) place.power.aux = feeds_of(owner.inlets, place.id.value_or(""), false);
    }
    for (const OwnerVars& owner : ports_[p].risers) {
      if (!is_there(owner, p)) continue;
      std::vector<Feed> feeds = feeds_of(owner.inlets, place.id.value_or(""), true);
      place.power.riser.insert(place.power.riser.end(), feeds.begin(), feeds.end());
    }
    const DeviceUse* use = c_.project.device(place.id.value_or(""));
    const auto held = c_.switch_on(p);
    const Device* part = held ? c_.classes[*held].part : use != nullptr ? use->part : nullptr;
    const bool card = part != nullptr && part->edge.value_or(Socket::slot) == Socket::slot;
    std::string slot = card ? "board" : "none";
    for (std::size_t h = 0; h < ports_[p].chain.size(); ++h) {
      if (is(ports_[p].chain[h]) && c_.chains[p][h].feeder != nullptr && card) slot = "riser";
    }
    place.power.slot = text(slot);
  };
  for (DevicePlace& place : layout.devices) feed_place(place);
  for (DevicePlace& place : layout.expanders) feed_place(place);
  layout.board_power = feeds_of(board_inlets_, "board", false);
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    if (!is(supply_used_[s])) continue;
    const SupplyUse& use = *c_.supplies[s].use;
    SupplyPlace place;
    place.id = text(use.id);
    place.part = text(use.part->id);
    if (use.breakout != nullptr) place.breakout = text(use.breakout->id);
    for (std::size_t q = 0; q < circuit_[s].size(); ++q) {
      if (is(circuit_[s][q])) place.circuit = c_.project.spec.mains.circuits[q].id;
    }
    place.sync = text(is(board_supply_[s]) ? "master" : "follower");
    for (const auto& pin : c_.project.spec.pins) {
      if (pin.key.value != use.id) continue;
      if (pin.value.circuit.known()) place.circuit = text(*pin.value.circuit);  // or a unit on it
      if (pin.value.cord.known()) place.cord_part = text(*pin.value.cord);
      if (pin.value.sync.known()) place.sync = text(*pin.value.sync);
    }
    layout.supplies.push_back(std::move(place));
  }
}

/// Is a riser part with inlets in the chain chosen for its port, in the owner's role?
bool Encoding::is_there(const OwnerVars& owner, std::size_t p) const {
  for (std::size_t h = 0; h < ports_[p].chain.size(); ++h) {
    const ChainChoice& chain = c_.chains[p][h];
    const bool plugged =
        std::find(chain.plugged.begin(), chain.plugged.end(), owner.riser) != chain.plugged.end();
    if (is(ports_[p].chain[h]) && plugged && (chain.feeder == owner.riser) == owner.feeds_slot) {
      return true;
    }
  }
  return false;
}

std::vector<Lit> Encoding::true_decisions() const {
  std::vector<Lit> lits;
  for (const Settled& row : canonical()) {
    for (const Lit l : row.lits) {
      if (is(l)) lits.push_back(l);
    }
  }
  return lits;
}

}  // namespace rigtopo
