using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using k8s.Models;

namespace MiniKube.Api.Discovery;

/// <summary>
/// The canonical form of the subsets of an Endpoints object (upstream's RepackSubsets): every address once for every port, ports with the same addresses in one
/// subset, all in one order. The controller writes and compares in it; what others write the server keeps as it is.
/// Ports and subsets are in upstream's order, which clients see: that of the MD5 sums of what Go's spew prints of them.
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
                .OrderBy(subset => Hash($"(v1.EndpointSubset){Dump(subset)}"), StringComparer.Ordinal),
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
        List<Corev1EndpointPort> ordered = [.. ports.Where(port => port != NoPort).OrderBy(port => Hash($"(v1.EndpointPort){Dump(port)}"), StringComparer.Ordinal)];
        List<V1EndpointAddress> ready = [.. addresses.Where(entry => entry.Ready).Select(entry => entry.Address)];
        List<V1EndpointAddress> notReady = [.. addresses.Where(entry => !entry.Ready).Select(entry => entry.Address)];
        return new V1EndpointSubset
        {
            Addresses = ready.Count == 0 ? null : ready,
            NotReadyAddresses = notReady.Count == 0 ? null : notReady,
            Ports = ordered.Count == 0 ? null : ordered,
        };
    }

    private static string Text(V1EndpointAddress address) => $"{address.Ip} {address.TargetRef?.Uid}";

    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "An order, and upstream's.")]
    private static string Hash(string dump) => Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes(dump)));

    private static string Dump(V1EndpointSubset subset) =>
        $"{{Addresses:{Dump(subset.Addresses)} NotReadyAddresses:{Dump(subset.NotReadyAddresses)} "
        + $"Ports:([]v1.EndpointPort){(subset.Ports is null ? "<nil>" : $"[{string.Join(' ', subset.Ports.Select(Dump))}]")}}}";

    private static string Dump(IList<V1EndpointAddress>? addresses) =>
        "([]v1.EndpointAddress)" + (addresses is null ? "<nil>" : $"[{string.Join(' ', addresses.Select(Dump))}]");

    private static string Dump(V1EndpointAddress address) =>
        $"{{IP:(string){address.Ip} Hostname:(string){address.Hostname} NodeName:(*string){address.NodeName ?? "<nil>"} TargetRef:(*v1.ObjectReference){Dump(address.TargetRef)}}}";

    private static string Dump(V1ObjectReference? reference) => reference is null
        ? "<nil>"
        : $"{{Kind:(string){reference.Kind} Namespace:(string){reference.NamespaceProperty} Name:(string){reference.Name} UID:(types.UID){reference.Uid} "
          + $"APIVersion:(string){reference.ApiVersion} ResourceVersion:(string){reference.ResourceVersion} FieldPath:(string){reference.FieldPath}}}";

    private static string Dump(Corev1EndpointPort port) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{Name:(string){port.Name} Port:(int32){port.Port} Protocol:(v1.Protocol){port.Protocol} AppProtocol:(*string){port.AppProtocol ?? "<nil>"}}}");
}
