// From a rig to an air network and back. Every card is a zone of its own with half its resistance
// (or half its fan) on either side, so that its heat warms what leaves it. Anything a number is
// missing for leaves the whole state unsolved: a card left out would make the others look cool.
#include "physics/air_state.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>

#include "base/text.hpp"
#include "physics/power.hpp"

namespace rigtopo {

// ---- constants
// -----------------------------------------------------------------------------------

LitresPerSecond usual_need(Watts power, Celsius inlet) {
  const Kelvins left = Celsius{92} - inlet;
  if (!(left > Kelvins{0})) return LitresPerSecond{std::numeric_limits<double>::infinity()};
  return litres_per_second(Cfm{20 * power.value / 225}) * (Kelvins{47} / left);
}
Celsius usual_max_inlet() { return Celsius{45}; }
Celsius usual_room() { return Celsius{25}; }
Kelvins air_band(bool open_frame) { return Kelvins{open_frame ? 10. : 5.}; }
double entrained_share(Millimetres gap) { return std::clamp(0.4 - 0.3 * gap.value / 60, 0.1, 0.4); }

DecibelsA sound_sum(const std::vector<DecibelsA>& levels) {
  double sum = 0;
  for (const DecibelsA level : levels) sum += std::pow(10, level.value / 10);
  return DecibelsA{10 * std::log10(sum)};
}

const CardAir* AirState::card(std::string_view id) const {
  const auto it =
      std::find_if(cards.begin(), cards.end(), [&](const CardAir& c) { return c.id == id; });
  return it == cards.end() ? nullptr : &*it;
}

Kelvins AirState::mean_rise() const { return Kelvins{heat.value / heat_flow(through, density)}; }

namespace {

// A card with fans whose figures nobody published holds its flow, whatever the frame does: a curve
// that is next to upright (1 kPa shifts it by its whole free flow).
constexpr Pascals upright{1000};
// Axial fans sag and stall at 40 % to 60 % of their free flow: below the lower end they surely do.
constexpr double usual_stall_share = 0.4;

class Builder {
 public:
  Builder(const Rig& rig, std::string_view stopped)
      : rig_(rig), frame_(rig.project->frame), stopped_(stopped) {}

  AirState build() {
    state_.model = model();
    if (state_.model == AirModel::none) return std::move(state_);
    state_.band = air_band(state_.model == AirModel::open);
    set_room();
    add_cards();
    if (state_.model == AirModel::open) {
      if (complete()) estimate_open_frame(rig_, state_);
      return std::move(state_);
    }
    add_zones();
    add_passages();
    add_fans();
    add_heat();
    for (std::size_t i = 0; i < state_.cards.size(); ++i) add_card_edges(i);
    if (complete()) solve();
    return std::move(state_);
  }

 private:
  AirModel model() const {
    if (frame_ == nullptr) return AirModel::none;
    if (frame_->open.value_or(false)) return AirModel::open;
    if (!frame_->air.given()) return AirModel::none;
    const bool fans_left_out = !frame_->air.fans.empty() && rig_.project->fans.empty();
    return fans_left_out ? AirModel::none : AirModel::network;
  }
  bool complete() const { return state_.missing.empty() && state_.undecided.empty(); }

  template <class T>
  void rests_on(const Fact<T>& fact) {
    if (fact.known()) state_.confidence = weakest(state_.confidence, fact.confidence);
  }
  template <class T>
  std::optional<T> need(const Estimate<T>& e) {
    state_.confidence = weakest(state_.confidence, e.confidence);
    state_.missing.insert(state_.missing.end(), e.missing.begin(), e.missing.end());
    return e.value;
  }
  void miss(std::string what) { state_.missing.push_back(std::move(what)); }

  void set_room() {
    const RoomRow& room = rig_.project->spec.room;
    state_.room = room.temperature.value_or(usual_room());
    if (!room.temperature.known()) {
      state_.assumptions.push_back(fmt::format(
          "the room has {} (`room:` gives no temperature; unverified)", to_text(state_.room)));
    }
    rests_on(room.temperature);
    rests_on(room.altitude);
    state_.density = air_density(room.altitude.value_or(Metres{0}), state_.room);
  }

  // ---- cards
  // -------------------------------------------------------------------------------------

  void add_cards() {
    for (const DeviceUse& use : rig_.project->devices) {
      if (use.kind != "gpu") continue;
      const DevicePlace* place = rig_.layout.device(use.id);
      if (place == nullptr || !place->mount.known()) {
        state_.undecided.push_back("no place is decided for `" + use.id + "`");
        continue;
      }
      add_card(use, *place);
    }
  }

