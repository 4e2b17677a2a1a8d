// From the user's page to a Project: finds the parts, gives ids, and holds what is written against
// the catalogue. `stock:` is done in stock.cpp, pins in pins.cpp; feasibility is judged elsewhere.
#include <algorithm>
#include <cctype>
#include <set>
#include <system_error>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "spec/addresses.hpp"
#include "spec/loading.hpp"
#include "spec/outlets.hpp"

namespace rigtopo {

namespace fs = std::filesystem;

// ---- parts
// -----------------------------------------------------------------------------------------

std::string kind_of(const AnyPart& part) {
  struct Name {
    std::string operator()(const Board&) const { return "board"; }
    std::string operator()(const Cpu&) const { return "cpu"; }
    std::string operator()(const Device& d) const { return d.kind.value_or("device"); }
    std::string operator()(const Riser&) const { return "riser"; }
    std::string operator()(const Supply&) const { return "supply"; }
    std::string operator()(const Breakout&) const { return "breakout"; }
    std::string operator()(const PowerCable&) const { return "cable"; }
    std::string operator()(const Cord&) const { return "cord"; }
    std::string operator()(const Frame&) const { return "frame"; }
    std::string operator()(const Fan&) const { return "fan"; }
    std::string operator()(const Expander&) const { return "expander"; }
    std::string operator()(const Bridge&) const { return "bridge"; }
    std::string operator()(const PowerCurve&) const { return "power-curve"; }
  };
  return std::visit(Name{}, part);
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = did_you_mean(word, candidates);
  return near ? "did you mean `" + *near + "`?" : "";
}

void check_between(const Fact<int>& fact, std::string_view key, int least, int most,
                   Diagnostics& out) {
  if (!fact.known() || (*fact >= least && *fact <= most)) return;
  Diagnostic& d =
      out.report(codes::out_of_range, fact.at,
                 "`" + std::string(key) + "` is " + std::to_string(*fact) + "; it lies between " +
                     std::to_string(least) + " and " + std::to_string(most));
  d.actual = *fact;
  d.limit = *fact < least ? least : most;
}

PartPtr Loading::keep(PartPtr part, Source at) {
  if (part == nullptr) return nullptr;
  const Part& base = base_of(*part);
  const auto [known, is_new] = project.parts.emplace(base.id, part);
  if (is_new || base_of(*known->second).sha256 == base.sha256) return known->second;
  out.report(codes::duplicate_id, at, "there are two different parts `" + base.id + "`",
             "give one of them an id of its own: `but: {id: " + base.id + "-2, ...}`")
      .labels.push_back({base_of(*known->second).at, "the other is here"});
  return nullptr;
}

PartPtr Loading::written(const WrittenPart& part, const WrittenMap* but, std::string_view kind) {
  const Value* over = but == nullptr ? nullptr : &but->value;
  return keep(catalog.load_written(part.value, over, kind, project.file_id, out), part.value.at);
}

PartPtr Loading::named(const Fact<std::string>& id, std::string_view kind) {
  if (!id.known()) return nullptr;
  const auto known = project.parts.find(*id);
  if (known != project.parts.end() && kind_of(*known->second) == kind) return known->second;
  return keep(catalog.load(*id, kind, id.at, out), id.at);
}

namespace {

const WrittenMap* pointer(const std::optional<WrittenMap>& map) { return map ? &*map : nullptr; }

// ---- board, CPU, frame
// -----------------------------------------------------------------------------

void load_boards(Loading& l) {
  std::set<std::string> seen;
  for (const WrittenPart& written : l.project.spec.board) {
    const PartPtr part = l.written(written, nullptr, "board");
    if (part == nullptr) continue;
    if (!seen.insert(base_of(*part).id).second) {
      l.out.report(codes::duplicate_id, written.value.at,
                   "the board `" + base_of(*part).id + "` is named twice");
      continue;
    }
    l.project.boards.push_back(part);
  }
  if (l.project.spec.board.empty()) {
    l.out.report(codes::missing_key, l.project.spec.at, "`board` names no board");
  }
}

void check_socket(const Board& board, const WrittenPart& written_cpu, Loading& l) {
  const Cpu& cpu = *l.project.cpu;
  for (const CpuSocket& socket : board.sockets) {
    if (!socket.socket.known() || !cpu.socket.known() || *socket.socket == *cpu.socket) continue;
    Diagnostic& d = l.out.report(codes::contradictory, written_cpu.value.at,
                                 "the CPU `" + cpu.id + "` fits " + *cpu.socket + "; the board `" +
                                     board.id + "` has " + *socket.socket);
    d.labels.push_back({socket.socket.at, "socket of the board"});
    d.labels.push_back({cpu.socket.at, "socket of the CPU"});
    return;
  }
}

void load_cpu(Loading& l) {
  Project& p = l.project;
  if (!p.spec.cpu) return;
  p.cpu_holder = l.written(*p.spec.cpu, nullptr, "cpu");
  if (p.cpu_holder == nullptr) return;
  p.cpu = &std::get<Cpu>(*p.cpu_holder);
  // With boards to choose from, every one has to take as many CPUs as are there.
  int sockets = 0;
  for (std::size_t i = 0; i < p.boards.size(); ++i) {
    const int has = static_cast<int>(p.board(i).sockets.size());
    sockets = i == 0 ? has : std::min(sockets, has);
    check_socket(p.board(i), *p.spec.cpu, l);
  }
  if (p.boards.empty()) return;
  p.cpu_count = p.spec.cpus.value_or(sockets);
  const Source at = p.spec.cpus.at.known() ? p.spec.cpus.at : p.spec.cpu->value.at;
  if (p.cpu_count < 1 || p.cpu_count > sockets) {
    l.out.report(codes::contradictory, at,
                 "`cpus` is " + std::to_string(p.cpu_count) + "; the board has " +
                     std::to_string(sockets) + (sockets == 1 ? " socket" : " sockets"));
  } else if (p.cpu_count > 1 && p.cpu->two_sockets.known() && !*p.cpu->two_sockets) {
    l.out
        .report(codes::contradictory, at,
                "the CPU `" + p.cpu->id + "` does not work in pairs, and " +
                    std::to_string(p.cpu_count) + " sockets are filled",
                "write `cpus: 1`")
        .labels.push_back({p.cpu->two_sockets.at, "said here"});
  }
}

void load_frame(Loading& l) {
  Project& p = l.project;
  if (!p.spec.frame) return;
  p.frame_holder = l.written(*p.spec.frame, nullptr, "frame");
  if (p.frame_holder != nullptr) p.frame = &std::get<Frame>(*p.frame_holder);
}

// ---- devices
// ---------------------------------------------------------------------------------------

constexpr int most_devices = 64;

bool is_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.');
  });
}

