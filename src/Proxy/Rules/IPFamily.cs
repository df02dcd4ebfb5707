namespace MiniKube.Proxy.Rules;

/// <summary>One of the two worlds of addresses: each has rules of its own, made by the same code.</summary>
internal enum IPFamily
{
    IPv4,
    IPv6,
}
