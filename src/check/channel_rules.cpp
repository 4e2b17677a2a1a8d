// Chips and cables of a channel: how many retimers and redrivers, whether a redriver has anything
// to make good, whether cable pinouts agree. Bands of loss are signal_rules.cpp.
#include <array>
#include <fmt/format.h>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "check/rule.hpp"
#include "physics/channel.hpp"
#include "physics/link.hpp"

namespace rigtopo {
namespace {

/// A link whose chain is decided, of a device or an expander.
struct Channel {
  std::string id;
  Source at;
  LinkPath path;
};

std::vector<Channel> channels(const Rig& rig) {
  std::vector<Channel> list;
  for (const auto* places : {&rig.layout.devices, &rig.layout.expanders}) {
    for (const DevicePlace& place : *places) {
      std::optional<LinkPath> path = rig.link_path(place);
      if (!path || !path->chain_decided) continue;
      const Source chain = place.chain.empty() ? place.port.at : place.chain.front().at;
      list.push_back(
          {place.id.value_or("?"), either(chain, place_of(rig, place)), *std::move(path)});
    }
  }
  return list;
}

void redriver_over_equalised(const Rig& rig, Reporter& out) {
  for (const Channel& c : channels(rig)) {
    const auto link = trained_link(c.path);
    if (!link) continue;
    for (const auto& entry : c.path.chain) {
      const Riser& riser = *entry.first;
      if (riser.type.value != RiserType::redriver) continue;
      if (!riser.gain.known()) {
        out.not_checked(fmt::format("gain of `{}` is not known ({})", riser.id, c.id));
        continue;
      }
      double before = 0;
      bool found = false;
      for (const LossSegment& s : link->loss.segments) {
        found = found || s.what == "gain of " + riser.id;
        if (!found) before += s.loss.value.value_or(Decibels{0}).value;
      }
      if (!found || !exceeds(*riser.gain, Decibels{before})) continue;
      const Pair pair = distinct(riser.gain->value, before);
      Diagnostic& d =
          out.report(c.at, {c.id, riser.id},
                     fmt::format("redriver `{}` of `{}` adds {} dB, only {} dB are lost before it",
                                 riser.id, c.id, pair.actual, pair.limit),
                     *riser.gain, Decibels{before}, "dB");
      d.labels.push_back({riser.gain.at, "gain given here"});
      d.confidence = weakest(riser.gain.confidence, link->loss.total.confidence);
      d.help = "set it to a lower gain with the maker's tool, or leave it out";
    }
  }
}

void retimers_too_many(const Rig& rig, Reporter& out) {
  for (const Channel& c : channels(rig)) {
    const int count = retimer_count(c.path);
    if (count <= most_retimers) continue;
    Diagnostic& d = out.report(c.at, {c.id},
                               fmt::format("`{}` has {} retimers in a row, a link works with {}",
                                           c.id, count, most_retimers),
                               Count{count}, Count{most_retimers}, "retimers");
    d.confidence = Confidence::secondary;
    d.help = "use parts with fewer retimers, or a switch between";
  }
}

void redrivers_in_row(const Rig& rig, Reporter& out) {
  for (const Channel& c : channels(rig)) {
    std::vector<std::string> subject{c.id};
    for (const auto& entry : c.path.chain) {
      if (entry.first->retimer.value_or(false)) subject.resize(1);
      if (entry.first->type.value == RiserType::redriver) subject.push_back(entry.first->id);
    }
    if (subject.size() < 3) continue;
    const std::size_t count = subject.size() - 1;
    Diagnostic& d = out.report(c.at, std::move(subject),
                               fmt::format("`{}` has {} redrivers in a row", c.id, count));
    d.confidence = Confidence::secondary;
    d.help = "replace one of them by a retimer";
  }
}

void pinout_differs(const Rig& rig, Reporter& out) {
  std::set<std::pair<std::string, std::string>> open;  // once for each two parts that meet
  for (const Channel& c : channels(rig)) {
    for (const PinoutMeeting& m : pinout_meetings(c.path)) {
      if (m.left == nullptr || m.right == nullptr) {
        if (!open.emplace(m.left_id, m.right_id).second) continue;
        out.left_out(fmt::format("nobody says whether the {} pinouts of `{}` and `{}` agree",
                                 word(m.socket), m.left_id, m.right_id));
        continue;
      }
      if (!m.differ()) continue;
      Diagnostic& d =
          out.report(c.at, {c.id, m.right_id},
                     fmt::format("`{}` is wired as {}, `{}` as {}: same plug, other pins",
                                 m.left_id, **m.left, m.right_id, **m.right));
      d.labels.push_back({m.left->at, "pinout given here"});
      d.labels.push_back({m.right->at, "pinout given here"});
      d.confidence = weakest(m.left->confidence, m.right->confidence);
      d.help = "use a cable of the same maker's system, or one that says it converts";
    }
  }
}

constexpr std::array channel_table{
    Rule{{"L205", "redriver-over-equalised", Severity::warning,
          "A redriver amplifies more than was lost before it.",
          "A redriver is set for a certain loss. On a shorter way it overshoots, and the receiver "
          "sees a signal as bad as one too weak. Makers offer tools to set the gain.",
          "https://github.com/jamesob/local-llm (gain level set by cable length)"},
         redriver_over_equalised},
    Rule{{"L206", "retimers-too-many", Severity::error, "A link has more than two retimers.",
          "A PCI Express link may hold two retimers at most; with more its training takes too "
          "long and fails.",
          "PCI Express base specification 4.0, retimers"},
         retimers_too_many},
    Rule{{"L207", "redrivers-in-row", Severity::warning,
          "A link has several redrivers in one stretch.",
          "A redriver amplifies noise and jitter along with the signal. Two in a row add both, and "
          "the settings of one upset the other.",
          "redrivers amplify, retimers make the signal anew"},
         redrivers_in_row},
    Rule{{"L208", "pinout-differs", Severity::error,
          "Two cable connectors mate and have different pinouts.",
          "SlimSAS and MCIO plugs carry PCIe in several orders of lanes, reference clock and side "
          "bands. Cables of another maker's system fit and do not work, and may short an output.",
          "https://github.com/jamesob/local-llm (look-alike cables failed)"},
         pinout_differs}};

}  // namespace

std::span<const Rule> channel_rules() { return channel_table; }

}  // namespace rigtopo