void check_id(const Fact<std::string>& id, std::string_view what, Diagnostics& out) {
  if (!id.known() || is_id(*id)) return;
  out.report(codes::bad_value, id.at, "`" + *id + "` can't be the id of a " + std::string(what),
             "use letters, digits, `-`, `_` and `.`");
}

std::vector<std::string> ids_of(const DeviceRow& row, const std::string& kind, int& next) {
  const int count = row.count.value_or(1);
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) {
    if (!row.id.known()) {
      ids.push_back(kind + std::to_string(next++));
    } else {
      ids.push_back(count == 1 ? *row.id : *row.id + std::to_string(i));
    }
  }
  return ids;
}

void check_row(const DeviceRow& row, Diagnostics& out) {
  check_between(row.count, "count", 1, most_devices, out);
  check_id(row.id, "device", out);
  const auto& limit = row.power_limit;
  if (limit.known() && limit->most < limit->least) {
    out.report(codes::contradictory, limit.at,
               "`power_limit` has its least value over its most: " + to_text(limit->least) +
                   " to " + to_text(limit->most),
               "write the smaller value first");
  }
}

void load_devices(Loading& l) {
  Project& p = l.project;
  std::map<std::string, int> next;
  std::map<std::string, Source> seen;
  for (std::size_t i = 0; i < p.spec.devices.size(); ++i) {
    const DeviceRow& row = p.spec.devices[i];
    check_row(row, l.out);
    const PartPtr part = l.written(row.part, pointer(row.but), "");
    if (part == nullptr) continue;
    const Device* device = std::get_if<Device>(part.get());
    const std::string kind = kind_of(*part);
    if (device == nullptr) {
      l.out.report(codes::wrong_kind, row.part.value.at,
                   "`" + base_of(*part).id + "` is a part of kind `" + kind +
                       "`; devices are of kind `gpu`, `nvme` or `nic`",
                   find_kind(kind) != nullptr && kind != "board" && kind != "cpu" && kind != "frame"
                       ? "parts that connect devices go under `stock:`"
                       : "");
      continue;
    }
    const int count = row.count.value_or(1);
    if (count < 1 || count > most_devices) continue;
    for (std::string& id : ids_of(row, kind, next[kind])) {
      const auto [first, is_new] = seen.emplace(id, row.at);
      if (!is_new) {
        l.out
            .report(codes::duplicate_id, row.id.at.known() ? row.id.at : row.at,
                    "a second device is called `" + id + "`")
            .labels.push_back({first->second, "the first is here"});
        continue;
      }
      p.devices.push_back({std::move(id), kind, part, device, &row, static_cast<int>(i), row.at});
    }
  }
  if (p.spec.devices.empty()) {
    l.out.report(codes::missing_key, p.spec.at, "`devices` names no device");
  }
  if (p.devices.size() > most_devices) {
    l.out.report(codes::out_of_range, p.spec.devices.front().at,
                 "there are " + std::to_string(p.devices.size()) + " devices; the most is " +
                     std::to_string(most_devices));
  }
}

