// Holds every #include of the tree against the line that the layers form, and third-party libraries
// to the folder that hides them. What a folder does with what it may include is left to review.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_file = 600;

struct Layer {
  std::string_view folder;
  int height;
};
// base <- yaml <- catalog <- spec <- rig <- physics <- {check | solve | render | exchange} <- cli
constexpr std::array<Layer, 11> layers{{{"base", 0},
                                        {"yaml", 1},
                                        {"catalog", 2},
                                        {"spec", 3},
                                        {"rig", 4},
                                        {"physics", 5},
                                        {"check", 6},
                                        {"solve", 6},
                                        {"render", 6},
                                        {"exchange", 6},
                                        {"cli", 7}}};

/// A library and the places that may name its headers; `one_file` allows a single file there.
struct Hidden {
  std::string_view library;
  std::vector<std::string_view> headers;
  std::vector<std::string_view> places;
  bool one_file;
};
const std::vector<Hidden> hidden_libraries{
    {"yaml-cpp", {"yaml-cpp/"}, {"src/yaml/document.cpp"}, true},
    {"Boost.Graph", {"boost/graph/"}, {"src/rig/", "src/physics/"}, false},
    {"Boost.Program_options", {"boost/program_options"}, {"src/cli/"}, false},
    {"Eigen", {"Eigen/"}, {"src/physics/airflow.cpp"}, true},
    {"CaDiCaL", {"cadical.hpp", "cadical/", "ccadical"}, {"src/solve/"}, true},
    {"Graphviz", {"graphviz/", "gvc.h", "gvplugin.h", "cgraph.h", "cdt.h"}, {"src/render/"}, true},
};

struct Include {
  std::size_t line;
  bool quoted;
  std::string name;
};

std::optional<int> height_of(std::string_view folder) {
  const auto* layer = std::find_if(layers.begin(), layers.end(),
                                   [&](const Layer& row) { return row.folder == folder; });
  if (layer == layers.end()) {
    return std::nullopt;
  }
  return layer->height;
}

std::string_view first_folder(std::string_view path) { return path.substr(0, path.find('/')); }

std::optional<Include> parse_include(std::string_view line, std::size_t number) {
  const auto skip_blanks = [&] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  skip_blanks();
  if (!line.starts_with('#')) {
    return std::nullopt;
  }
  line.remove_prefix(1);
  skip_blanks();
  if (!line.starts_with("include")) {
    return std::nullopt;
  }
  line.remove_prefix(std::string_view("include").size());
  skip_blanks();
  if (line.empty() || (line.front() != '"' && line.front() != '<')) {
    return std::nullopt;
  }
  const bool quoted = line.front() == '"';
  line.remove_prefix(1);
  return Include{number, quoted, std::string(line.substr(0, line.find(quoted ? '"' : '>')))};
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream input(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(input, line);) {
    lines.push_back(line);
  }
  return lines;
}

/// What is wrong with a file of src/ naming one of our own headers; nothing when it is allowed.
std::optional<std::string> layer_fault(std::string_view file, const Include& include) {
  if (!include.quoted || include.name.starts_with("rigtopo/")) {
    return std::nullopt;
  }
  const std::string_view from = first_folder(file.substr(std::string_view("src/").size()));
  const std::string_view to = first_folder(include.name);
  const auto from_height = height_of(from);
  const auto to_height = height_of(to);
  if (!from_height) {
    return "folder is in no layer";
  }
  if (!to_height || to == include.name) {
    return "`" + include.name + "` names no layer; write \"folder/file.hpp\"";
  }
  if (from != to && *to_height >= *from_height) {
    return "`" + std::string(from) + "` must not include `" + include.name + "`";
  }
  return std::nullopt;
}

