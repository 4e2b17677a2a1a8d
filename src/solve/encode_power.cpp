// Plugs, outputs, supplies, circuits: who feeds whom, and that nothing carries more than it may.
// Amounts are whole hundredths of a watt: loads are rounded up, limits down.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "solve/amounts.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {
/// One owner of inlets: when it is present, each inlet hangs on the supply that its side has
/// chosen.
void Encoding::feed_owner(PortVars&, OwnerVars& owner, const std::vector<Inlet>& inlets,
                          const std::vector<Lit>& supply, const std::string& words) {
  for (const Inlet& inlet : inlets) {
    InletVars vars{inlet.id.value_or("?"), {}};
    const DemandId fed = f_.demand(
        {"P109",
         "inlet-unfed",
         fmt::format("plug `{}` of {} is fed by outputs and cables that are there", vars.inlet,
                     words),
         owner.riser != nullptr ? owner.riser->at : c_.classes[owner.device_class].row->at,
         {owner.riser != nullptr ? owner.riser->id
                                 : c_.classes[owner.device_class].members.front()->id}});
    for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
      std::vector<Lit> ways;
      for (const FeedChoice& choice :
           c_.feeds(c_.supplies[s], inlet.plug.value_or(Plug::pcie_6pin))) {
        // W106: never a SATA plug behind a riser.
        if (owner.riser != nullptr && c_.supplies[s].outputs[choice.output].plug == Plug::sata) {
          continue;
        }
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
      OwnerVars owner{port.device[k], k, nullptr, {}};
      feed_owner(port, owner, c.part->inlets, port.plugs, c.words());
      port.cards.push_back(std::move(owner));
    }
    std::map<std::string, std::vector<std::size_t>> by_riser;  // chains by fed part, in id order
    std::vector<Lit> with_feed;
    for (std::size_t h = 0; h < port.chain.size(); ++h) {
      const ChainChoice& chain = c_.chains[p][h];
      if (chain.fed == nullptr) continue;
      by_riser[chain.fed->id].push_back(h);
      with_feed.push_back(port.chain[h]);
      f_.implies({port.chain[h]}, port.riser_feed);
    }
    for (const auto& [id, chains] : by_riser) {
      OwnerVars owner{f_.fresh(), 0, c_.chains[p][chains.front()].fed, {}};
      std::vector<Lit> any;
      for (const std::size_t h : chains) {
        f_.implies({port.chain[h]}, {owner.present});
        any.push_back(port.chain[h]);
      }
      f_.implies({owner.present}, any);
      feed_owner(port, owner, owner.riser->inlets, port.riser_feed, "`" + id + "`");
      port.risers.push_back(std::move(owner));
    }
    for (const Lit s : port.plugs) f_.implies({s}, with_plugs);
    for (const Lit s : port.riser_feed) f_.implies({s}, with_feed);
  }
}

/// P115: one supply with standby feeds every inlet that the board needs.
void Encoding::feed_board() {
  f_.at_most_one(board_supply_);
  const DemandId fed = f_.demand({"P115",
                                  "board-unfed",
                                  "one supply with 5 V, 3.3 V and standby feeds the board",
                                  c_.board.at,
                                  {c_.board.id}});
  f_.clause(board_supply_, fed);
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    if (!c_.supplies[s].feeds_board) f_.clause({-board_supply_[s]}, fed);
  }
  for (const BoardInlet& inlet : c_.board.inlets) {
    const bool slots = inlet.use.value_or(InletUse::board) == InletUse::slots;
    if (!inlet.required.value_or(!slots)) continue;
    for (const std::string& id : numbered(inlet.id.value_or("?"), inlet.count.value_or(1))) {
      InletVars vars{id, {}};
      for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
        std::vector<Lit> ways;
        for (const FeedChoice& choice :
             c_.feeds(c_.supplies[s], inlet.plug.value_or(Plug::atx_24pin))) {
          ways.push_back(f_.fresh());
          f_.implies({ways.back()}, {board_supply_[s]});
          vars.feeds.push_back({ways.back(), s, choice});
        }
        f_.implies({board_supply_[s]}, ways, fed);
        f_.at_most_one(ways);
      }
      board_inlets_.push_back(std::move(vars));
      board_inlet_parts_.push_back(&inlet);
    }
  }
}