// ---- mains, wishes
// ---------------------------------------------------------------------------------

template <class Q>
void check_span(const Fact<Q>& fact, std::string_view key, double least, double most,
                Diagnostics& out) {
  if (!fact.known() || (fact->value >= least && fact->value <= most)) return;
  Diagnostic& d =
      out.report(codes::out_of_range, fact.at,
                 "`" + std::string(key) + "` is " + to_text(*fact) + "; it lies between " +
                     to_text(Q{least}) + " and " + to_text(Q{most}));
  d.actual = fact->value;
  d.limit = fact->value < least ? least : most;
}

void check_efficiency(const Fact<Percent>& fact, Diagnostics& out) {
  if (!fact.known() || (fact->value >= 50 && fact->value <= 100)) return;
  out.report(codes::out_of_range, fact.at,
             "`efficiency` is " + number(fact->value) + " %; it lies between 50 % and 100 %");
}

void check_outlet(const CircuitRow& row, Diagnostics& out) {
  const OutletKind* outlet = row.outlet.known() ? outlet_kind(*row.outlet) : nullptr;
  if (outlet == nullptr || !row.volts.known() || outlet->made_for(*row.volts)) return;
  out.report(codes::contradictory, row.outlet.at,
             "`" + *row.outlet + "` is an outlet for " + to_text(outlet->mains.least) + " to " +
                 to_text(outlet->mains.most) + ", the circuit has " + to_text(*row.volts),
             "give the outlet that is there; never adapt a plug to another voltage")
      .labels.push_back({row.volts.at, "voltage given here"});
}

void check_mains(Loading& l) {
  MainsRow& mains = l.project.spec.mains;
  // The stricter code holds while nobody says which.
  if (!mains.code.known() && !mains.code.at.known()) mains.code = Fact<MainsCode>(MainsCode::nec);
  std::map<std::string, Source> seen;
  for (CircuitRow& row : mains.circuits) {
    check_id(row.id, "circuit", l.out);
    check_span(row.volts, "volts", 90, 250, l.out);
    check_span(row.breaker, "breaker", 1, 125, l.out);
    check_between(row.outlets, "outlets", 1, 100, l.out);
    check_outlet(row, l.out);
    if (!row.other_load.known() && !row.other_load.at.known()) row.other_load = Watts{0};
    if (!row.id.known()) continue;
    const auto [first, is_new] = seen.emplace(*row.id, row.at);
    if (!is_new) {
      l.out.report(codes::duplicate_id, row.id.at, "a second circuit is called `" + *row.id + "`")
          .labels.push_back({first->second, "the first is here"});
    }
  }
  for (const MainsUnit& unit : mains.units) {
    check_id(unit.id, "mains unit", l.out);
    check_between(unit.outlets, "outlets", 1, 100, l.out);
    check_efficiency(unit.efficiency, l.out);
    check_span(unit.charging, "charging", 0, 5000, l.out);
    if (unit.id.known() && !seen.emplace(*unit.id, unit.at).second) {
      l.out.report(codes::duplicate_id, unit.id.at,
                   "a second circuit or unit is called `" + *unit.id + "`");
    }
    const bool circuit =
        std::any_of(mains.circuits.begin(), mains.circuits.end(), [&](const CircuitRow& row) {
          return row.id.known() && row.id.value == unit.circuit.value;
        });
    if (!unit.circuit.known() || circuit) continue;
    l.out.report(codes::unknown_id, unit.circuit.at,
                 "`" + *unit.circuit + "` is no circuit of the spec");
  }
}

void check_wishes(const Spec& spec, Diagnostics& out) {
  std::map<Wish, Source> seen;
  for (const Fact<Wish>& wish : spec.want) {
    if (!wish.known()) continue;
    const auto [first, is_new] = seen.emplace(*wish, wish.at);
    if (is_new) continue;
    out.report(codes::contradictory, wish.at,
               "the wish `" + std::string(word(*wish)) + "` is written twice",
               "the first one counts; take out the second")
        .labels.push_back({first->second, "the first is here"});
  }
}

