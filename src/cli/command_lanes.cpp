// `rigtopo lanes`: the lane budget of a board, alone or against the devices of a spec.
#include <filesystem>
#include <fmt/format.h>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/output_folder.hpp"
#include "cli/table.hpp"
#include "physics/lanes.hpp"

namespace rigtopo {
namespace {

/// What is budgeted: a board with a CPU, and for a spec its pins and demand.
struct Subject {
  PartPtr board_holder;
  PartPtr cpu_holder;
  int cpu_count = 1;
  int demand = 0;
  std::optional<Project> project;
  std::optional<Rig> rig;
  const Board& board() const { return std::get<Board>(*board_holder); }
  const Cpu& cpu() const { return std::get<Cpu>(*cpu_holder); }
};

bool is_spec(const std::string& word) {
  std::error_code error;
  return word == "-" || word.ends_with(".yaml") || word.ends_with(".yml") ||
         word.ends_with(".json") || word.find('/') != std::string::npos ||
         std::filesystem::exists(word, error);
}

/// First CPU of the catalogue, in order of ids, whose socket is the board's.
PartPtr fitting_cpu(Catalog& catalog, const Board& board, Diagnostics& out) {
  const std::string socket = board.sockets.empty() ? "" : board.sockets.front().socket.value_or("");
  for (const std::string& id : catalog.index().ids("cpu")) {
    PartPtr part = catalog.load(id, "cpu", {}, out);
    if (part != nullptr && std::get<Cpu>(*part).socket.value_or("?") == socket) return part;
  }
  out.report(codes::unknown_part, {}, "no CPU of the catalogue fits socket `" + socket + "`",
             "name one with --cpu");
  return nullptr;
}

std::optional<Subject> of_board(Invocation& call) {
  Diagnostics& problems = call.session.problems;
  Catalog catalog = call.session.catalog();
  Subject subject;
  subject.board_holder = catalog.load(call.words.front(), "board", {}, problems);
  if (subject.board_holder == nullptr) return std::nullopt;
  subject.cpu_holder = call.has("cpu") ? catalog.load(call.text("cpu"), "cpu", {}, problems)
                                       : fitting_cpu(catalog, subject.board(), problems);
  if (subject.cpu_holder == nullptr) return std::nullopt;
  subject.cpu_count = std::max<int>(1, static_cast<int>(subject.board().sockets.size()));
  return subject;
}

std::optional<Subject> of_spec(Invocation& call) {
  Subject subject;
  subject.project = call.session.load(call.words.front());
  if (!subject.project) return std::nullopt;
  const Project& project = *subject.project;
  subject.board_holder = project.boards.front();
  subject.cpu_holder = project.cpu_holder;
  subject.cpu_count = project.cpu_count;
  subject.demand = least_demand(project);
  subject.rig = build_rig(project, pinned_layout(project, call.session.problems));
  return subject;
}

std::string budget_text(const Subject& subject, const std::vector<CoreBudget>& cores) {
  TextTable table({"core", "complex", ">numa", ">lanes", ">gen", ">routed", ">on board", ">xGMI",
                   ">not routed", ">unknown", ">used", "connectors", ""});
  int total = 0;
  int routed = 0;
  for (const CoreBudget& c : cores) {
    std::string connectors;
    for (const auto& k : c.connectors) {
      connectors += fmt::format("{}{} x{}", connectors.empty() ? "" : ", ", k.id, k.width);
    }
    const auto cell = [](int n) { return n == 0 ? std::string("-") : std::to_string(n); };
    const std::string fault = c.sum() > c.lanes ? "over by " + std::to_string(c.sum() - c.lanes)
                              : c.closes()      ? ""
                                                : "does not close";
    table.row({c.id, c.complex, std::to_string(c.numa), std::to_string(c.lanes),
               std::to_string(static_cast<int>(c.generation)), cell(c.routed), cell(c.onboard),
               cell(c.xgmi), cell(c.unrouted), cell(c.unknown), cell(c.used), connectors, fault});
    total += c.lanes;
    routed += c.routed;
  }
  std::string text =
      fmt::format("{} with {}{}: {} lanes, {} routed to connectors\n",
                  subject.board().name.value_or(subject.board().id),
                  subject.cpu_count > 1 ? fmt::format("{}x ", subject.cpu_count) : "",
                  subject.cpu().name.value_or(subject.cpu().id), total, routed);
  text += table.text();
  for (const SharedGroup& group : subject.board().groups) {
    text += fmt::format("  shared: {} (set by {}):", group.id.value_or("?"),
                        group.set_by.known() ? word(*group.set_by) : "unknown");
    for (const GroupMode& mode : group.modes) {
      text += fmt::format(" {} =", mode.id.value_or("?"));
      for (const auto& lane : mode.lanes) {
        if (!lane.value.known()) continue;
        text += fmt::format(" {} {}", lane.key.value_or("?"), to_text(*lane.value));
      }
      text += ";";
    }
    text += "\n";
  }
  if (subject.demand > 0) {
    text += fmt::format("The devices need at least {} lanes: {}\n", subject.demand,
                        subject.demand > routed
                            ? fmt::format("{} more than the board routes", subject.demand - routed)
                            : "the board routes enough");
  }
  return text;
}

}  // namespace

int lanes_command(Invocation& call) {
  Session& session = call.session;
  std::optional<Subject> subject = is_spec(call.words.front()) ? of_spec(call) : of_board(call);
  if (!subject || session.problems.errors() > 0) {
    return end_with_problems(session, call.io, exit_bad_input);
  }
  const Rig* rig = subject->rig ? &*subject->rig : nullptr;
  const auto cores = lane_budget(subject->board(), subject->cpu(), subject->cpu_count, rig);
  std::string content;
  if (session.format == "svg") {
    PictureContext context;
    if (subject->project) {
      context = session.picture_context(*subject->project, session.judge(*rig));
    } else {
      context.title = subject->board().name.value_or(subject->board().id);
      context.tool = "rigtopo";
    }
    content = lanes_svg(subject->board(), subject->cpu(), subject->cpu_count, rig, context);
  } else if (session.json()) {
    content = lanes_document(subject->board().id, cores, subject->demand);
  } else {
    content = budget_text(*subject, cores);
  }
  const std::string target = call.has("output") ? call.text("output") : "-";
  if (target == "-") {
    call.io.out << content;
  } else if (!write_file(target, content, session.problems)) {
    return end_with_problems(session, call.io, exit_unwritten);
  }
  int routed = 0;
  for (const CoreBudget& c : cores) routed += c.routed;
  return subject->demand > routed ? exit_findings : exit_good;
}

}  // namespace rigtopo
