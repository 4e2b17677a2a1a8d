// Where the ports of expanders are: they move with the card that carries them.
#pragma once

#include "physics/geometry.hpp"

namespace rigtopo {

/// A port in frame coordinates. Ports of an expander: the mount it hangs in, or the port it is
/// plugged into, and from there the port's own position. Missing where any of these is not known.
Estimate<Position> port_place(const Rig& rig, const PortChoice& port);

/// Length a riser needs from any port, an expander's too, to a mount: see route_needed().
Estimate<Millimetres> route_from(const Rig& rig, const PortChoice& port, const Mount& mount);

}  // namespace rigtopo
