using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;

using MiniKube.Api.Meta;

namespace MiniKube.Dns.Records;

/// <summary>Which services have an address. One thread writes, any read.</summary>
internal sealed class AddressIndex
{
    private readonly ConcurrentDictionary<IPAddress, ImmutableList<NamespacedName>> _services = [];

    public IReadOnlyList<NamespacedName> Find(IPAddress address) => _services.TryGetValue(address, out var found) ? found : [];

    public void Replace(NamespacedName service, IEnumerable<IPAddress> before, IEnumerable<IPAddress> after)
    {
        foreach (var address in before)
        {
            // Once for each time it was added: two slices of a service may name the same address for a while.
            if (Find(address) is ImmutableList<NamespacedName> found && found.Remove(service) is var left && left.Count < found.Count)
            {
                Set(address, left);
            }
        }

        foreach (var address in after)
        {
            Set(address, (_services.GetValueOrDefault(address) ?? []).Add(service));
        }
    }

    private void Set(IPAddress address, ImmutableList<NamespacedName> services)
    {
        if (services.IsEmpty)
        {
            _services.TryRemove(address, out _);
        }
        else
        {
            _services[address] = services;
        }
    }
}
