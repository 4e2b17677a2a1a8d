// Every layout of a tiny rig, one after the other, judged by check() alone. Knows nothing of
// solve/.
#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "base/text.hpp"
#include "physics/geometry.hpp"
#include "physics/link.hpp"
#include "physics/paths.hpp"
#include "physics/power.hpp"
#include "property/tiny_rig.hpp"

namespace rigtopo::test {

namespace {

using Choose = std::function<void(const Layout&)>;

std::vector<std::vector<ChainLink>> chains() {
  const auto link = [](const std::string& part, int count) {
    ChainLink l;
    l.part = part;
    if (count > 1) l.count = count;
    return l;
  };
  return {{},
          {link("short", 1)},
          {link("long", 1)},
          {link("fed", 1)},
          {link("cable", 2), link("adapter", 1)},
          {link("adapter", 1)}};
}

bool stocked(const Project& p, const std::vector<ChainLink>& chain) {
  return std::all_of(chain.begin(), chain.end(), [&](const ChainLink& link) {
    return std::any_of(p.stock.begin(), p.stock.end(), [&](const StockUse& s) {
      return s.part_id == *link.part && (s.price.known() || s.owned > 0);
    });
  });
}

std::string key_of(const Layout& layout) {
  std::string key;
  for (const DevicePlace& place : layout.devices) {
    for (const ChainLink& link : place.chain) key += *link.part + "+";
    key += "|";
  }
  return key;
}

/// What a builder would tell apart: which kind of card hangs on which port in which kind of mount,
/// which cards share a supply, of which kind it is, what is bought.
std::string distinct_key(const Project& p, const Layout& layout) {
  std::map<std::string, const DevicePlace*> by_port;
  for (const DevicePlace& d : layout.devices) by_port[*d.port] = &d;
  std::string key;
  std::vector<std::string> supplies;  // of the plugs, in order of ports
  for (const auto& [port, d] : by_port) {
    std::string bridge;
    for (const BridgePlace& b : p.spec.bridges) {
      for (const auto& id : b.between) bridge += id.value == d->id.value ? "bridged" : "";
    }
    std::string room = "direct";
    for (const Mount& m : all_mounts(*p.frame)) {
      if (*m.id != *d->mount) continue;
      room = to_text(*m.thickness) + to_text(*m.length) + to_text(*m.height) + m.row.value_or("");
    }
    key += port + std::to_string(p.device(*d->id)->row_index) + bridge + room + "|";
    const std::string from = d->power.aux.empty() ? "" : *d->power.aux.front().from.front();
    supplies.push_back(from.substr(0, from.find('.')));
  }
  for (std::size_t i = 0; i < supplies.size(); ++i) {
    key += supplies[i].empty() ? "none" : p.supply(supplies[i])->part->id;
    for (std::size_t k = 0; k < i; ++k) key += supplies[k] == supplies[i] ? "=" : "/";
  }
  std::map<std::string, int> pieces;
  for (const DevicePlace& d : layout.devices) {
    for (const ChainLink& c : d.chain) pieces[*c.part] += c.count.value_or(1);
    for (const auto* feeds : {&d.power.aux, &d.power.riser}) {
      for (const Feed& f : *feeds) {
        if (f.part.known()) ++pieces[*f.part];
      }
    }
  }
  for (const SupplyPlace& s : layout.supplies) ++pieces[*s.part];
  for (const StockUse& stock : p.stock) {
    const int bought = std::max(0, pieces[stock.part_id] - stock.owned);
    if (stock.price.known() && stock.price->amount > 0) key += "+" + std::to_string(bought);
  }
  return key;
}

/// Supplies of the plugs, in order of devices.
std::string fed_from(const Layout& layout) {
  std::string key;
  for (const DevicePlace& d : layout.devices) {
    const std::string from = d.power.aux.empty() ? "" : *d.power.aux.front().from.front();
    key += from.substr(0, from.find('.')) + "|";
    for (const auto* feeds : {&d.power.aux, &d.power.riser}) {
      for (const Feed& f : *feeds) key += f.part.value_or("") + ",";
    }
  }
  for (const SupplyPlace& s : layout.supplies) key += *s.id + "|";
  return key;
}

class Oracle {
 public:
  explicit Oracle(const Project& project, bool all = false) : project_(project), all_(all) {}

  /// Best values of each layout that a builder would tell apart, and every value there is.
  All all() {
    best();
    All found;
    for (const auto& [key, values] : kinds_) found.distinct.push_back(values);
    std::sort(found.distinct.begin(), found.distinct.end());
    found.values = values_;
    return found;
  }

  std::optional<Best> best() {
    Layout layout;
    layout.version = 1;
    layout.board = project_.board().id;
    layout.bridges = project_.spec.bridges;
    for (const DeviceUse& use : project_.devices) {
      DevicePlace place;
      place.id = use.id;
      place.part = use.part->id;
      place.chain_decided = true;
      layout.devices.push_back(std::move(place));
    }
    place_all(layout);
    return best_;
  }

