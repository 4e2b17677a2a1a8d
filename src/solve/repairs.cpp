// A table of what might mend which demand, and the trial of each. A new kind of repair is one
// function and its row.
#include "solve/repairs.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "solve/choices.hpp"

namespace rigtopo {
namespace {

constexpr std::size_t most_offered = 6;
constexpr std::size_t most_pairs = 24;
constexpr double seconds_each = 3;  // for one trial
constexpr double seconds = 10;      // for all of them

/// How much a change asks of the builder; less is offered first.
enum class Intrusion { setting, wiring, buying, slower, fewer };

struct Change {
  Intrusion intrusion{};
  std::string words;
  std::vector<SpecEdit> edits;
  std::function<void(Spec&)> apply;
  std::vector<std::size_t> capped{};  // rows of which the words name the limit that it comes to
  std::string part{};                 // its words name how many of this part the layout takes
};

using Changes = std::vector<Change>;

/// Rows of `devices:` that a demand of the conflict is about.
std::vector<std::size_t> rows_in(const Project& project, const Diagnostic& member) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < project.spec.devices.size(); ++i) {
    const bool named =
        std::any_of(project.devices.begin(), project.devices.end(), [&](const DeviceUse& use) {
          return use.row == &project.spec.devices[i] &&
                 std::find(member.subject.begin(), member.subject.end(), use.id) !=
                     member.subject.end();
        });
    if (named) rows.push_back(i);
  }
  return rows;
}

const DeviceUse* first_of(const Project& project, std::size_t row) {
  for (const DeviceUse& use : project.devices) {
    if (use.row == &project.spec.devices[row]) return &use;
  }
  return nullptr;
}

std::string path_of(std::string_view list, std::size_t row, std::string_view key) {
  return fmt::format("{}[{}].{}", list, row, key);
}

// ---- changes
// --------------------------------------------------------------------------------------

/// Does a pin, bridge or the like name one of these devices?
bool is_named(const Project& project, const std::set<std::string>& ids) {
  const bool pinned =
      std::any_of(project.spec.pins.begin(), project.spec.pins.end(),
                  [&](const auto& pin) { return ids.contains(pin.key.value_or("")); });
  return pinned || std::any_of(project.spec.bridges.begin(), project.spec.bridges.end(),
                               [&](const BridgePlace& bridge) {
                                 return std::any_of(
                                     bridge.between.begin(), bridge.between.end(),
                                     [&](const auto& id) { return ids.contains(id.value_or("")); });
                               });
}

/// Fewer cards of a row: the most that work are found by trying one less at a time. Not where that
/// would take away, or rename, a card that a pin or a bridge names.
void fewer_devices(const Project& project, const Diagnostic& member, Changes& list) {
  for (const std::size_t row : rows_in(project, member)) {
    const DeviceUse* use = first_of(project, row);
    const int count = project.spec.devices[row].count.value_or(1);
    if (use == nullptr) continue;
    for (int left = count - 1; left >= 1; --left) {
      std::set<std::string> changed;  // of this row beyond `left`, and all of its kind behind
      for (const DeviceUse* d = use; d != project.devices.data() + project.devices.size(); ++d) {
        if (d->kind == use->kind && d - use >= left) changed.insert(d->id);
      }
      if (is_named(project, changed)) break;
      list.push_back(
          {Intrusion::fewer,
           fmt::format("use {} of the {} `{}`", left, count, use->part->id),
           {{path_of("devices", row, "count"), std::to_string(count), std::to_string(left)}},
           [row, left](Spec& s) { s.devices[row].count.value = left; }});
    }
  }
}

void unpin(const Project& project, const Diagnostic& member, Changes& list) {
  for (const auto& pin : project.spec.pins) {
    const std::string id = pin.key.value_or("");
    if (std::find(member.subject.begin(), member.subject.end(), id) == member.subject.end()) {
      continue;
    }
    list.push_back({Intrusion::wiring,
                    fmt::format("free `{}` of its pin", id),
                    {{"pins." + id, "pinned", ""}},
                    [id](Spec& s) {
                      std::erase_if(s.pins, [&](const auto& p) { return p.key.value == id; });
                    }});
  }
}

