// Air as a network: zones joined by passages and fans, ambient air around them. Gives pressures,
// flows and how much warmer each zone is than the room. Pure numbers; what a zone, a card or a fan
// position is in a rig is decided in air_state.hpp, what is too warm in check/.
//
// Passage: Pa - Pb = K sgn(q) |q|^n, n from 1 (laminar fins) to 2 (orifice, grille), after Rotron,
// "Understanding your system resistance" (P = K rho Q^n). Fan: Pb - Pa = f(q), straight lines
// between the points of a falling curve; flow goes with speed, pressure with its square and with
// density (affinity laws). Radiation, conduction and buoyancy are left out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rigtopo/units.hpp"

namespace rigtopo {

using LitresPerSecond = Quantity<struct LitresPerSecondTag>;
/// 1 CFM = 0.3048^3 m3 a minute = 0.4719474432 L/s.
LitresPerSecond litres_per_second(Cfm flow);
Cfm in_cfm(LitresPerSecond flow);

// ---- air itself
// ----------------------------------------------------------------------------------

/// Density at which fans and resistances are rated: 1.2 kg/m3 (standard air of fan tests, AMCA
/// 210).
inline constexpr double rated_density = 1.2;
/// J/(kg K).
inline constexpr double heat_capacity_of_air = 1006;

/// kg/m3 at a height in the International Standard Atmosphere: 1.225 (1 - 2.2558e-5 h)^4.2559.
double standard_density(Metres height);
/// The same at the temperature of the room: ISA pressure, ideal gas with R = 287.05 J/(kg K).
double air_density(Metres height, Celsius temperature);

/// Heat that a flow carries for each kelvin, in W/K.
double heat_flow(LitresPerSecond flow, double density);
/// Flow that takes up `heat` with a rise of `rise`: W / (rho cp dT).
LitresPerSecond flow_for(Watts heat, Kelvins rise, double density = rated_density);

// ---- parts of a network
// --------------------------------------------------------------------------

struct FlowPoint {
  LitresPerSecond flow;
  Pascals pressure;
};

/// A falling curve from no flow to the highest; at least two points.
struct FanCurve {
  std::vector<FlowPoint> points;
  bool straightened = false;  // points that rose (a stall dip) were lowered to the one before

  LitresPerSecond free_flow() const;  // where the pressure is 0, on the last line
  Pascals shut_off() const { return points.front().pressure; }
  /// Pressure at a flow; outside of the points the end lines go on.
  Pascals pressure(LitresPerSecond flow) const;
};
/// Curve through `points` in order of flow. Where the pressure rises with flow (stall: several
/// operating points) it is held at the lowest seen so far, which never promises too much. nullopt
/// with fewer than two points, with equal flows, or when nothing falls.
std::optional<FanCurve> falling_curve(std::vector<FlowPoint> points);
/// The curve at another speed (1 is rated) and density.
FanCurve at_speed(const FanCurve& rated, double speed, double density);

/// Resistance K in Pa/(L/s)^n of a passage that costs `point.pressure` at `point.flow`.
double resistance(FlowPoint point, double exponent);
/// K of a fan that stands still: it costs its shut-off pressure at its free flow. An estimate;
/// nobody publishes the figure.
double stopped_fan_resistance(const FanCurve& rated);

inline constexpr int ambient = -1;  // instead of the index of a zone

struct AirZone {
  std::string id;
  Watts heat;  // given off into the zone
};
struct AirPassage {
  std::string id;
  int from = ambient;
  int to = ambient;
  double exponent = 2;
  double resistance = 0;  // K at rated density, more than 0
};
struct AirFan {
  std::string id;
  int from = ambient;
  int to = ambient;
  FanCurve curve;    // at rated speed and density
  double speed = 1;  // more than 0; a fan that stands still is a passage
};
struct AirNetwork {
  std::vector<AirZone> zones;
  std::vector<AirPassage> passages;
  std::vector<AirFan> fans;
  double density = rated_density;
};

// ---- solution
// ------------------------------------------------------------------------------------

struct AirSolution {
  std::vector<Pascals> pressure;              // of each zone, over ambient
  std::vector<Kelvins> rise;                  // of each zone over ambient; infinite: heat, no air
  std::vector<LitresPerSecond> passage_flow;  // positive from `from` to `to`
  std::vector<LitresPerSecond> fan_flow;
  int iterations = 0;
};
enum class AirFault {
  none,
  no_way_outside,  // `about` is a zone that neither passage nor fan joins to ambient
  bad_value,       // `about` is a passage or fan with K or speed not above 0 or an exponent not in
                   // [1, 2], or one that names no zone
  not_converged
};
struct AirResult {
  std::optional<AirSolution> solution;
  AirFault fault = AirFault::none;
  std::string about;
};
/// Solves flows by the global gradient method (Newton on the convex content of the network, every
/// step no longer than its lowest point), then the energy balance of all zones at once. Flows are
/// exact to about 1e-12 relative; how good the curves are is another matter.
AirResult solve_air(const AirNetwork& network);

}  // namespace rigtopo
