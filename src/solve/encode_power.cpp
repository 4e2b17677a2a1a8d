// Plugs, outputs, cables: who feeds whom, through what, and that no conductor carries more than it
// may. What supplies and circuits carry in sum is encode_loads.cpp.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "solve/amounts.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {

/// One owner of inlets: when it is present, each inlet hangs on the supply that its side has
/// chosen.
void Encoding::feed_owner(OwnerVars& owner, const std::vector<Inlet>& inlets,
                          const std::vector<Lit>& supply, const std::string& words) {
  for (const Inlet& inlet : inlets) {
    InletVars vars{inlet.id.value_or("?"), {}};
    const bool of_switch =
        owner.riser == nullptr && c_.classes[owner.device_class].expander != nullptr;
    const DemandId fed = f_.demand(
        {of_switch ? "L115" : "P109",
         of_switch ? "expander-unfed" : "inlet-unfed",
         fmt::format("plug `{}` of {} is fed by outputs and cables that are there", vars.inlet,
                     words),
         owner.riser != nullptr ? owner.riser->at : c_.classes[owner.device_class].row->at,
         {owner.riser != nullptr ? owner.riser->id
                                 : c_.classes[owner.device_class].members.front()->id}});
    for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
      std::vector<Lit> ways;
      for (const FeedChoice& choice : c_.feeds(c_.supplies[s], inlet.plug)) {
        // W106: never a SATA plug before a riser.
        const bool sata = inlet.plug.value == Plug::sata ||
                          c_.supplies[s].outputs[choice.output].plug == Plug::sata;
        if (owner.riser != nullptr && sata) continue;
        const Lit way = f_.fresh();
        f_.implies({way}, {owner.present});
        f_.implies({way}, {supply[s]});
        ways.push_back(way);
        vars.feeds.push_back({way, s, choice});
      }
      f_.implies({owner.present, supply[s]}, ways, fed);
      f_.at_most_one(ways);
    }
    owner.inlets.push_back(std::move(vars));
  }
}

/// P109, W104: every plug of a card on one and the same supply; inlets of a riser likewise.
void Encoding::feed_plugs() {
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    PortVars& port = ports_[p];
    f_.at_most_one(port.plugs);
    f_.at_most_one(port.riser_feed);
    std::vector<Lit> with_plugs;
    for (std::size_t k = 0; k < c_.classes.size(); ++k) {
      const DeviceClass& c = c_.classes[k];
      if (c.part->inlets.empty()) continue;
      with_plugs.push_back(port.device[k]);
      f_.implies({port.device[k]}, port.plugs);
      OwnerVars owner;
      owner.present = port.device[k];
      owner.device_class = k;
      feed_owner(owner, c.part->inlets, port.plugs, c.words());
      port.cards.push_back(std::move(owner));
    }
    // Chains by a part with inlets and by whether these feed the slot, in id order.
    std::map<std::pair<std::string, bool>, std::vector<std::size_t>> by_riser;
    std::vector<Lit> with_feed;
    for (std::size_t h = 0; h < port.chain.size(); ++h) {
      const ChainChoice& chain = c_.chains[p][h];
      for (const Riser* r : chain.plugged) by_riser[{r->id, r == chain.feeder}].push_back(h);
      if (chain.plugged.empty()) continue;
      with_feed.push_back(port.chain[h]);
      f_.implies({port.chain[h]}, port.riser_feed);
    }
    for (const auto& [key, chains] : by_riser) {
      OwnerVars owner;
      owner.present = f_.fresh();
      for (const Riser* r : c_.chains[p][chains.front()].plugged) {
        if (r->id == key.first) owner.riser = r;
      }
      owner.feeds_slot = key.second;
      std::vector<Lit> any;
      for (const std::size_t h : chains) {
        f_.implies({port.chain[h]}, {owner.present});
        any.push_back(port.chain[h]);
      }
      f_.implies({owner.present}, any);
      feed_owner(owner, owner.riser->inlets, port.riser_feed, "`" + key.first + "`");
      port.risers.push_back(std::move(owner));
    }
    for (const Lit s : port.plugs) f_.implies({s}, with_plugs);
    for (const Lit s : port.riser_feed) f_.implies({s}, with_feed);
  }
}

