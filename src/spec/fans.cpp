// `fans:` of the spec: which fan sits in which position of the frame. Whether the air suffices is
// judged in check/.
#include <algorithm>
#include <set>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "spec/loading.hpp"

namespace rigtopo {
namespace {

std::string place_id(const FanPosition& row, int number) {
  const std::string id = row.id.value_or("?");
  return row.count.value_or(1) == 1 ? id : id + "-" + std::to_string(number);
}

/// Places that a row of the spec names: the whole row of the frame, or one place of it.
struct Named {
  const FanPosition* row = nullptr;
  std::vector<std::string> places;
};

Named named_places(const Frame& frame, const std::string& name) {
  for (const FanPosition& row : frame.air.fans) {
    Named whole{&row, {}};
    for (int i = 1; i <= std::min(row.count.value_or(1), 64); ++i) {
      whole.places.push_back(place_id(row, i));
      if (whole.places.back() == name) return {&row, {name}};
    }
    if (row.id.known() && *row.id == name) return whole;
  }
  return {};
}

void report_unknown(const FanRow& row, const Frame* frame, Diagnostics& out) {
  std::vector<std::string> known;
  for (const FanPosition& p : frame != nullptr ? frame->air.fans : std::vector<FanPosition>{}) {
    known.push_back(p.id.value_or("?"));
  }
  const std::string whose = frame != nullptr ? "the frame `" + frame->id + "`" : "no frame here";
  out.report(codes::unknown_id, row.position.at,
             whose + (frame != nullptr ? " has no fan position `" : " has a fan position `") +
                 *row.position + "`",
             suggestion(*row.position, known));
}

class FanLoader {
 public:
  explicit FanLoader(Loading& l) : l_(l) {}

  void load(const FanRow& row) {
    const PartPtr part = l_.written(row.part, row.but ? &*row.but : nullptr, "fan");
    check_between(row.count, "count", 1, 64, l_.out);
    if (row.speed.known() && (row.speed->value <= 0 || row.speed->value > 100)) {
      l_.out.report(
          codes::out_of_range, row.speed.at,
          "`speed` is " + number(row.speed->value) + " %; it lies between more than 0 % and 100 %",
          "a fan that stands still is left out of the list");
      return;
    }
    if (part == nullptr || !row.position.known()) return;
    const Frame* frame = l_.project.frame;
    if (frame == nullptr && l_.project.spec.frame) return;  // what is wrong with it has been said
    const Named named = frame != nullptr ? named_places(*frame, *row.position) : Named{};
    if (named.row == nullptr) {
      report_unknown(row, frame, l_.out);
      return;
    }
    const Fan& fan = std::get<Fan>(*part);
    if (fits(fan, row, *named.row)) place(row, part, named);
  }

 private:
  bool fits(const Fan& fan, const FanRow& row, const FanPosition& position) {
    if (!fan.size.known() || !position.size.known() || *fan.size == *position.size) return true;
    Diagnostic& d = l_.out.report(codes::contradictory, row.position.at,
                                  "`" + fan.id + "` is " + to_text(*fan.size) + " wide; `" +
                                      *row.position + "` takes " + to_text(*position.size));
    d.labels.push_back({position.size.at, "size of the position"});
    return false;
  }

  void place(const FanRow& row, const PartPtr& part, const Named& named) {
    int left = row.count.value_or(1);
    for (const std::string& id : named.places) {
      if (left == 0) return;
      if (!taken_.insert(id).second) continue;
      --left;
      l_.project.fans.push_back({id, part, &std::get<Fan>(*part), named.row,
                                 row.speed.value_or(Percent{100}).value / 100, row.at});
    }
    if (left == 0) return;
    l_.out.report(codes::contradictory, row.position.at,
                  "`" + *row.position + "` has no place left for " + std::to_string(left) +
                      (left == 1 ? " fan" : " fans"));
  }

  Loading& l_;
  std::set<std::string> taken_;
};

}  // namespace

void load_fans(Loading& loading) {
  FanLoader loader(loading);
  for (const FanRow& row : loading.project.spec.fans) loader.load(row);
}

}  // namespace rigtopo
