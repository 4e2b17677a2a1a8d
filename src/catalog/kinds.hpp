// Inside catalog/ only: what every kinds_*.cpp needs to make its row of kinds(), the fields that
// all parts share, and the small checks that go beyond a single value. Knows no particular kind.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "catalog/catalog.hpp"
#include "yaml/reference.hpp"

namespace rigtopo {

// Rows, one file each; kinds() in catalog.cpp lists them in the order of documentation.
extern const Kind board_kind;
extern const Kind cpu_kind;
extern const Kind gpu_kind;
extern const Kind nvme_kind;
extern const Kind nic_kind;
extern const Kind riser_kind;
extern const Kind supply_kind;
extern const Kind breakout_kind;
extern const Kind cable_kind;
extern const Kind cord_kind;
extern const Kind frame_kind;
extern const Kind fan_kind;
extern const Kind expander_kind;
extern const Kind bridge_kind;
extern const Kind power_curve_kind;

namespace detail {

inline constexpr int core_lanes = 16;  // of a PCIe core, where nobody says less

// ---- tables
// ----------------------------------------------------------------------------------------

/// The keys that every part has, followed by `own`.
template <class P>
Fields<P> part_fields(Fields<P> own) {
  // The loader applies these two and takes them out of the map before it is read.
  const auto for_loader = [](std::string_view key, std::string_view doc) {
    return Field<P>{key,
                    Need::optional,
                    doc,
                    "the id of a part",
                    [] { return std::string(R"({"type": "string"})"); },
                    [](P&, const Entry&, Reader&) {}};
  };
  Fields<P> all{
      field_of<P>("rigtopo", &Part::version, Need::optional,
                  "Version of the format; 1. Required in part files."),
      field_of<P>("id", &Part::written_id, Need::optional,
                  "Id of the part: the name of its file without `.yaml`. Required in part files."),
      field_of<P>("kind", &Part::kind, Need::optional,
                  "Kind of the part: the name of its folder. Required in part files."),
      field_of<P>("name", &Part::name, Need::optional, "Name as the maker writes it."),
      field_of<P>("price", &Part::price, Need::optional,
                  "Usual price of one. A part without a price is never bought."),
      field_of<P>("notes", &Part::notes, Need::optional,
                  "Remarks for the builder, printed with the part."),
      for_loader("extends",
                 "Id of a part of the same kind whose values hold where this one is "
                 "silent. Lists are replaced, not joined."),
      for_loader("replaces",
                 "Its own id, when a part of an earlier catalogue folder is replaced "
                 "on purpose.")};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

/// A value that nobody wrote and that the kind has a default for. An explicit `unknown` stays.
template <class T>
void default_to(Fact<T>& fact, T value) {
  if (!fact.known() && !fact.at.known()) fact = Fact<T>(std::move(value));
}
/// As above, derived from another value: it is as sure as that one, and blamed on the same line.
template <class T>
void default_to(Fact<T>& fact, const Fact<T>& other) {
  if (!fact.known() && !fact.at.known()) fact = other;
}

/// Reads a part of type P by its table; `complete` fills in the defaults of the kind.
template <class P, void (*complete)(P&)>
AnyPart read_part(const Value& value, std::string_view id, Source blame, Reader& reader) {
  P part = read_struct<P>(value, id, blame, reader);
  part.id = std::string(id);
  complete(part);
  return part;
}

// ---- checks
// ----------------------------------------------------------------------------------------

/// Reports `fact` when it is known and below `least` or above `most`.
void check_count(const Fact<int>& fact, std::string_view key, int least, int most,
                 Diagnostics& out);

/// Reports `fact` when it is known and not above zero.
template <class T>
void check_positive(const Fact<T>& fact, std::string_view key, Diagnostics& out) {
  if (fact.known() && !(fact->value > 0)) {
    out.report(codes::out_of_range, fact.at, "`" + std::string(key) + "` has to be more than 0");
  }
}

/// Reports a second use of the same id; `what` names the thing ("connector").
class UniqueIds {
 public:
  UniqueIds(std::string_view what, Diagnostics& out) : what_(what), out_(&out) {}
  void add(const std::string& id, Source at);
  void add(const Fact<std::string>& id) {
    if (id.known()) add(*id, id.at);
  }
  bool has(std::string_view id) const;

 private:
  std::string what_;
  Diagnostics* out_;
  std::vector<std::pair<std::string, Source>> seen_;
};

/// `id` when `count` is 1 or unknown, else id0, id1 ... (`from` is the first number, `glue` goes
/// between).
std::vector<std::string> unrolled(const std::string& id, const Fact<int>& count, int from = 0,
                                  std::string_view glue = "");

/// Reports a power output list: duplicate ids, counts, powers.
void check_outputs(const std::vector<Output>& outputs, Diagnostics& out);
void check_inlets(const std::vector<Inlet>& inlets, Diagnostics& out);

/// Reports references to air zones that are not there, zones without a way outside, and points
/// that are none.
void check_frame_air(const Frame& frame, Diagnostics& out);
void check_card_airflow(const CardAirflow& airflow, Diagnostics& out);

/// Reports a range whose ends are swapped.
template <class T>
void check_range(const Fact<Range<T>>& range, std::string_view key, Diagnostics& out) {
  if (range.known() && range->most < range->least) {
    out.report(codes::contradictory, range.at,
               "`" + std::string(key) + "` has its least value over its most: " +
                   to_text(range->least) + " to " + to_text(range->most),
               "write the smaller value first");
  }
}

}  // namespace detail
}  // namespace rigtopo
