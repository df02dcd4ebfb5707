using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Informers;
using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Changes;

/// <summary>Keeps the service ports of a family. Only what changed is worked out anew. Safe to use from many threads.</summary>
internal sealed class ServiceChangeTracker(IPFamily family)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NamespacedName, IReadOnlyList<ServicePort>> _services = [];

    /// <summary>Whether anything that the proxy looks at changed.</summary>
    public bool Apply(ObjectChange<V1Service> change)
    {
        if ((change.New ?? change.Old)?.Key() is not { } key)
        {
            return false;
        }

        var ports = change.New is null ? [] : ServicePort.Of(change.New, family).ToList();
        lock (_lock)
        {
            if (_services.GetValueOrDefault(key) is { } known ? known.SequenceEqual(ports, ServicePortComparer.Instance) : ports.Count == 0)
            {
                return false;
            }

            if (ports.Count == 0)
            {
                _services.Remove(key);
            }
            else
            {
                _services[key] = ports;
            }

            return true;
        }
    }

    /// <summary>A copy of the state of this moment.</summary>
    public IReadOnlyDictionary<NamespacedName, IReadOnlyList<ServicePort>> Current()
    {
        lock (_lock)
        {
            return new Dictionary<NamespacedName, IReadOnlyList<ServicePort>>(_services);
        }
    }
}
