// From words to a command: finds its row, parses its options, prints help, and keeps every
// exception of a library inside the program.
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fmt/format.h>
#include <iterator>
#include <sstream>

#include <boost/program_options.hpp>

#include "base/codes.hpp"
#include "base/report.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "rigtopo/rigtopo.hpp"

namespace rigtopo {
namespace po = boost::program_options;
namespace {

std::string general_help() {
  std::string text =
      "rigtopo plans servers with 4 to 8 GPUs: it checks lanes, power, reach and mains, finds the\n"
      "best layout and draws how to wire it.\n\nusage: rigtopo COMMAND ...\n\n";
  for (const Command& c : commands()) text += fmt::format("  {:<8} {}\n", c.name, c.summary);
  return text +
         "\n`rigtopo COMMAND --help` tells more. Start with: rigtopo solve "
         "examples/wopr-7x4090.yaml\n";
}

po::options_description options_of(const Command& command) {
  po::options_description options("options", 100);
  auto add = options.add_options();
  add("help,h", "this text");
  add("catalog", po::value<std::vector<std::string>>()->value_name("DIR"),
      "further folder of parts; may be given several times");
  if (!command.formats.empty()) {
    std::string list;
    for (const auto f : command.formats) list += (list.empty() ? "" : ", ") + std::string(f);
    add("format", po::value<std::string>()->value_name("F"),
        ("form of the result: " + list).c_str());
  }
  if (command.add_options != nullptr) command.add_options(options);
  return options;
}

std::string command_help(const Command& command) {
  std::ostringstream text;
  text << "usage: rigtopo " << command.name << " " << command.usage << "\n\n"
       << command.details << "\n\n"
       << options_of(command);
  return text.str();
}

const Command* find_command(std::string_view name) {
  for (const Command& c : commands()) {
    if (c.name == name) return &c;
  }
  return nullptr;
}

void bad_usage(Session& session, std::string message, std::string help) {
  session.problems.report(codes::bad_command_line, {}, std::move(message), std::move(help));
}

/// Bad words before options can be parsed still honour `--format json`.
void adopt_format(const std::vector<std::string>& arguments, Session& session) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool split = arguments[i] == "--format" && i + 1 < arguments.size();
    for (const std::string machine : {"json", "sarif"}) {
      if (arguments[i] == "--format=" + machine || (split && arguments[i + 1] == machine)) {
        session.format = machine;
      }
    }
  }
}

int unknown_command(const std::string& name, Session& session, Io& io) {
  std::vector<std::string> names;
  for (const Command& c : commands()) names.emplace_back(c.name);
  const auto near = did_you_mean(name, names);
  bad_usage(session, fmt::format("there is no command `{}`", name),
            near ? fmt::format("did you mean `{}`?", *near) : "the commands are " + listed(names));
  return end_with_problems(session, io, exit_bad_input);
}

/// The day `until:` is judged against: --today, else SOURCE_DATE_EPOCH, else none.
std::string today_of(const po::variables_map& options) {
  if (options.count("today") != 0) return options["today"].as<std::string>();
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (epoch == nullptr) return {};
  const std::time_t seconds = static_cast<std::time_t>(std::strtoll(epoch, nullptr, 10));
  std::tm utc{};
  if (gmtime_r(&seconds, &utc) == nullptr) return {};
  char text[sizeof "YYYY-MM-DD"];
  return std::strftime(text, sizeof text, "%Y-%m-%d", &utc) == 0 ? "" : std::string(text);
}

bool adopt_options(const Command& command, const po::variables_map& options, Session& session) {
  if (options.count("catalog") != 0) {
    for (const auto& c : options["catalog"].as<std::vector<std::string>>()) {
      session.extra_catalogs.emplace_back(c);
    }
  }
  session.today = today_of(options);
  if (command.formats.empty()) return true;
  const std::string format = options.count("format") != 0 ? options["format"].as<std::string>()
                                                          : std::string(command.formats.front());
  std::vector<std::string> known;
  for (const auto f : command.formats) known.emplace_back(f);
  if (std::find(known.begin(), known.end(), format) == known.end()) {
    bad_usage(session, fmt::format("`{}` has no format `{}`", command.name, format),
              "its formats are " + listed(known));
    return false;
  }
  session.format = format;
  return true;
}

int run_command(const Command& command, const std::vector<std::string>& rest, Session& session,
                Io& io) {
  po::options_description visible = options_of(command);
  po::options_description all;
  all.add(visible).add_options()("words", po::value<std::vector<std::string>>(), "");
  po::positional_options_description positions;
  positions.add("words", -1);
  po::variables_map options;
  try {
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(rest).options(all).positional(positions).style(style).run(),
              options);
    po::notify(options);
  } catch (const po::error& e) {
    bad_usage(session, e.what(), fmt::format("see `rigtopo {} --help`", command.name));
    return end_with_problems(session, io, exit_bad_input);
  }
  if (options.count("help") != 0) {
    io.out << command_help(command);
    return exit_good;
  }
  if (!adopt_options(command, options, session)) {
    return end_with_problems(session, io, exit_bad_input);
  }
  Invocation call{options, {}, session, io};
  if (options.count("words") != 0) call.words = options["words"].as<std::vector<std::string>>();
  if (call.words.size() < command.least_words || call.words.size() > command.most_words) {
    bad_usage(session,
              fmt::format("`rigtopo {}` takes {} here: {}", command.name,
                          call.words.size() < command.least_words ? "more" : "fewer words",
                          command.usage),
              fmt::format("see `rigtopo {} --help`", command.name));
    return end_with_problems(session, io, exit_bad_input);
  }
  return command.run(call);
}

int dispatch(const std::vector<std::string>& arguments, Session& session, Io& io) {
  adopt_format(arguments, session);
  if (arguments.empty()) {
    io.err << general_help();
    return exit_bad_input;
  }
  const std::string& first = arguments.front();
  std::vector<std::string> rest(std::next(arguments.begin()), arguments.end());
  if (first == "--version" || first == "-V") {
    io.out << "rigtopo " << version() << "\n";
    return exit_good;
  }
  if (first == "--help" || first == "-h" || first == "help") {
    const Command* asked = rest.empty() ? nullptr : find_command(rest.front());
    io.out << (asked != nullptr ? command_help(*asked) : general_help());
    return exit_good;
  }
  const Command* command = find_command(first);
  if (command == nullptr) return unknown_command(first, session, io);
  return run_command(*command, rest, session, io);
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments, Io& io) {
  Session session;
  int status = exit_internal;
  try {
    status = dispatch(arguments, session, io);
  } catch (const std::exception& e) {
    io.err << "rigtopo: internal error: " << e.what() << "\nplease report this with the spec\n";
    return exit_internal;
  }
  io.out.flush();
  if (io.out.good()) return status;
  Diagnostics lost;
  lost.report(codes::unwritable_output, {}, "cannot write the result to standard output",
              "the disk may be full or the reader gone");
  io.err << report_text(lost, session.sources, {.colour = io.colour_err});
  return exit_unwritten;
}

int run(const std::vector<std::string>& arguments, std::string& out, std::string& err) {
  std::ostringstream out_stream;
  std::ostringstream err_stream;
  Io io{.out = out_stream, .err = err_stream};
  const int status = run_command_line(arguments, io);
  out = out_stream.str();
  err = err_stream.str();
  return status;
}

}  // namespace rigtopo
