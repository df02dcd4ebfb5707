using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Links;

/// <summary>The interface by which a node reaches its peers.</summary>
/// <param name="Name">Its name, such as eth0.</param>
/// <param name="Address">Its first IPv4 address.</param>
/// <param name="Network">The network that it is on.</param>
/// <param name="Mtu">The largest packet that it takes, in bytes.</param>
internal sealed record ExternalInterface(string Name, uint Address, Subnet Network, int Mtu);
