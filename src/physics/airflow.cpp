// The flow solver: assembles, factors, steps. Every edge, passage or fan, is one function h(q), the
// pressure lost from its start to its end, which rises with q; that is all the method needs.
#include "physics/airflow.hpp"

#include <Eigen/Sparse>
#include <algorithm>
#include <cmath>
#include <limits>

namespace rigtopo {
namespace {

using Matrix = Eigen::SparseMatrix<double>;
using Vector = Eigen::VectorXd;

constexpr double litres_per_second_in_cfm = 0.3048 * 0.3048 * 0.3048 * 1000 / 60;
constexpr double sea_level_pressure = 101325;  // Pa, ISA
constexpr double gas_constant = 287.05;        // J/(kg K), dry air

// Below this flow a passage is a straight line, so that its slope never vanishes. The pressure
// there is below 1e-6 Pa for any K that matters.
constexpr double linear_below = 1e-3;  // L/s
constexpr int most_iterations = 200;
constexpr double good_enough = 1e-12;  // sum of |dq| over sum of |q|
constexpr double still_good = 1e-9;
// Air that hardly moves carries no heat away: 1e-6 L/s take 1 mW a kelvin.
constexpr double still = 1e-6;

/// A passage or fan at the density of the network.
struct Edge {
  int from;
  int to;
  double exponent = 0;
  double resistance = 0;
  FanCurve curve;  // empty for passages
};

/// Pressure lost at a flow, and its slope, which is above 0.
struct Loss {
  double pressure;
  double slope;
};

Loss loss_of_fan(const FanCurve& curve, double q) {
  const auto& p = curve.points;
  std::size_t k = 1;
  while (k + 1 < p.size() && q > p[k].flow.value) ++k;
  const double slope =
      (p[k - 1].pressure - p[k].pressure).value / (p[k].flow - p[k - 1].flow).value;
  return {slope * (q - p[k - 1].flow.value) - p[k - 1].pressure.value, slope};
}

Loss loss_of(const Edge& e, double q) {
  if (!e.curve.points.empty()) return loss_of_fan(e.curve, q);
  const double size = std::abs(q);
  if (size < linear_below) {
    const double slope = e.resistance * std::pow(linear_below, e.exponent - 1);
    return {slope * q, slope};
  }
  const double slope = e.resistance * std::pow(size, e.exponent - 1);
  return {slope * q, e.exponent * slope};
}

std::vector<Edge> edges_of(const AirNetwork& net) {
  std::vector<Edge> edges;
  for (const AirPassage& p : net.passages) {
    // K goes with rho for an orifice (n = 2) and not at all for laminar flow (n = 1).
    const double thin = std::pow(net.density / rated_density, p.exponent - 1);
    edges.push_back({p.from, p.to, p.exponent, p.resistance * thin, {}});
  }
  for (const AirFan& f : net.fans) {
    edges.push_back({f.from, f.to, 0, 0, at_speed(f.curve, f.speed, net.density)});
  }
  return edges;
}

// ---- what can't be solved
// ------------------------------------------------------------------------

std::string bad_edge(const AirNetwork& net) {
  const int zones = static_cast<int>(net.zones.size());
  const auto known = [&](int zone) { return zone == ambient || (zone >= 0 && zone < zones); };
  for (const AirPassage& p : net.passages) {
    const bool good = p.resistance > 0 && std::isfinite(p.resistance) && p.exponent >= 1 &&
                      p.exponent <= 2 && known(p.from) && known(p.to);
    if (!good) return p.id;
  }
  for (const AirFan& f : net.fans) {
    const bool good = f.speed > 0 && std::isfinite(f.speed) && f.curve.points.size() >= 2 &&
                      known(f.from) && known(f.to);
    if (!good) return f.id;
  }
  return {};
}

/// A zone that nothing joins to ambient; nullptr when there is none.
const AirZone* shut_zone(const AirNetwork& net, const std::vector<Edge>& edges) {
  std::vector<bool> open(net.zones.size(), false);
  const auto reached = [&](int zone) {
    return zone == ambient || open[static_cast<std::size_t>(zone)];
  };
  for (bool grew = true; grew;) {
    grew = false;
    for (const Edge& e : edges) {
      if (reached(e.from) == reached(e.to)) continue;
      open[static_cast<std::size_t>(reached(e.from) ? e.to : e.from)] = true;
      grew = true;
    }
  }
  const auto shut = std::find(open.begin(), open.end(), false);
  return shut == open.end() ? nullptr : &net.zones[static_cast<std::size_t>(shut - open.begin())];
}

// ---- flow
// ----------------------------------------------------------------------------------------

/// Pressure difference along an edge.
double drop_along(const Edge& e, const Vector& pressure) {
  return (e.from == ambient ? 0 : pressure[e.from]) - (e.to == ambient ? 0 : pressure[e.to]);
}

class FlowSolver {
 public:
  FlowSolver(const std::vector<Edge>& edges, int zones)
      : edges_(edges), pressure_(Vector::Zero(zones)), flow_(edges.size()) {
    for (std::size_t j = 0; j < edges.size(); ++j) {
      const bool fan = !edges[j].curve.points.empty();
      flow_[index(j)] = fan ? 0.5 * edges[j].curve.free_flow().value : 10;
    }
  }

