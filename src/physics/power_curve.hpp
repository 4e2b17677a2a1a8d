// Speed that a card keeps at a lower power limit, from what was published. No law: measured points
// and straight lines between them, for the work they were measured with.
#pragma once

#include <optional>

#include "catalog/parts.hpp"

namespace rigtopo {

/// Speed at a limit, in the curve's unit; nullopt outside its points: curves are not prolonged.
std::optional<double> speed_at(const PowerCurve& curve, Watts limit);

/// Share of the speed at `shipped` that is left at `limit`, 1 = all. Where the curve ends below
/// `shipped`, its last point stands for it. nullopt when the curve says nothing about `limit`.
std::optional<double> speed_kept(const PowerCurve& curve, Watts limit, Watts shipped);

}  // namespace rigtopo
