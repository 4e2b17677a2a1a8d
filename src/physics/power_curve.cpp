// Straight lines between measured points.
#include "physics/power_curve.hpp"

#include <algorithm>

namespace rigtopo {

std::optional<double> speed_at(const PowerCurve& curve, Watts limit) {
  const auto& points = curve.points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Watts here = *points[i].limit;
    if (limit == here) return points[i].speed->value;
    if (i == 0 || here < limit) continue;
    const Watts below = *points[i - 1].limit;
    if (limit < below) return std::nullopt;
    const double share = (limit - below) / (here - below);
    return points[i - 1].speed->value +
           share * (points[i].speed->value - points[i - 1].speed->value);
  }
  return std::nullopt;
}

std::optional<double> speed_kept(const PowerCurve& curve, Watts limit, Watts shipped) {
  const auto now = speed_at(curve, limit);
  const auto whole = speed_at(curve, std::min(shipped, *curve.points.back().limit));
  if (!now || !whole) return std::nullopt;
  return *now / *whole;
}

}  // namespace rigtopo
