// How the oracle goes through all layouts: places first, judged by the rules on lanes and room
// alone; then, once for each choice of risers, everything about power, judged by all rules. Rules
// on power do not look at ports or mounts and the others not at cables, which makes this the same
// as trying every combination; the best one is judged as a whole all the same.
#include "property/tiny_rig.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "physics/geometry.hpp"
#include "physics/link.hpp"
#include "physics/paths.hpp"
#include "physics/power.hpp"

namespace rigtopo::test {

namespace {

void add_board(RigBuilder& b, Random& random) {
  b.rome("rome", Watts{static_cast<double>(random.between(8, 20) * 10)}).board("board");
  b.slot("S1", "cpu0.A0");
  const bool divided = random.chance(40);
  if (divided) {
    // Two slots on one core: the first has all lanes, or both have half.
    b.connector("S2", Socket::slot, "cpu0.A0", 8, 8);
    b.the_board().connectors.back().position = at(40.64, 0, 0);
    b.group("share", "cpu0.A0", {{"one", {{"S1", 16}}}, {"two", {{"S1", 8}, {"S2", 8}}}});
    b.the_board().groups[0].modes[1].split = split("x8x8");
  } else {
    b.slot("S2", random.chance(50) ? "cpu0.A1" : "cpu0.B0");
    // Side by side, or with a position free between them.
    if (random.chance(70)) b.the_board().connectors.back().position = at(40.64, 0, 0);
  }
  if (random.chance(50)) {
    b.slot("S3", "cpu0.C0", random.chance(40) ? 8 : 16);
    b.the_board().connectors.back().position = at(81.28, 0, 0);
  } else {
    b.connector("C1", Socket::slimsas_8i, "cpu0.D0", 8, 0)
        .connector("C2", Socket::slimsas_8i, "cpu0.D0", 8, 8)
        .pair("C1+2", {"C1", "C2"});
    // Where nobody says where they are, no riser can be known to reach.
    if (random.chance(80)) {
      b.edit_connector("C1", [](BoardConnector& c) { c.position = at(120, 100, 0); });
      b.edit_connector("C2", [](BoardConnector& c) { c.position = at(130, 100, 0); });
    }
  }
  b.board_inlet("atx", Plug::atx_24pin, InletUse::board);
  b.board_inlet("eps", Plug::eps_8pin, InletUse::cpu);
  if (random.chance(30)) b.the_board().slot_power_limit = Watts{random.chance(50) ? 70.0 : 140.0};
}

void add_cards(RigBuilder& b, Random& random) {
  const int cards = random.chance(20) ? 3 : 2;
  const bool two_plugs = random.chance(50);
  const Watts power{two_plugs ? 210.0 : 140.0};
  const auto row_of = [&] {
    DeviceRow row;
    if (random.chance(50)) {
      row.min_link = MinLink{Lanes{random.chance(50) ? 8 : 16}, PcieGen::gen4};
    }
    if (random.chance(40)) row.power_limit = Range<Watts>{power - 10_W, power};
    return row;
  };
  std::vector<RigBuilder::InletOf> inlets{{"8pin-a", Plug::pcie_8pin}};
  if (two_plugs) inlets.push_back({"8pin-b", Plug::pcie_8pin});
  const auto adjust = [&](const std::string& id) {
    b.edit<Device>(id, [&](Device& d) {
      d.power_limits = Range<Watts>{100_W, 300_W};
      if (random.chance(40)) d.slot_power = 30_W;
      if (random.chance(5)) d.thickness = 61_mm;
      if (random.chance(4)) d.length = 345_mm;
    });
  };
  if (random.chance(25)) {
    b.gpu("card", 1, power, inlets, row_of()).gpu("other", cards - 1, 130_W, inlets, row_of());
    adjust("other");
  } else {
    b.gpu("card", cards, power, inlets, row_of());
  }
  adjust("card");
}

void add_risers(RigBuilder& b, Random& random) {
  const auto price = [&]() -> std::optional<double> {
    if (random.chance(50)) return std::nullopt;
    return random.between(1, 4) * 10;
  };
  const auto owned = [&] { return random.between(0, 2); };
  b.ribbon("short", 250_mm).stock("short", "riser", random.between(1, 2), price());
  if (random.chance(60)) b.ribbon("long", 400_mm).stock("long", "riser", owned(), price());
  if (random.chance(70)) {
    const SlotFeed feed = random.chance(60) ? SlotFeed::own : SlotFeed::joined;
    b.riser("fed", RiserType::ribbon, {Socket::slot, 1}, {Socket::slot, 1}, 16, PcieGen::gen4, feed,
            {{"6pin", Plug::pcie_6pin}});
    b.edit<Riser>("fed", [](Riser& r) { r.length = 300_mm; });
    b.stock("fed", "riser", owned(), price());
  }
  b.cable("cable", 400_mm).stock("cable", "riser", 2);
  b.riser("adapter", RiserType::device_adapter, {Socket::slimsas_8i, 2}, {Socket::slot, 1}, 16,
          PcieGen::gen4, SlotFeed::own, {{"6pin", Plug::pcie_6pin}});
  b.edit<Riser>("adapter", [](Riser& r) { r.length = 0_mm; });
  b.stock("adapter", "riser", random.between(0, 1), price());
}

void add_power(RigBuilder& b, Random& random) {
  const std::vector<RigBuilder::OutputOf> outputs{{"atx", Plug::atx_24pin, 1},
                                                  {"eps", Plug::eps_8pin, 1},
                                                  {"pcie", Plug::pcie_8pin, random.between(1, 4)},
                                                  {"six", Plug::pcie_6pin, random.between(0, 2)}};
  b.supply("supply", Watts{static_cast<double>(random.between(7, 14) * 50)},
           random.chance(70) ? 2 : 1, outputs);
  if (random.chance(30)) {
    b.edit<Supply>("supply", [](Supply& s) {
      s.ratings[0].mains = Range<Volts>{200_V, 240_V};
      SupplyRating low;
      low.mains = Range<Volts>{100_V, 127_V};
      low.power = *s.ratings[0].power * 0.8;
      s.ratings.push_back(std::move(low));
    });
  }
  if (random.chance(8)) b.edit<Supply>("supply", [](Supply& s) { s.feeds_24pin = false; });
  if (random.chance(50)) {
    b.supply("strong", 700_W, 1, outputs);
  }
  if (random.chance(40)) {
    b.power_cable("six-from-eight", Plug::pcie_8pin, 1, Plug::pcie_6pin, 75_W);
    b.edit<PowerCable>("six-from-eight", [](PowerCable& c) { c.length = 300_mm; });
    b.stock("six-from-eight", "cable", random.between(0, 1), 5);
  }
  b.code(random.chance(70) ? MainsCode::nec : MainsCode::iec);
  const Amps breaker{random.chance(80) ? 10.0 : 6.0};
  b.circuit("A", random.chance(70) ? 120_V : 230_V, breaker, random.chance(30) ? 300_W : 0_W);
  if (random.chance(40)) b.circuit("B", 230_V, 4_A);
  if (random.chance(25)) {
    b.spec([](Spec& s) { s.mains.circuits[0].outlets = 1; });
  }
  b.platform(Watts{static_cast<double>(random.between(2, 8) * 10)});
}

void add_wishes(RigBuilder& b, Random& random) {
  std::vector<Wish> wishes{Wish::links, Wish::p2p,     Wish::price, Wish::cable,
                           Wish::power, Wish::balance, Wish::margin};
  for (std::size_t i = wishes.size(); i-- > 1;) {
    std::swap(wishes[i], wishes[static_cast<std::size_t>(random.below(static_cast<int>(i) + 1))]);
  }
  wishes.resize(static_cast<std::size_t>(random.between(1, 4)));
  b.spec([wishes](Spec& s) {
    for (const Wish w : wishes) s.want.push_back(Fact<Wish>(w));
  });
}

/// The first two cards joined by a bridge that spans one, or three, positions between slots.
void add_bridge(RigBuilder& b, Random& random) {
  Bridge bridge;
  bridge.span = random.chance(60) ? 40.64_mm : 81.28_mm;
  b.part("bridge", std::move(bridge));
  const auto connect = [](Device& d) { d.nvlinks = 4; };
  b.edit<Device>("card", connect);
  if (b.has("other")) b.edit<Device>("other", connect);
  b.spec([](Spec& s) {
    BridgePlace place;
    place.part = std::string("bridge");
    place.between = {Fact<std::string>("gpu0"), Fact<std::string>("gpu1")};
    s.bridges.push_back(std::move(place));
  });
}

}  // namespace

RigBuilder tiny_rig(Random& random) {
  RigBuilder b;
  add_board(b, random);
  add_cards(b, random);
  add_risers(b, random);
  add_power(b, random);
  b.frame("frame", random.chance(75), random.between(4, 7));
  b.mount("upper", 1, at(0, 0, 190));
  if (random.chance(85)) b.mount("far", 1, at(60, 0, 230));
  add_wishes(b, random);
  if (random.chance(20)) add_bridge(b, random);
  return b;
}

std::vector<std::string> error_codes(const Project& project, const Layout& layout) {
  std::vector<std::string> codes;
  const CheckResult result = check(build_rig(project, layout));
  for (const Diagnostic& d : result.diagnostics.all()) {
    if (d.severity == Severity::error && !d.allowed_by) codes.push_back(d.code);
  }
  // What lacks a number is no pass either.
  for (const NotChecked& n : result.not_checked) {
    if (n.decided) codes.push_back(n.code);
  }
  return codes;
}

// ---- levels
// --------------------------------------------------------------------------------------

namespace {

bool is_gpu(const Project& p, const DevicePlace& place) {
  return p.device(*place.id)->kind == "gpu";
}

std::vector<double> links(const Rig& rig) {
  double least = 1e9;
  double sum = 0;
  for (const DevicePlace& place : rig.layout.devices) {
    if (!is_gpu(*rig.project, place)) continue;
    const auto link = trained_link(*rig.link_path(place));
    const double tenths = std::round(link->bandwidth.value * 10) / 10;  // the documented quantum
    least = std::min(least, tenths);
    sum += tenths;
  }
  return {-least, -sum};
}

std::vector<double> peers(const Rig& rig) {
  std::vector<double> pairs(3, 0);
  const auto& places = rig.layout.devices;
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t k = i + 1; k < places.size(); ++k) {
      if (nvlinks_between(rig, *places[i].id, *places[k].id) > 0) continue;
      const std::string a = rig.link_path(places[i])->core_id;
      const std::string b = rig.link_path(places[k])->core_id;
      const PathClass path = path_class(*rig.board, *rig.project->cpu, a, b);
      pairs[0] += a.substr(0, 4) != b.substr(0, 4) ? 1 : 0;
      pairs[1] += path > PathClass::node ? 1 : 0;
      pairs[2] += path > PathClass::phb ? 1 : 0;
    }
  }
  return pairs;
}

