// What there is to choose from: classes of equal devices, ports, splits, riser chains, mounts,
// supplies with their outputs, power levels. Every choice that cannot be part of any layout is left
// out here and recorded with the rule it would break.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "physics/link.hpp"
#include "physics/power.hpp"
#include "solve/solve.hpp"

namespace rigtopo {

/// Devices that no rule and no wish tells apart.
struct DeviceClass {
  std::vector<const DeviceUse*> members;
  const Device* part = nullptr;
  const DeviceRow* row = nullptr;
  const Pin* pin = nullptr;            // a pinned device is a class of its own
  const Expander* expander = nullptr;  // a pinned switch, which `part` stands for
  bool gpu = false;
  std::string group;
  std::optional<Range<Watts>> range;  // of its power limit; nullopt: runs as shipped
  std::optional<Rejection> refused;   // why no layout can have it at all
  std::string words() const;          // "7x `nvidia-rtx-4090`"
};

/// A pinned switch as a device: its edge, its plugs, its own power.
struct SwitchAsDevice {
  Device part;
  DeviceRow row;
  DeviceUse use;
};

/// A bridge of the spec with its cards, and the classes that these are in.
struct BridgeChoice {
  const BridgePlace* place = nullptr;
  const Bridge* part = nullptr;
  std::array<const DeviceUse*, 2> cards{};
  std::array<std::size_t, 2> classes{};
};

/// A split core: which splits some port of it may be used with.
struct CoreChoice {
  std::string id;
  std::vector<Split> splits;
  bool as_wired = false;  // of a switch: nothing to set
};

struct ChainChoice {
  std::vector<std::pair<const Riser*, int>> parts;  // part and pieces in parallel; empty: direct
  SlotFeed feed = SlotFeed::host;                   // of the slot at the far end
  const Riser* feeder = nullptr;                    // part whose inlets feed that slot
  std::vector<const Riser*> plugged;                // parts that have inlets, all to be fed
  Estimate<Millimetres> length;
};

/// An output kind of a supply or of its breakout.
struct OutputKind {
  const Output* output = nullptr;
  std::string id;  // without index
  Plug plug{};
  int count = 1;
  Watts rating;  // of one, no more than its plug's
  bool on_breakout = false;
};

struct SupplyChoice {
  const SupplyUse* use = nullptr;
  std::vector<OutputKind> outputs;
  bool feeds_board = false;  // has 5 V, 3.3 V and standby
};

/// A way to feed a plug from a supply: so many outputs of a kind through a cable part (or none).
struct FeedChoice {
  std::size_t output = 0;  // index into SupplyChoice::outputs
  int outputs = 1;
  const PowerCable* cable = nullptr;
  Watts inlet_limit;   // least of plug and cable
  Watts output_limit;  // of all outputs together
  Millimetres length;  // for the wish `cable`; the pessimistic default when unknown
};

/// A port as it may be configured: width by split and group mode.
struct PortSetting {
  std::size_t core = 0;             // index into Choices::cores
  std::size_t split = 0;            // index into CoreChoice::splits
  std::optional<std::size_t> mode;  // of the port's group
  int lanes = 0;
  bool legal = true;  // the split is offered by CPU and BIOS for this port
};

class Choices {
 public:
  /// Everything of one board candidate.
  Choices(const Project& project, const Board& board);

  const Project& project;
  const Board& board;
  Source board_at;  // where the spec names it
  std::vector<DeviceClass> classes;
  std::vector<BridgeChoice> bridges;
  Rig fixed;  // the board and its pinned switches, nothing else: where ports are
  std::vector<PortChoice> ports;
  std::vector<CoreChoice> cores;
  std::vector<std::vector<PortSetting>> settings;  // by port
  std::vector<std::vector<ChainChoice>> chains;    // by port
  std::vector<Mount> mounts;                       // of the frame; "direct" is extra
  std::vector<SupplyChoice> supplies;
  std::vector<const PowerCable*> cables;
  std::vector<Watts> levels;  // common power limit, ascending; one entry when nothing can be chosen
  std::vector<Rejection> rejected;

  /// Link of a device of `device_class` on a port at a width through a chain; nullopt when it is
  /// not possible (recorded the first time it is asked for).
  const std::optional<TrainedLink>& link(std::size_t device_class, std::size_t port, int lanes,
                                         std::size_t chain);
  /// Do the connectors of port, chain and device mate?
  bool mates(std::size_t device_class, std::size_t port, std::size_t chain) const;
  /// Class of the switch that a port belongs to; nullopt: a port of the board.
  std::optional<std::size_t> above(std::size_t port) const;
  /// Port that a class is pinned to; nullopt: none of this board.
  std::optional<std::size_t> port_of(std::size_t device_class) const;
  /// Class of the switch that is pinned to a port.
  std::optional<std::size_t> switch_on(std::size_t port) const;
  /// Core of a port, through the switch that it belongs to.
  std::string root_core(std::size_t port) const;
  /// Ports that a device of the class can hang on through some chain, by connectors alone.
  std::vector<std::size_t> fitting_ports(std::size_t device_class) const;
  /// Ways to feed an inlet from a supply; none when nobody says which plug it takes.
  std::vector<FeedChoice> feeds(const SupplyChoice& supply, const Fact<Plug>& inlet) const;
  /// Power limit of a class at a level; nullopt: as shipped.
  std::optional<Watts> limit_at(const DeviceClass& c, std::size_t level) const;
  /// Draw of a class at a level.
  CardDraw draw(const DeviceClass& c, std::size_t level) const;
  /// Widths a port can have under any setting, ascending, without 0.
  std::vector<int> widths(std::size_t port) const;
  void reject(std::string code, std::string subject, std::string choice, std::string why);

 private:
  void make_classes();
  void make_bridges();
  void make_switches();
  void settle_range(DeviceClass& c);
  void make_cores();
  void make_chains();
  void add_pinned_chain(std::size_t device_class, std::vector<ChainChoice>& list) const;
  void make_supplies();
  void make_levels();
  PortSetting setting_of(const PortChoice& port, std::size_t core, std::size_t split,
                         std::optional<std::size_t> mode) const;
  bool supply_usable(const SupplyUse& use);
  void set_split(LinkPath& path, std::size_t port, const PortSetting& setting) const;
  std::vector<std::pair<const Riser*, int>> pinned_chain(std::size_t device_class) const;
  std::shared_ptr<LinkPath> uplink_of(std::size_t port) const;
  LinkPath path_of(const DeviceClass& c, std::size_t port, const ChainChoice& chain) const;
  std::optional<TrainedLink> judge_link(const DeviceClass& c, std::size_t port, int lanes,
                                        const ChainChoice& chain);

  std::map<std::tuple<std::size_t, std::size_t, int, std::size_t>, std::optional<TrainedLink>>
      links_;
  std::set<std::tuple<std::string, std::string, std::string>> told_;  // code, subject, choice
  std::vector<std::unique_ptr<SwitchAsDevice>> switches_;
};

/// The bridge of the spec that joins a device with another; nullptr when there is none.
const BridgePlace* bridge_of(const Project& project, const std::string& device);

/// What the user pins of something; nullptr when nothing.
const Pin* pin_of(const Project& project, std::string_view id);

/// The board with the switches that pins place, and nothing else.
Rig board_with_switches(const Project& project, const Board& board);

}  // namespace rigtopo
