// One more search with one more pin; what it reaches beside what the best layout reaches.
#include "solve/why.hpp"

#include <algorithm>

#include "solve/choices.hpp"

namespace rigtopo {
namespace {

/// Is the device on the port, or one of its row that no pin and no bridge tells apart?
bool is_there(const Project& project, const Layout& layout, const DeviceUse& device,
              const std::string& port) {
  return std::any_of(layout.devices.begin(), layout.devices.end(), [&](const DevicePlace& place) {
    const DeviceUse* other = project.device(place.id.value_or(""));
    if (other == nullptr || place.port.value_or("") != port) return false;
    const bool alike = other->row == device.row && pin_of(project, other->id) == nullptr &&
                       pin_of(project, device.id) == nullptr &&
                       bridge_of(project, other->id) == bridge_of(project, device.id);
    return other == &device || alike;
  });
}

Project with_pin(const Project& project, const std::string& device, const std::string& port) {
  Project pinned = project;
  Fact<std::string> id(device);
  id.at = project.device(device)->at;
  Fact<std::string> wanted(port);
  wanted.at = id.at;
  for (auto& pin : pinned.spec.pins) {
    if (pin.key.value != device) continue;
    pin.value.port = wanted;
    return pinned;
  }
  Pin pin;
  pin.at = id.at;
  pin.port = wanted;
  pinned.spec.pins.push_back({id, pin});
  return pinned;
}

/// The port's name, as rejections begin with it: "PCIE2" or "PCIE2 + ribbon-gen4-200".
bool names_port(const std::string& choice, const std::string& port) {
  return choice == port || choice.starts_with(port + " ");
}

}  // namespace

std::string_view to_string(WhyVerdict v) {
  constexpr std::string_view names[] = {"chosen", "equal", "costs", "impossible", "unknown"};
  return names[static_cast<int>(v)];
}

WhyAnswer why(const Project& project, const SolveOptions& options, const SolveResult& result,
              const std::string& device, const std::string& port) {
  WhyAnswer answer{device, port, WhyVerdict::unknown, {}, {}, {}, {}, {}};
  if (result.status != SolveStatus::optimal) return answer;  // nothing sure to compare with
  if (is_there(project, result.layouts.front(), *project.device(device), port)) {
    answer.verdict = WhyVerdict::chosen;
    return answer;
  }
  SolveOptions one = options;
  one.top = 1;
  one.front.clear();
  const Project pinned = with_pin(project, device, port);
  const SolveResult forced = solve(pinned, one);
  for (const Rejection& r : forced.rejected) {
    const bool of_device = r.subject.find("`" + device + "`") != std::string::npos;
    if (of_device && names_port(r.choice, port)) answer.rejected.push_back(r);
  }
  if (forced.status == SolveStatus::infeasible) {
    answer.verdict = WhyVerdict::impossible;
    answer.conflict = forced.conflict;
    std::erase_if(answer.conflict, [&](const Diagnostic& d) {  // the question itself
      return d.code == "I102" && d.at.line == project.device(device)->at.line &&
             d.message.find("`" + port + "`") != std::string::npos;
    });
  } else if (forced.status == SolveStatus::optimal) {
    const std::string board = forced.layouts.front().board.value_or("");
    if (board != result.layouts.front().board.value_or("")) answer.board = board;
    answer.verdict = WhyVerdict::equal;
    const std::size_t levels = std::min(forced.objective.size(), result.objective.size());
    for (std::size_t i = 0; i < levels; ++i) {
      if (forced.objective[i].value == result.objective[i].value) continue;
      answer.verdict = WhyVerdict::costs;
      answer.changed.push_back(forced.objective[i]);
      answer.best.push_back(result.objective[i]);
    }
  }
  return answer;
}

}  // namespace rigtopo