/// Half the width, or one generation less.
void weaker_link(const Project& project, const Diagnostic& member, Changes& list) {
  for (const std::size_t row : rows_in(project, member)) {
    const Fact<MinLink>& least = project.spec.devices[row].min_link;
    const DeviceUse* use = first_of(project, row);
    if (!least.known() || use == nullptr) continue;
    const auto words = [](const MinLink& m) {
      return fmt::format("x{} gen{}", m.width.value, static_cast<int>(m.generation));
    };
    const auto offer = [&](MinLink weaker) {
      list.push_back({Intrusion::slower,
                      fmt::format("let `{}` do with {} instead of {}", use->part->id, words(weaker),
                                  words(*least)),
                      {{path_of("devices", row, "min_link"), words(*least), words(weaker)}},
                      [row, weaker](Spec& s) { s.devices[row].min_link.value = weaker; }});
    };
    for (int width = least->width.value / 2; width >= 4; width /= 2) {
      offer({Lanes{width}, least->generation});
    }
    for (int g = static_cast<int>(least->generation) - 1; g >= 3; --g) {
      offer({least->width, static_cast<PcieGen>(g)});
    }
  }
}

/// The lowest limit that the cards accept, up to what the spec has now; the search takes the
/// highest that works.
void lower_power(const Project& project, const Diagnostic&, Changes& list) {
  Change change;
  change.intrusion = Intrusion::setting;
  std::vector<std::pair<std::size_t, Range<Watts>>> ranges;
  for (std::size_t row = 0; row < project.spec.devices.size(); ++row) {
    const DeviceUse* use = first_of(project, row);
    if (use == nullptr || use->kind != "gpu" || !use->part->power_limits.known()) continue;
    const Fact<Range<Watts>>& now = project.spec.devices[row].power_limit;
    const Range<Watts> accepted = *use->part->power_limits;
    const Watts most = now.known() ? now->most : use->part->power.value_or(accepted.most);
    if (now.known() && now->least <= accepted.least) continue;
    ranges.emplace_back(row, Range<Watts>{accepted.least, std::min(most, accepted.most)});
    change.capped.push_back(row);
    std::string before;
    if (now.known()) before = to_text(now->least);
    if (now.known() && now->least < now->most) {
      before = fmt::format("[{}, {}]", to_text(now->least), to_text(now->most));
    }
    change.edits.push_back({path_of("devices", row, "power_limit"), before, ""});
  }
  if (ranges.empty()) return;
  change.apply = [ranges](Spec& s) {
    for (const auto& [row, range] : ranges) s.devices[row].power_limit = Fact<Range<Watts>>(range);
  };
  list.push_back(std::move(change));
}

/// One, two or four more of a part that is in stock.
void one_more(const Project& project, const std::function<bool(const StockUse&)>& wanted,
              Changes& list) {
  for (const StockUse& use : project.stock) {
    if (use.row < 0 || !use.max || !wanted(use)) continue;
    const auto row = static_cast<std::size_t>(use.row);
    for (const int more : {1, 2, 4}) {
      const int most = *use.max + more;
      const std::string key = use.price.known() ? "max" : "owned";
      const int now = use.price.known() ? *use.max : use.owned;
      list.push_back(
          {Intrusion::buying,
           fmt::format("get {} more of `{}`{}", more, use.part_id,
                       use.price.known() ? "" : " (price not counted)"),
           {{path_of("stock", row, key), std::to_string(now), std::to_string(now + more)}},
           [row, most, priced = use.price.known(), owned = use.owned + more](Spec& s) {
             if (!priced) s.stock[row].owned.value = owned;
             if (priced || s.stock[row].max.known()) s.stock[row].max.value = most;
           }});
    }
  }
}

void more_of_subject(const Project& project, const Diagnostic& member, Changes& list) {
  one_more(
      project,
      [&](const StockUse& use) {
        return std::find(member.subject.begin(), member.subject.end(), use.part_id) !=
               member.subject.end();
      },
      list);
}

void more_supplies(const Project& project, const Diagnostic&, Changes& list) {
  one_more(
      project, [](const StockUse& use) { return use.kind == "supply"; }, list);
}

void buy_any(const Project& project, const std::string& kind, Changes& list) {
  const bool allowed =
      std::any_of(project.spec.stock.begin(), project.spec.stock.end(), [&](const StockRow& row) {
        return row.kind.value == kind && row.buy.known() && *row.buy == Buy::any;
      });
  if (allowed) return;
  list.push_back({Intrusion::buying,
                  fmt::format("buy {}s of the catalogue where they help", kind),
                  {{"stock[+]", "", fmt::format("{{kind: {}, buy: any}}", kind)}},
                  [kind](Spec& s) {
                    StockRow row;
                    row.kind = Fact<std::string>(kind);
                    row.buy = Fact<Buy>(Buy::any);
                    s.stock.push_back(std::move(row));
                  }});
}