// ---- names
// -----------------------------------------------------------------------------------------

/// Letter and number, as rigtopo numbers things itself: K1, W2, R3.
bool is_tag(std::string_view id, std::string_view letters) {
  return id.size() > 1 && letters.find(id.front()) != std::string_view::npos &&
         id.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

bool is_numbered(std::string_view id, std::string_view word) {
  return id.starts_with(word) && id.size() > word.size() &&
         id.find_first_not_of("0123456789", word.size()) == std::string_view::npos;
}

/// What else goes by `id` in findings, pins and pictures; empty when nothing does.
std::string other_meaning(const Project& project, std::string_view id) {
  if (id == "board" || id == "room") return "that word has a meaning of its own";
  if (is_tag(id, "KWR")) return "cables, cords and risers get tags of that form";
  if (is_numbered(id, "psu")) return "supplies get ids of that form";
  if (is_numbered(id, "sw")) return "switches and bifurcation cards get ids of that form";
  if (id.starts_with("cpu") && is_numbered(owner_of(id), "cpu")) {
    return "CPUs and their cores get ids of that form";
  }
  for (std::size_t i = 0; i < project.boards.size(); ++i) {
    const Board& board = project.board(i);
    const auto ports = port_ids(board);
    if (std::find(ports.begin(), ports.end(), id) != ports.end()) {
      return "the board `" + board.id + "` has a connector of that name";
    }
    for (const SharedGroup& group : board.groups) {
      if (group.id.known() && *group.id == id) {
        return "the board `" + board.id + "` has a shared group of that name";
      }
    }
  }
  const auto mounts =
      project.frame != nullptr ? mount_ids(*project.frame) : std::vector<std::string>{};
  if (std::find(mounts.begin(), mounts.end(), id) != mounts.end()) {
    return "the frame has a mount of that name";
  }
  return "";
}

/// Ids the user chooses must not mean two things, or a pin and a finding could mean either.
void check_names(Loading& l) {
  const auto check = [&](const std::string& id, Source at, std::string_view what) {
    const std::string other = other_meaning(l.project, id);
    if (other.empty()) return;
    l.out.report(codes::duplicate_id, at,
                 "`" + id + "` can't be the id of a " + std::string(what) + ": " + other,
                 "choose another id");
  };
  for (const DeviceUse& device : l.project.devices) {
    const Fact<std::string>& id = device.row->id;
    if (id.known()) check(device.id, id.at, "device");
  }
  for (const CircuitRow& circuit : l.project.spec.mains.circuits) {
    if (!circuit.id.known()) continue;
    check(*circuit.id, circuit.id.at, "circuit");
    if (l.project.device(*circuit.id) != nullptr) {
      l.out
          .report(codes::duplicate_id, circuit.id.at,
                  "`" + *circuit.id + "` is both a circuit and a device", "choose another id")
          .labels.push_back({l.project.device(*circuit.id)->at, "the device is here"});
    }
  }
}

/// Pins may name parts that stand nowhere else.
void load_pinned_parts(Loading& l) {
  for (const auto& [id, pin] : l.project.spec.pins) {
    for (const ChainLink& link : pin.chain.value_or(std::vector<ChainLink>{})) {
      l.named(link.part, "riser");
    }
    for (const auto* feeds : {&pin.aux, &pin.riser}) {
      for (const Feed& feed : *feeds) l.named(feed.part, "cable");
    }
    l.named(pin.breakout, "breakout");
    l.named(pin.cord, "cord");
  }
  for (const BridgePlace& bridge : l.project.spec.bridges) l.named(bridge.part, "bridge");
}

void check_bios(const Spec& spec, Diagnostics& out) {
  const Fact<int>& nps = spec.bios.nps;
  if (!nps.known() || *nps == 1 || *nps == 2 || *nps == 4) return;
  out.report(codes::out_of_range, nps.at,
             "`nps` is " + std::to_string(*nps) + "; a socket has 1, 2 or 4 nodes");
}

// ---- files
// -----------------------------------------------------------------------------------------

/// The folders to index: those given, and `topologies/` beside the spec, each once.
std::vector<fs::path> catalog_folders(const std::string& spec_path, const LoadOptions& options) {
  std::vector<fs::path> folders;
  const auto add = [&](const fs::path& folder) {
    const bool known = std::any_of(folders.begin(), folders.end(), [&](const fs::path& other) {
      std::error_code failed;
      return fs::equivalent(folder, other, failed) && !failed;
    });
    if (!known) folders.push_back(folder);
  };
  for (const fs::path& folder : options.catalogs) add(folder);
  if (spec_path == "-") return folders;
  std::error_code failed;
  const fs::path beside = fs::path(spec_path).parent_path() / "topologies";
  if (fs::is_directory(beside, failed)) add(beside);
  return folders;
}

/// The spec's map, when it is one and of our version.
std::optional<Value> spec_map(const SourceMap& sources, FileId file, Diagnostics& out) {
  auto value = parse_yaml(sources, file, out);
  if (!value) return std::nullopt;
  const Source at = value->at.known() ? value->at : sources.locate(file, 0, 0);
  if (!value->is_map()) {
    out.report(codes::bad_value, at,
               value->is_null() ? "the spec is empty"
               : value->is_sequence()
                   ? "the spec is a list; it has to be a map of `key: value` pairs"
                   : "the spec has to be a map of `key: value` pairs",
               value->is_null() ? "start with `rigtopo: 1`, `board:`, `cpu:` and `devices:`" : "");
    return std::nullopt;
  }
  const Entry* version = value->find("rigtopo");
  if (version == nullptr) {
    out.report(codes::wrong_version, at, "`rigtopo: 1` is missing, the version of the format",
               "write `rigtopo: 1` as the first line");
    return std::nullopt;
  }
  if (!version->value.is_scalar() || version->value.text != "1") {
    out.report(codes::wrong_version,
               version->value.at.known() ? version->value.at : version->key_at,
               "the spec is of version `" + version->value.text +
                   "` of the format; this program reads version 1",
               "write `rigtopo: 1`");
    return std::nullopt;
  }
  return value;
}

/// Everything that the spec names, in the order in which later steps need it.
void load_parts(Project& project, Diagnostics& out) {
  Loading loading{project, *project.catalog, out};
  load_boards(loading);
  load_cpu(loading);
  load_devices(loading);
  load_frame(loading);
  load_stock(loading);
  load_fans(loading);
  check_mains(loading);
  check_wishes(project.spec, out);
  check_bios(project.spec, out);
  check_names(loading);
  load_pinned_parts(loading);
}

}  // namespace