const StockUse& stock_of(const Project& p, const std::string& part) {
  return *std::find_if(p.stock.begin(), p.stock.end(),
                       [&](const StockUse& s) { return s.part_id == part; });
}

double price(const Rig& rig) {
  std::map<std::string, int> used;
  const auto count = [&](const std::vector<Feed>& feeds) {
    for (const Feed& f : feeds) used[f.part.value_or("")] += f.part.known() ? 1 : 0;
  };
  for (const DevicePlace& place : rig.layout.devices) {
    for (const ChainLink& link : place.chain) used[*link.part] += link.count.value_or(1);
    count(place.power.aux);
    count(place.power.riser);
  }
  count(rig.layout.board_power);
  double sum = 0;
  for (const auto& [part, n] : used) {
    if (part.empty() || n == 0) continue;
    const StockUse& stock = stock_of(*rig.project, part);
    if (stock.price.known()) sum += stock.price->amount * std::max(0, n - stock.owned);
  }
  return sum;
}

/// Lengths in steps of 10 mm, rounded up.
double steps(double millimetres) { return std::ceil(millimetres / 10 - 1e-9) * 10; }

std::vector<double> lengths(const Rig& rig) {
  double risers = 0;
  double cables = 0;
  const auto add = [&](const std::vector<Feed>& feeds) {
    for (const Feed& f : feeds) {
      // Every output of the tiny rigs has a cable of 650 mm of its own.
      double length = 650;
      if (f.part.known()) length += rig.project->part<PowerCable>(*f.part)->length->value;
      cables += steps(length);
    }
  };
  for (const DevicePlace& place : rig.layout.devices) {
    double chain = 0;
    for (const ChainLink& link : place.chain) {
      chain += rig.project->part<Riser>(*link.part)->length->value;
    }
    risers += steps(chain);
    add(place.power.aux);
    add(place.power.riser);
  }
  add(rig.layout.board_power);
  return {risers, cables};
}