 private:
  // ---- places
  void place_all(Layout& layout) {
    for (const char* split : {"x16", "x8x8"}) {
      for (const char* group : {"one", "two"}) {
        layout.modes.clear();
        for (const char* core : {"cpu0.A0", "cpu0.D0"}) {
          layout.modes.push_back({Fact<std::string>(core), Fact<std::string>(split)});
        }
        for (const char* core : {"cpu0.A1", "cpu0.B0", "cpu0.C0"}) {
          layout.modes.push_back({Fact<std::string>(core), Fact<std::string>("x16")});
        }
        if (!project_.board().groups.empty()) {
          layout.modes.push_back({Fact<std::string>("share"), Fact<std::string>(group)});
        }
        std::vector<std::vector<DevicePlace>> alone;
        for (const DevicePlace& device : layout.devices) alone.push_back(places_of(layout, device));
        place_from(layout, alone, 0);
        if (project_.board().groups.empty()) break;
      }
    }
  }

  /// Places that break no rule on lanes or room by themselves. More devices mend nothing.
  std::vector<DevicePlace> places_of(const Layout& modes, DevicePlace place) const {
    std::vector<DevicePlace> good;
    for (const PortChoice& port : ports_of(project_.board(), *project_.cpu, 1)) {
      place.port = port.id;
      for (const auto& chain : chains()) {
        if (!stocked(project_, chain)) continue;
        place.chain = chain;
        std::vector<std::string> mounts{"direct"};
        if (!chain.empty()) {
          mounts.clear();
          for (const Mount& m : all_mounts(*project_.frame)) mounts.push_back(*m.id.value);
        }
        for (const std::string& mount : mounts) {
          place.mount = mount;
          Layout single = modes;
          single.devices = {place};
          single.bridges.clear();
          const CheckResult result = check(build_rig(project_, single));
          const auto& found = result.diagnostics.all();
          const bool bad = std::any_of(found.begin(), found.end(), [](const Diagnostic& d) {
            return d.severity == Severity::error && (d.code[0] == 'L' || d.code[0] == 'G');
          });
          if (!bad) good.push_back(place);
        }
      }
    }
    return good;
  }

  void place_from(Layout& layout, const std::vector<std::vector<DevicePlace>>& alone,
                  std::size_t device) {
    if (device == layout.devices.size()) return judge_places(layout);
    for (const DevicePlace& place : alone[device]) {
      const bool taken = std::any_of(
          layout.devices.begin(), layout.devices.begin() + static_cast<std::ptrdiff_t>(device),
          [&](const DevicePlace& other) { return *other.port == *place.port; });
      if (taken) continue;
      layout.devices[device] = place;
      place_from(layout, alone, device + 1);
    }
  }

  void judge_places(const Layout& layout) {
    for (const std::string& code : error_codes(project_, layout)) {
      if (code[0] == 'L' || code[0] == 'G') return;
    }
    for (const Layout& power : powers_for(layout)) {
      Layout whole = power;
      for (std::size_t i = 0; i < whole.devices.size(); ++i) {
        whole.devices[i].port = layout.devices[i].port;
        whole.devices[i].mount = layout.devices[i].mount;
      }
      whole.modes = layout.modes;
      std::vector<double> values = levels_of(project_, whole);
      if (all_) {
        values_.insert(values);
        const auto [it, is_new] = kinds_.emplace(distinct_key(project_, whole), values);
        if (!is_new) it->second = std::min(it->second, values);
      }
      if (best_ && best_->levels <= values) continue;
      demand_no_errors(whole);
      best_ = Best{std::move(values), std::move(whole)};
    }
  }

  /// The rules that were left out in parts hold for the whole too.
  void demand_no_errors(const Layout& layout) const {
    if (!error_codes(project_, layout).empty()) throw std::logic_error("rules are not separable");
  }

  // ---- power
  const std::vector<Layout>& powers_for(const Layout& layout) {
    const auto [it, fresh] = powers_.emplace(key_of(layout), std::vector<Layout>{});
    if (!fresh) return it->second;
    Layout trial = layout;
    const auto collect = [&](const Layout& whole) {
      for (const std::string& code : error_codes(project_, whole)) {
        if (code[0] == 'P' || code[0] == 'W') return;
      }
      // Of those that every wish values alike, one is enough.
      const std::string key = key_of(whole) + (all_ ? fed_from(whole) : "");
      if (seen_.insert({key, levels_of(project_, whole)}).second) {
        it->second.push_back(whole);
      }
    };
    set_limits(trial, [&](Layout& limited) {
      feed_all(limited, [&](Layout& fed) { hang_supplies(fed, 0, collect); });
    });
    return it->second;
  }