namespace {

/// Ids of the parts that the spec names, in the order of loading.
std::vector<std::string> parts_named(const Project& project) {
  std::vector<std::string> ids;
  const auto add = [&](const WrittenPart& part) {
    if (part.value.is_scalar()) ids.push_back(part.value.text);
  };
  const Spec& spec = project.spec;
  for (const WrittenPart& board : spec.board) add(board);
  if (spec.cpu) add(*spec.cpu);
  if (spec.frame) add(*spec.frame);
  for (const DeviceRow& row : spec.devices) add(row.part);
  for (const StockRow& row : spec.stock) {
    if (row.part) add(*row.part);
    if (!row.kind.known() || !row.buy.known() || find_kind(*row.kind) == nullptr) continue;
    const std::vector<std::string> on_offer = project.catalog->index().ids(*row.kind);
    ids.insert(ids.end(), on_offer.begin(), on_offer.end());
  }
  return ids;
}

}  // namespace

std::optional<Project> load_project(const std::string& spec_path, const LoadOptions& options,
                                    SourceMap& sources, Diagnostics& out) {
  const int before = out.errors();
  auto text = read_text_file(spec_path, out);
  if (!text) return std::nullopt;
  Project project;
  project.file = spec_path;
  project.sha256 = sha256(*text);
  project.file_id = sources.add(spec_path, *std::move(text));
  const auto value = spec_map(sources, project.file_id, out);
  if (!value) return std::nullopt;
  Reader reader(out, project.file_id);
  project.spec = read_struct<Spec>(*value, "spec", value->at, reader);
  project.catalog =
      std::make_shared<Catalog>(catalog_folders(spec_path, options), sources, out, options.ahead);
  project.catalog->read_ahead(parts_named(project));
  load_parts(project, out);
  if (out.errors() != before) return std::nullopt;
  return project;
}

std::optional<Project> replanned(const Project& project, Spec spec, Diagnostics& out) {
  const int before = out.errors();
  Project other;
  other.file = project.file;
  other.sha256 = project.sha256;
  other.file_id = project.file_id;
  other.catalog = project.catalog;
  other.spec = std::move(spec);
  load_parts(other, out);
  if (out.errors() != before) return std::nullopt;
  return other;
}

}  // namespace rigtopo