/// Where the 12 V of each slot comes from; W103: where copper is joined, it must be one supply.
void Encoding::slot_sources() {
  const DemandId apart = f_.demand(
      {"W103", "joined-12v", "12 V of different supplies is never joined", c_.board.at, {"board"}});
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    PortVars& port = ports_[p];
    for (std::size_t h = 0; h < port.chain.size(); ++h) {
      const SlotFeed feed = c_.chains[p][h].feed;
      for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
        const Lit chain = port.chain[h];
        if (feed == SlotFeed::own) {
          f_.implies({chain, port.riser_feed[s]}, {port.slot[s]});
        } else if (feed == SlotFeed::joined || feed == SlotFeed::unknown_cut) {
          f_.implies({chain, port.riser_feed[s]}, {board_supply_[s]}, apart);
          f_.implies({chain, board_supply_[s]}, {port.slot[s]});
        } else {
          for (std::size_t k = 0; k < c_.classes.size(); ++k) {
            if (!in_slot(c_.classes[k])) continue;
            f_.implies({chain, port.device[k], board_supply_[s]}, {port.slot[s]});
          }
        }
      }
    }
  }
}

/// P105, P106: an output, cable or plug carries no more than its rating at the power limit chosen.
void Encoding::limit_conductors() {
  const auto limit = [&](const FeedVar& feed, const std::function<double(std::size_t)>& carried,
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
  };
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    for (const OwnerVars& owner : ports_[p].cards) {
      const DeviceClass& c = c_.classes[owner.device_class];
      const auto parts = shares(plugs_of(c.part->inlets));
      for (std::size_t i = 0; i < owner.inlets.size(); ++i) {
        for (const FeedVar& feed : owner.inlets[i].feeds) {
          limit(
              feed, [&](std::size_t j) { return c_.draw(c, j).aux_expected.value * parts[i]; },
              c.words(), c.row->at, c.members.front()->id);
        }
      }
    }
    for (const OwnerVars& owner : ports_[p].risers) {
      const auto parts = shares(plugs_of(owner.riser->inlets));
      // The strongest slot draw of any class that could sit there.
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        if (!in_slot(c_.classes[k])) continue;
        for (std::size_t i = 0; i < owner.inlets.size(); ++i) {
          for (const FeedVar& feed : owner.inlets[i].feeds) {
            const double load = c_.draw(c_.classes[k], level_.size() - 1).slot_expected.value;
            const Watts share{load * parts[i]};
            if (!exceeds(share, feed.choice.inlet_limit) &&
                !exceeds(share, feed.choice.output_limit)) {
              continue;
            }
            const DemandId rated =
                f_.demand({"P106",
                           "plug-overloaded",
                           fmt::format("inlets of `{}` stay within their rating", owner.riser->id),
                           owner.riser->at,
                           {owner.riser->id}});
            f_.implies({feed.lit, ports_[p].device[k]}, {}, rated);
          }
        }
      }
    }
  }
  std::vector<Plug> cpu_plugs;
  for (const BoardInlet* inlet : board_inlet_parts_) {
    if (inlet->use.value_or(InletUse::board) == InletUse::cpu) {
      cpu_plugs.push_back(inlet->plug.value_or(Plug::eps_8pin));
    }
  }
  const double cpu = cpu_power(c_.project).value.value_or(Watts{0}).value;
  std::size_t next = 0;
  for (std::size_t i = 0; i < board_inlets_.size(); ++i) {
    if (board_inlet_parts_[i]->use.value_or(InletUse::board) != InletUse::cpu) continue;
    const double share = shares(cpu_plugs).at(next++);
    for (const FeedVar& feed : board_inlets_[i].feeds) {
      limit(
          feed, [&](std::size_t) { return cpu * share; }, "the board", c_.board.at, c_.board.id);
    }
  }
}

