// What pictures look like: palette with its dark twins, style sheet, marks of supplies and PCIe
// generations, widths of text. Decides no layout and no content.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rigtopo/units.hpp"

namespace rigtopo {

/// Colours by role. Lines and texts first, then the pale fills.
enum class Color {
  none,
  ink,    // text, frames of things
  paper,  // background
  panel,  // fill of devices and groups
  line,   // frames of parts, free lanes
  muted,  // secondary text
  track,  // empty part of a load bar
  blue,
  orange,
  green,
  vermillion,  // lines and frames of what is wrong
  alarm,       // text about what is wrong: vermillion is too pale for text
  purple,
  sky,
  brown,
  olive,
  slate,
  blue_tint,
  orange_tint,
  green_tint,
  vermillion_tint,
  purple_tint,
  sky_tint,
  brown_tint,
  olive_tint,
  slate_tint,
};

/// "#0072b2"; "none" for Color::none.
std::string_view hex(Color c);
/// The same for a dark page.
std::string_view dark_hex(Color c);

/// One style sheet for all pictures. Colours for dark screens are set by attribute selectors, so
/// that what Graphviz writes needs no change; print stays light.
std::string style_sheet();

/// A text colour with a fill it is used on.
struct TextPair {
  Color text;
  Color fill;
};
/// Every pair that pictures use; a test holds them to a contrast of 4.5:1.
std::span<const TextPair> text_pairs();

/// How one supply is told from the others: hue, dash and the word for the dash.
struct SupplyMark {
  Color line;
  Color tint;
  std::string_view css_class;   // "dash-2"; empty for a solid line
  std::string_view dash_array;  // "9 4"; empty for a solid line
  std::string_view word;        // "dashed"
};
/// Mark of the supply at a place in the layout, from 0; repeats after eight.
const SupplyMark& supply_mark(int index);

/// Class of a link that trained below its card. Not a dash of any supply.
inline constexpr std::string_view degraded_class = "degraded";
inline constexpr std::string_view degraded_dash = "7 2.5";
/// Class of a wire that nobody has decided on yet.
inline constexpr std::string_view open_class = "open";
inline constexpr std::string_view open_dash = "1.5 4";

Color generation_color(PcieGen g);

/// Width of a line for a number of lanes, in points: x16 4.5, x8 3, x4 and less 1.6.
double lane_width(int lanes);

/// Points between a group's frame and what is in it.
inline constexpr int frame_margin = 7;

/// Width of text in points, by the advance widths of Arial. Characters outside ASCII count as wide
/// ones.
double text_width(std::string_view text, double size, bool bold = false);

/// Coordinate with two decimals at most: "12.5".
std::string coordinate(double value);

/// Text as it may stand in XML and in a picture: valid UTF-8 (else U+FFFD), one line, no control
/// characters. Not escaped.
std::string drawable(std::string_view text);
/// The same, escaped.
std::string drawable_xml(std::string_view text);

/// A name made fit to be an id in SVG and DOT: letters, digits, '.', '-' and '_'; anything else as
/// '_' and its hexadecimal bytes.
std::string safe_id(std::string_view name);

/// Whole watts, one decimal below 100: "840", "66", "12.5".
std::string watt_number(Watts w);

}  // namespace rigtopo
