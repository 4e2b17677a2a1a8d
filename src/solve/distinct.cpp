// What makes the next layout another one: it differs in what a builder would call different (a
// port, a kind of mount, which cards share a supply, what is bought), or it outdoes a point of the
// front. Each literal made here is true only where the difference is real.
#include <algorithm>
#include <tuple>

#include "solve/encoding.hpp"

namespace rigtopo {
namespace {

/// Mounts that differ in nothing but where they stand.
auto kind_of(const Mount& m) {
  const auto mm = [](const Fact<Millimetres>& f) { return f.value_or(Millimetres{-1}).value; };
  return std::make_tuple(m.row.value_or(""), mm(m.thickness), mm(m.length), mm(m.height),
                         m.zone.value_or(""), m.exhaust.value_or(""));
}

bool are_equal(const SupplyUse& a, const SupplyUse& b) {
  return a.part == b.part && a.breakout == b.breakout;
}

}  // namespace

/// One of these is true in every layout that is not the last model or its like.
std::vector<Lit> Encoding::differs_from_last() {
  std::vector<Lit> any;
  for (const PortVars& port : ports_) {
    for (const Lit d : port.device) {
      if (is(d)) any.push_back(-d);
    }
  }
  hang_elsewhere(any);
  group_otherwise(any);
  buy_otherwise(any);
  return any;
}

/// A port that is used, with another kind of mount.
void Encoding::hang_elsewhere(std::vector<Lit>& any) {
  for (const PortVars& port : ports_) {
    if (!is(port.used)) continue;
    std::vector<Lit> alike;
    for (std::size_t m = 0; m < port.mount.size(); ++m) {
      if (!is(port.mount[m])) continue;
      alike.push_back(port.mount[m]);
      for (std::size_t n = 0; n < c_.mounts.size() && m < c_.mounts.size(); ++n) {
        if (n != m && kind_of(c_.mounts[n]) == kind_of(c_.mounts[m])) {
          alike.push_back(port.mount[n]);
        }
      }
    }
    const Lit other = f_.fresh();
    for (const Lit l : alike) f_.implies({other}, {-l});
    any.push_back(other);
  }
}

/// A port whose plugs hang on another kind of supply; two that now share one, or no longer do.
void Encoding::group_otherwise(std::vector<Lit>& any) {
  std::vector<std::pair<const PortVars*, std::size_t>> fed;  // with its supply
  for (const PortVars& port : ports_) {
    for (std::size_t s = 0; s < port.plugs.size(); ++s) {
      if (is(port.plugs[s])) fed.emplace_back(&port, s);
    }
  }
  for (std::size_t i = 0; i < fed.size(); ++i) {
    const auto& [port, supply] = fed[i];
    const Lit other = f_.fresh();
    for (std::size_t s = 0; s < port->plugs.size(); ++s) {
      if (are_equal(*c_.supplies[s].use, *c_.supplies[supply].use)) {
        f_.implies({other}, {-port->plugs[s]});
      }
    }
    any.push_back(other);
    for (std::size_t k = i + 1; k < fed.size(); ++k) {
      const PortVars& beside = *fed[k].first;
      const Lit changed = f_.fresh();
      for (std::size_t s = 0; s < port->plugs.size(); ++s) {
        if (supply == fed[k].second) {
          f_.implies({changed, port->plugs[s]}, {-beside.plugs[s]});
        } else {
          f_.implies({changed, port->plugs[s]}, {beside.plugs[s]});
        }
      }
      any.push_back(changed);
    }
  }
}

/// More or fewer of a part that is bought.
void Encoding::buy_otherwise(std::vector<Lit>& any) {
  for (Bought& part : bought_) {
    std::size_t used = 0;
    for (const Lit l : part.pieces) used += is(l) ? 1 : 0;
    const std::size_t total = part.pieces.size();
    if (used > part.owned && used <= part.count.size()) any.push_back(-part.count[used - 1]);
    const std::size_t more = std::max(used, part.owned) + 1;
    if (more > part.count.size()) continue;
    if (part.absent.empty()) {
      std::vector<Lit> absent;
      for (const Lit l : part.pieces) absent.push_back(-l);
      part.absent = f_.counter(absent, total);
    }
    const Lit bought = f_.fresh();  // not so many are absent that fewer than `more` are there
    f_.implies({bought}, {-part.absent.at(total - more)});
    any.push_back(bought);
  }
}

/// A literal under which the level costs no more than this; nullopt: nothing costs so little.
std::optional<Lit> Encoding::costs_at_most(const WishLevel& level, long cost) {
  if (cost < 0) return std::nullopt;
  if (level.bounded) return level.bounded->at_most(cost);
  std::vector<Term> terms;
  for (const Soft& s : level.softs) terms.push_back({s.weight, {s.lit}});
  const Lit within = f_.fresh();
  f_.weighted_at_most(std::move(terms), cost, {within});
  return within;
}

/// For each wish of a front a literal under which its levels, in order, cost less than `costs`; one
/// of them holds in every layout that the last one does not outdo.
std::vector<Lit> Encoding::improves_on(const std::vector<WishLevel>& levels,
                                       const std::vector<long>& costs) {
  std::vector<Lit> any;
  for (std::size_t first = 0; first < levels.size() && levels[first].of_front;) {
    std::vector<Lit> no_worse;  // in the levels of this wish so far
    const std::string& wish = levels[first].wish;
    std::size_t i = first;
    for (; i < levels.size() && levels[i].of_front && levels[i].wish == wish; ++i) {
      if (!levels[i].supported) continue;
      const std::optional<Lit> less = costs_at_most(levels[i], costs[i] - 1);
      if (less) {
        const Lit better = f_.fresh();
        f_.implies({better}, {*less});
        for (const Lit l : no_worse) f_.implies({better}, {l});
        any.push_back(better);
      }
      no_worse.push_back(*costs_at_most(levels[i], costs[i]));
    }
    first = i;
  }
  return any;
}

}  // namespace rigtopo
