namespace MiniKube.Overlay.Subnets;

/// <summary>Another node holds what was this node's subnet: its pods' addresses are no longer its own, and it must start anew with another.</summary>
internal sealed class SubnetLostException(string message) : Exception(message);
