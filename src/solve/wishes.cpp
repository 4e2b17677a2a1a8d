// The objective: each wish as one or more levels of softs, in the order of the spec, then the
// implicit tail (power, price, cable). Quanta as documented: 0.1 GB/s, 5 W, hundredths of the
// currency, 10 mm.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.hpp"
#include "physics/paths.hpp"
#include "solve/amounts.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {
namespace {

long tenths(GigabytesPerSecond b) { return std::lround(b.value * 10); }
long centimetres(Millimetres mm) { return static_cast<long>(std::ceil(mm.value / 10 - 1e-9)); }

constexpr Millimetres unknown_riser{10'000};  // never looks short

WishLevel unsupported(std::string wish, std::string what) {
  WishLevel level;
  level.wish = std::move(wish);
  level.what = std::move(what);
  level.supported = false;
  return level;
}

}  // namespace

std::vector<WishLevel> Encoding::wish_levels(const std::vector<Wish>& front) {
  link_ladder();
  std::vector<WishLevel> levels;
  std::set<Wish> written;
  for (const Wish wish : front) {
    if (!written.insert(wish).second) continue;
    for (WishLevel& l : levels_of(wish)) {
      l.of_front = true;
      levels.push_back(std::move(l));
    }
  }
  for (const Fact<Wish>& wish : c_.project.spec.want) {
    if (!wish.known() || !written.insert(*wish).second) continue;
    for (WishLevel& l : levels_of(*wish)) levels.push_back(std::move(l));
  }
  for (const Wish tail : {Wish::power, Wish::price, Wish::cable}) {
    if (written.contains(tail)) continue;
    for (WishLevel& l : levels_of(tail)) {
      l.wish = "tail: " + l.wish;
      levels.push_back(std::move(l));
    }
  }
  levels.push_back(fewest_cautions());
  return levels;
}

std::vector<WishLevel> Encoding::levels_of(Wish wish) {
  switch (wish) {
    case Wish::links:
      return {least_link(), total_links()};
    case Wish::p2p:
      return peers();
    case Wish::margin:
      return margins();
    case Wish::power:
      return c_.levels.size() > 1 ? std::vector<WishLevel>{power_level()}
                                  : std::vector<WishLevel>{};
    case Wish::price:
      return {price_level()};
    case Wish::cable:
      return {riser_length(), cable_length()};
    case Wish::heat:
      return {unsupported("heat", "hottest card inlet")};
    case Wish::noise:
      return {unsupported("noise", "sum of sound")};
    case Wish::balance:
      return {load_share("balance", "largest load share of a supply", false)};
  }
  return {};
}

/// at_least_[p][j]: the GPU on port p has a link of at least ladder_[j].
void Encoding::link_ladder() {
  std::set<long> values;
  const auto each_gpu_link = [&](const auto& look) {
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        if (!c_.classes[k].gpu) continue;
        for (const auto& [width, lit] : ports_[p].width) {
          for (std::size_t h = 0; h < ports_[p].chain.size(); ++h) {
            const auto& link = c_.link(k, p, width, h);
            if (link) look(p, k, lit, h, *link);
          }
        }
      }
    }
  };
  each_gpu_link([&](std::size_t, std::size_t, Lit, std::size_t, const TrainedLink& link) {
    values.insert(tenths(link.bandwidth));
  });
  ladder_.assign(values.begin(), values.end());
  at_least_.assign(ports_.size(), std::vector<Lit>(ladder_.size()));
  for (auto& row : at_least_) {
    for (Lit& l : row) l = f_.fresh();
  }
  each_gpu_link(
      [&](std::size_t p, std::size_t k, Lit width, std::size_t h, const TrainedLink& link) {
        for (std::size_t j = 0; j < ladder_.size(); ++j) {
          if (ladder_[j] <= tenths(link.bandwidth)) continue;
          f_.implies({ports_[p].device[k], width, ports_[p].chain[h]}, {-at_least_[p][j]});
        }
      });
}

WishLevel Encoding::least_link() {
  WishLevel level{"links", "link of the slowest GPU", "GB/s", true, {}, 0, 0.1};
  if (ladder_.empty()) return level;
  level.offset = static_cast<double>(ladder_.back()) / 10;
  for (std::size_t j = 1; j < ladder_.size(); ++j) {
    const Lit all = f_.fresh();  // every GPU has at least ladder_[j]
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        if (c_.classes[k].gpu) f_.implies({all, ports_[p].device[k]}, {at_least_[p][j]});
      }
    }
    level.softs.push_back({-all, ladder_[j] - ladder_[j - 1]});
  }
  return level;
}

