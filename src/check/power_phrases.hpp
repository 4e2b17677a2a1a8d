// What rules about watts share: phrases, the rating a supply is judged by, and remedies that were
// tried out with the same physics before they are offered.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "check/rule.hpp"
#include "physics/power.hpp"

namespace rigtopo {

/// "1176 W of 1000 W" with digits that differ.
std::string of_limit(Watts actual, Watts limit);

/// Rating a supply is judged by: the one at its circuit's voltage. Where the spec names no circuits
/// at all, the lowest of any band, unverified. Missing otherwise.
Estimate<Watts> judged_rating(const Rig& rig, const SupplyLoad& load);

/// Does the spec name no circuits at all? Then a rule about them has nothing to judge and says so.
bool no_mains(const Rig& rig, Reporter& out);

/// Loads and ratings by supply id, for lookups; nullptr when the layout has no such supply.
const SupplyLoad* load_of(const std::vector<SupplyLoad>& loads, std::string_view supply_id);

/// What passes the breakout board on a supply: the sum over its ports among `outputs`.
Watts through_breakout(const Rig& rig, const std::vector<OutputLoad>& outputs,
                       std::string_view supply_id);

/// An output's own cable, put straight into its one inlet, is one plug, judged at the inlet: the
/// output has no limit of its own then.
bool is_one_plug(const OutputLoad& output, const PlacedFeed* feed);

/// Cards among the loads of these supplies whose power a limit would lower: all but those that only
/// take an assumed slot draw.
std::vector<std::string> cards_to_limit(const Rig& rig, const std::vector<SupplyLoad>& loads);

/// "set `power_limit` to 350 W for `gpu0` and `gpu1`": the highest multiple of 5 W that the cards
/// accept and under which `holds` is true of the rig. Empty when there is none, or a card does not
/// say what it accepts.
std::string limit_remedy(const Rig& rig, const std::vector<std::string>& devices,
                         const std::function<bool(const Rig&)>& holds);

/// Joins remedies to "a; or b", leaving out empty ones.
std::string alternatives(const std::vector<std::string>& remedies);

}  // namespace rigtopo