  template <class Next>
  void set_limits(Layout& layout, const Next& next) {
    if (!has_range(project_)) return next(layout);
    // The cards of a tiny rig share one range of three steps.
    Watts most;
    for (const DeviceUse& use : project_.devices) {
      if (use.row->power_limit.known()) most = use.row->power_limit->most;
    }
    for (const Watts watts : {most - 10_W, most - 5_W, most}) {
      layout.power_limits.clear();
      for (const DeviceUse& use : project_.devices) {
        if (!use.row->power_limit.known()) continue;
        layout.power_limits.push_back({Fact<std::string>(use.id), Fact<Watts>(watts)});
      }
      next(layout);
    }
  }

  /// One inlet to feed: where its feed goes.
  struct Wanted {
    std::string id;
    Plug plug{};
    std::vector<Feed>* feeds = nullptr;
    int side = 0;  // inlets of one side hang on one supply
  };

  template <class Next>
  void feed_all(Layout& layout, const Next& next) {
    std::vector<Wanted> wanted;
    int side = 0;
    layout.board_power.clear();
    for (const BoardInlet& inlet : project_.board().inlets) {
      wanted.push_back({*inlet.id.value, *inlet.plug, &layout.board_power, side});
    }
    for (DevicePlace& place : layout.devices) {
      place.power = {};
      ++side;
      for (const Inlet& inlet : project_.device(*place.id)->part->inlets) {
        wanted.push_back({*inlet.id.value, *inlet.plug, &place.power.aux, side});
      }
      ++side;
      for (const ChainLink& link : place.chain) {
        for (const Inlet& inlet : project_.part<Riser>(*link.part)->inlets) {
          wanted.push_back({*inlet.id.value, *inlet.plug, &place.power.riser, side});
        }
      }
    }
    std::map<int, std::size_t> supply_of_side;
    feed_next(layout, wanted, 0, supply_of_side, {}, next);
  }

  template <class Next>
  void feed_next(Layout& layout, const std::vector<Wanted>& wanted, std::size_t i,
                 std::map<int, std::size_t>& supply_of_side, std::map<std::string, int> taken,
                 const Next& next) {
    if (i == wanted.size()) return next(layout);
    const Wanted& w = wanted[i];
    for (std::size_t s = 0; s < project_.supplies.size(); ++s) {
      const bool decided = supply_of_side.contains(w.side);
      if (decided && supply_of_side.at(w.side) != s) continue;
      if (!decided) supply_of_side[w.side] = s;
      const SupplyUse& supply = project_.supplies[s];
      for (const Output& output : supply.part->outputs) {
        const bool straight = *output.plug == w.plug;
        const bool adapted = *output.plug == Plug::pcie_8pin && w.plug == Plug::pcie_6pin &&
                             project_.part<PowerCable>("six-from-eight") != nullptr;
        if (!straight && !adapted) continue;
        const std::string kind = supply.id + "." + *output.id;
        const int number = taken[kind];
        if (number >= *output.count) continue;
        Feed feed;
        feed.inlet = w.id;
        feed.from.push_back(
            Fact<std::string>(*output.count == 1 ? kind : kind + std::to_string(number)));
        if (!straight) feed.part = std::string("six-from-eight");
        w.feeds->push_back(std::move(feed));
        ++taken[kind];
        feed_next(layout, wanted, i + 1, supply_of_side, taken, next);
        --taken[kind];
        w.feeds->pop_back();
      }
      if (!decided) supply_of_side.erase(w.side);
    }
  }

  void hang_supplies(Layout& layout, std::size_t s, const Choose& next) {
    if (s == 0) layout.supplies.clear();
    if (s == project_.supplies.size()) {
      Layout tagged = layout;
      assign_tags(tagged);
      return next(tagged);
    }
    const std::string& id = project_.supplies[s].id;
    if (!feeds_something(layout, id)) return hang_supplies(layout, s + 1, next);
    for (const CircuitRow& circuit : project_.spec.mains.circuits) {
      SupplyPlace place;
      place.id = id;
      place.part = project_.supplies[s].part->id;
      place.circuit = circuit.id;
      layout.supplies.push_back(std::move(place));
      hang_supplies(layout, s + 1, next);
      layout.supplies.pop_back();
    }
  }

  static bool feeds_something(const Layout& layout, const std::string& id) {
    const auto of = [&](const std::vector<Feed>& feeds) {
      return std::any_of(feeds.begin(), feeds.end(), [&](const Feed& f) {
        return f.from.front().value->starts_with(id + ".");
      });
    };
    return of(layout.board_power) ||
           std::any_of(layout.devices.begin(), layout.devices.end(),
                       [&](const DevicePlace& p) { return of(p.power.aux) || of(p.power.riser); });
  }

  const Project& project_;
  bool all_;
  std::set<std::vector<double>> values_;
  std::map<std::string, std::vector<double>> kinds_;
  std::map<std::string, std::vector<Layout>> powers_;  // by chains of the devices
  std::set<std::pair<std::string, std::vector<double>>> seen_;
  std::optional<Best> best_;
};

}  // namespace

std::optional<Best> best_of_all(const Project& project) { return Oracle(project).best(); }
All all_of(const Project& project) { return Oracle(project, true).all(); }

}  // namespace rigtopo::test