WishLevel Encoding::total_links() {
  WishLevel level{"links", "links of all GPUs together", "GB/s", true, {}, 0, 0.1};
  if (ladder_.empty()) return level;
  std::size_t gpus = 0;
  for (const DeviceClass& c : c_.classes) {
    if (c.gpu) gpus += c.members.size();
  }
  level.offset = static_cast<double>(static_cast<long>(gpus) * ladder_.back()) / 10;
  for (std::size_t j = 1; j < ladder_.size(); ++j) {
    std::vector<Lit> slower;  // by port: the GPU here has less than ladder_[j]
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      slower.push_back(f_.fresh());
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        if (c_.classes[k].gpu) f_.implies({ports_[p].device[k]}, {at_least_[p][j], slower.back()});
      }
    }
    for (const Lit l : f_.counter(slower, gpus)) {
      level.softs.push_back({l, ladder_[j] - ladder_[j - 1]});
    }
  }
  return level;
}

/// Pairs are counted by what they do not cross: n cards in one place are n (n - 1) / 2 pairs that
/// stay, so the n-th card to come saves n - 1.
std::vector<WishLevel> Encoding::peers() {
  using Together = std::function<bool(std::size_t, std::size_t)>;
  const Together in_socket = [&](std::size_t p, std::size_t q) {
    return owner_of(c_.root_core(p)) == owner_of(c_.root_core(q));
  };
  const auto within = [&](PathClass most) -> Together {
    return [this, most](std::size_t p, std::size_t q) {
      return path_class(c_.board, *c_.project.cpu, c_.root_core(p), c_.root_core(q)) <= most;
    };
  };
  const Together below_one_switch = [&](std::size_t p, std::size_t q) {
    return c_.above(p) && c_.above(p) == c_.above(q);
  };
  const auto level_of = [&](std::string what, const Together& together) {
    WishLevel level{"p2p", std::move(what), "pairs"};
    for (const auto& [group, here, count] : peers_here_) {
      level.offset += static_cast<double>(count * (count - 1) / 2);
      std::vector<bool> done(ports_.size(), false);
      for (std::size_t p = 0; p < ports_.size(); ++p) {
        std::vector<Lit> place;
        for (std::size_t q = p; q < ports_.size() && !done[p]; ++q) {
          if (done[q] || !together(p, q)) continue;
          if (q != p) done[q] = true;
          place.push_back(here[q]);
        }
        save_pairs(place, count, level);
      }
      leave_out_bridged(group, together, level);
    }
    return level;
  };
  count_peers();
  std::vector<WishLevel> levels{
      level_of("pairs of a group across CPU sockets", in_socket),
      level_of("pairs of a group across NUMA nodes", within(PathClass::node)),
      level_of("pairs of a group that leave their root complex", within(PathClass::phb))};
  // Where there are switches, pairs that meet in one need not go up at all.
  const bool switches = std::any_of(c_.classes.begin(), c_.classes.end(),
                                    [](const DeviceClass& c) { return c.expander != nullptr; });
  if (switches) {
    levels.push_back(level_of("pairs of a group that do not meet in a switch", below_one_switch));
  }
  return levels;
}

/// By group: a literal for each port that is true only if a card of the group hangs there.
void Encoding::count_peers() {
  std::map<std::string, std::size_t> groups;
  for (const DeviceClass& c : c_.classes) {
    if (c.gpu && !c.group.empty()) groups[c.group] += c.members.size();
  }
  peers_here_.clear();
  for (const auto& [group, count] : groups) {
    std::vector<Lit> here;
    for (const PortVars& port : ports_) {
      std::vector<Lit> cards;
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        if (c_.classes[k].gpu && c_.classes[k].group == group) cards.push_back(port.device[k]);
      }
      here.push_back(f_.fresh());
      f_.implies({here.back()}, cards);
    }
    peers_here_.push_back({group, std::move(here), static_cast<long>(count)});
  }
}

void Encoding::save_pairs(const std::vector<Lit>& place, long peers, WishLevel& level) {
  const auto n = static_cast<long>(place.size());
  if (n < 2) return;
  std::vector<Lit> absent;
  for (const Lit l : place) absent.push_back(-l);
  // absences[i]: at least i + 1 ports of this place have no card of the group.
  const std::vector<Lit> absences = f_.counter(absent, place.size());
  for (long j = 2; j <= std::min(n, peers); ++j) {
    const Lit fewer = absences[static_cast<std::size_t>(n - j)];  // than j cards
    level.softs.push_back({fewer, j - 1});
    level.offset -= static_cast<double>(j - 1);
  }
}

WishLevel Encoding::power_level() {
  WishLevel level{"power", "common power limit", "W", true, {}, c_.levels.back().value, 1};
  for (std::size_t j = 1; j < level_.size(); ++j) {
    const double step = c_.levels[j].value - c_.levels[j - 1].value;
    level.softs.push_back({-level_[j], std::lround(step)});
  }
  return level;
}

