// For tests of loading: a spec in a folder of its own, read with the small test catalogue beside
// these files.
#pragma once

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "spec/spec.hpp"
#include "support/temp_dir.hpp"

namespace rigtopo::test {

inline std::filesystem::path small_parts() {
  return std::filesystem::path(RIGTOPO_SOURCE_DIR) / "tests/rigs/data/parts";
}

/// A spec that holds together; lines of further keys may be appended. devices: gpu0 to gpu2, boot.
inline std::string small_spec(const std::string& more = {}) {
  return "rigtopo: 1\n"
         "board: small-board\n"
         "cpu: small-cpu\n"
         "frame: open\n"
         "devices:\n"
         "  - {part: card, count: 2}\n"
         "  - {part: card16}\n"
         "  - {part: drive, id: boot}\n" +
         more;
}

/// Two owned supplies with plugs, one without, and risers.
inline const std::string small_stock =
    "stock:\n"
    "  - {part: atx1000, owned: 2}\n"
    "  - {part: server1200, owned: 1, breakout: board-6}\n"
    "  - {part: ribbon-200, max: 2}\n"
    "  - {part: slim-cable, owned: 2}\n"
    "  - {part: slim-slot, owned: 1}\n"
    "  - {part: three-to-one, owned: 1}\n"
    "  - {part: six-to-eight, owned: 3}\n"
    "mains:\n"
    "  circuits: [{id: A, volts: 120 V, breaker: 20 A}]\n";

/// One diagnostic by code; the first when there are several, null when there is none.
inline const Diagnostic* find(const Diagnostics& out, std::string_view code) {
  const auto it = std::find_if(out.all().begin(), out.all().end(),
                               [&](const Diagnostic& d) { return d.code == code; });
  return it == out.all().end() ? nullptr : &*it;
}

/// All codes with their lines, sorted: "S030:3 S031:7".
inline std::string codes_of(const Diagnostics& out) {
  Diagnostics sorted = out;
  sorted.sort();
  std::string text;
  for (const Diagnostic& d : sorted.all()) {
    text += (text.empty() ? "" : " ") + d.code + ":" + std::to_string(d.at.line);
  }
  return text;
}

inline std::string messages_of(const Diagnostics& out) {
  std::string text;
  for (const Diagnostic& d : out.all()) {
    text += d.code + " " + std::to_string(d.at.line) + ": " + d.message + " [" + d.help + "]\n";
  }
  return text;
}

/// A spec's text, loaded.
struct Loaded {
  explicit Loaded(const std::string& spec) { load(spec); }
  /// `part` is written to `topologies/<kind>/<id>.yaml` beside the spec.
  Loaded(const std::string& spec, const std::string& name, const std::string& part) {
    write_text(dir.path() / "topologies" / name, part);
    load(spec);
  }

  TempDir dir;
  SourceMap sources;
  Diagnostics out;
  std::optional<Project> project;

 private:
  void load(const std::string& spec) {
    write_text(dir.path() / "rig.yaml", spec);
    LoadOptions options;
    options.catalogs = {small_parts()};
    project = load_project((dir.path() / "rig.yaml").string(), options, sources, out);
  }
};

}  // namespace rigtopo::test