/// W102: as many connections as a supply has outputs of a kind.
void Encoding::count_outputs() {
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    for (std::size_t o = 0; o < c_.supplies[s].outputs.size(); ++o) {
      std::vector<Lit> taken;
      const auto add = [&](const InletVars& inlet) {
        for (const FeedVar& f : inlet.feeds) {
          if (f.supply != s || f.choice.output != o) continue;
          taken.insert(taken.end(), static_cast<std::size_t>(f.choice.outputs), f.lit);
        }
      };
      for (const PortVars& port : ports_) {
        for (const OwnerVars& owner : port.cards)
          std::for_each(owner.inlets.begin(), owner.inlets.end(), add);
        for (const OwnerVars& owner : port.risers)
          std::for_each(owner.inlets.begin(), owner.inlets.end(), add);
      }
      std::for_each(board_inlets_.begin(), board_inlets_.end(), add);
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
  const auto add = [&](const InletVars& inlet) {
    for (const FeedVar& f : inlet.feeds) {
      if (f.choice.cable != nullptr) use_stock(f.choice.cable->id, f.lit, 1);
    }
  };
  for (const PortVars& port : ports_) {
    for (const OwnerVars& owner : port.cards)
      std::for_each(owner.inlets.begin(), owner.inlets.end(), add);
    for (const OwnerVars& owner : port.risers)
      std::for_each(owner.inlets.begin(), owner.inlets.end(), add);
  }
  std::for_each(board_inlets_.begin(), board_inlets_.end(), add);
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const SupplyUse& use = *c_.supplies[s].use;
    use_stock(use.part->id, supply_used_[s], 1);
    if (use.breakout != nullptr) use_stock(use.breakout->id, supply_used_[s], 1);
  }
  for (const auto& [part, uses] : uses_) limit_stock(part, uses);
}

/// A supply that feeds something is there, and hangs on one circuit.
void Encoding::place_supplies() {
  const auto& circuits = c_.project.spec.mains.circuits;
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    std::vector<Lit> reasons{board_supply_[s]};
    for (const PortVars& port : ports_) {
      reasons.push_back(port.plugs[s]);
      reasons.push_back(port.riser_feed[s]);
    }
    for (const Lit r : reasons) f_.implies({r}, {supply_used_[s]});
    f_.implies({supply_used_[s]}, reasons);
    circuit_.push_back(fresh_lits(f_, circuits.size()));
    if (circuits.empty()) continue;
    f_.implies({supply_used_[s]}, circuit_[s]);
    f_.at_most_one(circuit_[s]);
    for (std::size_t q = 0; q < circuits.size(); ++q) {
      f_.implies({circuit_[s][q]}, {supply_used_[s]});
      const Supply& part = *c_.supplies[s].use->part;
      const bool rated = circuits[q].volts.known() && circuits[q].breaker.known() &&
                         rating_at(part, *circuits[q].volts).known();
      if (rated) continue;
      f_.clause({-circuit_[s][q]},
                f_.demand({"P103",
                           "mains-voltage-unfit",
                           fmt::format("`{}` has a rating at the voltage of circuit `{}`", part.id,
                                       circuits[q].id.value_or("?")),
                           circuits[q].at,
                           {part.id}}));
    }
  }
  // P111
  for (std::size_t q = 0; q < circuits.size(); ++q) {
    if (!circuits[q].outlets.known()) continue;
    std::vector<Lit> plugged;
    for (const auto& c : circuit_) plugged.push_back(c[q]);
    const auto outlets = static_cast<std::size_t>(*circuits[q].outlets);
    if (plugged.size() <= outlets) continue;
    f_.at_most(plugged, outlets,
               f_.demand({"P111",
                          "outlets-exceeded",
                          fmt::format("circuit `{}` has {} outlets", circuits[q].id.value_or("?"),
                                      outlets),
                          circuits[q].outlets.at,
                          {circuits[q].id.value_or("?")}}));
  }
}

/// How each card loads each supply: through its plugs alone, its slot alone, or both.
void Encoding::split_draws() {
  draws_.resize(ports_.size());
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    const PortVars& port = ports_[p];
    for (std::size_t k = 0; k < c_.classes.size(); ++k) {
      std::vector<Draw> row(c_.supplies.size());
      const bool plugs = !c_.classes[k].part->inlets.empty();
      for (std::size_t s = 0; s < c_.supplies.size() && in_slot(c_.classes[k]); ++s) {
        Draw& d = row[s];
        d.slot_only = f_.fresh();
        if (plugs) {
          d.plugs_only = f_.fresh();
          d.both = f_.fresh();
          f_.implies({port.device[k], port.plugs[s], port.slot[s]}, {d.both});
          f_.implies({port.device[k], port.plugs[s]}, {port.slot[s], d.plugs_only});
          f_.implies({port.device[k], port.slot[s]}, {port.plugs[s], d.slot_only});
        } else {
          f_.implies({port.device[k], port.slot[s]}, {d.slot_only});
        }
      }
      draws_[p].push_back(std::move(row));
    }
  }
}

}  // namespace rigtopo