/// P115: one supply with standby feeds every inlet that the board needs, and others as it likes.
void Encoding::feed_board() {
  f_.at_most_one(board_supply_);
  const DemandId fed = f_.demand({"P115",
                                  "board-unfed",
                                  "one supply with 5 V, 3.3 V and standby feeds the board",
                                  c_.board_at,
                                  {c_.board.id}});
  f_.clause(board_supply_, fed);
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    if (!c_.supplies[s].feeds_board) f_.clause({-board_supply_[s]}, fed);
  }
  if (c_.board.inlets.empty()) {
    f_.clause({}, f_.demand({"P115",
                             "board-unfed",
                             fmt::format("power inlets of `{}` are not known", c_.board.id),
                             c_.board_at,
                             {c_.board.id}}));
  }
  for (const BoardInlet& inlet : c_.board.inlets) {
    const bool slots = inlet.use.value_or(InletUse::board) == InletUse::slots;
    const bool required = inlet.required.value_or(!slots);
    for (const std::string& id : numbered(inlet.id.value_or("?"), inlet.count.value_or(1))) {
      BoardInletVars vars;
      vars.inlet = id;
      vars.part = &inlet;
      vars.fed = required ? 0 : f_.fresh();
      std::vector<Lit> all;
      for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
        std::vector<Lit> ways;
        for (const FeedChoice& choice : c_.feeds(c_.supplies[s], inlet.plug)) {
          ways.push_back(f_.fresh());
          f_.implies({ways.back()}, {board_supply_[s]});
          if (!required) f_.implies({ways.back()}, {vars.fed});
          vars.feeds.push_back({ways.back(), s, choice});
        }
        if (required) f_.implies({board_supply_[s]}, ways, fed);
        f_.at_most_one(ways);
        all.insert(all.end(), ways.begin(), ways.end());
      }
      if (!required) f_.implies({vars.fed}, all);
      if (required || !all.empty()) board_inlets_.push_back(std::move(vars));
    }
  }
}

/// Where the 12 V of each slot comes from; W103: where copper is joined, it must be one supply.
void Encoding::slot_sources() {
  const DemandId apart = f_.demand(
      {"W103", "joined-12v", "12 V of different supplies is never joined", c_.board_at, {"board"}});
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    PortVars& port = ports_[p];
    for (std::size_t h = 0; h < port.chain.size(); ++h) {
      const SlotFeed feed = c_.chains[p][h].feed;
      for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
        const Lit chain = port.chain[h];
        if (feed == SlotFeed::own) {
          f_.implies({chain, port.riser_feed[s]}, {port.slot[s]});
        } else if (feed == SlotFeed::joined || feed == SlotFeed::unknown_cut) {
          f_.implies({chain, port.riser_feed[s]}, {host_supply(p, s)}, apart);
          f_.implies({chain, host_supply(p, s)}, {port.slot[s]});
        } else {
          for (std::size_t k = 0; k < c_.classes.size(); ++k) {
            if (!in_slot(c_.classes[k])) continue;
            f_.implies({chain, port.device[k], host_supply(p, s)}, {port.slot[s]});
          }
        }
      }
    }
  }
}

/// From the first power limit on at which a feed would carry too much, it is not there.
void Encoding::limit_feed(const FeedVar& feed, const std::function<double(std::size_t)>& carried,
                          const std::string& words, Source at, const std::string& subject) {
  for (std::size_t j = 0; j < level_.size(); ++j) {
    const Watts load{carried(j)};
    if (!exceeds(load, feed.choice.inlet_limit) && !exceeds(load, feed.choice.output_limit)) {
      continue;
    }
    const DemandId rated =
        f_.demand({"P105",
                   "output-overloaded",
                   fmt::format("outputs, cables and plugs of {} stay within their rating", words),
                   at,
                   {subject}});
    f_.implies({feed.lit, level_[j]}, {}, rated);
    return;
  }
}

