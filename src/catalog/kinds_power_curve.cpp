// Speed of cards at several power limits, as somebody measured it.
#include "catalog/kinds.hpp"

namespace rigtopo {

const Fields<PowerPoint>& Table<PowerPoint>::fields() {
  using S = PowerPoint;
  static const Fields<S> list{
      field("limit", &S::limit, Need::required, "Power limit that was set."),
      field("speed", &S::speed, Need::required, "Speed at that limit, in `unit`.")};
  return list;
}

const Fields<PowerCurve>& Table<PowerCurve>::fields() {
  using S = PowerCurve;
  static const Fields<S> list = detail::part_fields<S>(
      {field("gpus", &S::gpus, Need::required, "Ids of the cards that it holds for."),
       field("work", &S::work, Need::required, "What was run: `decode, 27B dense`."),
       field("unit", &S::unit, Need::required, "Unit of `speed`: `tok/s`."),
       field("points", &S::points, Need::required, "At least two, by rising limit.")});
  return list;
}

namespace {

void complete_curve(PowerCurve&) {}

void validate_curve(const AnyPart& part, Diagnostics& out) {
  const PowerCurve& curve = std::get<PowerCurve>(part);
  if (curve.points.size() < 2) {
    out.report(codes::contradictory, curve.at, "a curve has at least two points");
  }
  const PowerPoint* below = nullptr;
  for (const PowerPoint& p : curve.points) {
    detail::check_positive(p.limit, "limit", out);
    if (below != nullptr && p.limit.known() && below->limit.known() && *p.limit <= *below->limit) {
      out.report(codes::contradictory, p.limit.at,
                 "the limit " + to_text(*p.limit) + " comes after " + to_text(*below->limit),
                 "sort the points by rising limit, each once");
    }
    below = &p;
  }
}

std::string curve_reference() {
  return reference_table<PowerCurve>() + nested_reference<PowerPoint>("points");
}

}  // namespace

const Kind power_curve_kind{"power-curve",  "Speed at power limits",
                            "curve",        detail::read_part<PowerCurve, complete_curve>,
                            validate_curve, struct_schema<PowerCurve>,
                            curve_reference};

}  // namespace rigtopo
