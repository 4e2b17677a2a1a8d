// Command-line options of `rigtopo solve`: read, and refused with what would be right.
#include "cli/solve_request.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "solve/choices.hpp"
#include "yaml/types.hpp"

namespace rigtopo {
namespace {

constexpr int most_layouts = 100;
constexpr double longest_search = 1e6;  // s

class Options {
 public:
  Options(Invocation& call, const Project& project) : call_(call), project_(project) {}

  SolveRequest read() {
    SolveRequest request;
    request.options.time_limit_s = time_limit(call_);
    if (call_.has("top")) read_top(request.options);
    if (call_.has("front")) read_front(request.options);
    if (call_.has("top") && call_.has("front")) {
      refuse("--top and --front exclude each other",
             "a front has as many layouts as it has points");
    }
    if (call_.has("why") && call_.has("front")) {
      refuse("--why and --front exclude each other", "ask why about the best layout");
    }
    if (call_.has("why")) read_why(request);
    return request;
  }

 private:
  void refuse(std::string message, std::string help) {
    call_.session.problems.report(codes::bad_command_line, {}, std::move(message), std::move(help));
  }

  void read_top(SolveOptions& options) {
    const int top = call_.options["top"].as<int>();
    if (top < 1 || top > most_layouts) {
      refuse(fmt::format("--top {} is not possible", top),
             fmt::format("ask for 1 to {} layouts", most_layouts));
      return;
    }
    options.top = static_cast<std::size_t>(top);
  }

  void read_front(SolveOptions& options) {
    std::vector<std::string> names;
    for (const auto& [name, wish] : EnumWords<Wish>::words) names.emplace_back(name);
    const std::string text = call_.text("front");
    bool known_all = true;
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t comma = std::min(text.find(',', from), text.size());
      const std::string name = text.substr(from, comma - from);
      from = comma + 1;
      const auto known = std::find(names.begin(), names.end(), name);
      if (known == names.end()) {
        refuse(fmt::format("there is no wish `{}`", name), "the wishes are " + listed(names));
        known_all = false;
        continue;
      }
      if (name == "heat" || name == "noise") {
        refuse(fmt::format("a front over `{}` cannot be drawn yet", name), "leave it out");
        known_all = false;
        continue;
      }
      const Wish wish =
          EnumWords<Wish>::words.at(static_cast<std::size_t>(known - names.begin())).second;
      if (std::find(options.front.begin(), options.front.end(), wish) == options.front.end()) {
        options.front.push_back(wish);
      }
    }
    if (known_all && (options.front.size() < 2 || options.front.size() > 3)) {
      refuse(fmt::format("a front over `{}` is not possible", text),
             "name two or three different wishes, such as links,price");
    }
  }

  void read_why(SolveRequest& request) {
    const std::string text = call_.text("why");
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      refuse(fmt::format("--why `{}` names no port", text), "write --why gpu3=PCIE2");
      return;
    }
    Question q{text.substr(0, equals), text.substr(equals + 1)};
    std::vector<std::string> devices;
    for (const DeviceUse& use : project_.devices) devices.push_back(use.id);
    std::vector<std::string> ports;
    for (std::size_t b = 0; b < project_.boards.size(); ++b) {
      for (const PortChoice& p : board_with_switches(project_, project_.board(b)).ports) {
        if (std::find(ports.begin(), ports.end(), p.id) == ports.end()) ports.push_back(p.id);
      }
    }
    expect("device", q.device, devices);
    expect("port", q.port, ports);
    const Pin* pin = pin_of(project_, q.device);
    if (pin != nullptr && pin->port.known() && *pin->port != q.port) {
      refuse(fmt::format("`{}` is pinned to `{}`", q.device, *pin->port),
             "take the pin out of the spec to ask about another port");
    }
    request.question = std::move(q);
  }

  void expect(std::string_view what, const std::string& id, const std::vector<std::string>& ids) {
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) return;
    refuse(fmt::format("the spec has no {} `{}`", what, id),
           fmt::format("there {} {}", ids.size() == 1 ? "is" : "are", listed(ids)));
  }

  Invocation& call_;
  const Project& project_;
};

}  // namespace

std::optional<double> time_limit(Invocation& call) {
  if (!call.has("time-limit")) return std::nullopt;
  const double limit = call.options["time-limit"].as<double>();
  if (limit >= 0 && limit <= longest_search) return limit;
  call.session.problems.report(codes::bad_command_line, {},
                               fmt::format("--time-limit {} is not possible", limit),
                               fmt::format("give seconds from 0 to {}", longest_search));
  return std::nullopt;
}

std::optional<SolveRequest> solve_request(Invocation& call, const Project& project) {
  const int before = call.session.problems.errors();
  SolveRequest request = Options(call, project).read();
  if (call.session.problems.errors() != before) return std::nullopt;
  return request;
}

}  // namespace rigtopo
