// Everything that ends a PCIe link: graphics cards, NVMe drives, network cards. One struct, three
// kinds that differ in what they plug into by default.
#include "catalog/kinds.hpp"

namespace rigtopo {

const Fields<Inlet>& Table<Inlet>::fields() {
  using S = Inlet;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "Name of the power connector: `16pin`, `8pin-a`."),
      field("plug", &S::plug, Need::required, "What plugs in.")};
  return list;
}

const Fields<Excursion>& Table<Excursion>::fields() {
  using S = Excursion;
  static const Fields<S> list{
      field("window", &S::window, Need::required, "How long the peak lasts at most."),
      field("power", &S::power, Need::required, "Power within that window.")};
  return list;
}

const Fields<Device>& Table<Device>::fields() {
  using S = Device;
  static const Fields<S> list = detail::part_fields<S>(
      {field("edge", &S::edge, Need::optional,
             "What it plugs into; default `slot`, for drives `m2`."),
       field("width", &S::width, Need::required, "Lanes of its own link."),
       field("mechanical", &S::mechanical, Need::optional,
             "Length of its edge connector in lanes; default `width`."),
       field("generation", &S::generation, Need::required, "Best PCIe generation."),
       field("power", &S::power, Need::optional,
             "Power of the whole card as shipped, slot and plugs together."),
       field("power_limits", &S::power_limits, Need::optional,
             "Least and most power limit that `nvidia-smi -pl` accepts."),
       field("slot_power", &S::slot_power, Need::optional,
             "Most it draws from the slot's 12 V, when a measurement or data sheet says so. "
             "Without it the allowance of a slot, 66 W, is assumed."),
       field("inlets", &S::inlets, Need::optional, "Power connectors."),
       field("peak", &S::peak, Need::optional, "Power of its shortest excursion."),
       field("excursions", &S::excursions, Need::optional, "Peaks by how long they last."),
       field("length", &S::length, Need::optional, "From the bracket to the far end."),
       field("height", &S::height, Need::optional,
             "From the edge connector up, without the bend of a plug on the top edge."),
       field("thickness", &S::thickness, Need::optional, "Across the slots."),
       field("cooler", &S::cooler, Need::optional, "How air passes it."),
       field("memory", &S::memory, Need::optional, "Memory."),
       field("memory_bandwidth", &S::memory_bandwidth, Need::optional, "Bandwidth of memory."),
       field("functions", &S::functions, Need::optional,
             "Devices on the card, behind a switch of its own; default 1. A K80 has 2."),
       field("nvlinks", &S::nvlinks, Need::optional,
             "Links of its NVLink connector; 0: it has none."),
       field("bar", &S::bar, Need::optional,
             "Largest memory window it asks the BIOS for (resizable BAR at full size)."),
       field("plugs", &S::plugs, Need::optional,
             "Edge that its power plugs stand on: `top` (away from the slot) or `end`."),
       field("chip", &S::chip, Need::optional, "Chip that drivers tell apart: `GA102`."),
       field("airflow", &S::airflow, Need::optional,
             "What it does to the air and what it needs of it."),
       field("overshoot", &S::overshoot, Need::optional,
             "Power seen above the limit under sustained load.")});
  return list;
}

namespace {

void complete_card(Device& device) {
  detail::default_to(device.edge, Socket::slot);
  detail::default_to(device.mechanical, device.width);
}

void complete_drive(Device& device) {
  detail::default_to(device.edge, Socket::m2);
  detail::default_to(device.mechanical, device.width);
}

void check_power(const Device& device, Diagnostics& out) {
  const auto& limits = device.power_limits;
  detail::check_range(limits, "power_limits", out);
  if (!device.power.known()) return;
  const Watts power = *device.power;
  if (limits.known() && !(limits->most < limits->least) &&
      (power < limits->least || limits->most < power)) {
    out.report(codes::contradictory, device.power.at,
               "`power` as shipped is " + to_text(power) + ", outside `power_limits` of " +
                   to_text(limits->least) + " to " + to_text(limits->most))
        .labels.push_back({limits.at, "range given here"});
  }
  // PCIe CEM: 5.5 A of 12 V and 3 A of 3.3 V, 75 W in all.
  const bool slot_alone =
      device.edge.value_or(Socket::slot) == Socket::slot && device.inlets.empty();
  if (slot_alone && exceeds(power, 75_W)) {
    out.report(codes::contradictory, device.power.at,
               "`power` is " + to_text(power) + " and there are no `inlets`; a slot gives 75 W");
  }
  if (device.slot_power.known() && power < *device.slot_power) {
    out.report(codes::contradictory, device.slot_power.at,
               "`slot_power` is " + to_text(*device.slot_power) + "; the whole card draws " +
                   to_text(power));
  }
  if (device.peak.known() && *device.peak < power) {
    out.report(codes::contradictory, device.peak.at,
               "`peak` is " + to_text(*device.peak) + ", below the " + to_text(power) +
                   " the card draws all the time");
  }
}

void validate_device(const AnyPart& part, Diagnostics& out) {
  const Device& device = std::get<Device>(part);
  check_power(device, out);
  detail::check_inlets(device.inlets, out);
  detail::check_count(device.functions, "functions", 1, 8, out);
  detail::check_count(device.nvlinks, "nvlinks", 0, 18, out);
  detail::check_card_airflow(device.airflow, out);
  for (const Excursion& e : device.excursions) {
    detail::check_positive(e.window, "window", out);
    detail::check_positive(e.power, "power", out);
  }
  detail::check_positive(device.length, "length", out);
  detail::check_positive(device.height, "height", out);
  detail::check_positive(device.thickness, "thickness", out);
  if (device.mechanical.known() && device.width.known() && *device.mechanical < *device.width) {
    out.report(codes::contradictory, device.mechanical.at,
               "`mechanical` is " + to_text(*device.mechanical) + ", shorter than the link of " +
                   to_text(*device.width));
  }
}

std::string device_reference() {
  return reference_table<Device>() + nested_reference<Inlet>("inlets") +
         nested_reference<Excursion>("excursions") + nested_reference<CardAirflow>("airflow");
}

}  // namespace

const Kind gpu_kind{"gpu",           "Graphics card",
                    "gpu",           detail::read_part<Device, complete_card>,
                    validate_device, struct_schema<Device>,
                    device_reference};
const Kind nvme_kind{"nvme",          "NVMe drive",
                     "nvme",          detail::read_part<Device, complete_drive>,
                     validate_device, struct_schema<Device>,
                     device_reference};
const Kind nic_kind{"nic",           "Network card",
                    "nic",           detail::read_part<Device, complete_card>,
                    validate_device, struct_schema<Device>,
                    device_reference};

}  // namespace rigtopo