  void add_card(const DeviceUse& use, const DevicePlace& place) {
    const Fact<Watts>* limit = rig_.layout.power_limit(use.id);
    const bool capped = limit != nullptr && limit->known();
    const Estimate<Watts> heat =
        card_draw(*use.part, capped ? std::optional(**limit) : std::nullopt).total;
    CardAir card;
    card.id = use.id;
    card.device = use.part;
    card.at = place.at.known() ? place.at : use.at;
    card.heat = need(heat).value_or(Watts{0});
    const Fact<Cooler>& cooler = use.part->cooler;
    if (!cooler.known()) miss("how `" + use.part->id + "` is cooled is not known");
    if (cooler.value == Cooler::liquid) {
      miss("where the liquid of `" + use.part->id + "` gives off its heat is not known");
    }
    card.own_fans = cooler.known() && *cooler != Cooler::passive && *cooler != Cooler::liquid;
    const CardAirflow& air = use.part->airflow;
    if (air.thermal_resistance.known()) rests_on(air.thermal_resistance);
    breaths_.push_back(breath_of(*frame_, *use.part, place));
    state_.cards.push_back(std::move(card));
  }

  /// The maker's figure is for full power and, as every CFM, for air at the sea.
  void set_need(CardAir& card) {
    const Fact<Cfm>& need = card.device->airflow.need;
    const double thin = rated_density / state_.density;
    card.need_assumed = !need.known();
    card.needed = usual_need(card.heat, card.inlet) * thin;
    if (!need.known()) return;
    const Watts full = card.device->power.value_or(card.heat);
    const double share = full > Watts{0} ? card.heat / full : 1;
    card.needed = litres_per_second(*need) * (share * thin);
    rests_on(need);
  }

  // ---- the frame
  // ---------------------------------------------------------------------------------

  void add_zones() {
    for (const Fact<std::string>& zone : frame_->air.zones) {
      if (zone.known()) new_zone(*zone, Watts{0});
    }
  }
  int new_zone(const std::string& id, Watts heat) {
    const int index = static_cast<int>(net_.zones.size());
    net_.zones.push_back({id, heat});
    index_.emplace(id, index);
    return index;
  }
  int index_of(const std::string& zone) const {
    const auto it = index_.find(zone);
    return it == index_.end() ? ambient : it->second;
  }

  void add_passages() {
    for (const FrameOpening& p : frame_->air.passages) {
      const std::string id = p.id.value_or("?");
      if (!p.from.known() || !p.to.known() || !p.drop.known() || !p.flow.known()) {
        miss("pressure and flow of the passage `" + id + "` are not known");
        continue;
      }
      const double n = p.exponent.value_or(Exponent{}).value;
      rests_on(p.drop);
      rests_on(p.flow);
      rests_on(p.exponent);
      net_.passages.push_back({id, index_of(*p.from), index_of(*p.to), n,
                               resistance({litres_per_second(*p.flow), *p.drop}, n)});
    }
    shown_passages_ = net_.passages.size();
  }

  std::optional<FanCurve> curve_of(const Fan& fan) {
    std::vector<FlowPoint> points;
    const auto add = [&](const Fact<Cfm>& flow, const Fact<Pascals>& pressure) {
      rests_on(flow);
      rests_on(pressure);
      if (flow.known() && pressure.known()) {
        points.push_back({litres_per_second(*flow), *pressure});
      }
    };
    const Fact<Cfm> none(Cfm{0});
    const Fact<Pascals> free(Pascals{0});
    add(none, fan.shut_off);
    for (const FanPoint& p : fan.curve) add(p.flow, p.pressure);
    add(fan.free_flow, free);
    // The ends may be written in the curve too.
    const auto end = std::unique(points.begin(), points.end(), [](const auto& a, const auto& b) {
      return !(a.flow < b.flow) && !(b.flow < a.flow);
    });
    points.erase(end, points.end());
    std::optional<FanCurve> curve = falling_curve(std::move(points));
    if (!curve) miss("pressure and flow of `" + fan.id + "` are not known");
    return curve;
  }

