// Holds a layout against its project: hashes, and every id it names. Whether the layout is any good
// is judged in check/.
#include "spec/references.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "spec/addresses.hpp"
#include "spec/loading.hpp"

namespace rigtopo {

namespace {

bool holds(const std::vector<std::string>& ids, std::string_view id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

class References {
 public:
  References(const Layout& layout, const Project& project, Diagnostics& out)
      : layout_(layout), project_(project), out_(out) {
    for (std::size_t i = 0; i < project.boards.size(); ++i) {
      const Board& board = project.board(i);
      if (!layout.board.known() || *layout.board == board.id) boards_.push_back(&board);
    }
  }

  void check() {
    if (layout_.board.known() && boards_.empty()) {
      std::vector<std::string> ids;
      for (const PartPtr& board : project_.boards) ids.push_back(base_of(*board).id);
      unknown(layout_.board, "is not a board of the spec", ids);
      return;  // nothing about ports and inlets can be said
    }
    check_modes();
    check_devices();
    for (const auto& [id, limit] : layout_.power_limits) {
      if (id.known() && project_.device(*id) == nullptr) {
        unknown(id, "is no device of the spec", device_ids());
      }
    }
    check_feeds(layout_.board_power, board_inlets(), "the board");
    check_expanders();
    check_bridges();
    check_supplies();
  }

 private:
  void unknown(const Fact<std::string>& id, const std::string& what,
               const std::vector<std::string>& candidates) {
    out_.report(codes::unknown_id, id.at, "`" + *id + "` " + what, suggestion(*id, candidates))
        .subject.push_back(*id);
  }

  void second(const Fact<std::string>& id, const std::string& what) {
    out_.report(codes::duplicate_id, id.at, "`" + *id + "` " + what).subject.push_back(*id);
  }

  std::vector<std::string> device_ids() const {
    std::vector<std::string> ids;
    for (const DeviceUse& d : project_.devices) ids.push_back(d.id);
    return ids;
  }

  std::vector<std::string> supply_ids() const {
    std::vector<std::string> ids;
    for (const SupplyUse& s : project_.supplies) ids.push_back(s.id);
    return ids;
  }

  std::vector<std::string> board_inlets() const {
    std::vector<std::string> ids;
    for (const Board* board : boards_) {
      for (InletAddress& inlet : inlet_addresses(*board)) ids.push_back(std::move(inlet.id));
    }
    return ids;
  }

  void check_modes() {
    for (const auto& [id, mode] : layout_.modes) {
      if (!id.known() || !mode.known()) continue;
      if (id->find('.') != std::string::npos) {
        check_core(id, mode);
      } else {
        check_group(id, mode);
      }
    }
  }

  void check_core(const Fact<std::string>& id, const Fact<std::string>& mode) {
    std::vector<std::string> cores;
    for (int socket = 0; socket < project_.cpu_count; ++socket) {
      for (const CpuCore& core : project_.cpu->cores) {
        if (core.id.known()) cores.push_back("cpu" + std::to_string(socket) + "." + *core.id);
      }
    }
    if (!holds(cores, *id)) unknown(id, "is no core of the CPU", cores);
    Value text;
    text.kind = Value::Kind::scalar;
    text.text = *mode;
    std::string reason;
    if (YamlType<Split>::parse(text, reason)) return;
    out_.report(codes::bad_value, mode.at,
                "the mode of `" + *id + "` is `" + *mode + "`, which is not " +
                    std::string(YamlType<Split>::expected()),
                reason);
  }

  void check_group(const Fact<std::string>& id, const Fact<std::string>& mode) {
    std::vector<std::string> groups;
    std::vector<std::string> modes;
    for (const Board* board : boards_) {
      for (const SharedGroup& group : board->groups) {
        if (!group.id.known()) continue;
        groups.push_back(*group.id);
        if (*group.id != *id) continue;
        for (const GroupMode& m : group.modes) {
          if (m.id.known()) modes.push_back(*m.id);
        }
      }
    }
    if (!holds(groups, *id)) {
      unknown(id, "is no shared group of the board, and no core", groups);
    } else if (!holds(modes, *mode)) {
      unknown(mode, "is no mode of the shared group `" + *id + "`: there are " + listed(modes),
              modes);
    }
  }

  void check_devices() {
    std::set<std::string> seen;
    for (const DevicePlace& place : layout_.devices) {
      if (!place.id.known()) continue;
      const DeviceUse* device = project_.device(*place.id);
      if (device == nullptr) {
        unknown(place.id, "is no device of the spec", device_ids());
        continue;
      }
      if (!seen.insert(*place.id).second) second(place.id, "is placed twice");
      if (place.part.known() && *place.part != device->part->id) {
        out_.report(codes::contradictory, place.part.at,
                    "`" + device->id + "` is a `" + *place.part + "` here, and a `" +
                        device->part->id + "` in the spec")
            .labels.push_back({device->at, "device of the spec"});
      }
      check_place(place);
      check_device_feeds(place, *device->part);
    }
  }

  void check_expanders() {
    std::set<std::string> seen;
    for (const DevicePlace& place : layout_.expanders) {
      if (!place.id.known()) continue;
      const ExpanderUse* use = project_.expander(*place.id);
      if (use == nullptr) {
        std::vector<std::string> ids;
        for (const ExpanderUse& e : project_.expanders) ids.push_back(e.id);
        unknown(place.id, "is no switch or bifurcation card of the spec's stock", ids);
        continue;
      }
      if (!seen.insert(*place.id).second) second(place.id, "is placed twice");
      if (place.part.known() && *place.part != use->part->id) {
        out_.report(codes::contradictory, place.part.at,
                    "`" + use->id + "` is a `" + *place.part + "` here, and a `" + use->part->id +
                        "` in the spec");
      }
      check_place(place);
      check_inlets(place, use->part->inlets);
    }
  }

  void check_bridges() {
    for (const BridgePlace& bridge : layout_.bridges) {
      if (bridge.part.known()) check_part<Bridge>(bridge.part, "bridge");
      if (bridge.between.size() != 2) {
        out_.report(codes::contradictory, bridge.at,
                    "a bridge joins two cards, not " + std::to_string(bridge.between.size()));
      }
      for (const Fact<std::string>& id : bridge.between) {
        if (id.known() && project_.device(*id) == nullptr) {
          unknown(id, "is no device of the spec", device_ids());
        }
      }
    }
  }

  void check_place(const DevicePlace& place) {
    if (place.port.known()) {
      std::vector<std::string> ports;
      for (const Board* board : boards_) {
        for (std::string& id : port_ids(*board)) ports.push_back(std::move(id));
      }
      for (const ExpanderUse& e : project_.expanders) {
        for (const ExpanderPort& p : e.part->ports) {
          if (p.id.known()) ports.push_back(e.id + "." + *p.id);
        }
      }
      if (!holds(ports, *place.port)) unknown(place.port, "is no connector of the board", ports);
    }
    if (place.mount.known() && *place.mount != "direct") {
      const auto mounts =
          project_.frame == nullptr ? std::vector<std::string>{} : mount_ids(*project_.frame);
      if (!holds(mounts, *place.mount)) {
        unknown(place.mount,
                project_.frame == nullptr ? "is no mount: the spec names no frame"
                                          : "is no mount of `" + project_.frame->id + "`",
                mounts);
      }
    }
    for (const ChainLink& link : place.chain) {
      if (link.part.known()) check_part<Riser>(link.part, "riser part");
      const auto rows = static_cast<int>(project_.spec.stock.size());
      if (link.stock.known() && *link.stock >= rows) {
        out_.report(codes::unknown_id, link.stock.at,
                    "row " + std::to_string(*link.stock) +
                        " of stock does not exist; the spec has " + std::to_string(rows) +
                        ", counted from 0");
      }
    }
  }

  /// Only parts that are there and of another kind: missing ones were reported when they were
  /// loaded.
  template <class P>
  void check_part(const Fact<std::string>& id, const std::string& what) {
    const auto found = project_.parts.find(*id);
    if (found == project_.parts.end() || std::holds_alternative<P>(*found->second)) return;
    out_.report(codes::wrong_kind, id.at,
                "`" + *id + "` is a part of kind `" + kind_of(*found->second) + "`, not a " + what);
  }

  void check_device_feeds(const DevicePlace& place, const Device& device) {
    check_inlets(place, device.inlets);
  }

  void check_inlets(const DevicePlace& place, const std::vector<Inlet>& own) {
    const auto ids_of = [](const std::vector<Inlet>& inlets, std::vector<std::string>& ids) {
      for (const Inlet& inlet : inlets) {
        if (inlet.id.known()) ids.push_back(*inlet.id);
      }
    };
    std::vector<std::string> card;
    ids_of(own, card);
    check_feeds(place.power.aux, card, "`" + *place.id + "`");
    std::vector<std::string> risers;
    for (const ChainLink& link : place.chain) {
      const Riser* riser = link.part.known() ? project_.part<Riser>(*link.part) : nullptr;
      if (riser != nullptr) ids_of(riser->inlets, risers);
    }
    check_feeds(place.power.riser, risers, "the risers of `" + *place.id + "`");
    const auto& slot = place.power.slot;
    const std::vector<std::string> words{"board", "riser", "none"};
    if (slot.known() && !holds(words, *slot)) {
      out_.report(codes::unknown_choice, slot.at,
                  "slot power comes from `board`, `riser` or `none`, not from `" + *slot + "`",
                  suggestion(*slot, words));
    }
  }

  void check_feeds(const std::vector<Feed>& feeds, const std::vector<std::string>& inlets,
                   const std::string& owner) {
    for (const Feed& feed : feeds) {
      if (feed.inlet.known() && !holds(inlets, *feed.inlet)) {
        unknown(feed.inlet, "is no power inlet of " + owner, inlets);
      }
      if (feed.part.known()) check_part<PowerCable>(feed.part, "power cable");
      for (const Fact<std::string>& from : feed.from) {
        if (from.known()) check_output(from);
      }
    }
  }

  void check_output(const Fact<std::string>& from) {
    const std::string supply_id = owner_of(*from);
    const SupplyUse* supply = project_.supply(supply_id);
    if (supply == nullptr) {
      unknown(from, "is no output: there is no supply `" + supply_id + "`", supply_ids());
      return;
    }
    const SupplyPlace* place = layout_.supply(supply_id);
    if (place == nullptr) {
      unknown(from, "is no output here: the layout does not use `" + supply_id + "`", {});
      return;
    }
    const Breakout* breakout =
        place->breakout.known() ? project_.part<Breakout>(*place->breakout) : supply->breakout;
    std::vector<std::string> outputs;
    for (OutputAddress& o : output_addresses(supply_id, *supply->part, breakout)) {
      outputs.push_back(std::move(o.id));
    }
    if (holds(outputs, *from)) return;
    unknown(from,
            outputs.empty() ? "is no output: `" + supply_id + "` has none, and no breakout board"
                            : "is no output of `" + supply_id + "`",
            outputs);
  }

  void check_supplies() {
    std::set<std::string> seen;
    for (const SupplyPlace& place : layout_.supplies) {
      if (!place.id.known()) continue;
      const SupplyUse* supply = project_.supply(*place.id);
      if (supply == nullptr) {
        unknown(place.id, "is no supply of the spec's stock", supply_ids());
        continue;
      }
      if (!seen.insert(*place.id).second) second(place.id, "is listed twice");
      if (place.part.known() && *place.part != supply->part->id) {
        out_.report(codes::contradictory, place.part.at,
                    "`" + supply->id + "` is a `" + *place.part + "` here, and a `" +
                        supply->part->id + "` in the spec")
            .labels.push_back({supply->at, "supply of the spec"});
      }
      if (place.breakout.known()) check_part<Breakout>(place.breakout, "breakout board");
      if (place.cord_part.known()) check_part<Cord>(place.cord_part, "mains cord");
      if (place.circuit.known() && project_.circuit(*place.circuit) == nullptr) {
        std::vector<std::string> circuits;
        for (const CircuitRow& row : project_.spec.mains.circuits) {
          if (row.id.known()) circuits.push_back(*row.id);
        }
        for (const MainsUnit& unit : project_.spec.mains.units) {
          if (unit.id.known()) circuits.push_back(*unit.id);
        }
        unknown(place.circuit, "is no circuit of the spec", circuits);
      }
    }
  }

  const Layout& layout_;
  const Project& project_;
  Diagnostics& out_;
  std::vector<const Board*> boards_;
};

/// Calls `visit(id, kind)` for every part a layout names beyond board, CPU, frame and devices.
template <class Visit>
void each_chosen_part(const Layout& layout, Visit visit) {
  const auto feeds = [&](const std::vector<Feed>& list) {
    for (const Feed& feed : list) visit(feed.part, "cable");
  };
  const auto places = [&](const std::vector<DevicePlace>& list) {
    for (const DevicePlace& place : list) {
      for (const ChainLink& link : place.chain) visit(link.part, "riser");
      feeds(place.power.aux);
      feeds(place.power.riser);
    }
  };
  places(layout.devices);
  places(layout.expanders);
  for (const DevicePlace& place : layout.expanders) visit(place.part, "expander");
  for (const BridgePlace& bridge : layout.bridges) visit(bridge.part, "bridge");
  feeds(layout.board_power);
  for (const SupplyPlace& place : layout.supplies) {
    visit(place.part, "supply");
    visit(place.breakout, "breakout");
    visit(place.cord_part, "cord");
  }
}

void report_stale(Source at, const std::string& message, Diagnostics& out) {
  out.report(codes::stale_layout, at, message, "run `rigtopo solve` again");
}

void check_hashes(const Layout& layout, const Project& project, Diagnostics& out) {
  const auto& hash = layout.spec.sha256;
  if (hash.known() && *hash != project.sha256) {
    report_stale(hash.at, "the layout was made from another text of the spec", out);
  }
  for (const auto& [id, part_hash] : layout.parts) {
    if (!id.known() || !part_hash.known()) continue;
    const auto found = project.parts.find(*id);
    if (found == project.parts.end()) {
      report_stale(id.at, "the layout was made with a part `" + *id + "` that is not in use", out);
    } else if (base_of(*found->second).sha256 != *part_hash) {
      report_stale(part_hash.at, "the part `" + *id + "` has changed since the layout was made",
                   out);
    }
  }
}

}  // namespace

void check_references(const Layout& layout, const Project& project, Diagnostics& out) {
  References(layout, project, out).check();
}

void record_origin(Layout& layout, const Project& project) {
  layout.spec.file = Fact<std::string>(project.file);
  layout.spec.sha256 = Fact<std::string>(project.sha256);
  std::map<std::string, std::string> hashes;
  const auto add = [&](const std::string& id) {
    const auto found = project.parts.find(id);
    if (found != project.parts.end()) hashes[id] = base_of(*found->second).sha256;
  };
  if (layout.board.known()) add(*layout.board);
  if (project.cpu != nullptr) add(project.cpu->id);
  if (project.frame != nullptr) add(project.frame->id);
  for (const DeviceUse& device : project.devices) add(device.part->id);
  for (const FanUse& fan : project.fans) add(fan.part->id);
  each_chosen_part(layout, [&](const Fact<std::string>& id, std::string_view) {
    if (id.known()) add(*id);
  });
  layout.parts.clear();
  for (const auto& [id, hash] : hashes) {
    layout.parts.push_back({Fact<std::string>(id), Fact<std::string>(hash)});
  }
}

void match_layout(const Layout& layout, Project& project, SourceMap& /*sources*/,
                  Diagnostics& out) {
  Loading loading{project, *project.catalog, out};
  std::set<std::string> asked;  // a part that is not found is reported once
  each_chosen_part(layout, [&](const Fact<std::string>& id, std::string_view kind) {
    if (id.known() && !project.parts.contains(*id) && asked.insert(*id).second) {
      loading.named(id, kind);
    }
  });
  check_hashes(layout, project, out);
  check_references(layout, project, out);
  for (const DeviceUse& device : project.devices) {
    if (layout.device(device.id) != nullptr) continue;
    out.report(codes::unknown_id, layout.at, "the layout does not place `" + device.id + "`")
        .labels.push_back({device.at, "device of the spec"});
  }
}

}  // namespace rigtopo