  /// False: not converged.
  bool solve() {
    for (iterations_ = 1; iterations_ <= most_iterations; ++iterations_) {
      if (!step()) return false;
      if (moved_ <= good_enough) return true;
    }
    return moved_ <= still_good;  // rounding can keep it from the last digits
  }
  const Vector& pressure() const { return pressure_; }
  const Vector& flow() const { return flow_; }
  int iterations() const { return iterations_; }

 private:
  static Eigen::Index index(std::size_t j) { return static_cast<Eigen::Index>(j); }

  /// Linearises every edge as q = y + (Pa - Pb) / slope, solves for the pressures that keep every
  /// zone balanced, and moves the flows there.
  bool step() {
    Vector wanted = Vector::Zero(flow_.size());
    if (!newton(wanted)) return false;
    const Vector way = wanted - flow_;
    // The first step only brings the flows into balance; from then on they stay so, and the content
    // of the network (the integral of h over q, convex) falls along the way.
    const double share = iterations_ == 1 ? 1 : share_of(way);
    flow_ += share * way;
    const double size = flow_.lpNorm<1>();
    moved_ = size > 0 ? share * way.lpNorm<1>() / size : 0;
    return std::isfinite(size);
  }

  bool newton(Vector& wanted) {
    const Eigen::Index zones = pressure_.size();
    std::vector<Eigen::Triplet<double>> entries;
    Vector right = Vector::Zero(zones);
    std::vector<Loss> losses;
    for (std::size_t j = 0; j < edges_.size(); ++j) {
      const Edge& e = edges_[j];
      losses.push_back(loss_of(e, flow_[index(j)]));
      const double c = 1 / losses[j].slope;
      const double y = flow_[index(j)] - c * losses[j].pressure;
      if (e.from != ambient) {
        entries.emplace_back(e.from, e.from, c);
        right[e.from] -= y;
      }
      if (e.to != ambient) {
        entries.emplace_back(e.to, e.to, c);
        right[e.to] += y;
      }
      if (e.from != ambient && e.to != ambient) {
        entries.emplace_back(e.from, e.to, -c);
        entries.emplace_back(e.to, e.from, -c);
      }
    }
    if (zones > 0) {
      Matrix matrix(zones, zones);
      matrix.setFromTriplets(entries.begin(), entries.end());
      if (iterations_ == 1) factors_.analyzePattern(matrix);
      factors_.factorize(matrix);
      if (factors_.info() != Eigen::Success) return false;
      pressure_ = factors_.solve(right);
    }
    for (std::size_t j = 0; j < edges_.size(); ++j) {
      const double missing = drop_along(edges_[j], pressure_) - losses[j].pressure;
      wanted[index(j)] = flow_[index(j)] + missing / losses[j].slope;
    }
    return true;
  }

  /// How far along `way` the content still falls: 1, or where its slope changes sign (by halving).
  double share_of(const Vector& way) const {
    const auto slope = [&](double share) {
      double sum = 0;
      for (std::size_t j = 0; j < edges_.size(); ++j) {
        const Eigen::Index i = index(j);
        sum += way[i] * loss_of(edges_[j], flow_[i] + share * way[i]).pressure;
      }
      return sum;
    };
    // Close to the answer rounding decides the sign; a full step can't hurt there.
    if (moved_ < 1e-9 || slope(1) <= 0) return 1;
    double low = 0;
    double high = 1;
    for (int i = 0; i < 20; ++i) {
      const double middle = 0.5 * (low + high);
      (slope(middle) <= 0 ? low : high) = middle;
    }
    return high;
  }

