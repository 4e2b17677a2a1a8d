// Power excursions: peaks of cards by how long they last, against what a supply promises for peaks
// of that length. Numbers only; what is too much is decided in check/.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "physics/power.hpp"

namespace rigtopo {

/// Classes of peaks by their length, as supplies are tested: Intel ATX12VO design guide 613768,
/// tables 3-3 and 3-4, https://www.easymanua.ls/intel/atx12vo/manual?p=23 .
enum class Window { us_100, ms_1, ms_10, ms_100 };
inline constexpr std::array windows{Window::us_100, Window::ms_1, Window::ms_10, Window::ms_100};

struct WindowRow {
  Milliseconds peak;       // how long a peak of the class lasts at most
  double duty;             // share of time at the peak
  double percent_16pin;    // of the rating: supplies over 450 W that have a 12V-2x6 plug
  double percent_other;    // every other supply of that standard
  std::string_view words;  // "100 ms"
};
const WindowRow& row_of(Window window);

/// Load between peaks of `peak_share` times the rating at which the RMS over the period is the
/// rating: rating * sqrt((1 - d k^2) / (1 - d)). 1000 W, 200 %, 5 % gives 918 W as published.
Watts base_load(Watts rating, double duty, double peak_share);

/// RMS of a load with this mean that is at `peak` for the share `duty` of time.
Watts rms_load(Watts mean, Watts peak, double duty);

/// What a supply survives for peaks of the window, in percent of its rating: its own figure, else
/// that of the next longer window that it states (a shorter peak is no harder). Missing when it
/// states none: 100 % is the pessimistic default then.
Estimate<Percent> excursion_ability(const Supply& supply, Window window);

/// Highest power of a card in peaks that last longer than those of the next shorter window. From
/// its excursions; a card with none is judged by planning figures (1.5 times its power up to 10 ms,
/// 1.15 times up to 100 ms; unverified) and never by more than its shortest peak.
Estimate<Watts> card_window_peak(const Device& device, std::optional<Watts> limit, Window window);

/// One supply in one window.
struct WindowLoad {
  Window window{};
  Watts synchronised;        // all its cards at their peak, everything else as expected
  Watts rms;                 // over the test period of the window, peaks together, the mean kept
  int cards = 0;             // cards whose peaks it sees
  bool sourced = false;      // every card's peak comes from measured excursions
  bool any_sourced = false;  // of at least one card
  Confidence confidence = Confidence::verified;
  std::vector<std::string> missing;
};
WindowLoad window_load(const Rig& rig, const SupplyLoad& load, Window window);

/// The window whose peaks heat a supply most, of those in which every card's peaks are measured;
/// nullopt when there is none.
std::optional<WindowLoad> hottest_window(const Rig& rig, const SupplyLoad& load);

/// Chance that `least` or more of `cards` independent cards, each at its peak for the share `duty`
/// of time, peak at one moment.
double chance_of_peaks(int cards, int least, double duty);

}  // namespace rigtopo
