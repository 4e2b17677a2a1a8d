// Places for cards (frames with mounts) and fans. What fits where is computed in physics/.
#include "catalog/kinds.hpp"

namespace rigtopo {

const Fields<Mount>& Table<Mount>::fields() {
  using S = Mount;
  static const Fields<S> list{
      field("id", &S::id, Need::required,
            "Name of the place: `upper` with `count: 4` gives `upper-1` to `upper-4`."),
      field("row", &S::row, Need::optional, "Mounts of one row stand side by side."),
      field("position", &S::position, Need::optional,
            "Of the card's edge connector, in frame coordinates; of the first one."),
      field("thickness", &S::thickness, Need::optional,
            "Room across the card, up to the next mount or wall."),
      field("length", &S::length, Need::optional, "Room along the card."),
      field("height", &S::height, Need::optional, "Room above the edge connector."),
      field("zone", &S::zone, Need::optional, "Air zone."),
      field("count", &S::count, Need::optional, "How many equal ones in a line; default 1."),
      field("pitch", &S::pitch, Need::optional,
            "Step from one to the next along x; default `thickness`."),
      field("exhaust", &S::exhaust, Need::optional,
            "Air zone the card blows into, or `room`. Cards with open coolers blow into the zone "
            "they breathe when this is not given, blowers into the room.")};
  return list;
}

const Fields<Frame>& Table<Frame>::fields() {
  using S = Frame;
  static const Fields<S> list = detail::part_fields<S>(
      {field("direct", &S::direct, Need::optional,
             "Cards may be plugged straight into the board's slots."),
       field("card_length", &S::card_length, Need::optional,
             "Room along a card that is plugged straight into a slot."),
       field("expansion_positions", &S::expansion_positions, Need::optional,
             "Brackets over the slots, counted from the side of slot 1."),
       field("board_origin", &S::board_origin, Need::optional,
             "Corner of the board in frame coordinates."),
       field("mounts", &S::mounts, Need::optional, "Places for cards on risers."),
       field("supplies", &S::supplies, Need::optional, "Places for supplies."),
       field("supply_positions", &S::supply_positions, Need::optional,
             "Where the cables of `psu0`, `psu1` ... leave, in frame coordinates."),
       field("open", &S::open, Need::optional,
             "No walls: every card breathes the room and some of its neighbour's air. Temperatures "
             "are then an estimate."),
       field("air", &S::air, Need::optional, "The air inside: zones, passages, fan positions.")});
  return list;
}

const Fields<FanPoint>& Table<FanPoint>::fields() {
  using S = FanPoint;
  static const Fields<S> list{
      field("flow", &S::flow, Need::required, "Flow at this point of the curve."),
      field("pressure", &S::pressure, Need::required, "Static pressure at that flow.")};
  return list;
}

const Fields<Fan>& Table<Fan>::fields() {
  using S = Fan;
  static const Fields<S> list = detail::part_fields<S>(
      {field("size", &S::size, Need::required, "Width of the frame."),
       field("free_flow", &S::free_flow, Need::optional, "Flow without resistance."),
       field("shut_off", &S::shut_off, Need::optional, "Pressure without flow."),
       field("curve", &S::curve, Need::optional, "Points between, from low flow to high."),
       field("sound", &S::sound, Need::optional, "Sound level at full speed."),
       field("power", &S::power, Need::optional, "Power at full speed."),
       field("stall", &S::stall, Need::optional,
             "Least flow at which it runs without stall; without it 40 % of the free flow is "
             "assumed.")});
  return list;
}

namespace {

void complete_frame(Frame& frame) {
  for (Mount& m : frame.mounts) {
    detail::default_to(m.count, 1);
    detail::default_to(m.pitch, m.thickness);
  }
}
void complete_fan(Fan&) {}

void validate_frame(const AnyPart& part, Diagnostics& out) {
  const Frame& frame = std::get<Frame>(part);
  detail::UniqueIds ids("mount", out);
  for (const Mount& m : frame.mounts) {
    detail::check_count(m.count, "count", 1, 64, out);
    detail::check_positive(m.thickness, "thickness", out);
    detail::check_positive(m.length, "length", out);
    detail::check_positive(m.height, "height", out);
    detail::check_positive(m.pitch, "pitch", out);
    if (m.id.known() && *m.id == "direct") {
      out.report(codes::contradictory, m.id.at,
                 "`direct` stands for the board's own slots and can't name a mount");
    }
    const bool sane = !m.count.known() || (*m.count >= 1 && *m.count <= 64);
    if (!m.id.known() || !sane) continue;
    for (const std::string& id : detail::unrolled(*m.id, m.count, 1, "-")) ids.add(id, m.id.at);
  }
  detail::check_count(frame.expansion_positions, "expansion_positions", 1, 32, out);
  detail::check_count(frame.supplies, "supplies", 0, 32, out);
  detail::check_positive(frame.card_length, "card_length", out);
  detail::check_frame_air(frame, out);
}

void validate_fan(const AnyPart& part, Diagnostics& out) {
  const Fan& fan = std::get<Fan>(part);
  for (std::size_t i = 1; i < fan.curve.size(); ++i) {
    const FanPoint& low = fan.curve[i - 1];
    const FanPoint& high = fan.curve[i];
    const bool known =
        low.flow.known() && low.pressure.known() && high.flow.known() && high.pressure.known();
    if (known && (!(*low.flow < *high.flow) || *low.pressure < *high.pressure)) {
      out.report(codes::contradictory, high.at,
                 "the curve does not fall: flow has to rise and pressure must not");
    }
  }
  detail::check_positive(fan.size, "size", out);
  detail::check_positive(fan.free_flow, "free_flow", out);
  detail::check_positive(fan.shut_off, "shut_off", out);
}

std::string reference_frame() {
  return reference_table<Frame>() + nested_reference<Mount>("mounts") +
         nested_reference<FrameAir>("air") + nested_reference<FrameOpening>("air.passages") +
         nested_reference<FanPosition>("air.fans");
}
std::string reference_fan() { return reference_table<Fan>() + nested_reference<FanPoint>("curve"); }

}  // namespace

const Kind frame_kind{
    "frame",        "Frame or case",      "frame",        detail::read_part<Frame, complete_frame>,
    validate_frame, struct_schema<Frame>, reference_frame};
const Kind fan_kind{"fan",        "Fan",
                    "fan",        detail::read_part<Fan, complete_fan>,
                    validate_fan, struct_schema<Fan>,
                    reference_fan};

}  // namespace rigtopo