/// P105, P106: an output, cable or plug carries no more than its rating at the power limit chosen.
void Encoding::limit_conductors() {
  for (const PortVars& port : ports_) {
    for (const OwnerVars& owner : port.cards) {
      const DeviceClass& c = c_.classes[owner.device_class];
      if (c.expander != nullptr) continue;  // load_switches()
      const auto parts = power_shares(c.part->inlets);
      for (std::size_t i = 0; i < owner.inlets.size(); ++i) {
        for (const FeedVar& feed : owner.inlets[i].feeds) {
          limit_feed(
              feed, [&](std::size_t j) { return c_.draw(c, j).aux_expected.value * parts[i]; },
              c.words(), c.row->at, c.members.front()->id);
        }
      }
    }
    for (const OwnerVars& owner : port.risers) {
      if (!owner.feeds_slot) continue;
      const auto parts = power_shares(owner.riser->inlets);
      const DemandId rated =
          f_.demand({"P106",
                     "plug-overloaded",
                     fmt::format("inlets of `{}` stay within their rating", owner.riser->id),
                     owner.riser->at,
                     {owner.riser->id}});
      // What its inlets carry is the slot power of the card behind it.
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        if (!in_slot(c_.classes[k])) continue;
        for (std::size_t i = 0; i < owner.inlets.size(); ++i) {
          for (const FeedVar& feed : owner.inlets[i].feeds) {
            for (std::size_t j = 0; j < level_.size(); ++j) {
              const Watts load{c_.draw(c_.classes[k], j).slot_expected.value * parts[i]};
              if (!exceeds(load, feed.choice.inlet_limit) &&
                  !exceeds(load, feed.choice.output_limit)) {
                continue;
              }
              f_.implies({feed.lit, port.device[k], level_[j]}, {}, rated);
              break;
            }
          }
        }
      }
    }
  }
}

/// W102: as many connections as a supply has outputs of a kind.
void Encoding::count_outputs() {
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    for (std::size_t o = 0; o < c_.supplies[s].outputs.size(); ++o) {
      std::vector<Lit> taken;
      each_inlet([&](const InletVars& inlet) {
        for (const FeedVar& f : inlet.feeds) {
          if (f.supply != s || f.choice.output != o) continue;
          taken.insert(taken.end(), static_cast<std::size_t>(f.choice.outputs), f.lit);
        }
      });
      const OutputKind& kind = c_.supplies[s].outputs[o];
      const auto count = static_cast<std::size_t>(kind.count);
      if (taken.size() <= count) continue;
      const std::string id = c_.supplies[s].use->id;
      f_.at_most(taken, count,
                 f_.demand({"W102",
                            "output-taken",
                            fmt::format("`{}` has {} outputs `{}` ({})", id, kind.count, kind.id,
                                        word(kind.plug)),
                            c_.supplies[s].use->at,
                            {id}}));
    }
  }
}

/// W108: cables, supplies and breakout boards as far as there are any; and what buying costs.
void Encoding::stock_of_power() {
  each_inlet([&](const InletVars& inlet) {
    std::map<std::string, std::vector<Lit>> by_cable;
    for (const FeedVar& f : inlet.feeds) {
      if (f.choice.cable != nullptr) by_cable[f.choice.cable->id].push_back(f.lit);
    }
    for (const auto& [cable, ways] : by_cable) {
      // One inlet takes one cable, from whichever supply.
      const Lit here = ways.size() == 1 ? ways.front() : f_.fresh();
      for (const Lit l : ways) {
        if (l != here) f_.implies({l}, {here});
      }
      f_.implies({here}, ways);
      use_stock(cable, here, 1);
    }
  });
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const SupplyUse& use = *c_.supplies[s].use;
    use_stock(use.part->id, supply_used_[s], 1);
    // A breakout board that its supply's stock row names comes with it.
    const auto row = static_cast<std::size_t>(use.stock);
    const bool comes_with = use.breakout != nullptr && row < c_.project.stock.size() &&
                            c_.project.stock[row].breakout == use.breakout->id;
    if (use.breakout != nullptr && !comes_with) use_stock(use.breakout->id, supply_used_[s], 1);
  }
  for (const auto& [part, uses] : uses_) limit_stock(part, uses);
}

