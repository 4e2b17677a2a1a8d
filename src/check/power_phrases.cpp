// Remedies are tried on a copy of the rig: what is offered holds by the physics that found the
// fault.
#include "check/power_phrases.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace rigtopo {
namespace {

constexpr double limit_step = 5;  // power limits are offered in steps of 5 W

/// The power a card is limited to now; nullopt when it has no limit and no known power.
std::optional<Watts> limit_now(const Rig& rig, const DeviceUse& use) {
  const Fact<Watts>* set = rig.layout.power_limit(use.id);
  return set != nullptr && set->known() ? set->value : use.part->power.value;
}

/// Least and most common limit worth trying, on the grid of steps.
std::optional<std::pair<int, int>> steps_to_try(const Rig& rig,
                                                const std::vector<std::string>& devices) {
  double least = 0;
  double most = 0;
  for (const std::string& id : devices) {
    const DeviceUse* use = rig.project->device(id);
    if (use == nullptr || !use->part->power_limits.known()) return std::nullopt;
    const std::optional<Watts> now = limit_now(rig, *use);
    if (!now) return std::nullopt;
    least = std::max(least, use->part->power_limits->least.value);
    if (use->row != nullptr && use->row->power_limit.known()) {
      least = std::max(least, use->row->power_limit->least.value);
    }
    most = std::max(most, now->value);
  }
  const int low = static_cast<int>(std::ceil(least / limit_step));
  const int high = static_cast<int>(std::ceil(most / limit_step)) - 1;
  if (low > high) return std::nullopt;
  return std::pair{low, high};
}

void set_limits(const Rig& rig, const std::vector<std::string>& devices, Watts limit, Rig& trial) {
  trial.layout.power_limits = rig.layout.power_limits;
  for (const std::string& id : devices) {
    const std::optional<Watts> now = limit_now(rig, *rig.project->device(id));
    const Watts lower = std::min(now.value_or(limit), limit);
    const auto row =
        std::find_if(trial.layout.power_limits.begin(), trial.layout.power_limits.end(),
                     [&](const auto& r) { return r.key.value == id; });
    if (row == trial.layout.power_limits.end()) {
      trial.layout.power_limits.push_back({Fact<std::string>(id), Fact<Watts>(lower)});
    } else {
      row->value.value = lower;
    }
  }
}

}  // namespace

std::string of_limit(Watts actual, Watts limit) {
  const Pair pair = distinct(actual.value, limit.value);
  return pair.actual + " W of " + pair.limit + " W";
}

Estimate<Watts> judged_rating(const Rig& rig, const SupplyLoad& load) {
  const Supply* supply = supply_part(rig, load.id);
  if (load.rating.known() || supply == nullptr || !rig.project->spec.mains.circuits.empty()) {
    return load.rating;
  }
  Estimate<Watts> lowest;
  for (const SupplyRating& r : supply->ratings) {
    if (!r.power.known()) {
      lowest.missing.push_back("rating of `" + supply->id + "` is not known");
      lowest.value.reset();
      return lowest;
    }
    const Watts power = std::min(*r.power, r.power_12v.value_or(*r.power));
    if (!lowest.known() || power < *lowest) lowest.value = power;
  }
  if (!lowest.known()) lowest.missing.push_back("rating of `" + supply->id + "` is not known");
  lowest.confidence = Confidence::unverified;
  return lowest;
}

bool no_mains(const Rig& rig, Reporter& out) {
  if (!rig.project->spec.mains.circuits.empty()) return false;
  if (!rig.layout.supplies.empty()) out.spec_leaves_open("circuits: no `mains:` in the spec");
  return true;
}

const SupplyLoad* load_of(const std::vector<SupplyLoad>& loads, std::string_view supply_id) {
  const auto it = std::find_if(loads.begin(), loads.end(),
                               [&](const SupplyLoad& s) { return s.id == supply_id; });
  return it == loads.end() ? nullptr : &*it;
}

Watts through_breakout(const Rig& rig, const std::vector<OutputLoad>& outputs,
                       std::string_view supply_id) {
  Watts sum;
  const Breakout* breakout = breakout_part(rig, supply_id);
  if (breakout == nullptr) return sum;
  for (const OutputLoad& o : outputs) {
    const Output* output = owner_of(o.id) == supply_id ? output_at(rig, o.id) : nullptr;
    const bool of_breakout = std::any_of(breakout->outputs.begin(), breakout->outputs.end(),
                                         [&](const Output& own) { return &own == output; });
    if (of_breakout) sum += o.carried;
  }
  return sum;
}

bool is_one_plug(const OutputLoad& output, const PlacedFeed* feed) {
  return feed != nullptr && !feed->feed->part.known() && feed->feed->from.size() == 1 &&
         feed->plug == output.plug && output.feeds.find(',') == std::string::npos &&
         !exceeds(plug_rating(output.plug), output.rating);
}

std::vector<std::string> cards_to_limit(const Rig& rig, const std::vector<SupplyLoad>& loads) {
  std::vector<std::string> ids;
  for (const SupplyLoad& supply : loads) {
    for (const Load& load : supply.loads) {
      const DeviceUse* use = rig.project->device(load.subject);
      if (use == nullptr || use->kind != "gpu" || load.side == FedSide::slot) continue;
      if (std::find(ids.begin(), ids.end(), use->id) == ids.end()) ids.push_back(use->id);
    }
  }
  std::sort(ids.begin(), ids.end(), natural_less);
  return ids;
}

std::string limit_remedy(const Rig& rig, const std::vector<std::string>& devices,
                         const std::function<bool(const Rig&)>& holds) {
  if (devices.empty()) return "";
  const auto steps = steps_to_try(rig, devices);
  if (!steps) return "";
  Rig trial = rig;
  const auto fits = [&](int step) {
    set_limits(rig, devices, Watts{limit_step * step}, trial);
    return holds(trial);
  };
  auto [good, bad] = *steps;
  ++bad;
  if (!fits(good)) return "";
  while (bad - good > 1) {
    const int middle = (good + bad) / 2;
    (fits(middle) ? good : bad) = middle;
  }
  return fmt::format("set `power_limit` to {} for {}", to_text(Watts{limit_step * good}),
                     listed(devices));
}

std::string alternatives(const std::vector<std::string>& remedies) {
  std::string text;
  for (const std::string& r : remedies) {
    if (r.empty()) continue;
    text += (text.empty() ? "" : "; or ") + r;
  }
  return text;
}

}  // namespace rigtopo
