// Reads a layout and finds things in it; gives tags to what is built. The text of layout.yaml is
// written in layout_yaml.cpp; whether a layout is any good is judged nowhere here.
#include "spec/layout.hpp"

#include <algorithm>
#include <set>

#include "base/codes.hpp"
#include "base/text.hpp"

namespace rigtopo {

namespace {

/// A field of a layout: `null` means undecided, like a key that is not there.
template <class S, class T>
Field<S> decided(std::string_view key, Fact<T> S::*member, std::string_view doc) {
  Field<S> f = field(key, member, Need::optional, doc);
  f.schema = [of_value = f.schema] {
    return "{\"anyOf\": [" + of_value() + ", {\"type\": \"null\"}]}";
  };
  f.read = [read = f.read](S& s, const Entry& e, Reader& r) {
    if (!e.value.is_null()) read(s, e, r);
  };
  return f;
}

template <class S, class M>
Field<S> optional_part(std::string_view key, M S::*member, std::string_view doc) {
  Field<S> f = field(key, member, Need::optional, doc);
  f.schema = [of_value = f.schema] {
    return "{\"anyOf\": [" + of_value() + ", {\"type\": \"null\"}]}";
  };
  f.read = [read = f.read](S& s, const Entry& e, Reader& r) {
    if (!e.value.is_null()) read(s, e, r);
  };
  return f;
}

}  // namespace

// ---- field tables
// ----------------------------------------------------------------------------------

const Fields<ChainLink>& Table<ChainLink>::fields() {
  using S = ChainLink;
  static const Fields<S> list{
      field("part", &S::part, Need::required, "Id of the riser part."),
      decided("count", &S::count, "Equal pieces side by side: two 8i cables for x16; default 1."),
      decided("stock", &S::stock,
              "Row of `stock:` in the spec it is taken from, counted from 0; without it, it is "
              "bought freely.")};
  return list;
}

void Table<ChainLink>::from_scalar(ChainLink& link, const Value& value, Reader& reader) {
  link.at = value.at;
  link.part = read_fact<std::string>(value, "part", reader);
}

const Fields<Feed>& Table<Feed>::fields() {
  using S = Feed;
  static const Fields<S> list{
      field("inlet", &S::inlet, Need::required, "Id of the inlet: `16pin`, or `eps0` of a board."),
      decided("cable", &S::cable, "Tag of the cable: `K1`."),
      decided("part", &S::part, "Cable or adapter part; without it, the output's own cable."),
      field("from", &S::from, Need::required, "Outputs it hangs on: `psu0.pcie1`.")};
  return list;
}

const Fields<DevicePower>& Table<DevicePower>::fields() {
  using S = DevicePower;
  static const Fields<S> list{
      decided("slot", &S::slot,
              "Where slot power comes from: `board`, `riser` (inlets of the last riser part) or "
              "`none`."),
      optional_part("aux", &S::aux, "One feed for each inlet of the card."),
      optional_part("riser", &S::riser, "One feed for each inlet of powered riser parts.")};
  return list;
}

const Fields<LayoutLoss>& Table<LayoutLoss>::fields() {
  using S = LayoutLoss;
  static const Fields<S> list{decided("band", &S::band, "`green`, `amber` or `red`."),
                              decided("margin", &S::margin, "What is left of the loss budget.")};
  return list;
}

const Fields<LayoutLink>& Table<LayoutLink>::fields() {
  using S = LayoutLink;
  static const Fields<S> list{
      decided("width", &S::width, "Lanes the link trains to."),
      decided("generation", &S::generation, "Generation it trains to."),
      decided("limited_by", &S::limited_by, "What holds it below the card's own ability."),
      optional_part("loss", &S::loss, "Signal left.")};
  return list;
}

const Fields<LayoutRoute>& Table<LayoutRoute>::fields() {
  using S = LayoutRoute;
  static const Fields<S> list{decided("needed", &S::needed, "Length the way needs."),
                              decided("fitted", &S::fitted, "Length of the chain.")};
  return list;
}

const Fields<DevicePlace>& Table<DevicePlace>::fields() {
  using S = DevicePlace;
  static const Fields<S> list = [] {
    Field<S> chain{"chain",
                   Need::optional,
                   "Riser parts from the port to the card; empty: plugged in directly. Without the "
                   "key it is undecided.",
                   Shape<std::vector<ChainLink>>::expected(),
                   &Shape<std::vector<ChainLink>>::schema,
                   [](S& s, const Entry& e, Reader& r) {
                     if (e.value.is_null()) return;
                     s.chain = Shape<std::vector<ChainLink>>::read(e.value, e.key, e.key_at, r);
                     s.chain_decided = true;
                   }};
    return Fields<S>{
        field("id", &S::id, Need::required, "Id of the device: `gpu0`."),
        decided("part", &S::part, "Its part."),
        decided("port", &S::port, "Connector or pair of the board."),
        std::move(chain),
        decided("mount", &S::mount, "Mount of the frame, or `direct`."),
        optional_part("link", &S::link, "What the link is expected to do; computed anew."),
        optional_part("route", &S::route, "How long the riser has to be and is."),
        optional_part("power", &S::power, "Where its power comes from.")};
  }();
  return list;
}

const Fields<SupplyPlace>& Table<SupplyPlace>::fields() {
  using S = SupplyPlace;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "Id of the supply: `psu0`."),
      decided("part", &S::part, "Its part."),
      decided("breakout", &S::breakout, "Breakout board on it."),
      decided("cord", &S::cord, "Tag of its mains cord: `W1`."),
      decided("cord_part", &S::cord_part, "Cord part; without it, the cord that came with it."),
      decided("circuit", &S::circuit, "Circuit it hangs on."),
      decided("sync", &S::sync, "`master`, or `follower` when another supply switches it on.")};
  return list;
}