  void add_fans() {
    for (const FanUse& use : rig_.project->fans) {
      const std::optional<FanCurve> curve = curve_of(*use.part);
      const FanPosition& row = *use.position;
      if (!curve || !row.from.known() || !row.to.known()) continue;
      if (curve->straightened) {
        state_.assumptions.push_back("the curve of `" + use.part->id +
                                     "` rises in places; it is held level there");
      }
      const int from = index_of(*row.from);
      const int to = index_of(*row.to);
      FanAir fan;
      fan.id = use.id;
      fan.part = use.part;
      fan.at = use.at;
      fan.free_flow = curve->free_flow() * use.speed;
      fan.stall_assumed = !use.part->stall.known();
      fan.stall = fan.stall_assumed ? fan.free_flow * usual_stall_share
                                    : litres_per_second(*use.part->stall) * use.speed;
      if (use.id == stopped_) {
        net_.passages.push_back({use.id, from, to, 2, stopped_fan_resistance(*curve)});
        continue;
      }
      fan.power = use.part->power.value_or(Watts{0}) * (use.speed * use.speed * use.speed);
      state_.fan_power += fan.power;
      if (to != ambient) net_.zones[static_cast<std::size_t>(to)].heat += fan.power;
      add_sound(use);
      net_.fans.push_back({use.id, from, to, *curve, use.speed});
      state_.fans.push_back(std::move(fan));
    }
    say_empty_places();
    if (!levels_.empty() && state_.sound.missing.empty()) state_.sound.value = sound_sum(levels_);
  }

  /// Sound goes with 50 log10 of speed.
  void add_sound(const FanUse& use) {
    state_.sound.rests_on(use.part->sound);
    if (use.part->sound.known()) {
      levels_.emplace_back(use.part->sound->value + 50 * std::log10(use.speed));
      return;
    }
    const std::string missing = "sound of `" + use.part->id + "` is not known";
    if (std::find(state_.sound.missing.begin(), state_.sound.missing.end(), missing) ==
        state_.sound.missing.end()) {
      state_.sound.missing.push_back(missing);
    }
  }

  void say_empty_places() {
    for (const FanPosition& row : frame_->air.fans) {
      const auto filled = std::count_if(rig_.project->fans.begin(), rig_.project->fans.end(),
                                        [&](const FanUse& f) { return f.position == &row; });
      if (filled < row.count.value_or(1)) {
        state_.assumptions.push_back("places of `" + row.id.value_or("?") +
                                     "` without a fan are closed by a blank");
      }
    }
  }

  // ---- heat
  // --------------------------------------------------------------------------------------

  void add_heat() {
    Watts board = need(cpu_power(*rig_.project)).value_or(Watts{0}) +
                  need(platform_power(*rig_.project)).value_or(Watts{0});
    for (const DeviceUse& use : rig_.project->devices) {
      if (use.kind != "gpu" && use.part->power.known()) board += *use.part->power;
    }
    const Fact<std::string>& zone = frame_->air.board;
    if (!zone.known()) {
      miss("the air zone of the board in `" + frame_->id + "` is not known");
    } else if (const int index = index_of(*zone); index != ambient) {
      net_.zones[static_cast<std::size_t>(index)].heat += board;
    }
    add_losses_of_supplies();
  }

  void add_losses_of_supplies() {
    const Fact<std::string>& zone = frame_->air.supplies;
    const int index = zone.known() ? index_of(*zone) : ambient;
    if (index == ambient) return;
    for (const SupplyLoad& load : supply_loads(rig_)) {
      const std::optional<Watts> wall = need(load.wall);
      if (wall) net_.zones[static_cast<std::size_t>(index)].heat += *wall - load.expected;
    }
  }

  // ---- cards as edges
  // ----------------------------------------------------------------------------

  void add_card_edges(std::size_t i) {
    const CardAir& card = state_.cards[i];
    const CardBreath& breath = breaths_[i];
    if (!breath.from || !breath.to) {
      miss(fmt::format("where `{}` {} in `{}` is not known", card.id,
                       breath.from ? "blows to" : "takes its air from", frame_->id));
      return;
    }
    const int from = index_of(*breath.from);
    const int to = index_of(*breath.to);
    const int zone = new_zone("card " + card.id, card.heat);
    card_zones_.push_back(zone);
    if (card.own_fans) {
      const FanCurve half = at_half_pressure(curve_of_card(card));
      net_.fans.push_back({card.id, from, zone, half, 1});
      net_.fans.push_back({card.id, zone, to, half, 1});
      return;
    }
    const CardAirflow& air = card.device->airflow;
    if (!air.drop.known() || !air.flow.known()) {
      miss("pressure drop of `" + card.device->id + "` is not known");
      return;
    }
    rests_on(air.drop);
    rests_on(air.flow);
    rests_on(air.exponent);
    const double n = air.exponent.value_or(Exponent{}).value;
    const double half = 0.5 * resistance({litres_per_second(*air.flow), *air.drop}, n);
    net_.passages.push_back({card.id, from, zone, n, half});
    net_.passages.push_back({card.id, zone, to, n, half});
  }