void buy_risers(const Project& project, const Diagnostic&, Changes& list) {
  buy_any(project, "riser", list);
}

/// Plugs that supplies of the spec have, and plugs that cards, risers and the board take.
std::pair<std::set<Plug>, std::set<Plug>> plugs_of(const Project& project) {
  std::set<Plug> from;
  std::set<Plug> to;
  const auto add = [](const auto& list, std::set<Plug>& plugs) {
    for (const auto& item : list) {
      if (item.plug.known()) plugs.insert(*item.plug);
    }
  };
  for (const SupplyUse& s : project.supplies) {
    add(s.part->outputs, from);
    if (s.breakout != nullptr) add(s.breakout->outputs, from);
  }
  for (const DeviceUse& d : project.devices) add(d.part->inlets, to);
  for (const StockUse& s : project.stock) {
    if (const auto* riser = std::get_if<Riser>(s.holder.get())) add(riser->inlets, to);
  }
  for (const PartPtr& b : project.boards) add(std::get<Board>(*b).inlets, to);
  return {from, to};
}

/// Power cables of the catalogue that lead from a plug of the supplies to one that has to be fed.
void get_cables(const Project& project, const Diagnostic&, Changes& list) {
  constexpr int enough = 16;
  const auto [from, to] = plugs_of(project);
  for (const std::string& id : project.catalog->index().ids("cable")) {
    Diagnostics ignored;
    const PartPtr part = project.catalog->load(id, "cable", {}, ignored);
    const auto* cable = part == nullptr ? nullptr : std::get_if<PowerCable>(part.get());
    const bool stocked = std::any_of(project.stock.begin(), project.stock.end(),
                                     [&](const StockUse& s) { return s.part_id == id; });
    if (cable == nullptr || stocked || !cable->from.known() || !cable->to.known() ||
        !from.contains(*cable->from) || !to.contains(*cable->to)) {
      continue;
    }
    list.push_back({Intrusion::buying,
                    "",
                    {{"stock[+]", "", id}},
                    [id](Spec& s) {
                      Value name;
                      name.kind = Value::Kind::scalar;
                      name.text = id;
                      StockRow row;
                      row.part = WrittenPart{std::move(name)};
                      row.owned = Fact<int>(enough);
                      s.stock.push_back(std::move(row));
                    },
                    {},
                    id});
  }
}

/// Another circuit like the largest one; the user has to have one in the house.
void another_circuit(const Project& project, const Diagnostic&, Changes& list) {
  const auto& circuits = project.spec.mains.circuits;
  const CircuitRow* best = nullptr;
  for (const CircuitRow& c : circuits) {
    if (!c.volts.known() || !c.breaker.known()) continue;
    const auto power = [](const CircuitRow& row) { return (*row.volts * *row.breaker).value; };
    if (best == nullptr || power(c) > power(*best)) best = &c;
  }
  if (best == nullptr) return;
  CircuitRow another;
  another.volts = best->volts;
  another.breaker = best->breaker;
  std::string id = "another";
  while (project.circuit(id) != nullptr) id += "-one";
  another.id = Fact<std::string>(id);
  list.push_back({Intrusion::wiring,
                  fmt::format("use another circuit of {} {}, if there is one in reach",
                              to_text(*best->volts), to_text(*best->breaker)),
                  {{"mains.circuits[+]", "",
                    fmt::format("{{id: {}, volts: {}, breaker: {}}}", id, to_text(*best->volts),
                                to_text(*best->breaker))}},
                  [another](Spec& s) { s.mains.circuits.push_back(another); }});
}

void more_outlets(const Project& project, const Diagnostic& member, Changes& list) {
  for (std::size_t i = 0; i < project.spec.mains.circuits.size(); ++i) {
    const CircuitRow& c = project.spec.mains.circuits[i];
    const std::string id = c.id.value_or("");
    if (!c.outlets.known() ||
        std::find(member.subject.begin(), member.subject.end(), id) == member.subject.end()) {
      continue;
    }
    const int outlets = *c.outlets + 1;
    list.push_back({Intrusion::wiring,
                    fmt::format("use {} outlets of circuit `{}`, if it has so many", outlets, id),
                    {{path_of("mains.circuits", i, "outlets"), std::to_string(*c.outlets),
                      std::to_string(outlets)}},
                    [i, outlets](Spec& s) { s.mains.circuits[i].outlets.value = outlets; }});
  }
}

