// Power of pinned switches: what the slots below one draw comes through its plugs. Links and ports
// are those of every device and port.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "solve/amounts.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {

/// True when a supply feeds what hands 12 V on to the slot of a port: the board, or the plugs of
/// the switch that the port belongs to.
Lit Encoding::host_supply(std::size_t port, std::size_t supply) const {
  const auto k = c_.above(port);
  const auto root = k ? c_.port_of(*k) : std::nullopt;
  return root ? ports_[*root].plugs[supply] : board_supply_[supply];
}

/// By switch and class of cards: literals that a card's slot hangs on the switch's 12 V.
void Encoding::count_below() {
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    if (c_.classes[k].expander == nullptr) continue;
    std::vector<Below>& below = below_[k];
    for (std::size_t j = 0; j < c_.classes.size(); ++j) {
      std::vector<Lit> lits;
      for (std::size_t p = 0; p < ports_.size(); ++p) {
        if (c_.above(p) != k || c_.classes[j].expander != nullptr) continue;
        lits.push_back(f_.fresh());
        for (std::size_t h = 0; h < c_.chains[p].size(); ++h) {
          if (c_.chains[p][h].feed == SlotFeed::own) continue;
          f_.implies({ports_[p].device[j], ports_[p].chain[h]}, {lits.back()});
        }
      }
      if (!lits.empty()) below.push_back({j, lits, f_.counter(lits, lits.size())});
    }
  }
}

/// A share of its own power and of the slots below it.
std::vector<Term> Encoding::switch_terms(std::size_t device_class, double share,
                                         std::size_t level) const {
  const auto root = c_.port_of(device_class);
  const double own = watts_of(device_class, Side::plugs, level);
  std::vector<Term> terms{{load_units(own * share), {ports_[*root].device[device_class]}}};
  for (const Below& b : below_.at(device_class)) {
    const double watts = watts_of(b.device_class, Side::slot, level);
    terms.push_back({load_units(watts * share), b.count});
  }
  return terms;
}

/// L125, P105: plugs of a switch, and each output and cable on them.
void Encoding::load_switches() {
  count_below();
  for (const auto& entry : below_) {
    const std::size_t k = entry.first;
    const auto root = c_.port_of(k);
    if (!root) continue;  // no port of this board: I102 says so
    const DeviceClass& c = c_.classes[k];
    Watts all{0};
    for (const Inlet& i : c.part->inlets) all += i.plug.known() ? plug_rating(*i.plug) : Watts{0};
    each_level([&](std::size_t level) { return switch_terms(k, 1, level); }, limit_units(all.value),
               {},
               f_.demand({"L125",
                          "expander-overloaded",
                          fmt::format("plugs of {} carry no more than {}", c.words(), to_text(all)),
                          c.row->at,
                          {c.members.front()->id}}));
    for (const OwnerVars& owner : ports_[*root].cards) {
      if (owner.device_class == k) load_plugs(owner);
    }
  }
}

void Encoding::load_plugs(const OwnerVars& owner) {
  const DeviceClass& c = c_.classes[owner.device_class];
  const auto parts = power_shares(c.part->inlets);
  const DemandId rated =
      f_.demand({"P105",
                 "output-overloaded",
                 fmt::format("outputs, cables and plugs of {} stay within their rating", c.words()),
                 c.row->at,
                 {c.members.front()->id}});
  for (std::size_t i = 0; i < owner.inlets.size(); ++i) {
    std::map<double, Lit> by_limit;
    for (const FeedVar& f : owner.inlets[i].feeds) {
      const Watts most = std::min(f.choice.inlet_limit, f.choice.output_limit);
      Lit& there = by_limit[most.value];
      if (there == 0) there = f_.fresh();
      f_.implies({f.lit}, {there});
    }
    for (const auto& [watts, there] : by_limit) {
      each_level(
          [&](std::size_t level) { return switch_terms(owner.device_class, parts[i], level); },
          limit_units(watts), {there}, rated);
    }
  }
}

/// L126: switches whose uplink has fewer lanes than they could use.
std::vector<Soft> Encoding::narrow_uplinks() {
  std::vector<Soft> softs;
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    const DeviceClass& c = c_.classes[k];
    const auto root = c.expander != nullptr ? c_.port_of(k) : std::nullopt;
    if (!root || !c.part->width.known()) continue;
    const Lit narrow = f_.fresh();
    for (const auto& [width, lit] : ports_[*root].width) {
      if (width < c.part->width->value) f_.implies({lit}, {narrow});
    }
    softs.push_back({narrow, 1});
  }
  return softs;
}

}  // namespace rigtopo