WishLevel Encoding::price_level() {
  return {"price", "parts to buy", c_.project.currency, false, price_softs_, 0, 0.01};
}

/// Softs of a sum of lengths above the first rung: rungs[i] holds what is at least as long as the
/// i-th length.
void Encoding::climb(const std::vector<long>& lengths, const std::vector<std::vector<Lit>>& rungs,
                     WishLevel& level) {
  for (std::size_t i = 1; i < lengths.size(); ++i) {
    for (const Lit l : f_.counter(rungs[i], rungs[i].size())) {
      level.softs.push_back({l, lengths[i] - lengths[i - 1]});
    }
  }
}

WishLevel Encoding::riser_length() {
  WishLevel level{"cable", "riser length", "mm", false, {}, 0, 10};
  const auto length_of = [](const ChainChoice& chain) {
    return centimetres(chain.length.value.value_or(unknown_riser));
  };
  std::set<long> distinct{0};
  for (const auto& port : c_.chains) {
    for (const ChainChoice& chain : port) distinct.insert(length_of(chain));
  }
  const std::vector<long> lengths(distinct.begin(), distinct.end());
  std::vector<std::vector<Lit>> rungs(lengths.size());
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    Lit below = 0;
    for (std::size_t i = 1; i < lengths.size(); ++i) {
      const Lit longer = f_.fresh();
      if (below != 0) f_.implies({longer}, {below});
      for (std::size_t h = 0; h < c_.chains[p].size(); ++h) {
        if (length_of(c_.chains[p][h]) == lengths[i]) f_.implies({ports_[p].chain[h]}, {longer});
      }
      rungs[i].push_back(longer);
      below = longer;
    }
  }
  climb(lengths, rungs, level);
  return level;
}

/// Every fed inlet costs the shortest length there is, which is nothing to choose; rungs above it.
WishLevel Encoding::cable_length() {
  WishLevel level{"cable", "power cable length", "mm", false, {}, 0, 10};
  const auto length_of = [](const FeedVar& f) {
    return std::max(1L, centimetres(f.choice.length));
  };
  std::set<long> distinct;
  each_inlet([&](const InletVars& inlet) {
    for (const FeedVar& f : inlet.feeds) distinct.insert(length_of(f));
  });
  if (distinct.empty()) return level;
  const std::vector<long> lengths(distinct.begin(), distinct.end());
  std::vector<std::vector<Lit>> rungs(lengths.size());
  each_inlet([&](const InletVars& inlet) {
    if (inlet.feeds.empty()) return;
    Lit below = 0;
    for (std::size_t i = 1; i < lengths.size(); ++i) {
      const Lit longer = f_.fresh();
      if (below != 0) f_.implies({longer}, {below});
      for (const FeedVar& f : inlet.feeds) {
        if (length_of(f) == lengths[i]) f_.implies({f.lit}, {longer});
      }
      rungs[i].push_back(longer);
      below = longer;
    }
  });
  climb(lengths, rungs, level);
  long always_fed = 0;
  for (const DeviceClass& c : c_.classes) {
    always_fed += static_cast<long>(c.members.size() * c.part->inlets.size());
  }
  std::vector<Lit> sometimes;  // inlets that not every layout has
  for (const PortVars& port : ports_) {
    for (const OwnerVars& owner : port.risers) {
      sometimes.insert(sometimes.end(), owner.inlets.size(), owner.present);
    }
  }
  for (const BoardInletVars& inlet : board_inlets_) {
    if (inlet.fed != 0) sometimes.push_back(inlet.fed);
    if (inlet.fed == 0) ++always_fed;
  }
  level.offset = static_cast<double>(always_fed * lengths.front() * 10);
  for (const Lit l : f_.counter(sometimes, sometimes.size())) {
    level.softs.push_back({l, lengths.front()});
  }
  return level;
}

/// A literal under which no supply carries more than so much of its rating.
Lit Encoding::share_at_most(long percent) {
  Lit& lit = share_limits_[percent];
  if (lit != 0) return lit;
  lit = f_.fresh();
  if (percent >= 100) return lit;  // P101 sees to that
  const double share = static_cast<double>(percent) / 100;
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const Supply& part = *c_.supplies[s].use->part;
    if (c_.project.spec.mains.circuits.empty()) {
      load_supply(s, lowest_rating(part) * share, {lit, supply_used_[s]}, always);
    }
    for (const auto& [volts, here] : at_volts_[s]) {
      const Estimate<Watts> rating = rating_at(part, Volts{volts});
      if (rating.known()) load_supply(s, (*rating).value * share, {lit, here}, always);
    }
  }
  return lit;
}

