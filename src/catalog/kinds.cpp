// The list of kinds, and what their rows share: reference tables and the checks for ids, counts,
// inlets and outputs. What is special to a kind is decided in its own kinds_*.cpp.
#include "catalog/kinds.hpp"

#include <algorithm>
#include <array>

namespace rigtopo {

std::span<const Kind> kinds() {
  static const std::array all{board_kind,    cpu_kind,    gpu_kind,        nvme_kind,
                              nic_kind,      riser_kind,  supply_kind,     breakout_kind,
                              cable_kind,    cord_kind,   frame_kind,      fan_kind,
                              expander_kind, bridge_kind, power_curve_kind};
  return all;
}

const Kind* find_kind(std::string_view id) {
  for (const Kind& kind : kinds()) {
    if (kind.id == id) return &kind;
  }
  return nullptr;
}

std::vector<std::string> kind_ids() {
  std::vector<std::string> ids;
  for (const Kind& kind : kinds()) ids.emplace_back(kind.id);
  return ids;
}

const Part& base_of(const AnyPart& part) {
  return std::visit([](const auto& p) -> const Part& { return p; }, part);
}

namespace detail {

void check_count(const Fact<int>& fact, std::string_view key, int least, int most,
                 Diagnostics& out) {
  if (!fact.known() || (*fact >= least && *fact <= most)) return;
  Diagnostic& d =
      out.report(codes::out_of_range, fact.at,
                 "`" + std::string(key) + "` is " + std::to_string(*fact) + "; it lies between " +
                     std::to_string(least) + " and " + std::to_string(most));
  d.actual = *fact;
  d.limit = *fact < least ? least : most;
}

void UniqueIds::add(const std::string& id, Source at) {
  for (const auto& [seen, where] : seen_) {
    if (seen != id) continue;
    out_->report(codes::duplicate_id, at, "a second " + what_ + " is called `" + id + "`")
        .labels.push_back({where, "the first is here"});
    return;
  }
  seen_.emplace_back(id, at);
}

bool UniqueIds::has(std::string_view id) const {
  return std::any_of(seen_.begin(), seen_.end(), [&](const auto& s) { return s.first == id; });
}

std::vector<std::string> unrolled(const std::string& id, const Fact<int>& count, int from,
                                  std::string_view glue) {
  const int n = count.value_or(1);
  if (n == 1) return {id};
  std::vector<std::string> ids;
  ids.reserve(static_cast<std::size_t>(std::max(n, 0)));
  for (int i = 0; i < n; ++i) ids.push_back(id + std::string(glue) + std::to_string(from + i));
  return ids;
}

void check_outputs(const std::vector<Output>& outputs, Diagnostics& out) {
  constexpr int most = 64;
  UniqueIds ids("output", out);
  for (const Output& o : outputs) {
    check_count(o.count, "count", 1, most, out);
    check_positive(o.power, "power", out);
    check_positive(o.reach, "reach", out);
    check_positive(o.current, "current", out);
    check_positive(o.fuse, "fuse", out);
    check_count(o.gauge, "gauge", 6, 30, out);
    if (!o.id.known() || o.count.value_or(1) > most) continue;
    for (const std::string& id : unrolled(*o.id, o.count)) ids.add(id, o.id.at);
  }
}

void check_inlets(const std::vector<Inlet>& inlets, Diagnostics& out) {
  UniqueIds ids("inlet", out);
  for (const Inlet& i : inlets) ids.add(i.id);
}

}  // namespace detail
}  // namespace rigtopo
