// The objective: each wish as one or more levels of softs, in the order of the spec, then the
// implicit tail (power, price, cable). Quanta as documented: 0.1 GB/s, 5 W, hundredths of the
// currency, 10 mm.
#include <algorithm>
#include <cmath>
#include <set>

#include "physics/paths.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {
namespace {

long tenths(GigabytesPerSecond b) { return std::lround(b.value * 10); }
long centimetres(Millimetres mm) { return static_cast<long>(std::ceil(mm.value / 10 - 1e-9)); }

std::string socket_of(const std::string& core_id) { return core_id.substr(0, core_id.find('.')); }

WishLevel unsupported(std::string wish, std::string what) {
  WishLevel level;
  level.wish = std::move(wish);
  level.what = std::move(what);
  level.supported = false;
  return level;
}

}  // namespace

std::vector<WishLevel> Encoding::wish_levels() {
  link_ladder();
  std::vector<WishLevel> levels;
  std::set<Wish> written;
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
      return {unsupported("balance", "largest load share of a supply")};
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
  long gpus = 0;
  for (const DeviceClass& c : c_.classes) {
    if (c.gpu) gpus += static_cast<long>(c.members.size());
  }
  level.offset = static_cast<double>(gpus * ladder_.back()) / 10;
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    for (std::size_t j = 1; j < ladder_.size(); ++j) {
      const Lit below = f_.fresh();
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        if (c_.classes[k].gpu) f_.implies({ports_[p].device[k]}, {at_least_[p][j], below});
      }
      level.softs.push_back({below, ladder_[j] - ladder_[j - 1]});
    }
  }
  return level;
}

std::vector<WishLevel> Encoding::peers() {
  WishLevel sockets{"p2p", "pairs of a group across CPU sockets", "pairs"};
  WishLevel nodes{"p2p", "pairs of a group across NUMA nodes", "pairs"};
  WishLevel complexes{"p2p", "pairs of a group that leave their root complex", "pairs"};
  std::set<std::string> groups;
  for (const DeviceClass& c : c_.classes) {
    if (c.gpu && !c.group.empty()) groups.insert(c.group);
  }
  for (const std::string& group : groups) {
    std::vector<Lit> here;
    for (PortVars& port : ports_) {
      here.push_back(f_.fresh());
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        if (c_.classes[k].gpu && c_.classes[k].group == group) {
          f_.implies({port.device[k]}, {here.back()});
        }
      }
    }
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      for (std::size_t q = p + 1; q < ports_.size(); ++q) {
        const std::string& a = c_.ports[p].core_id;
        const std::string& b = c_.ports[q].core_id;
        const PathClass path = path_class(c_.board, *c_.project.cpu, a, b);
        if (path <= PathClass::phb) continue;
        const Lit both = f_.fresh();
        f_.implies({here[p], here[q]}, {both});
        complexes.softs.push_back({both, 1});
        if (path == PathClass::sys) nodes.softs.push_back({both, 1});
        if (socket_of(a) != socket_of(b)) sockets.softs.push_back({both, 1});
      }
    }
  }
  return {std::move(sockets), std::move(nodes), std::move(complexes)};
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

WishLevel Encoding::riser_length() {
  WishLevel level{"cable", "riser length", "mm", false, {}, 0, 10};
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    for (std::size_t h = 0; h < ports_[p].chain.size(); ++h) {
      const auto& length = c_.chains[p][h].length;
      const long cost = centimetres(length.value.value_or(Millimetres{10'000}));
      if (cost > 0) level.softs.push_back({ports_[p].chain[h], cost});
    }
  }
  return level;
}

WishLevel Encoding::cable_length() {
  WishLevel level{"cable", "power cable length", "mm", false, {}, 0, 10};
  const auto add = [&](const InletVars& inlet) {
    for (const FeedVar& f : inlet.feeds) {
      level.softs.push_back({f.lit, std::max(1L, centimetres(f.choice.length))});
    }
  };
  for (const PortVars& port : ports_) {
    for (const auto* owners : {&port.cards, &port.risers}) {
      for (const OwnerVars& owner : *owners) {
        std::for_each(owner.inlets.begin(), owner.inlets.end(), add);
      }
    }
  }
  std::for_each(board_inlets_.begin(), board_inlets_.end(), add);
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
  return {std::move(red), std::move(amber), unsupported("margin", "least headroom of a supply")};
}

std::vector<Lit> Encoding::canonical() const {
  std::vector<Lit> order;
  const auto append = [&](const std::vector<Lit>& lits) {
    order.insert(order.end(), lits.begin(), lits.end());
  };
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    for (const PortVars& port : ports_) order.push_back(port.device[k]);
  }
  for (const auto& splits : splits_) append(splits);
  for (const auto& entry : modes_) append(entry.second);
  for (const PortVars& port : ports_) append(port.chain);
  for (const PortVars& port : ports_) append(port.mount);
  append(board_supply_);
  for (const PortVars& port : ports_) append(port.plugs);
  for (const PortVars& port : ports_) append(port.riser_feed);
  for (const auto& circuits : circuit_) append(circuits);
  const auto feeds = [&](const InletVars& inlet) {
    for (const FeedVar& f : inlet.feeds) order.push_back(f.lit);
  };
  std::for_each(board_inlets_.begin(), board_inlets_.end(), feeds);
  for (const PortVars& port : ports_) {
    for (const auto* owners : {&port.cards, &port.risers}) {
      for (const OwnerVars& owner : *owners) {
        std::for_each(owner.inlets.begin(), owner.inlets.end(), feeds);
      }
    }
  }
  return order;
}

}  // namespace rigtopo
