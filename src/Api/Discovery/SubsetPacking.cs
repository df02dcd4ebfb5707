using k8s.Models;

namespace MiniKube.Api.Discovery;

/// <summary>
/// The canonical form of the subsets of an Endpoints object (upstream's RepackSubsets): every address once for every port, ports with the same addresses in one
/// subset, all in one order. The server brings what is written into it, and the controller compares in it: else each would undo what the other writes.
/// Upstream orders ports and subsets by a hash of its own types; here it is by their text, which a reader can follow.
/// </summary>
public static class SubsetPacking
{
    // Addresses may stand without any port.
    private static readonly Corev1EndpointPort NoPort = new();

    /// <summary>Subsets without an address are left out. The given ones stay as they are.</summary>
    public static IReadOnlyList<V1EndpointSubset> Pack(IEnumerable<V1EndpointSubset> subsets)
    {
        var addresses = new Dictionary<(string Ip, string? Uid), V1EndpointAddress>();
        var readiness = new Dictionary<Corev1EndpointPort, Dictionary<V1EndpointAddress, bool>>();
        foreach (var subset in subsets)
        {
            foreach (var port in subset.Ports is { Count: > 0 } ports ? ports : [NoPort])
            {
                if (!readiness.TryGetValue(port, out var ofPort))
                {
                    readiness[port] = ofPort = new Dictionary<V1EndpointAddress, bool>(ReferenceEqualityComparer.Instance);
                }

                foreach (var address in subset.Addresses ?? [])
                {
                    ofPort.TryAdd(FirstOf(addresses, address), true);
                }

                // Who says that an address is not ready knows something that the others do not.
                foreach (var address in subset.NotReadyAddresses ?? [])
                {
                    ofPort[FirstOf(addresses, address)] = false;
                }
            }
        }

        return
        [
            .. readiness
                .Where(entry => entry.Value.Count > 0)
                .Select(entry => (Port: entry.Key, Addresses: Ordered(entry.Value)))
                .GroupBy(entry => string.Join('\n', entry.Addresses.Select(address => $"{Text(address.Address)} {address.Ready}")), StringComparer.Ordinal)
                .Select(group => Subset(group.Select(entry => entry.Port), group.First().Addresses))
                .OrderBy(subset => string.Join(',', (subset.Ports ?? []).Select(Text)), StringComparer.Ordinal)
                .ThenBy(subset => Text((subset.Addresses ?? subset.NotReadyAddresses)[0]), StringComparer.Ordinal),
        ];
    }

    // One address may belong to several pods, one after the other.
    private static V1EndpointAddress FirstOf(Dictionary<(string Ip, string? Uid), V1EndpointAddress> addresses, V1EndpointAddress address)
    {
        var key = (address.Ip ?? "", address.TargetRef?.Uid ?? "");
        return addresses.TryAdd(key, address) ? address : addresses[key];
    }

    private static List<(V1EndpointAddress Address, bool Ready)> Ordered(Dictionary<V1EndpointAddress, bool> addresses) =>
    [
        .. addresses
            .Select(entry => (Address: entry.Key, Ready: entry.Value))
            .OrderBy(entry => entry.Address.Ip, StringComparer.Ordinal)
            .ThenBy(entry => entry.Address.TargetRef?.Uid ?? "", StringComparer.Ordinal),
    ];

    private static V1EndpointSubset Subset(IEnumerable<Corev1EndpointPort> ports, List<(V1EndpointAddress Address, bool Ready)> addresses)
    {
        List<Corev1EndpointPort> ordered = [.. ports.Where(port => port != NoPort).OrderBy(Text, StringComparer.Ordinal)];
        List<V1EndpointAddress> ready = [.. addresses.Where(entry => entry.Ready).Select(entry => entry.Address)];
        List<V1EndpointAddress> notReady = [.. addresses.Where(entry => !entry.Ready).Select(entry => entry.Address)];
        return new V1EndpointSubset
        {
            Addresses = ready.Count == 0 ? null : ready,
            NotReadyAddresses = notReady.Count == 0 ? null : notReady,
            Ports = ordered.Count == 0 ? null : ordered,
        };
    }

    private static string Text(Corev1EndpointPort port) => $"{port.Name}/{port.Port:D5}/{port.Protocol}/{port.AppProtocol}";

    private static string Text(V1EndpointAddress address) => $"{address.Ip} {address.TargetRef?.Uid}";
}
