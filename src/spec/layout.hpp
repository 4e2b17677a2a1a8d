// A layout: which device sits where, through what, fed from where. A value of its own, whoever made
// it (solver, pins, a file): the lock file of a build. Undecided things are Facts without a value.
// Reading and writing layout.yaml is decided in layout.cpp; whether a layout is any good, nowhere
// here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/source_map.hpp"
#include "rigtopo/diagnostic.hpp"
#include "rigtopo/units.hpp"
#include "yaml/ahead.hpp"
#include "yaml/fields.hpp"

namespace rigtopo {

/// One riser part of a chain, in order from the port to the card.
struct ChainLink {
  Source at;
  Fact<std::string> part;
  Fact<int> count;  // parallel pieces: two 8i cables for x16; default 1
  Fact<int> stock;  // row of `stock:` in the spec it is taken from (from 0); absent: bought freely
};

/// One power connection: a cable from one or more outputs to an inlet.
struct Feed {
  Source at;
  Fact<std::string> inlet;              // id of the inlet: 16pin
  Fact<std::string> cable;              // tag of the cable: K1
  Fact<std::string> part;               // cable or adapter part; absent: the output's own cable
  std::vector<Fact<std::string>> from;  // outputs: psu0.pcie1
};

/// Where a device gets its power. `slot`: "board" (through the slot and a passive riser), "riser"
/// (own inlets of the last riser part), or "none" (M.2 and the like draw from the board unlisted).
struct DevicePower {
  Source at;
  Fact<std::string> slot;
  std::vector<Feed> aux;    // one for each inlet of the card
  std::vector<Feed> riser;  // one for each inlet of powered riser parts
};

/// What the link is expected to train to. Written for the reader; computed anew by everyone else.
struct LayoutLoss {
  Source at;
  Fact<std::string> band;  // green, amber, red
  Fact<Decibels> margin;
};
struct LayoutLink {
  Source at;
  Fact<int> width;
  Fact<int> generation;
  Fact<std::string> limited_by;
  std::optional<LayoutLoss> loss;
};
struct LayoutRoute {
  Source at;
  Fact<Millimetres> needed;
  Fact<Millimetres> fitted;
};

struct DevicePlace {
  Source at;
  Fact<std::string> id;
  Fact<std::string> part;
  Fact<std::string> port;  // connector or pair id of the board
  std::vector<ChainLink> chain;
  bool chain_decided =
      false;                // false: nothing said; an empty decided chain is "plugged in directly"
  Fact<std::string> mount;  // mount of the frame, or "direct" for a card in the board's slot
  DevicePower power;
  std::optional<LayoutLink> link;
  std::optional<LayoutRoute> route;
};

struct SupplyPlace {
  Source at;
  Fact<std::string> id;
  Fact<std::string> part;
  Fact<std::string> breakout;   // breakout part, for server supplies
  Fact<std::string> cord;       // tag W1
  Fact<std::string> cord_part;  // absent: the cord that came with the supply
  Fact<std::string> circuit;
  Fact<std::string> sync;  // master, follower
};

/// A bridge between the NVLink connectors of two cards.
struct BridgePlace {
  Source at;
  Fact<std::string> part;
  std::vector<Fact<std::string>> between;  // two device ids
};

struct LayoutOrigin {
  Source at;
  Fact<std::string> file;
  Fact<std::string> sha256;
};

struct Layout {
  Source at;
  Fact<int> version;
  LayoutOrigin spec;
  Fact<std::string> board;
  Mapping<Fact<Watts>> power_limits;  // by device id
  Mapping<Fact<std::string>> modes;   // core id ("cpu0.A1") -> split, group id -> mode
  std::vector<DevicePlace> devices;   // in spec order
  std::vector<Feed> board_power;      // inlets of the board
  std::vector<SupplyPlace> supplies;
  std::vector<BridgePlace> bridges;    // NVLink bridges
  std::vector<DevicePlace> expanders;  // switches and bifurcation cards, placed as devices are
  Mapping<Fact<std::string>> parts;    // id -> sha256 of every part used

  const DevicePlace* device(std::string_view id) const;
  const SupplyPlace* supply(std::string_view id) const;
  const DevicePlace* expander(std::string_view id) const;
  /// Mode of a group or split of a core; nullptr when undecided.
  const Fact<std::string>* mode(std::string_view id) const;
  /// Power limit of a device; nullptr when none is set (the card's default holds).
  const Fact<Watts>* power_limit(std::string_view id) const;
};

/// A link of a chain may be written as its part alone.
template <>
struct Table<ChainLink> {
  static const Fields<ChainLink>& fields();
  static void from_scalar(ChainLink& link, const Value& value, Reader& reader);
  static constexpr std::string_view scalar_schema = R"({"type": "string"})";
};
template <>
struct Table<Feed> {
  static const Fields<Feed>& fields();
};
template <>
struct Table<DevicePower> {
  static const Fields<DevicePower>& fields();
};
template <>
struct Table<LayoutLoss> {
  static const Fields<LayoutLoss>& fields();
};
template <>
struct Table<LayoutLink> {
  static const Fields<LayoutLink>& fields();
};
template <>
struct Table<LayoutRoute> {
  static const Fields<LayoutRoute>& fields();
};
template <>
struct Table<DevicePlace> {
  static const Fields<DevicePlace>& fields();
};
template <>
struct Table<SupplyPlace> {
  static const Fields<SupplyPlace>& fields();
};
template <>
struct Table<BridgePlace> {
  static const Fields<BridgePlace>& fields();
};
template <>
struct Table<LayoutOrigin> {
  static const Fields<LayoutOrigin>& fields();
};
template <>
struct Table<Layout> {
  static const Fields<Layout>& fields();
};

/// Reads a layout file (YAML or JSON, which is YAML). nullopt when it cannot be read at all; field
/// errors are reported and leave the field undecided. `ahead` may have begun already; null: it has
/// not.
std::optional<Layout> read_layout(const std::string& path, SourceMap& sources, Diagnostics& out,
                                  ReadAhead* ahead = nullptr);

/// layout.yaml text; ends in a newline. read_layout of the result gives an equal layout.
std::string layout_yaml(const Layout& layout);

/// Gives a tag to every cable (K1, K2 ... by devices and their inlets, then risers, then the board)
/// and every cord (W1 ... by supplies) that has none. Tags that are there stay.
void assign_tags(Layout& layout);

}  // namespace rigtopo
