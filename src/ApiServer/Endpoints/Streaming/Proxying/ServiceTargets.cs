using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Streaming.Proxying;

/// <summary>
/// A ready endpoint of a service, by the name or the number of one of its ports. Only endpoints that are pods, at an address that is really theirs: whoever may write
/// Endpoints must not reach everything that the server can (CVE-2021-25740).
/// </summary>
internal sealed class ServiceTargets(ResourceReads reads, ResourceCatalog catalog, BackendClient workloads, Random random) : IProxyTargets
{
    public string Resource => "services";

    public string OptionsKind => "ServiceProxyOptions";

    public async Task<ProxyTarget> FindAsync(ApiRequest request, ServedResource resource)
    {
        var (scheme, name, port) = ProxyName.Parse(request.Info.Name, "service");
        if (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var service = await reads.FindAsync(request, resource, name) ?? throw StatusException.NotFound(resource.Name, name);
            var declared = service.ObjectsAt("spec", "ports").FirstOrDefault(candidate => candidate.IntegerAt("port") == number)
                ?? throw StatusException.ServiceUnavailable($"no service port {number} found for service {GoText.Quote(name)}");
            port = declared.StringAt("name") ?? "";
        }

        var endpoints = catalog.Get("", "v1", "endpoints");
        var found = await reads.FindAsync(request, endpoints, name) ?? throw StatusException.NotFound(endpoints.Name, name);
        var candidates = found.ObjectsAt("subsets").SelectMany(subset => Candidates(subset, port)).ToArray();
        lock (random)
        {
            random.Shuffle(candidates);
        }

        foreach (var (address, targetPort) in candidates)
        {
            if (await IsPodAsync(request, address))
            {
                return new ProxyTarget(scheme, ProxyableAddress.Check(address.StringAt("ip") ?? ""), targetPort, workloads);
            }
        }

        throw StatusException.ServiceUnavailable($"no endpoints available for service {GoText.Quote(found.ObjectsAt("subsets").Any() ? request.Info.Name : name)}");
    }

    private static IEnumerable<(JsonObject Address, string Port)> Candidates(JsonObject subset, string name) =>
        from port in subset.ObjectsAt("ports")
        where (port.StringAt("name") ?? "") == name
        from address in subset.ObjectsAt("addresses")
        select (address, port.IntegerAt("port")?.ToString(CultureInfo.InvariantCulture) ?? "");

    private async Task<bool> IsPodAsync(ApiRequest request, JsonObject address) =>
        address.StringAt("targetRef", "kind") == "Pod"
        && address.StringAt("targetRef", "namespace") == request.Info.Namespace
        && await reads.FindAsync(request, catalog.Get("", "v1", "pods"), address.StringAt("targetRef", "name") ?? "") is { } pod
        && pod.ObjectsAt("status", "podIPs").Any(ip => ip.StringAt("ip") == address.StringAt("ip"));
}