/// The library that `include` reaches for outside its places; nothing when it is allowed.
std::optional<std::string> library_fault(std::string_view file, const Include& include) {
  for (const Hidden& row : hidden_libraries) {
    const auto starts = [](std::string_view text) {
      return [text](std::string_view prefix) { return text.starts_with(prefix); };
    };
    const bool ours = include.quoted && height_of(first_folder(include.name));
    if (!ours && std::any_of(row.headers.begin(), row.headers.end(), starts(include.name)) &&
        std::none_of(row.places.begin(), row.places.end(), starts(file))) {
      return std::string(row.library) + " is named outside " + std::string(row.places.front());
    }
  }
  return std::nullopt;
}

bool names_library(const Hidden& row, const Include& include) {
  return std::any_of(row.headers.begin(), row.headers.end(),
                     [&](std::string_view prefix) { return include.name.starts_with(prefix); });
}

/// Every C++ file below `folders` of the source tree, as sorted paths relative to it.
std::vector<std::string> source_files(const std::vector<std::string>& folders) {
  std::vector<std::string> files;
  for (const std::string& folder : folders) {
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(RIGTOPO_SOURCE_DIR) / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension == ".cpp" || extension == ".hpp") {
        files.push_back(fs::relative(entry.path(), RIGTOPO_SOURCE_DIR).generic_string());
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> lines_of_source(const std::string& file) {
  return lines_of(fs::path(RIGTOPO_SOURCE_DIR) / file);
}

std::vector<Include> includes_of(const std::string& file) {
  std::vector<Include> includes;
  std::size_t number = 0;
  for (const std::string& line : lines_of_source(file)) {
    if (auto include = parse_include(line, ++number)) {
      includes.push_back(*std::move(include));
    }
  }
  return includes;
}

std::string place_of(const std::string& file, std::size_t line, const std::string& fault) {
  return file + ":" + std::to_string(line) + ": " + fault;
}

void check_empty(const std::vector<std::string>& faults) {
  for (const std::string& fault : faults) {
    UNSCOPED_INFO(fault);
  }
  CHECK(faults.empty());
}

}  // namespace

TEST_CASE("architecture: include lines are read", "[architecture]") {
  CHECK(parse_include("#include \"base/text.hpp\"", 3)->name == "base/text.hpp");
  CHECK(parse_include("  #  include <boost/graph/adjacency_list.hpp>  // why", 1)->name ==
        "boost/graph/adjacency_list.hpp");
  CHECK_FALSE(parse_include("#include <vector>", 1)->quoted);
  CHECK_FALSE(parse_include("// #include \"base/text.hpp\"", 1).has_value());
  CHECK_FALSE(parse_include("#include", 1).has_value());
  CHECK_FALSE(parse_include("#", 1).has_value());
}

TEST_CASE("architecture: the layer table judges as the design says", "[architecture]") {
  const auto fault = [](std::string_view file, const char* header) {
    return layer_fault(file, {1, true, header}).has_value();
  };
  CHECK_FALSE(fault("src/yaml/fields.hpp", "base/text.hpp"));
  CHECK_FALSE(fault("src/yaml/fields.hpp", "yaml/value.hpp"));
  CHECK_FALSE(fault("src/cli/commands.cpp", "solve/solve.hpp"));
  CHECK_FALSE(fault("src/base/text.cpp", "rigtopo/units.hpp"));
  CHECK(fault("src/base/text.cpp", "yaml/value.hpp"));
  CHECK(fault("src/solve/solve.cpp", "check/check.hpp"));
  CHECK(fault("src/check/power.cpp", "render/render.hpp"));
  CHECK(fault("src/physics/power.cpp", "cli/commands.hpp"));
  CHECK(fault("src/physics/power.cpp", "power.hpp"));
  CHECK(fault("src/extra/power.cpp", "base/text.hpp"));
}

TEST_CASE("architecture: the library table judges as the design says", "[architecture]") {
  const auto fault = [](std::string_view file, const char* header) {
    return library_fault(file, {1, false, header}).has_value();
  };
  CHECK_FALSE(fault("src/yaml/document.cpp", "yaml-cpp/yaml.h"));
  CHECK(fault("src/yaml/fields.cpp", "yaml-cpp/yaml.h"));
  CHECK_FALSE(fault("src/physics/paths.cpp", "boost/graph/breadth_first_search.hpp"));
  CHECK(fault("src/solve/solve.cpp", "boost/graph/adjacency_list.hpp"));
  CHECK(fault("include/rigtopo/rigtopo.hpp", "cadical.hpp"));
  CHECK(fault("src/cli/main.cpp", "graphviz/gvc.h"));
  CHECK_FALSE(fault("src/cli/main.cpp", "vector"));
}

TEST_CASE("architecture: every include of src points down", "[architecture]") {
  std::vector<std::string> faults;
  std::size_t seen = 0;
  for (const std::string& file : source_files({"src"})) {
    for (const Include& include : includes_of(file)) {
      ++seen;
      if (const auto fault = layer_fault(file, include)) {
        faults.push_back(place_of(file, include.line, *fault));
      }
    }
  }
  CHECK(seen > 0);
  check_empty(faults);
}

TEST_CASE("architecture: each third-party library stays in its place", "[architecture]") {
  std::vector<std::string> faults;
  std::map<std::string_view, std::vector<std::string>> users;
  for (const std::string& file : source_files({"src", "include"})) {
    for (const Include& include : includes_of(file)) {
      if (const auto fault = library_fault(file, include)) {
        faults.push_back(place_of(file, include.line, *fault));
      }
      for (const Hidden& row : hidden_libraries) {
        auto& files = users[row.library];
        if (!include.quoted && names_library(row, include) &&
            (files.empty() || files.back() != file)) {
          files.push_back(file);
        }
      }
    }
  }
  check_empty(faults);
  for (const Hidden& row : hidden_libraries) {
    CAPTURE(row.library, users[row.library]);
    CHECK((!row.one_file || users[row.library].size() <= 1));
  }
}

TEST_CASE("architecture: public headers need the standard library only", "[architecture]") {
  std::vector<std::string> faults;
  for (const std::string& file : source_files({"include"})) {
    for (const Include& include : includes_of(file)) {
      const bool standard = !include.quoted && include.name.find('/') == std::string::npos;
      if (!standard && !include.name.starts_with("rigtopo/")) {
        faults.push_back(place_of(file, include.line, "includes `" + include.name + "`"));
      }
    }
  }
  check_empty(faults);
}

TEST_CASE("architecture: files are short and say what they are for", "[architecture]") {
  std::vector<std::string> faults;
  for (const std::string& file : source_files({"src", "include", "tests"})) {
    const std::vector<std::string> lines = lines_of_source(file);
    if (lines.size() > longest_file) {
      faults.push_back(place_of(file, longest_file, "longer than 600 lines"));
    }
    if (lines.empty() || !lines.front().starts_with("//")) {
      faults.push_back(place_of(file, 1, "does not open with a comment"));
    }
  }
  check_empty(faults);
}

TEST_CASE("architecture: every source file is named in its folder's list", "[architecture]") {
  std::vector<std::string> faults;
  for (const std::string& file : source_files({"src", "tests"})) {
    const fs::path path = file;
    // main.cpp, the fuzz targets and the consumer are programs of their own.
    if (path.extension() != ".cpp" || path.filename() == "main.cpp" ||
        file.starts_with("tests/fuzz/") || file.starts_with("tests/consumer/")) {
      continue;
    }
    const std::vector<std::string> list =
        lines_of_source((path.parent_path() / "CMakeLists.txt").generic_string());
    const std::string name = path.filename().string();
    const bool listed = std::any_of(list.begin(), list.end(), [&](const std::string& line) {
      const auto found = line.find(name);
      return found != std::string::npos && (found == 0 || line[found - 1] == ' ');
    });
    if (!listed) {
      faults.push_back(place_of(file, 1, "is in no target_sources list"));
    }
  }
  check_empty(faults);
}
