using MiniKube.Api.Meta;

namespace MiniKube.Proxy.Rules;

/// <summary>Decides where the traffic of each service port goes. Pure.</summary>
internal static class RuleBuilder
{
    public static RuleSet Build(
        IPFamily family,
        IReadOnlyDictionary<NamespacedName, IReadOnlyList<ServicePort>> services,
        IReadOnlyDictionary<ServicePortName, IReadOnlyList<ServiceEndpoint>> endpoints) =>
        new(family, [.. services.Values
            .SelectMany(ports => ports)
            .Select(port => Categorize(port, endpoints.GetValueOrDefault(port.Name) ?? []))
            .OrderBy(rules => rules.Service.Name.ToString(), StringComparer.Ordinal)
            .ThenBy(rules => rules.Service.Protocol, StringComparer.Ordinal)]);

    private static ServiceRules Categorize(ServicePort service, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        var usable = Usable(endpoints);
        var local = service.InternalTrafficLocal || service.ExternalTrafficLocal ? Usable(endpoints.Where(endpoint => endpoint.IsLocal)) : [];
        return new ServiceRules(service, usable, local, usable.Count > 0 || local.Count > 0);
    }

    // KEP-1669: while no endpoint is ready, those that are shutting down but still serve are better than none.
    private static List<ServiceEndpoint> Usable(IEnumerable<ServiceEndpoint> endpoints)
    {
        var all = endpoints.ToList();
        var ready = all.FindAll(endpoint => endpoint.IsReady);
        return ready.Count > 0 ? ready : all.FindAll(endpoint => endpoint is { IsServing: true, IsTerminating: true });
    }
}