/// Largest share of the last model, by physics on its layout.
long Encoding::largest_share() const {
  const Rig rig = build_rig(c_.project, extract());
  double most = 0;
  for (const SupplyLoad& load : supply_loads(rig)) {
    double rating = load.rating.value.value_or(Watts{0}).value;
    const SupplyUse* use = c_.project.supply(load.id);
    if (rating <= 0 && use != nullptr) rating = lowest_rating(*use->part);
    if (rating > 0) most = std::max(most, load.expected.value / rating);
  }
  return std::clamp(static_cast<long>(std::ceil(most * 100 - 1e-6)), 0L, 100L);
}

WishLevel Encoding::load_share(std::string wish, std::string what, bool headroom) {
  WishLevel level{std::move(wish), std::move(what), "%", headroom};
  level.offset = headroom ? 100 : 0;
  level.bounded = Bounded{[this](long percent) { return share_at_most(percent); },
                          [this] { return largest_share(); }, 100};
  return level;
}

std::vector<WishLevel> Encoding::margins() {
  // Links in band red are never offered to the search.
  WishLevel red{"margin", "links in band red", "links"};
  WishLevel amber{"margin", "links in band amber", "links"};
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    const Lit thin = f_.fresh();
    for (std::size_t k = 0; k < c_.classes.size(); ++k) {
      for (const auto& [width, lit] : ports_[p].width) {
        for (std::size_t h = 0; h < ports_[p].chain.size(); ++h) {
          const auto& link = c_.link(k, p, width, h);
          if (!link || link->loss.band != Band::amber) continue;
          f_.implies({ports_[p].device[k], lit, ports_[p].chain[h]}, {thin});
        }
      }
    }
    amber.softs.push_back({thin, 1});
  }
  return {std::move(red), std::move(amber),
          load_share("margin", "least headroom of a supply", true)};
}

/// What no wish decides goes to the layout with fewer cautions: circuits past 80 % of their breaker
/// (advice where it is not the law), and cards whose slot and plugs hang on different supplies.
WishLevel Encoding::fewest_cautions() {
  WishLevel level{"tail: caution", "circuits past 80 %, cards fed from two supplies", "cautions"};
  for (const Soft& narrow : narrow_uplinks()) level.softs.push_back(narrow);
  if (!level.softs.empty()) level.what += ", narrow uplinks";
  for (const Lit calm : calm_circuits_) level.softs.push_back({-calm, 1});
  for (const PortVars& port : ports_) {
    const Lit apart = f_.fresh();
    for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
      for (std::size_t t = 0; t < c_.supplies.size(); ++t) {
        if (s != t) f_.implies({port.slot[s], port.plugs[t]}, {apart});
      }
    }
    level.softs.push_back({apart, 1});
  }
  return level;
}

std::vector<Settled> Encoding::canonical() const {
  std::vector<Settled> rows;
  const auto one_of = [&](const std::vector<Lit>& lits, std::vector<Lit> needs = {}) {
    if (!lits.empty()) rows.push_back({lits, 1, std::move(needs)});
  };
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    std::vector<Lit> here;
    for (const PortVars& port : ports_) here.push_back(port.device[k]);
    rows.push_back({std::move(here), c_.classes[k].members.size()});
  }
  for (const auto& splits : splits_) one_of(splits);
  for (const auto& entry : modes_) one_of(entry.second);
  for (const PortVars& port : ports_) one_of(port.chain, {port.used});
  for (const PortVars& port : ports_) one_of(port.mount, {port.used});
  one_of(board_supply_);
  for (const PortVars& port : ports_) one_of(port.plugs, {port.used});
  for (const PortVars& port : ports_) one_of(port.riser_feed, {port.used});
  for (std::size_t s = 0; s < circuit_.size(); ++s) one_of(circuit_[s], {supply_used_[s]});
  const auto feed = [&](const InletVars& inlet, const std::vector<Lit>& supply) {
    std::vector<Lit> ways;
    std::vector<Lit> needs;
    for (const FeedVar& f : inlet.feeds) {
      ways.push_back(f.lit);
      needs.push_back(supply[f.supply]);
    }
    one_of(ways, std::move(needs));
  };
  for (const PortVars& port : ports_) {
    for (const OwnerVars& owner : port.cards) {
      for (const InletVars& inlet : owner.inlets) feed(inlet, port.plugs);
    }
    for (const OwnerVars& owner : port.risers) {
      for (const InletVars& inlet : owner.inlets) feed(inlet, port.riser_feed);
    }
  }
  for (const BoardInletVars& inlet : board_inlets_) feed(inlet, board_supply_);
  return rows;
}

}  // namespace rigtopo