  const std::vector<Edge>& edges_;
  Vector pressure_;
  Vector flow_;
  Eigen::SimplicialLDLT<Matrix> factors_;
  double moved_ = 1;
  int iterations_ = 0;
};

// ---- heat
// ----------------------------------------------------------------------------------------

/// Each zone: what flows in brings its temperature, heat comes on top, what flows out takes it
/// away.
std::vector<Kelvins> rises(const AirNetwork& net, const std::vector<Edge>& edges,
                           const Vector& flow) {
  const Eigen::Index zones = static_cast<Eigen::Index>(net.zones.size());
  std::vector<Kelvins> result(net.zones.size());
  if (zones == 0) return result;
  std::vector<Eigen::Triplet<double>> entries;
  Vector through = Vector::Zero(zones);
  Vector heat = Vector::Zero(zones);
  for (std::size_t j = 0; j < edges.size(); ++j) {
    const double q = flow[static_cast<Eigen::Index>(j)];
    const int up = q < 0 ? edges[j].to : edges[j].from;
    const int down = q < 0 ? edges[j].from : edges[j].to;
    if (down == ambient || std::abs(q) < still) continue;
    const double carried = heat_flow(LitresPerSecond{std::abs(q)}, net.density);
    entries.emplace_back(down, down, carried);
    through[down] += carried;
    if (up != ambient) entries.emplace_back(down, up, -carried);
  }
  for (Eigen::Index i = 0; i < zones; ++i) {
    if (through[i] > 0) {
      heat[i] = net.zones[static_cast<std::size_t>(i)].heat.value;
    } else {
      entries.emplace_back(i, i, 1);
    }
  }
  Matrix matrix(zones, zones);
  matrix.setFromTriplets(entries.begin(), entries.end());
  Eigen::SparseLU<Matrix> factors;
  factors.compute(matrix);
  const bool solved = factors.info() == Eigen::Success;
  const Vector rise = solved ? Vector(factors.solve(heat)) : Vector(Vector::Zero(zones));
  for (Eigen::Index i = 0; i < zones; ++i) {
    const std::size_t z = static_cast<std::size_t>(i);
    const bool stuck = !solved || (through[i] <= 0 && net.zones[z].heat > Watts{0});
    result[z] = Kelvins{stuck ? std::numeric_limits<double>::infinity() : rise[i]};
  }
  return result;
}

}  // namespace

// ---- air and curves
// ------------------------------------------------------------------------------

LitresPerSecond litres_per_second(Cfm flow) {
  return LitresPerSecond{flow.value * litres_per_second_in_cfm};
}
Cfm in_cfm(LitresPerSecond flow) { return Cfm{flow.value / litres_per_second_in_cfm}; }

double standard_density(Metres height) {
  return 1.225 * std::pow(1 - 2.2558e-5 * height.value, 4.2559);
}

double air_density(Metres height, Celsius temperature) {
  const double pressure = sea_level_pressure * std::pow(1 - 2.2558e-5 * height.value, 5.2559);
  return pressure / (gas_constant * (temperature.value + 273.15));
}

double heat_flow(LitresPerSecond flow, double density) {
  return density * heat_capacity_of_air * flow.value / 1000;
}

LitresPerSecond flow_for(Watts heat, Kelvins rise, double density) {
  return LitresPerSecond{1000 * heat.value / (density * heat_capacity_of_air * rise.value)};
}

LitresPerSecond FanCurve::free_flow() const {
  const FlowPoint& a = points[points.size() - 2];
  const FlowPoint& b = points.back();
  const double slope = (a.pressure - b.pressure).value / (b.flow - a.flow).value;
  return b.flow + LitresPerSecond{b.pressure.value / slope};
}

Pascals FanCurve::pressure(LitresPerSecond flow) const {
  return Pascals{-loss_of_fan(*this, flow.value).pressure};
}

std::optional<FanCurve> falling_curve(std::vector<FlowPoint> points) {
  if (points.size() < 2) return std::nullopt;
  // A level stretch has no slope to divide by: let it fall by a millionth of the pressure.
  const double step = 1e-6 * points.front().pressure.value;
  if (!(step > 0)) return std::nullopt;
  FanCurve curve;
  for (const FlowPoint& p : points) {
    if (curve.points.empty()) {
      curve.points.push_back(p);
      continue;
    }
    const FlowPoint& last = curve.points.back();
    if (!(last.flow < p.flow)) return std::nullopt;
    const Pascals highest{last.pressure.value - step};
    if (last.pressure < p.pressure) curve.straightened = true;
    curve.points.push_back({p.flow, std::min(p.pressure, highest)});
  }
  return curve;
}

FanCurve at_speed(const FanCurve& rated, double speed, double density) {
  FanCurve curve = rated;
  for (FlowPoint& p : curve.points) {
    p.flow = p.flow * speed;
    p.pressure = p.pressure * (speed * speed * density / rated_density);
  }
  return curve;
}

double resistance(FlowPoint point, double exponent) {
  return point.pressure.value / std::pow(point.flow.value, exponent);
}

double stopped_fan_resistance(const FanCurve& rated) {
  return resistance({rated.free_flow(), rated.shut_off()}, 2);
}

AirResult solve_air(const AirNetwork& network) {
  AirResult result;
  result.about = bad_edge(network);
  if (!result.about.empty()) {
    result.fault = AirFault::bad_value;
    return result;
  }
  const std::vector<Edge> edges = edges_of(network);
  if (const AirZone* zone = shut_zone(network, edges)) {
    result.fault = AirFault::no_way_outside;
    result.about = zone->id;
    return result;
  }
  FlowSolver solver(edges, static_cast<int>(network.zones.size()));
  if (!solver.solve()) {
    result.fault = AirFault::not_converged;
    return result;
  }
  AirSolution solution;
  solution.iterations = solver.iterations();
  for (Eigen::Index i = 0; i < solver.pressure().size(); ++i) {
    solution.pressure.emplace_back(solver.pressure()[i]);
  }
  for (std::size_t j = 0; j < edges.size(); ++j) {
    const LitresPerSecond q{solver.flow()[static_cast<Eigen::Index>(j)]};
    (j < network.passages.size() ? solution.passage_flow : solution.fan_flow).push_back(q);
  }
  solution.rise = rises(network, edges, solver.flow());
  result.solution = std::move(solution);
  return result;
}

}  // namespace rigtopo