struct Remedy {
  std::string_view code;  // of a demand in the conflict
  void (*suggest)(const Project&, const Diagnostic&, Changes&);
};

constexpr std::array remedies{
    Remedy{"I101", fewer_devices}, Remedy{"I102", unpin},           Remedy{"L110", weaker_link},
    Remedy{"L110", buy_risers},    Remedy{"L201", buy_risers},      Remedy{"L108", buy_risers},
    Remedy{"G101", buy_risers},    Remedy{"W108", more_of_subject}, Remedy{"P101", lower_power},
    Remedy{"P101", more_supplies}, Remedy{"P105", lower_power},     Remedy{"P105", get_cables},
    Remedy{"P106", lower_power},   Remedy{"P107", lower_power},     Remedy{"P107", buy_risers},
    Remedy{"P108", lower_power},   Remedy{"P108", more_supplies},   Remedy{"P109", get_cables},
    Remedy{"P109", more_supplies}, Remedy{"P110", lower_power},     Remedy{"P110", another_circuit},
    Remedy{"P111", more_outlets},  Remedy{"P111", another_circuit}, Remedy{"P112", lower_power},
    Remedy{"P112", more_supplies}, Remedy{"P115", more_supplies},   Remedy{"P117", lower_power},
    Remedy{"P117", more_supplies}, Remedy{"P129", lower_power},     Remedy{"W102", more_supplies},
    Remedy{"W102", get_cables},    Remedy{"W103", buy_risers}};

/// What the conflict suggests, the least intrusive first, each once.
Changes suggested(const Project& project, const SolveResult& result) {
  Changes all;
  for (const Diagnostic& member : result.conflict) {
    for (const Remedy& r : remedies) {
      if (r.code == member.code) r.suggest(project, member, all);
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Change& a, const Change& b) { return a.intrusion < b.intrusion; });
  Changes once;
  std::set<std::pair<std::string, std::string>> seen;
  for (Change& c : all) {
    const SpecEdit& first = c.edits.front();
    if (seen.emplace(first.path, first.after).second) once.push_back(std::move(c));
  }
  return once;
}

// ---- trials
// ---------------------------------------------------------------------------------------

/// A changed spec, solved.
struct Trial {
  std::shared_ptr<const Project> project;  // null: the changed spec does not hold together
  SolveResult result;
  std::optional<Repair> repair;
};

class Trials {
 public:
  using Clock = std::chrono::steady_clock;

  Trials(const Project& project, const RepairShop& shop) : project_(project), shop_(shop) {
    const double all = std::min(shop.options(project).time_limit_s.value_or(seconds), seconds);
    deadline_ = Clock::now() +
                std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(all));
  }

  bool out_of_time() const { return Clock::now() >= deadline_; }

  /// What came of the changes together.
  Trial attempt(const std::vector<const Change*>& changes) const {
    Trial trial;
    Spec spec = project_.spec;
    for (const Change* c : changes) c->apply(spec);
    std::optional<Project> changed = shop_.replan(std::move(spec));
    if (!changed) return trial;
    trial.project = std::make_shared<const Project>(*std::move(changed));
    SolveOptions options = shop_.options(*trial.project);
    options.top = 1;
    options.front.clear();
    const std::chrono::duration<double> left = deadline_ - Clock::now();
    options.time_limit_s = std::clamp(left.count(), 0.0, seconds_each);
    trial.result = solve(*trial.project, options);
    if (!trial.result.layouts.empty()) trial.repair = told(changes, trial);
    return trial;
  }

 private:
  static std::optional<Repair> told(const std::vector<const Change*>& changes, const Trial& trial) {
    Repair repair;
    repair.project = trial.project;
    repair.layout = trial.result.layouts.front();
    repair.objective = trial.result.objective;
    for (const ObjectiveLevel& l : repair.objective) {
      if (l.wish.ends_with("price")) repair.price = l.value;
    }
    for (const Change* c : changes) {
      RepairChange change{c->words, c->edits};
      if (!c->capped.empty() && !name_limits(*trial.project, *c, repair.layout, change)) {
        return std::nullopt;
      }
      if (!c->part.empty()) name_count(c->part, repair.layout, change);
      repair.changes.push_back(std::move(change));
    }
    return repair;
  }

  /// The limits that the layout comes to, row by row; false when it names none.
  static bool name_limits(const Project& project, const Change& change, const Layout& layout,
                          RepairChange& told) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < change.capped.size(); ++i) {
      const DeviceRow* row = &project.spec.devices[change.capped[i]];
      const auto use =
          std::find_if(project.devices.begin(), project.devices.end(), [&](const DeviceUse& d) {
            const Pin* pin = pin_of(project, d.id);  // which may have a limit of its own
            return d.row == row && (pin == nullptr || !pin->power_limit.known());
          });
      const Fact<Watts>* limit =
          use == project.devices.end() ? nullptr : layout.power_limit(use->id);
      if (limit == nullptr || !limit->known()) return false;
      words.push_back(fmt::format("`{}` to {}", use->part->id, to_text(**limit)));
      told.edits[i].after = to_text(**limit);
    }
    told.words = fmt::format("limit {} (`nvidia-smi -pl` at every boot)",
                             fmt::to_string(fmt::join(words, ", ")));
    return true;
  }

  /// How many cables of a kind the layout takes; nobody says what they cost.
  static void name_count(const std::string& part, const Layout& layout, RepairChange& told) {
    const auto in = [&](const std::vector<Feed>& feeds) {
      return std::count_if(feeds.begin(), feeds.end(),
                           [&](const Feed& f) { return f.part.value == part; });
    };
    auto count = in(layout.board_power);
    for (const DevicePlace& d : layout.devices) count += in(d.power.aux) + in(d.power.riser);
    told.words = fmt::format("get {} of `{}` (price not counted)", count, part);
    told.edits.front().after = fmt::format("{{part: {}, owned: {}}}", part, count);
  }

  const Project& project_;
  const RepairShop& shop_;
  Clock::time_point deadline_;
};

