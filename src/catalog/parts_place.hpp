// Frames, mounts, fans and what they do to the air, as plain structs.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/parts_common.hpp"

namespace rigtopo {

// ---- place and air
// -------------------------------------------------------------------------------

/// A place where a card can be held.
struct Mount {
  Source at;
  Fact<std::string> id;
  Fact<std::string> row;        // cards of one row share the same line of cells
  Fact<Position> position;      // of the card's edge connector
  Fact<Millimetres> thickness;  // room across the card, to the next mount or wall
  Fact<Millimetres> length;     // room along the card
  Fact<Millimetres> height;     // room above the edge connector
  Fact<std::string> zone;       // air zone
  Fact<int> count;              // several equal mounts in a line: id1 id2 ..., `pitch` apart
  Fact<Millimetres> pitch;      // step along x; default `thickness`
  Fact<std::string> exhaust;    // air zone the card blows into, or `room`
};

/// A grille, filter, duct, gap or leak between two air zones, by one measured point.
struct FrameOpening {
  Source at;
  Fact<std::string> id;
  Fact<std::string> from;  // zone or `room`
  Fact<std::string> to;
  Fact<Pascals> drop;
  Fact<Cfm> flow;
  Fact<Exponent> exponent;  // default 2
  Fact<bool> filter;        // a dense one
};

/// A row of equal places for fans between two air zones.
struct FanPosition {
  Source at;
  Fact<std::string> id;  // wall -> wall-1 wall-2 ...; only `wall` when `count` is 1
  Fact<int> count;       // default 1
  Fact<Millimetres> size;
  Fact<std::string> from;  // zone or `room`
  Fact<std::string> to;
};

/// The air inside a frame.
struct FrameAir {
  Source at;
  std::vector<Fact<std::string>> zones;
  std::vector<FrameOpening> passages;
  std::vector<FanPosition> fans;
  Fact<std::string> board;          // zone the board, CPU and drives warm
  Fact<std::string> supplies;       // zone the supplies blow into; unknown: they breathe room air
  Fact<std::string> cards;          // zone that cards in the board's slots breathe
  Fact<std::string> cards_exhaust;  // zone they blow into, or `room`

  bool given() const { return at.known(); }
};

struct Frame : Part {
  Fact<bool> direct;              // cards may be plugged straight into board slots
  Fact<Millimetres> card_length;  // room for a directly plugged card
  Fact<int> expansion_positions;  // brackets over the slots, counted from slot 1's side
  Fact<Position> board_origin;    // of the board's corner in frame coordinates
  std::vector<Mount> mounts;
  Fact<int> supplies;                            // bays
  std::vector<Fact<Position>> supply_positions;  // of the outputs of psu0, psu1 ...
  Fact<bool> open;  // no walls: every card breathes the room and its neighbour
  FrameAir air;
};

/// A point of a fan curve.
struct FanPoint {
  Source at;
  Fact<Cfm> flow;
  Fact<Pascals> pressure;
};
struct Fan : Part {
  Fact<Millimetres> size;
  Fact<Cfm> free_flow;
  Fact<Pascals> shut_off;
  std::vector<FanPoint> curve;
  Fact<DecibelsA> sound;
  Fact<Watts> power;
  Fact<Cfm> stall;  // least flow at which it runs without stall
};

}  // namespace rigtopo
