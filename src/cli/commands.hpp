// The table of commands. A new command is one function and one row at the bottom of commands.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include "cli/io.hpp"
#include "cli/session.hpp"

namespace rigtopo {

/// What a command gets: its parsed options, its positional arguments, a session to report into.
struct Invocation {
  const boost::program_options::variables_map& options;
  std::vector<std::string> words;  // positional arguments
  Session& session;
  Io& io;

  bool has(const std::string& option) const { return options.count(option) != 0; }
  std::string text(const std::string& option) const {
    return has(option) ? options[option].as<std::string>() : std::string();
  }
};

struct Command {
  std::string_view name;
  std::string_view usage;    // after the program's name
  std::string_view summary;  // one line
  std::string_view details;  // what it does, what it returns, an example
  std::size_t least_words;
  std::size_t most_words;
  void (*add_options)(boost::program_options::options_description&);  // may be null
  std::vector<std::string_view> formats;  // of --format; first is default
  int (*run)(Invocation&);
};

/// All commands, in the order of help.
const std::vector<Command>& commands();

// One function each; what they do is in `details` of their rows.
int solve_command(Invocation& call);
int check_command(Invocation& call);
int lanes_command(Invocation& call);
int render_command(Invocation& call);
int explain_command(Invocation& call);
int parts_command(Invocation& call);
int schema_command(Invocation& call);
int export_command(Invocation& call);

}  // namespace rigtopo