/// What a change is about. A larger step of the same kind is no repair where a smaller one works.
std::string kind_of(const Change& c) {
  const SpecEdit& edit = c.edits.front();
  return edit.path.ends_with("[+]") ? edit.path + edit.after : edit.path;
}

/// Tries changes and keeps those that work.
class Workshop {
 public:
  Workshop(const Project& project, const RepairShop& shop) : trials_(project, shop) {}

  /// Two changes that keep every card are worth more than one that does not.
  bool wants_pairs() const { return fewer_alone_; }
  bool any() const { return !found_.empty(); }
  bool done() const { return found_.size() == most_offered || trials_.out_of_time(); }
  std::vector<Repair> found() && { return std::move(found_); }

  Trial offer(const std::vector<const Change*>& together) {
    std::set<std::string> kind;
    bool fewer = false;
    for (const Change* c : together) {
      kind.insert(kind_of(*c));
      fewer = fewer || c->intrusion == Intrusion::fewer;
    }
    if (done() || good_.contains(kind)) return {};
    Trial trial = trials_.attempt(together);
    if (!trial.repair) return trial;
    fewer_alone_ = fewer_alone_ && fewer;
    found_.push_back(*trial.repair);
    good_.insert(std::move(kind));
    return trial;
  }

 private:
  Trials trials_;
  std::vector<Repair> found_;
  std::set<std::set<std::string>> good_;
  bool fewer_alone_ = true;  // no repair so far keeps every card
};

/// Singles that did not help, each with what still clashes then.
using Failures = std::vector<std::pair<const Change*, Trial>>;

/// A second change for what the first one leaves. Fewer cards in the first of them are more than a
/// single change allowed, or that would have been a repair.
void offer_pairs(const Failures& failures, Workshop& workshop) {
  const bool any = workshop.any();
  std::size_t tried = 0;
  for (const auto& [first, trial] : failures) {
    for (const Change& second : suggested(*trial.project, trial.result)) {
      const bool fewer = second.intrusion == Intrusion::fewer;
      if (kind_of(second) == kind_of(*first) || (any && fewer)) continue;
      if (++tried > most_pairs) return;
      workshop.offer({first, &second});
    }
  }
}

}  // namespace

std::vector<Repair> repairs(const Project& project, const SolveResult& result,
                            const RepairShop& shop) {
  if (result.status != SolveStatus::infeasible) return {};
  const Changes changes = suggested(project, result);
  Workshop workshop(project, shop);
  Failures failures;
  for (const Change& change : changes) {
    Trial trial = workshop.offer({&change});
    if (trial.project == nullptr || trial.repair) continue;
    if (trial.result.status == SolveStatus::infeasible) failures.emplace_back(&change, trial);
  }
  if (workshop.wants_pairs()) offer_pairs(failures, workshop);
  return std::move(workshop).found();
}

}  // namespace rigtopo
