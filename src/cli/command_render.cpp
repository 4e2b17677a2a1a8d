// `rigtopo render`: one view to a stream or file, or all of them into a folder.
#include <fmt/format.h>

#include "base/codes.hpp"
#include "base/report.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/layouts.hpp"
#include "cli/output_folder.hpp"

namespace rigtopo {
namespace {

int bad_view(Invocation& call, std::string message, std::string help) {
  call.session.problems.report(codes::bad_command_line, {}, std::move(message), std::move(help));
  return end_with_problems(call.session, call.io, exit_bad_input);
}

std::vector<std::string> view_names() {
  std::vector<std::string> names;
  for (const ViewRow& v : views()) names.emplace_back(v.id);
  names.emplace_back("all");
  return names;
}

int write_all(Invocation& call, const Rig& rig, const PictureContext& context) {
  const bool dot = call.session.format == "dot";
  std::map<std::string, std::string> files;
  for (const ViewRow& view : views()) {
    if (dot && !view.has_dot) continue;
    Picture picture = view.draw(rig, context);
    files[fmt::format("{}.{}", view.id, dot ? "dot" : "svg")] = dot ? picture.dot : picture.svg;
  }
  const std::string folder = call.has("output") ? call.text("output") : ".";
  for (const auto& [name, content] : files) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (!write_file(std::filesystem::path(folder) / name, content, call.session.problems)) {
      return end_with_problems(call.session, call.io, exit_unwritten);
    }
    call.io.err << "wrote " << (std::filesystem::path(folder) / name).string() << "\n";
  }
  return exit_good;
}

int write_one(Invocation& call, const ViewRow& view, const Rig& rig,
              const PictureContext& context) {
  Picture picture = view.draw(rig, context);
  const std::string& content = call.session.format == "dot" ? picture.dot : picture.svg;
  const std::string target = call.has("output") ? call.text("output") : "-";
  if (target == "-") {
    call.io.out << content;
    return exit_good;
  }
  if (write_file(target, content, call.session.problems)) return exit_good;
  return end_with_problems(call.session, call.io, exit_unwritten);
}

}  // namespace

int render_command(Invocation& call) {
  const std::string name = call.text("view");
  const ViewRow* view = find_view(name);
  if (view == nullptr && name != "all") {
    const std::vector<std::string> names = view_names();
    return bad_view(call, fmt::format("there is no view `{}`", name),
                    "the views are " + listed(names));
  }
  if (view != nullptr && call.session.format == "dot" && !view->has_dot) {
    return bad_view(call, fmt::format("view `{}` is not laid out by Graphviz and has no DOT", name),
                    "use --format svg");
  }
  std::optional<Project> project = call.session.load(call.words.front(), call.text("layout"));
  if (!project) return end_with_problems(call.session, call.io, exit_bad_input);
  int status = exit_good;
  const std::optional<Layout> layout = given_or_solved_layout(call, *project, status);
  if (!layout) return status;
  const Rig rig = build_rig(*project, *layout);
  const CheckResult result = call.session.judge(rig);
  const PictureContext context = call.session.picture_context(*project, result);
  call.io.err << report_text(call.session.problems, call.session.sources,
                             {.colour = call.io.colour_err});
  return view != nullptr ? write_one(call, *view, rig, context) : write_all(call, rig, context);
}

}  // namespace rigtopo
