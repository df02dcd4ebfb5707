using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Changes;

/// <summary>Compares with the lists by content, which record equality does not.</summary>
internal sealed class ServicePortComparer : IEqualityComparer<ServicePort>
{
    public static readonly ServicePortComparer Instance = new();

    public bool Equals(ServicePort? x, ServicePort? y) =>
        x is null || y is null
            ? x == y
            : x.ExternalIPs.SequenceEqual(y.ExternalIPs)
              && x.LoadBalancerIPs.SequenceEqual(y.LoadBalancerIPs)
              && x.SourceRanges.SequenceEqual(y.SourceRanges)
              && x == y with { ExternalIPs = x.ExternalIPs, LoadBalancerIPs = x.LoadBalancerIPs, SourceRanges = x.SourceRanges };

    public int GetHashCode(ServicePort obj) => HashCode.Combine(obj.Name, obj.Protocol, obj.Port);
}