  FanCurve curve_of_card(const CardAir& card) {
    const CardAirflow& air = card.device->airflow;
    rests_on(air.free_flow);
    rests_on(air.shut_off);
    FlowPoint stop{LitresPerSecond{0}, air.shut_off.value_or(upright)};
    FlowPoint free{usual_need(card.device->power.value_or(card.heat)), Pascals{0}};
    if (air.free_flow.known()) free.flow = litres_per_second(*air.free_flow);
    if (!air.free_flow.known() || !air.shut_off.known()) {
      state_.confidence = Confidence::unverified;
      state_.assumptions.push_back(
          fmt::format("the fans of `{}` hold {} CFM whatever the frame does (unverified)",
                      card.device->id, number(in_cfm(free.flow).value, 0)));
    }
    return FanCurve{{stop, free}};
  }
  static FanCurve at_half_pressure(FanCurve curve) {
    for (FlowPoint& p : curve.points) p.pressure = p.pressure * 0.5;
    return curve;
  }

  // ---- solution
  // ----------------------------------------------------------------------------------

  void solve() {
    net_.density = state_.density;
    const AirResult result = solve_air(net_);
    switch (result.fault) {
      case AirFault::none:
        break;
      case AirFault::no_way_outside:
        miss("the air zone `" + result.about + "` has no way outside with these fans");
        return;
      case AirFault::bad_value:
        miss("`" + result.about + "` has figures that are no passage and no fan");
        return;
      case AirFault::not_converged:
        miss("no flow was found that fits all curves");
        return;
    }
    take_over(*result.solution);
    state_.solved = true;
  }

  Celsius temperature(const AirSolution& s, int zone) const {
    if (zone == ambient) return state_.room;
    return state_.room + s.rise[static_cast<std::size_t>(zone)];
  }

  void take_over(const AirSolution& s) {
    for (const AirZone& z : net_.zones) state_.heat += z.heat;
    for (std::size_t z = 0; z < frame_zones(); ++z) {
      state_.zones.push_back({net_.zones[z].id, s.pressure[z], state_.room + s.rise[z]});
    }
    for (std::size_t i = 0; i < net_.passages.size(); ++i) {
      count_through(net_.passages[i], s.passage_flow[i]);
      if (i >= shown_passages_) continue;
      const FrameOpening& p = frame_->air.passages[i];
      state_.passages.push_back(
          {net_.passages[i].id, p.from.value_or("?"), p.to.value_or("?"), s.passage_flow[i]});
    }
    for (std::size_t i = 0; i < net_.fans.size(); ++i) count_through(net_.fans[i], s.fan_flow[i]);
    for (std::size_t i = 0; i < state_.fans.size(); ++i) {
      state_.fans[i].flow = s.fan_flow[i];
      const AirFan& fan = net_.fans[i];
      state_.fans[i].pressure =
          at_speed(fan.curve, fan.speed, net_.density).pressure(s.fan_flow[i]);
    }
    for (std::size_t i = 0; i < state_.cards.size(); ++i) take_over_card(s, i);
  }
  std::size_t frame_zones() const { return net_.zones.size() - state_.cards.size(); }

  template <class AnyEdge>
  void count_through(const AnyEdge& e, LitresPerSecond q) {
    const bool out = (e.to == ambient && e.from != ambient && q.value > 0) ||
                     (e.from == ambient && e.to != ambient && q.value < 0);
    if (out) state_.through += LitresPerSecond{std::abs(q.value)};
  }

  void take_over_card(const AirSolution& s, std::size_t i) {
    CardAir& card = state_.cards[i];
    const auto flow = [&](const auto& edges, const std::vector<LitresPerSecond>& flows) {
      for (std::size_t j = 0; j < edges.size(); ++j) {
        if (edges[j].id == card.id && edges[j].to == card_zones_[i]) card.flow = flows[j];
      }
    };
    flow(net_.passages, s.passage_flow);
    flow(net_.fans, s.fan_flow);
    const std::string& before = card.flow.value < 0 ? *breaths_[i].to : *breaths_[i].from;
    card.inlet = temperature(s, index_of(before));
    card.outlet = temperature(s, card_zones_[i]);
    const Fact<KelvinsPerWatt>& r = card.device->airflow.thermal_resistance;
    if (r.known()) card.core = card.inlet + *r * card.heat;
    set_need(card);
  }

  const Rig& rig_;
  const Frame* frame_;
  std::string_view stopped_;
  AirState state_;
  AirNetwork net_;
  std::map<std::string, int> index_;
  std::vector<CardBreath> breaths_;  // as state_.cards
  std::vector<int> card_zones_;
  std::vector<DecibelsA> levels_;
  std::size_t shown_passages_ = 0;
};

}  // namespace

AirState air_state(const Rig& rig, std::string_view stopped) {
  return Builder(rig, stopped).build();
}

}  // namespace rigtopo
