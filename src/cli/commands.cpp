// The table of commands.
#include "cli/commands.hpp"

namespace rigtopo {
namespace po = boost::program_options;
namespace {

void solve_options(po::options_description& options) {
  auto add = options.add_options();
  add("output,o", po::value<std::string>()->value_name("DIR"),
      "folder for layout, pictures and tables (default: <spec>-out in the current folder)");
  add("time-limit", po::value<double>()->value_name("S"),
      "give the best found after S seconds, saying what is not proved");
  add("top", po::value<int>()->value_name("K"),
      "the K best layouts that a builder would tell apart; further ones go to alternatives/");
  add("front", po::value<std::string>()->value_name("W,W"),
      "all layouts that none outdoes in two or three wishes, such as links,price");
  add("why", po::value<std::string>()->value_name("DEVICE=PORT"),
      "say why the device is not on that port, or what it would cost");
  add("power-table",
      "what common power limits of the cards bring: watts at the wall, what fits, speed kept");
  add("stats", "print solver statistics and times on standard error");
  add("today", po::value<std::string>()->value_name("DATE"),
      "day that `until:` of allowed findings is judged against");
}

void check_options(po::options_description& options) {
  auto add = options.add_options();
  add("layout", po::value<std::string>()->value_name("FILE"), "layout to judge (layout.yaml)");
  add("deny-warnings", "exit 1 on warnings too");
  add("today", po::value<std::string>()->value_name("DATE"),
      "day that `until:` of allowed findings is judged against");
}

void lanes_options(po::options_description& options) {
  auto add = options.add_options();
  add("cpu", po::value<std::string>()->value_name("ID"),
      "CPU part for a bare board (default: the first of the catalogue that fits its socket)");
  add("output,o", po::value<std::string>()->value_name("PATH"), "file instead of standard output");
}

void render_options(po::options_description& options) {
  auto add = options.add_options();
  add("view", po::value<std::string>()->value_name("V")->default_value("all"),
      "pcie, power, lanes or all");
  add("layout", po::value<std::string>()->value_name("FILE"), "layout to draw instead of solving");
  add("output,o", po::value<std::string>()->value_name("PATH"),
      "file, or folder with --view all; `-` is standard output (default for one view)");
  add("time-limit", po::value<double>()->value_name("S"), "limit for solving");
}

void explain_options(po::options_description& options) {
  options.add_options()("all", "every code, as Markdown (docs/rules.md)");
}

void export_options(po::options_description& options) {
  auto add = options.add_options();
  add("board", po::value<std::string>()->value_name("ID"),
      "which board of the spec, where it lists several");
  add("output,o", po::value<std::string>()->value_name("PATH"), "file instead of standard output");
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> table{
      {"solve",
       "SPEC [-o DIR] [--top K] [--front WISH,WISH[,WISH]] [--why DEVICE=PORT] [--power-table] "
       "[--time-limit S] [--format text|json] [--stats]",
       "find the best layout, prove it, and write how to wire it",
       "Finds the layout that is best by the wishes of the spec, in their order, and proves it; "
       "or\n"
       "proves that there is none and names the demands that clash. Writes layout.yaml, pcie and\n"
       "power pictures (DOT, SVG), bom.csv, cables.csv and report.json, and prints a summary.\n"
       "Exit: 0 a layout was found, 1 proved infeasible, 2 bad input, 3 gave up, 4 not written.\n"
       "Example: rigtopo solve examples/wopr-7x4090.yaml -o out",
       1,
       1,
       solve_options,
       {"text", "json"},
       solve_command},
      {"check",
       "SPEC [--layout FILE] [--format text|json|sarif] [--deny-warnings]",
       "judge what a spec pins, or a whole layout",
       "Holds every limit against what the spec pins, or against a layout file. Never solves; "
       "what\n"
       "is not decided is listed as not checked. `-` reads the spec from standard input.\n"
       "Exit: 0 no error, 1 errors or a limit that could not be checked, 2 bad input.\n"
       "Example: rigtopo check examples/wopr-as-published.yaml",
       1,
       1,
       check_options,
       {"text", "json", "sarif"},
       check_command},
      {"lanes",
       "BOARD|SPEC [--cpu ID] [--format text|json|svg]",
       "show where the PCIe lanes of a board go",
       "Lane budget, core by core: routed to which connector, on board, between sockets, not "
       "routed,\n"
       "unknown. With a spec, against the least its devices demand (exit 1 when that is more).\n"
       "Example: rigtopo lanes asrockrack-romed8-2t",
       1,
       1,
       lanes_options,
       {"text", "json", "svg"},
       lanes_command},
      {"render",
       "SPEC [--layout FILE] --view pcie|power|lanes|all --format svg|dot [-o PATH]",
       "draw a wiring diagram",
       "Draws one view to standard output or a file, or all views into a folder. Solves first "
       "unless\n"
       "a layout is given.\n"
       "Example: rigtopo render examples/wopr-7x4090.yaml --view power --format svg -o power.svg",
       1,
       1,
       render_options,
       {"svg", "dot"},
       render_command},
      {"explain",
       "CODE|NAME",
       "tell what a finding means, why it matters and where it comes from",
       "Example: rigtopo explain P101",
       0,
       1,
       explain_options,
       {},
       explain_command},
      {"parts",
       "list [KIND] | show ID | search WORD | lint [ID...] | reference",
       "look into the catalogue of parts",
       "list: every part, or those of a kind. show: one part with sources and confidence of its\n"
       "values. search: parts whose id or name contains a word. lint: read every part and report "
       "what\n"
       "is wrong, lanes that do not close and files without a source. reference: keys of every "
       "kind.\n"
       "Example: rigtopo parts show asrockrack-romed8-2t",
       1,
       64,
       nullptr,
       {"text", "json"},
       parts_command},
      {"schema",
       "spec|layout|KIND",
       "print the JSON Schema of a file format",
       "JSON Schema (draft-07) of a spec, a layout or a kind of part, for editors and validators.\n"
       "Example: rigtopo schema spec",
       1,
       1,
       nullptr,
       {},
       schema_command},
      {"export",
       "opb|wcnf|smtlib|aspif SPEC [--board ID] [-o PATH]",
       "print the solver's 0-1 model for other solvers",
       "The model that `solve` searches, with the levels of the objective in order, for z3 "
       "(smtlib),\n"
       "clingo (aspif), pseudo-Boolean (opb) and MaxSAT (wcnf) solvers. It leaves out what solve "
       "learns\n"
       "from layouts that the full check refuses. The comments of the file say the rest.\n"
       "Example: rigtopo export smtlib examples/wopr-7x4090.yaml -o wopr.smt2",
       2,
       2,
       export_options,
       {},
       export_command},
  };
  return table;
}

}  // namespace rigtopo