const Fields<BridgePlace>& Table<BridgePlace>::fields() {
  using S = BridgePlace;
  static const Fields<S> list{
      field("part", &S::part, Need::required, "The bridge part."),
      field("between", &S::between, Need::required, "The two cards it joins.")};
  return list;
}

const Fields<LayoutOrigin>& Table<LayoutOrigin>::fields() {
  using S = LayoutOrigin;
  static const Fields<S> list{decided("file", &S::file, "The spec, as its path was given."),
                              decided("sha256", &S::sha256, "Hash of its text.")};
  return list;
}

const Fields<Layout>& Table<Layout>::fields() {
  using S = Layout;
  static const Fields<S> list{
      field("rigtopo", &S::version, Need::required, "Version of the format; 1."),
      optional_part("spec", &S::spec, "The spec it was made from."),
      decided("board", &S::board, "The board."),
      optional_part("power_limits", &S::power_limits, "Power limit by device."),
      optional_part("modes", &S::modes,
                    "Split by core (`cpu0.A1: x8x8`) and mode by shared group."),
      optional_part("devices", &S::devices, "Every device, in the order of the spec."),
      optional_part("board_power", &S::board_power, "One feed for each power inlet of the board."),
      optional_part("supplies", &S::supplies, "Supplies in use."),
      optional_part("bridges", &S::bridges, "NVLink bridges."),
      optional_part("expanders", &S::expanders,
                    "Switches and bifurcation cards; their ports are `sw0.P1`."),
      optional_part("parts", &S::parts, "Hash of every part that was used.")};
  return list;
}

// ---- finding
// ---------------------------------------------------------------------------------------

namespace {

template <class List>
const typename List::value_type* by_id(const List& list, std::string_view id) {
  const auto it = std::find_if(list.begin(), list.end(),
                               [&](const auto& e) { return e.id.known() && *e.id == id; });
  return it == list.end() ? nullptr : &*it;
}

template <class T>
const T* by_key(const Mapping<T>& map, std::string_view key) {
  const auto it = std::find_if(map.begin(), map.end(),
                               [&](const auto& e) { return e.key.known() && *e.key == key; });
  return it == map.end() ? nullptr : &it->value;
}

}  // namespace

const DevicePlace* Layout::device(std::string_view id) const { return by_id(devices, id); }
const SupplyPlace* Layout::supply(std::string_view id) const { return by_id(supplies, id); }
const DevicePlace* Layout::expander(std::string_view id) const { return by_id(expanders, id); }

const Fact<std::string>* Layout::mode(std::string_view id) const {
  const auto* found = by_key(modes, id);
  return found != nullptr && found->known() ? found : nullptr;
}

const Fact<Watts>* Layout::power_limit(std::string_view id) const {
  const auto* found = by_key(power_limits, id);
  return found != nullptr && found->known() ? found : nullptr;
}

// ---- reading
// ---------------------------------------------------------------------------------------

std::optional<Layout> read_layout(const std::string& path, SourceMap& sources, Diagnostics& out,
                                  ReadAhead* ahead) {
  const auto read =
      ahead != nullptr ? ahead->read(path, sources, out) : read_yaml(path, sources, out);
  if (!read || !read->value) return std::nullopt;
  const FileId file = read->file;
  const std::optional<Value>& value = read->value;
  if (!value->is_map()) {
    out.report(
        codes::bad_value, value->at.known() ? value->at : sources.locate(file, 0, 0),
        value->is_null() ? "the layout is empty" : "a layout is a map of `key: value` pairs");
    return std::nullopt;
  }
  const Entry* version = value->find("rigtopo");
  if (version == nullptr || !version->value.is_scalar() || version->value.text != "1") {
    out.report(codes::wrong_version, version == nullptr ? value->at : version->value.at,
               version == nullptr ? "`rigtopo: 1` is missing; this may be no layout of rigtopo"
                                  : "this layout has another version of the format; this program "
                                    "reads version 1");
    return std::nullopt;
  }
  Reader reader(out, file);
  return read_struct<Layout>(*value, "layout", value->at, reader);
}

// ---- tags
// ------------------------------------------------------------------------------------------

namespace {

/// Hands out K1, K2 ... around the tags that are taken.
class Tags {
 public:
  explicit Tags(char letter) : letter_(letter) {}
  void take(const Fact<std::string>& tag) {
    if (tag.known()) taken_.insert(*tag);
  }
  void give(Fact<std::string>& tag, Source at) {
    if (tag.known()) return;
    std::string next;
    do next = letter_ + std::to_string(++last_);
    while (taken_.contains(next));
    tag = Fact<std::string>(std::move(next), at);
  }

 private:
  char letter_;
  int last_ = 0;
  std::set<std::string> taken_;
};

}  // namespace

void assign_tags(Layout& layout) {
  std::vector<Feed*> feeds;
  for (DevicePlace& d : layout.devices) {
    for (Feed& f : d.power.aux) feeds.push_back(&f);
  }
  for (DevicePlace& d : layout.devices) {
    for (Feed& f : d.power.riser) feeds.push_back(&f);
  }
  for (Feed& f : layout.board_power) feeds.push_back(&f);
  for (DevicePlace& e : layout.expanders) {
    for (Feed& f : e.power.aux) feeds.push_back(&f);
    for (Feed& f : e.power.riser) feeds.push_back(&f);
  }
  Tags cables('K');
  for (const Feed* f : feeds) cables.take(f->cable);
  for (Feed* f : feeds) cables.give(f->cable, f->at);
  Tags cords('W');
  for (const SupplyPlace& s : layout.supplies) cords.take(s.cord);
  for (SupplyPlace& s : layout.supplies) cords.give(s.cord, s.at);
}

}  // namespace rigtopo