double amber_links(const Rig& rig) {
  double n = 0;
  for (const DevicePlace& place : rig.layout.devices) {
    n += trained_link(*rig.link_path(place))->loss.band == Band::amber ? 1 : 0;
  }
  return n;
}

double largest_share(const Rig& rig) {
  double most = 0;
  for (const SupplyLoad& s : supply_loads(rig)) {
    most = std::max(most, s.expected.value / s.rating.value->value);
  }
  return std::ceil(most * 100 - 1e-6);
}

/// The common limit is what the least restricted card gets.
double common_limit(const Project& project, const Layout& layout) {
  double most = 0;
  for (const auto& limit : layout.power_limits) {
    if (project.device(*limit.key.value)->kind == "gpu") most = std::max(most, limit.value->value);
  }
  return -most;
}

void append(std::vector<double>& to, const std::vector<double>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

bool has_range(const Project& project) {
  return std::any_of(project.devices.begin(), project.devices.end(),
                     [](const DeviceUse& use) { return use.row->power_limit.known(); });
}

/// Circuits past 80 % where that is advice, and cards fed from two supplies.
double cautions(const Rig& rig) {
  double count = 0;
  const bool advice = rig.project->spec.mains.code.value_or(MainsCode::nec) == MainsCode::iec;
  for (const CircuitLoad& c : circuit_loads(rig)) {
    if (advice && !c.supplies.empty() && exceeds(c.expected, 0.8 * c.trip)) count += 1;
  }
  for (const DeviceUse& use : rig.project->devices) {
    const DeviceSources from = device_sources(rig, use.id);
    if (!from.slot.empty() && !from.aux.empty() && from.slot != from.aux) count += 1;
  }
  return count;
}

std::vector<double> levels_of(const Project& project, const Layout& layout) {
  const Rig rig = build_rig(project, layout);
  std::vector<double> values;
  std::set<Wish> done;
  const auto add = [&](Wish wish) {
    if (!done.insert(wish).second) return;
    if (wish == Wish::links) append(values, links(rig));
    if (wish == Wish::p2p) append(values, peers(rig));
    if (wish == Wish::price) append(values, {price(rig)});
    if (wish == Wish::cable) append(values, lengths(rig));
    if (wish == Wish::power && has_range(project)) append(values, {common_limit(project, layout)});
    if (wish == Wish::balance) append(values, {largest_share(rig)});
    if (wish == Wish::margin) append(values, {0, amber_links(rig), largest_share(rig) - 100});
  };
  for (const Fact<Wish>& wish : project.spec.want) add(*wish);
  for (const Wish tail : {Wish::power, Wish::price, Wish::cable}) add(tail);
  append(values, {cautions(rig)});
  return values;
}

// ---- all layouts
// ---------------------------------------------------------------------------------

}  // namespace rigtopo::test