/// Supplies, circuits and feeds that the user fixed as built.
void Encoding::pin_power() {
  for (const auto& pin : c_.project.spec.pins) {
    const std::string& id = *pin.key.value;
    const Pin& p = pin.value;
    const auto fixed = [&](const std::string& what, Source at) {
      return f_.demand({"I102", "pinned", fmt::format("`{}` is pinned to {}", id, what), at, {id}});
    };
    for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
      if (p.supply.known() && c_.supplies[s].use->id != *p.supply) {
        pin_supply(p, id, s, fixed("`" + *p.supply + "`", p.supply.at));
      }
      if (p.circuit.known() && c_.supplies[s].use->id == id) {
        const DemandId demand = fixed("circuit `" + *p.circuit + "`", p.circuit.at);
        for (std::size_t q = 0; q < circuit_[s].size(); ++q) {
          const auto& row = c_.project.spec.mains.circuits[q];
          if (&row != c_.project.circuit(*p.circuit)) f_.clause({-circuit_[s][q]}, demand);
        }
      }
    }
    const auto pin_feeds = [&](const std::vector<Feed>& feeds, const InletVars& inlet, Lit when) {
      for (const Feed& feed : feeds) {
        if (feed.inlet.value_or("") != inlet.inlet) continue;
        const DemandId demand =
            fixed("the outputs named for `" + inlet.inlet + "`", feed.at.known() ? feed.at : p.at);
        for (const FeedVar& f : inlet.feeds) {
          if (!is_feed(f, feed)) f_.implies({when, f.lit}, {}, demand);
        }
      }
    };
    for (const PortVars& port : ports_) {
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        if (c_.classes[k].pin != &p) continue;
        for (const OwnerVars& owner : port.cards) {
          if (owner.device_class != k) continue;
          for (const InletVars& inlet : owner.inlets) pin_feeds(p.aux, inlet, port.device[k]);
        }
        for (const OwnerVars& owner : port.risers) {
          for (const InletVars& inlet : owner.inlets) pin_feeds(p.riser, inlet, port.device[k]);
        }
        pin_slot(p, port, port.device[k], fixed("its source of slot power", p.slot.at));
      }
    }
    for (const BoardInletVars& inlet : board_inlets_) {
      if (id == "board") pin_feeds(p.aux, inlet, level_.front());  // always
    }
  }
}

/// Nothing of a pinned device, or of the board, hangs on another supply `s`.
void Encoding::pin_supply(const Pin& pin, const std::string& id, std::size_t s, DemandId demand) {
  if (id == "board") f_.clause({-board_supply_[s]}, demand);
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    if (c_.classes[k].pin != &pin) continue;
    for (const PortVars& port : ports_) {
      f_.implies({port.device[k], port.plugs[s]}, {}, demand);
      if (pin.riser.empty()) f_.implies({port.device[k], port.riser_feed[s]}, {}, demand);
    }
  }
}

/// The slot is fed by the board, or by inlets of a riser.
void Encoding::pin_slot(const Pin& pin, const PortVars& port, Lit device, DemandId demand) {
  if (!pin.slot.known()) return;
  const auto p = static_cast<std::size_t>(&port - ports_.data());
  for (std::size_t h = 0; h < port.chain.size(); ++h) {
    const bool riser = c_.chains[p][h].feed != SlotFeed::host;
    if ((*pin.slot == "riser" && !riser) || (*pin.slot == "board" && riser)) {
      f_.implies({device, port.chain[h]}, {}, demand);
    }
  }
}

/// Is this way of feeding the one that a pin names? Outputs of one kind are alike.
bool Encoding::is_feed(const FeedVar& f, const Feed& pinned) const {
  const std::string cable = f.choice.cable != nullptr ? f.choice.cable->id : "";
  if (pinned.part.value_or("") != cable) return false;
  const SupplyChoice& supply = c_.supplies[f.supply];
  const OutputKind& kind = supply.outputs.at(f.choice.output);
  const auto names = numbered(kind.id, kind.count);
  return std::all_of(pinned.from.begin(), pinned.from.end(), [&](const Fact<std::string>& from) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return from.value_or("") == supply.use->id + "." + name;
    });
  });
}

}  // namespace rigtopo
